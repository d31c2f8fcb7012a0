"""Arguments that a block or a function needs and is not given."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Outside
from flowlang.diagnostics import Problem
from flowlang.wiring import WiredSection, WiredStep


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
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
    needs = step.block.needs(step.call) if step.block else ()
    told = {argument.key for argument in step.step.arguments}
    return tuple(name for name in needs if name not in told)
