"""Sections and steps that no contact can come to.

They are dead text: the caller never hears them, and often the outcome line that was to lead there
was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.model import Goto, Section

PROVES = "reachable"


def run(context: Context) -> Iterator[Problem]:
    if context.wiring.start is None:
        return
    reached = set(context.reachable)
    sections = context.document.sections
    named = {item.name for item in _leading_on(context)}
    for section in sections.values():
        if not section.steps:
            continue
        dead = [step_id for step_id in section.step_ids if step_id not in reached]
        if len(dead) < len(section.steps):
            yield from _steps(section, dead)
        elif section.name not in named:
            yield Problem(
                code="FL201",
                severity="warning",
                place=section.name_at or section.at,
                arguments={"name": section.name, "reason": "section"},
                block=dead[0],
            )


def _steps(section: Section, dead: list[str]) -> Iterator[Problem]:
    """One problem for each run of steps."""
    ids = section.step_ids
    for index, step_id in enumerate(ids):
        if step_id in dead and (index == 0 or ids[index - 1] not in dead):
            step = section.steps[index]
            yield Problem(
                code="FL201",
                severity="warning",
                place=step.name_at or step.at,
                arguments={"name": step_id},
                block=step_id,
            )


def _leading_on(context: Context) -> Iterator[Section]:
    """Sections without a step: what leads to them leads on."""
    for section in context.document.sections.values():
        if not section.steps and isinstance(section.goto, Goto):
            yield section
