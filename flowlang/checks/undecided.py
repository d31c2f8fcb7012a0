"""Ways that are not decided yet: `-> nowhere`.

A draft may have them. Published, a contact that goes there would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem


def run(context: Context) -> Iterator[Problem]:
    seen: set[object] = set()
    for step in context.steps.values():
        for wire in step.wires:
            line = wire.route or step.section.goto
            if wire.fault != "nowhere" or id(line) in seen:
                continue
            seen.add(id(line))
            yield Problem(
                code="FL208",
                severity="warning",
                place=line.target.at if line else step.step.name_at,
                arguments={"outcome": wire.port, "name": step.id},
                block=step.id,
                outcome=wire.port,
            )
