"""A contact: a small value that holds everything there is to know of one conversation."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
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


@dataclass(kw_only=True)
class Contact:
    """The engine changes its own copy within a turn; everybody else only reads.

    Without slots: a dictionary is copied, and written as JSON, in a fraction of the time.
    """

    id: str
    program: str
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
    step: str = ""
    turn: int = 0
    steps: int = 0
    wait: Waiting | None = None
    values: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    """What blocks set of the contact besides its values: its name, its tags, its hooks."""
    kept: dict[str, Any] = field(default_factory=dict)
    typed_ahead: list[dict[str, str]] = field(default_factory=list)
    """Answers that came while nobody asked; the next question gets them."""
    queue: str = ""
    waiting_since: str = ""
    agent: str = ""
    agent_name: str = ""

    def copy(self) -> Contact:
        """A copy that a turn may change. Values are replaced, never changed inside."""
        copied = Contact.__new__(Contact)
        vars(copied).update(vars(self))
        if wait := self.wait:
            copied.wait = Waiting(
                wait.number, wait.memory, dict(wait.timers), list(wait.keys), wait.listening
            )
        copied.values = dict(self.values)
        copied.kept = dict(self.kept)
        copied.typed_ahead = list(self.typed_ahead)
        return copied

    def to_bytes(self) -> bytes:
        return orjson.dumps(self, default=_as_plain)

    @classmethod
    def from_bytes(cls, data: bytes) -> Contact:
        values = orjson.loads(data)
        if wait := values.get("wait"):
            timers = wait["timers"]
            wait["timers"] = {name: datetime.fromisoformat(due) for name, due in timers.items()}
            values["wait"] = Waiting(**wait)
        return cls(**values)


def _as_plain(value: Any) -> Any:
    return asdict(value)
