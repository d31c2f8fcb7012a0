"""A contact: a small value that holds everything there is to know of one conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

Status = Literal["flow", "queued", "connected", "ended"]


@dataclass(slots=True)
class Waiting:
    """What a contact waits for at its step."""

    number: int
    """The turn in which the wait began: timers of earlier waits mean nothing any more."""
    memory: dict[str, Any] = field(default_factory=dict)
    timers: dict[str, datetime] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    """Keys of the effects whose answers count."""
    listening: bool = False


@dataclass(slots=True)
class Frame:
    """A flow that waits for a module to return, and what it knew."""

    flow: str
    step: str
    local: dict[str, Any]
    kept: dict[str, Any]


@dataclass(kw_only=True)
class Contact:
    """The engine changes its own copy within a turn; everybody else only reads.

    Without slots: a dictionary is copied, and written as JSON, in a fraction of the time.
    """

    id: str
    program: str = ""
    channel: str
    address: str = ""
    entry: str = ""
    name: str = ""
    language: str = ""
    started_at: str = ""
    continues: str = ""
    """The contact that this one goes on from."""
    status: Status = "flow"
    reason: str = ""
    """Why it ended."""
    flow: str = ""
    """The path of the flow at work; empty: the one that the contact began with."""
    hook: str = ""
    """Why that flow runs, if not for the customer's call: `customer_queue`, `agent_whisper`, …"""
    step: str = ""
    turn: int = 0
    steps: int = 0
    wait: Waiting | None = None
    values: dict[str, Any] = field(default_factory=dict)
    """Attributes: they stay for as long as the contact does."""
    local: dict[str, Any] = field(default_factory=dict)
    """Variables, inputs and results: they end with the flow at work."""
    frames: tuple[Frame, ...] = ()
    """The flows that wait for the one at work, which is a module; the nearest last."""
    settings: dict[str, Any] = field(default_factory=dict)
    """What blocks set of the contact besides its values: its name, its tags, its hooks."""
    kept: dict[str, Any] = field(default_factory=dict)
    typed_ahead: list[dict[str, str]] = field(default_factory=list)
    """Answers that came while nobody asked; the next question gets them."""
    queue: str = ""
    places: dict[str, str] = field(default_factory=dict)
    """Queues that keep a place or were asked for one, each with the key of the question."""
    waiting_since: str = ""
    agent: str = ""
    agent_name: str = ""
    handing: dict[str, str] = field(default_factory=dict)
    """Where their agent wants to hand them (`to`, `target`, `key`), until that is settled."""

    @property
    def known(self) -> dict[str, Any]:
        """Everything of it that the flow at work can read."""
        return {**self.values, **self.local}

    def copy(self) -> Contact:
        """A copy that a turn may change. Values are replaced, never changed inside."""
        copied = Contact.__new__(Contact)
        vars(copied).update(vars(self))
        if wait := self.wait:
            copied.wait = Waiting(
                wait.number, wait.memory, dict(wait.timers), list(wait.keys), wait.listening
            )
        copied.values = dict(self.values)
        copied.local = dict(self.local)
        copied.places = dict(self.places)
        copied.handing = dict(self.handing)
        copied.kept = dict(self.kept)
        copied.typed_ahead = list(self.typed_ahead)
        return copied

    @property
    def filled(self) -> dict[str, Any]:
        """What there is of it: fields that later versions add are empty in contacts of before."""
        return {name: value for name, value in vars(self).items() if value}

    def to_bytes(self) -> bytes:
        return orjson.dumps(self.filled)

    @classmethod
    def from_bytes(cls, data: bytes) -> Contact:
        values = orjson.loads(data)
        if wait := values.get("wait"):
            timers = wait["timers"]
            wait["timers"] = {name: datetime.fromisoformat(due) for name, due in timers.items()}
            values["wait"] = Waiting(**wait)
        values["frames"] = tuple(Frame(**frame) for frame in values.get("frames", ()))
        return cls(**values)
