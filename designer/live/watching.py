"""What is live of a flow, told in the blocks of the text that is open.

Contacts finish on the version that they started with. A block of an older version is shown as what
became of it; of blocks that are gone, only how many stand there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from designer.session import Session
from designer.versions.alignment import align
from flowlang.syntax.parser import parse
from flowlang.wiring import wire
from runtime.flow_counts import Range, Spot, Standing
from runtime.history import history
from runtime.serving import Site
from runtime.versions import Version

LISTED_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A flow as it is lived through, in a time range."""

    here: Mapping[str, int]
    taken: Mapping[tuple[str, str], int]
    """By step and outcome."""
    left: Mapping[str, int]
    started: int
    elsewhere: int
    """Who stands at blocks that are gone since."""

    @property
    def under_way(self) -> int:
        return sum(self.here.values()) + self.elsewhere

    @property
    def gave_up(self) -> int:
        return sum(self.left.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of a contact, as people may see it."""

    at: str
    happened: str
    """The name of the event."""
    said: str
    """What the customer said or wrote, if they did."""
    steps: tuple[str, ...]
    """Of the open flow, in order."""


class Watching:
    """One for a page."""

    def __init__(self, site: Site, session: Session, path: Path) -> None:
        self.site = site
        self.session = session
        self.path = path.resolve().relative_to(site.folder.resolve()).as_posix()
        self._pairs: dict[str, Mapping[str, str]] = {}
        self._pairs_of = ""

    @property
    def changes(self) -> int:
        return self.site.counts.changes

    @property
    def now(self) -> datetime:
        return self.site.host.clock()

    def watched(self, range_: Range) -> Watched:
        found = self.site.counts.picture(self.path, range_, self.now)
        here: Counter[str] = Counter()
        taken: Counter[tuple[str, str]] = Counter()
        left: Counter[str] = Counter()
        elsewhere = 0
        for spot, count in found.here.items():
            step = self._step(spot)
            if step is None:
                elsewhere += count
            else:
                here[step] += count
        for way, count in found.taken.items():
            if step := self._step(way.spot):
                taken[step, way.outcome] += count
        for spot, count in found.left.items():
            left[self._step(spot) or ""] += count
        return Watched(
            here=here, taken=taken, left=left, started=found.started, elsewhere=elsewhere
        )

    def standing(self, step: str | None) -> Sequence[Standing]:
        """Some of those at a step of the open flow, or anywhere in it."""
        counts = self.site.counts
        spots = counts.picture(self.path, "15m", self.now).here
        wanted = [spot for spot in spots if step is None or self._step(spot) == step]
        return counts.standing(wanted, LISTED_MAX)

    def step(self, standing: Standing) -> str | None:
        return self._step(standing.spot)

    async def turns(self, contact: str, flow: str) -> list[Turn]:
        """The path of one contact, step by step, with what is sensitive masked."""
        journal = [orjson.loads(e) for e in await self.site.store.journal(f"contact/{contact}")]
        return [
            Turn(
                at=str(line["at"]),
                happened=str(line["happened"]["event"]),
                said=str(line["happened"].get("text") or ""),
                steps=tuple(self._steps(line["way"], flow)),
            )
            for line in history(journal, self.site.versions(flow))
        ]

    def _steps(self, way: Sequence[Sequence[str]], flow: str) -> list[str]:
        version, _, path = flow.partition(":")
        found = []
        for place, _ in way:
            other, colon, name = place.rpartition(":")
            spot = Spot(f"{version}:{other if colon else path}", name)
            if spot.flow.partition(":")[2] == self.path and (step := self._step(spot)):
                found.append(step)
        return found

    # --- versions -----------------------------------------------------------------------------

    def _step(self, spot: Spot) -> str | None:
        """A step of a version, in the text that is open."""
        if self._pairs_of != self.session.text:
            self._pairs_of = self.session.text
            self._pairs.clear()
        if spot.flow not in self._pairs:
            self._pairs[spot.flow] = self._aligned(spot.flow)
        return self._pairs[spot.flow].get(spot.step)

    def _aligned(self, flow: str) -> Mapping[str, str]:
        now = self.session.wiring
        program = self.site.versions(flow)
        version = program.version if program else None
        if not isinstance(version, Version):
            return {}
        path = flow.partition(":")[2]
        text = version.sources.flows.get(path, "")
        if text == self.session.text:
            return {step: step for step in now.steps}
        document = parse(text).document
        return align(wire(document, version.catalogue, neighbours=version.seen_from(path)), now)
