"""Where the state of contacts, queues and agents is kept: one small interface, two stores.

An *entity* is anything with state and events of its own: `contact/<id>`, `queue/<name>`,
`agent/<id>`. A turn of an entity is committed whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, NamedTuple, Protocol

from flowlang.frozen import dataclass
from runtime.stores.refusals import Refusal

DEADLINE = "deadline"
"""The timer that an entity gets with its first turn and keeps to its end."""


class Outgoing(NamedTuple):
    """Something to be delivered: to another entity, or to the outside."""

    key: str
    """The same for ever; the receiver tells a repeated delivery by it."""
    to: str
    """`queue/Billing`, `customer`, `function`, …"""
    body: Mapping[str, Any]


class Parcel(NamedTuple):
    """An outgoing as it waits in the outbox."""

    key: str
    sender: str
    to: str
    body: Mapping[str, Any]
    tried: bool
    """A delivery was begun and its end never heard of."""


class DueTimer(NamedTuple):
    entity: str
    timer: str
    wait: int
    due: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One turn of one entity."""

    entity: str
    version: int
    """Which state it was decided on: 0 if there was none."""
    event_id: str
    at: float
    state: bytes
    timers: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    """All timers of the entity from now on: number of the wait, and when due."""
    deadline: float | None = None
    """When its life ends by itself; counts at the first turn only."""
    outbox: Sequence[Outgoing] = ()
    journal: bytes = b""
    delivered: str = ""
    """Key of the parcel that this event answers or was; it leaves the outbox with this turn."""
    over: bool = False
    """The entity is at its end; its state stays for those who ask, its timers go."""


class Duplicate(Exception):
    """The event was seen before: nothing is changed."""


class Conflict(Exception):
    """Somebody else decided on this state first."""


class Damaged(Refusal):
    """What is stored is not what was written."""


class NewerStore(Refusal):
    """A newer version of this program wrote the store."""


class Store(Protocol):
    """What the engine needs. Methods may be called from any task of one event loop."""

    async def load(self, entity: str) -> tuple[int, bytes] | None: ...

    async def commit(self, turn: Commit) -> None:
        """Store a turn durably, or raise `Duplicate` or `Conflict` and change nothing."""
        ...

    async def undelivered(self) -> Sequence[Parcel]:
        """What still has to go out, oldest first."""
        ...

    async def try_once(self, key: str) -> None:
        """Note durably that a delivery is about to begin."""
        ...

    async def delivered(self, *keys: str) -> None:
        """Forget what went out."""
        ...

    async def due(self, until: float, limit: int) -> Sequence[DueTimer]: ...

    async def drop_timer(self, timer: DueTimer) -> None:
        """Forget a timer that meant nothing any more."""
        ...

    async def next_due(self) -> float | None: ...

    async def journal(self, entity: str) -> Sequence[bytes]: ...

    async def entities(self, prefix: str) -> Sequence[tuple[str, bytes]]:
        """Those whose names begin so, and their states."""
        ...

    async def alive(self, prefix: str) -> Sequence[tuple[str, bytes]]:
        """The same, without those that are over."""
        ...

    async def put_note(self, kind: str, key: str, value: bytes) -> None:
        """Keep a small fact that no entity owns: a published version, an invitation."""
        ...

    async def note(self, kind: str, key: str) -> bytes | None: ...

    async def take_note(self, kind: str, key: str) -> bytes | None:
        """Read a note and remove it: only one taker gets it."""
        ...

    async def put_record(self, contact: str, at: float, body: bytes) -> None:
        """Keep the record of a contact that is over, as long as the contact."""
        ...

    async def records(self, after: float, limit: int) -> Sequence[bytes]: ...

    async def forget_old_events(self, now: float) -> None:
        """Forget the ids of events that nobody will send again."""
        ...

    async def erase(self, before: float) -> int:
        """Make everything unreadable of the contacts that ended before, and of what queues and
        agents said that day; how many contacts that were."""
        ...

    async def close(self) -> None: ...
