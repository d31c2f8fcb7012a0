"""Blocks whose service is no more where the flow is to run.

There they always take their error outcome.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Outside
from flowlang.diagnostics import Problem
from flowlang.wiring import WiredSection


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        ended = dict(step.block.retired).get(outside.target) if step.block else None
        if ended:
            yield Problem(
                code="FL510",
                severity="warning",
                place=step.step.name_at or step.step.at,
                arguments={"kind": step.step.kind, "day": ended, "target": outside.target},
                block=step.id,
            )
