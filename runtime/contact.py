"""A contact: a small value that holds everything there is to know of one conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    memory: Mapping[str, Any] = field(default_factory=dict)
    timers: Mapping[str, datetime] = field(default_factory=dict)
    keys: Sequence[str] = field(default_factory=list)
    """Keys of the effects whose answers count."""
    listening: bool = False

    def without_timer(self, timer: str) -> Waiting:
        """The same wait; that timer has fired."""
        timers = {name: due for name, due in self.timers.items() if name != timer}
        return Waiting(self.number, self.memory, timers, self.keys, self.listening)


@dataclass(slots=True)
class Frame:
    """A flow that waits for a module to return, and what it knew."""

    flow: str
    step: str
    local: Mapping[str, Any]
    kept: Mapping[str, Any]


@dataclass(kw_only=True)
class Contact:
    """The engine gives fields of its own copy other values within a turn; everybody else only
    reads. What a field holds is never changed inside, so that copies share it.

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
    values: Mapping[str, Any] = field(default_factory=dict)
    """Attributes: they stay for as long as the contact does."""
    local: Mapping[str, Any] = field(default_factory=dict)
    """Variables, inputs and results: they end with the flow at work."""
    frames: tuple[Frame, ...] = ()
    """The flows that wait for the one at work, which is a module; the nearest last."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What blocks set of the contact besides its values: its name, its tags, its hooks."""
    kept: Mapping[str, Any] = field(default_factory=dict)
    typed_ahead: Sequence[Mapping[str, str]] = ()
    """Answers that came while nobody asked; the next question gets them."""
    queue: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    """Queues that keep a place or were asked for one, each with the key of the question."""
    waiting_since: str = ""
    agent: str = ""
    agent_name: str = ""
    handing: Mapping[str, str] = field(default_factory=dict)
    """Where their agent wants to hand them (`to`, `target`, `key`), until that is settled."""

    @property
    def known(self) -> dict[str, Any]:
        """Everything of it that the flow at work can read."""
        return {**self.values, **self.local}

    def copy(self) -> Contact:
        """A copy that a turn may change."""
        copied = Contact.__new__(Contact)
        copied.__dict__ = vars(self).copy()
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
        if frames := values.get("frames"):
            values["frames"] = tuple(Frame(**frame) for frame in frames)
        contact = Contact.__new__(Contact)
        contact.__dict__ = {**_EMPTY, **{name: {} for name in _MAPPINGS}, **values}
        return contact


_EMPTY: Mapping[str, Any] = vars(Contact(id="", channel=""))
"""What a contact has where nothing was kept."""
_MAPPINGS = tuple(name for name, value in _EMPTY.items() if value == {})
