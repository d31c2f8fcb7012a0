"""Results that may come from one of several calls.

Under the bare name of a function stands what its last call gave. Where two calls can have been
the last, a reader cannot tell which; a named step, or `function.x`, says what is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem, Related
from flowlang.presence import reads_of
from flowlang.syntax import spelling
from flowlang.wiring import WiredStep


def of_graph(context: Context) -> Iterator[Problem]:
    calls: dict[str, list[str]] = {}
    for step in context.steps.values():
        if step.call.callee:
            calls.setdefault(step.call.callee.name, []).append(step.id)
    shared = {name: ids for name, ids in calls.items() if len(ids) > 1}
    if not shared:
        return
    for step in context.steps.values():
        for name in reads_of(step):
            if name.segments and name.root in shared:
                there = context.presence.calls_at(step.id, shared[name.root])
                if len(there) > 1:
                    yield Problem(
                        code="FL221",
                        severity="warning",
                        place=name.at or step.step.at,
                        arguments={"name": spelling.name(name), "calls": there},
                        block=step.id,
                        related=tuple(_related(context.steps[call]) for call in there),
                    )


def _related(step: WiredStep) -> Related:
    place = step.step.name_at or step.step.at
    assert place is not None
    return Related(place=place, note="call", arguments={"name": step.id})
