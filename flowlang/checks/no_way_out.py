"""Steps from which no way leads to an end of the flow.

A contact that comes there is kept for ever: it costs money and a caller's nerves. Flows that go
on until somebody else ends them, such as those of a waiting queue, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Assumption, Context
from flowlang.checking.context import LASTING
from flowlang.diagnostics import Problem

PROVES = "ends"
ASSUMES = (Assumption(name="waits_end"), Assumption(name="outcomes_happen"))


def of_graph(context: Context) -> Iterator[Problem]:
    if context.flow_type in LASTING:
        return
    nodes = {*context.reachable, *context.wiring.endings}
    free = context.leading_to(node for node in nodes if context.can_end(node))
    trapped = {step_id for step_id in context.reachable if step_id not in free}
    sections = {context.steps[step_id].section.name for step_id in trapped}
    for step_id, step in context.steps.items():
        if step.section.name in sections and step_id in trapped:
            sections.discard(step.section.name)
            yield Problem(
                code="FL202",
                severity="error",
                place=step.step.name_at or step.step.at,
                arguments={"name": step_id},
                block=step_id,
            )
