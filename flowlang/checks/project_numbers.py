"""Phone numbers that customers would see and that are not the project's.

Carriers refuse calls from a number of somebody else, and customers who call it back find nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang import expressions as ex
from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.parameters import specs


def run(context: Context) -> Iterator[Problem]:
    home = context.surroundings.home
    if home is None or not home.project.numbers:
        return
    for step in context.steps.values():
        for spec in specs(step.block.Params) if step.block else ():
            match step.bound.values.get(spec.key) if spec.ours else None:
                case ex.Literal(value=str(number), at=at) if (
                    number and number not in home.project.numbers
                ):
                    yield Problem(
                        code="FL525",
                        severity="error",
                        place=at or step.step.name_at,
                        arguments={"number": number},
                        block=step.id,
                        field=spec.key,
                    )
                case _:
                    pass
