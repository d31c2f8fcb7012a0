"""Arguments that a block or a function needs and is not given."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.wiring import WiredStep


def run(context: Context) -> Iterator[Problem]:
    for step in context.steps.values():
        missing = (*step.bound.missing, *_not_told(step))
        if missing:
            yield Problem(
                code="FL303",
                severity="error",
                place=step.step.name_at or step.step.at,
                arguments={"kind": step.step.kind, "parameters": missing},
                block=step.id,
                field=missing[0],
            )


def _not_told(step: WiredStep) -> tuple[str, ...]:
    takes = step.block.takes(step.call) if step.block else None
    told = {argument.key for argument in step.step.arguments}
    return tuple(
        item.name
        for item in takes or ()
        if item.name not in told and not (item.type and item.type.optional)
    )
