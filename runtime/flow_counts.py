"""How many contacts are where in the flows, and which ways they took: for those who watch.

Kept up to date turn by turn from what the host tells its watchers, so that it costs the same with
a hundred contacts and with a hundred thousand. Nothing of what customers say is in here.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Literal, NamedTuple

from runtime.contact import Contact

ENTITY = "contact/"
MINUTE_S, HOUR_S = 60, 3600
MINUTES_KEPT, HOURS_KEPT = 61, 25
CUSTOMER_LEFT = "CustomerLeft"
Range = Literal["15m", "1h", "24h"]
RANGES: Mapping[Range, tuple[int, int]] = {
    "15m": (MINUTE_S, 15), "1h": (MINUTE_S, 60), "24h": (HOUR_S, 24)
}  # fmt: skip
"""How long the pieces are that a time range is put together from, in seconds, and how many."""


class Spot(NamedTuple):
    """A step of a flow of a version."""

    flow: str
    """`<version>:<path>`"""
    step: str


class Taken(NamedTuple):
    """A way out of a step."""

    spot: Spot
    outcome: str


@dataclass(slots=True)
class Piece:
    """What happened within a minute, or an hour."""

    number: int
    taken: Counter[Taken] = field(default_factory=Counter)
    left: Counter[Spot] = field(default_factory=Counter)
    """Where customers gave up."""
    started: Counter[str] = field(default_factory=Counter)
    """By flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A contact that is under way."""

    contact: str
    spot: Spot
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What can be seen of some flows."""

    here: Mapping[Spot, int]
    taken: Mapping[Taken, int]
    left: Mapping[Spot, int]
    started: int


class FlowCounts:
    def __init__(self) -> None:
        self.changes = 0
        """Grows with whatever can be seen."""
        self._standing: dict[str, tuple[Spot, str]] = {}
        self._here: Counter[Spot] = Counter()
        self._pieces: dict[int, deque[Piece]] = {
            MINUTE_S: deque(maxlen=MINUTES_KEPT),
            HOUR_S: deque(maxlen=HOURS_KEPT),
        }
        self._spots: dict[Spot, Spot] = {}
        """Each spot once, whoever stands there."""
        self._over: set[str] | None = set()
        """Who ended while those who are under way are still being read."""

    # --- what happens -------------------------------------------------------------------------

    def watch(self, entity: str, entry: Mapping[str, Any]) -> None:
        """A turn was committed."""
        if not entity.startswith(ENTITY) or "program" not in entry:
            return
        contact = entity.removeprefix(ENTITY)
        self.changes += 1
        at = entry["event"]["at"]
        version, _, path = entry["program"].partition(":")
        pieces = self._now(at)
        self._count(contact, entry, version, path, pieces)
        if entry["status"] == "ended":
            self._leave(contact)
            if self._over is not None:
                self._over.add(contact)
        else:
            self._stand(contact, self._spot(version, entry.get("flow") or path, entry["step"]), at)

    def _count(
        self, contact: str, entry: Mapping[str, Any], version: str, path: str, pieces: list[Piece]
    ) -> None:
        is_new = entry["event"]["event"] == "Started"
        gave_up = entry["event"]["event"] == CUSTOMER_LEFT and contact in self._standing
        ways = [
            Taken(self._spot(version, *_place(step, path)), outcome)
            for step, outcome in entry["trail"]
        ]
        for piece in pieces:
            piece.taken.update(ways)
            if is_new:
                piece.started[f"{version}:{path}"] += 1
            if gave_up:
                piece.left[self._standing[contact][0]] += 1

    def read(self, states: Iterable[tuple[str, bytes]]) -> None:
        """Who is under way already, as the store has them. Whoever did something since is known
        better."""
        for entity, state in states:
            contact = entity.removeprefix(ENTITY)
            if contact in self._standing or (self._over and contact in self._over):
                continue
            found = Contact.from_bytes(state)
            version, _, path = found.program.partition(":")
            self._stand(contact, self._spot(version, found.flow or path, found.step),
                        found.started_at)  # fmt: skip
        self.changes += 1

    def all_read(self) -> None:
        self._over = None

    def _spot(self, version: str, path: str, step: str) -> Spot:
        spot = Spot(f"{version}:{path}", step)
        return self._spots.setdefault(spot, spot)

    def _stand(self, contact: str, spot: Spot, at: str) -> None:
        before = self._standing.get(contact)
        if before is not None:
            if before[0] is spot:
                return
            self._go(before[0])
        self._standing[contact] = (spot, at)
        self._here[spot] += 1

    def _leave(self, contact: str) -> None:
        before = self._standing.pop(contact, None)
        if before is not None:
            self._go(before[0])

    def _go(self, spot: Spot) -> None:
        self._here[spot] -= 1
        if not self._here[spot]:
            del self._here[spot]

    def _now(self, at: str) -> list[Piece]:
        """The pieces that a moment belongs to. Clocks may jump back: then the last ones."""
        second = datetime.fromisoformat(at).timestamp()
        found = []
        for length_s, pieces in self._pieces.items():
            number = int(second) // length_s
            if not pieces or pieces[-1].number < number:
                pieces.append(Piece(number))
            found.append(pieces[-1])
        return found

    # --- what is seen -------------------------------------------------------------------------

    @property
    def under_way(self) -> int:
        return len(self._standing)

    def flows(self, path: str) -> set[str]:
        """All versions of a flow that somebody is in or was in lately."""
        found = {spot.flow for spot in self._here}
        for pieces in self._pieces.values():
            for piece in pieces:
                found.update(piece.started)
                found.update(way.spot.flow for way in piece.taken)
        return {flow for flow in found if flow.partition(":")[2] == path}

    def picture(self, path: str, range_: Range, now: datetime) -> Picture:
        """Of a flow, in all its versions."""
        ending = f":{path}"
        taken: Counter[Taken] = Counter()
        left: Counter[Spot] = Counter()
        started = 0
        for piece in self._in(range_, now):
            for way, count in piece.taken.items():
                if way.spot.flow.endswith(ending):
                    taken[way] += count
            for spot, count in piece.left.items():
                if spot.flow.endswith(ending):
                    left[spot] += count
            started += sum(n for flow, n in piece.started.items() if flow.endswith(ending))
        here = {spot: n for spot, n in self._here.items() if spot.flow.endswith(ending)}
        return Picture(here=here, taken=taken, left=left, started=started)

    def _in(self, range_: Range, now: datetime) -> Iterator[Piece]:
        length_s, count = RANGES[range_]
        first = int(now.timestamp()) // length_s - count + 1
        return (piece for piece in self._pieces[length_s] if piece.number >= first)

    def standing(self, spots: Iterable[Spot], most: int) -> list[Standing]:
        """Some of those who stand at these steps."""
        wanted = set(spots)
        found = (
            Standing(contact=contact, spot=spot, since=since)
            for contact, (spot, since) in self._standing.items()
            if spot in wanted
        )
        return list(islice(found, most))


def _place(step: str, path: str) -> tuple[str, str]:
    """A step of the trail: of another flow, it is told with its path."""
    flow, colon, name = step.rpartition(":")
    return (flow, name) if colon else (path, step)
