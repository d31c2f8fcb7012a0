"""Which blocks and outcomes of a flow no test ever took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from runtime.testing.runner import Result
from runtime.testing.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A block, or one outcome that a line of its own routes."""

    line: int
    what: Literal["block", "outcome"]
    step: str
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    path: str
    total: int
    missed: tuple[Spot, ...]

    @property
    def covered(self) -> int:
        return self.total - len(self.missed)


def measure(subject: Subject, results: Iterable[Result], path: str) -> Coverage:
    blocks: set[str] = set()
    outcomes: set[tuple[str, str]] = set()
    for result in results:
        blocks |= result.blocks
        outcomes |= result.outcomes
    spots = spots_of(subject)
    missed = [
        spot
        for spot in spots
        if (spot.step not in blocks)
        or (spot.what == "outcome" and (spot.step, spot.outcome) not in outcomes)
    ]
    return Coverage(path=path, total=len(spots), missed=tuple(missed))


def merge(reports: Iterable[Coverage]) -> list[Coverage]:
    """One for each flow: what some test took is covered, whichever file it stands in."""
    by_path: dict[str, Coverage] = {}
    for report in reports:
        if before := by_path.get(report.path):
            missed = tuple(spot for spot in before.missed if spot in report.missed)
            report = replace(report, missed=missed)
        by_path[report.path] = report
    return list(by_path.values())


def spots_of(subject: Subject) -> list[Spot]:
    """In the order of the text."""
    spots = []
    for step in subject.wiring.steps.values():
        place = step.step.name_at or step.step.at
        line = place.first.line if place else 0
        spots.append(Spot(line=line, what="block", step=step.id))
        for wire in step.wires:
            if wire.spoken is not None and wire.route is not None:
                at = wire.route.at
                line_of_route = at.first.line if at else line
                spots.append(
                    Spot(line=line_of_route, what="outcome", step=step.id, outcome=wire.port)
                )
    return sorted(spots, key=lambda spot: (spot.line, spot.what))


def percent(reports: Iterable[Coverage]) -> float:
    """Of all flows together; a flow without blocks is covered."""
    all_reports = list(reports)
    total = sum(report.total for report in all_reports)
    covered = sum(report.covered for report in all_reports)
    return 100 * covered / total if total else 100.0
