"""Sections and steps that no contact can come to.

They are dead text: the caller never hears them, and often the outcome line that was to lead there
was forgotten. Of several that lead to each other only the first is told: one line repairs all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flowlang.checking import Context
from flowlang.checking.graph import loops
from flowlang.diagnostics import Problem
from flowlang.model import Section

PROVES = "reachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Dead steps that stand one below the other."""

    section: Section
    steps: tuple[str, ...]

    @property
    def problem(self) -> Problem:
        section, first = self.section, self.steps[0]
        whole = len(self.steps) == len(section.steps)
        step = section.steps[section.step_ids.index(first)]
        at = (section.name_at or section.at) if whole else (step.name_at or step.at)
        return Problem(
            code="FL201",
            severity="warning",
            place=at,
            arguments={"name": section.name, "reason": "section"} if whole else {"name": first},
            block=first,
        )


def of_graph(context: Context) -> Iterator[Problem]:
    if context.wiring.start is None:
        return
    reached = set(context.reachable)
    runs = [found for item in context.document.sections.values() for found in _runs(item, reached)]
    for found in _first_ones(context, runs):
        yield found.problem


def _runs(section: Section, reached: set[str]) -> Iterator[_Run]:
    dead: list[str] = []
    for step_id in section.step_ids:
        if step_id not in reached:
            dead.append(step_id)
        elif dead:
            yield _Run(section=section, steps=tuple(dead))
            dead = []
    if dead:
        yield _Run(section=section, steps=tuple(dead))


def _first_ones(context: Context, runs: Iterable[_Run]) -> Iterator[_Run]:
    """Those that no other one leads to; of a round of them the first, if nothing leads into it."""
    by_first = {found.steps[0]: found for found in runs}
    run_of = {step_id: first for first, found in by_first.items() for step_id in found.steps}
    edges: dict[str, set[str]] = {first: set() for first in by_first}
    for step_id, first in run_of.items():
        edges[first].update(run_of[it] for it in context.next_nodes(step_id) if it in run_of)
    order = {first: number for number, first in enumerate(by_first)}
    round_of = {first: min(part, key=order.__getitem__) for part in loops(edges) for first in part}
    led_to = {
        round_of.get(after, after)
        for first, ahead in edges.items()
        for after in ahead
        if round_of.get(first, first) != round_of.get(after, after)
    }
    for first, found in by_first.items():
        if round_of.get(first, first) == first and first not in led_to:
            yield found
