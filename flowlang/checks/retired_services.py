"""Blocks whose service is no more where the flow is to run.

There they always take their error outcome.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem


def run(context: Context) -> Iterator[Problem]:
    for step in context.steps.values():
        ended = dict(step.block.retired).get(context.target) if step.block else None
        if ended:
            yield Problem(
                code="FL510",
                severity="warning",
                place=step.step.name_at or step.step.at,
                arguments={"kind": step.step.kind, "day": ended, "target": context.target},
                block=step.id,
            )
