"""A store that lasts as long as its process: for simulations, and to say what a store is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from runtime import limits
from runtime.stores import DEADLINE, Commit, Conflict, DueTimer, Duplicate, Parcel


@dataclass(slots=True)
class Kept:
    version: int = 0
    state: bytes = b""
    over: float | None = None
    timers: dict[str, tuple[int, float]] = field(default_factory=dict)
    journal: list[bytes] = field(default_factory=list)


class MemoryStore:
    """Every change is whole because nothing else runs in the middle of it."""

    def __init__(self) -> None:
        self.journals: list[tuple[str, bytes]] = []
        """Every turn of everybody, in order."""
        self._entities: dict[str, Kept] = {}
        self._seen: dict[str, float] = {}
        self._outbox: dict[str, Parcel] = {}
        self._notes: dict[tuple[str, str], bytes] = {}
        self._records: dict[str, tuple[float, bytes]] = {}

    async def load(self, entity: str) -> tuple[int, bytes] | None:
        found = self._entities.get(entity)
        return (found.version, found.state) if found else None

    async def commit(self, turn: Commit) -> None:
        if turn.event_id in self._seen:
            raise Duplicate(turn.event_id)
        found = self._entities.get(turn.entity) or Kept()
        if found.version != turn.version:
            raise Conflict(turn.entity)
        # Whatever does not fit fails here, before anything is changed.
        parcels = [
            Parcel(key, turn.entity, to, orjson.loads(orjson.dumps(body)), tried=False)
            for key, to, body in turn.outbox
        ]
        self._entities[turn.entity] = found
        self._seen[turn.event_id] = turn.at
        self._outbox.pop(turn.delivered, None)
        self._outbox.update({parcel.key: parcel for parcel in parcels})
        found.version, found.state = turn.version + 1, turn.state
        found.journal.append(turn.journal)
        self.journals.append((turn.entity, turn.journal))
        self._set_timers(found, turn)

    def _set_timers(self, found: Kept, turn: Commit) -> None:
        if turn.over:
            found.over = turn.at if found.over is None else found.over
            found.timers = {}
            return
        lasting = found.timers.get(DEADLINE)
        if turn.version == 0 and turn.deadline is not None:
            lasting = (0, turn.deadline)
        found.timers = {**turn.timers, **({DEADLINE: lasting} if lasting else {})}

    async def undelivered(self) -> Sequence[Parcel]:
        return list(self._outbox.values())

    async def try_once(self, key: str) -> None:
        if key in self._outbox:
            self._outbox[key] = self._outbox[key]._replace(tried=True)

    async def delivered(self, *keys: str) -> None:
        for key in keys:
            self._outbox.pop(key, None)

    async def due(self, until: float, limit: int) -> Sequence[DueTimer]:
        return sorted(self._timers(until), key=lambda timer: timer.due)[:limit]

    def _timers(self, until: float) -> list[DueTimer]:
        return [
            DueTimer(entity, name, wait, due)
            for entity, found in self._entities.items()
            for name, (wait, due) in found.timers.items()
            if due <= until
        ]

    async def drop_timer(self, timer: DueTimer) -> None:
        found = self._entities.get(timer.entity)
        if found and found.timers.get(timer.timer, (None,))[0] == timer.wait:
            del found.timers[timer.timer]

    async def next_due(self) -> float | None:
        return min((timer.due for timer in self._timers(float("inf"))), default=None)

    async def journal(self, entity: str) -> Sequence[bytes]:
        found = self._entities.get(entity)
        return list(found.journal) if found else []

    async def entities(self, prefix: str) -> Sequence[tuple[str, bytes]]:
        return [
            (name, found.state)
            for name, found in sorted(self._entities.items())
            if name.startswith(prefix)
        ]

    async def alive(self, prefix: str) -> Sequence[tuple[str, bytes]]:
        everybody = await self.entities(prefix)
        return [(name, state) for name, state in everybody if self._entities[name].over is None]

    async def put_note(self, kind: str, key: str, value: bytes) -> None:
        self._notes[kind, key] = value

    async def note(self, kind: str, key: str) -> bytes | None:
        return self._notes.get((kind, key))

    async def take_note(self, kind: str, key: str) -> bytes | None:
        return self._notes.pop((kind, key), None)

    async def put_record(self, contact: str, at: float, body: bytes) -> None:
        if f"contact/{contact}" in self._entities:
            self._records[contact] = (at, body)

    async def records(self, after: float, limit: int) -> Sequence[bytes]:
        found = sorted(self._records.values(), key=lambda each: each[0])
        return [body for at, body in found if at > after][:limit]

    async def forget_old_events(self, now: float) -> None:
        old = [event for event, at in self._seen.items() if at < now - limits.SEEN_EVENT_S]
        for event in old:
            del self._seen[event]

    async def erase(self, before: float) -> int:
        gone = [
            name
            for name, found in self._entities.items()
            if found.over is not None and found.over < before
        ]
        for name in gone:
            del self._entities[name]
            self._records.pop(name.removeprefix("contact/"), None)
            for key in [key for key, each in self._outbox.items() if each.sender == name]:
                del self._outbox[key]
        self.journals = [each for each in self.journals if each[0] not in gone]
        return len(gone)

    async def close(self) -> None:
        return
