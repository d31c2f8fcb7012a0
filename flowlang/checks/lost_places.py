"""Places in the layout for steps that are not there, or that have one already.

They do nothing, and whoever reads them looks for a step that was renamed or deleted.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import remove
from flowlang.model import Layout, Placement


def run(context: Context) -> Iterator[Problem]:
    layout, *others = [item for item in context.document.items if isinstance(item, Layout)] or [
        Layout()
    ]
    last = {place.id: place for place in layout.places}
    known = {step_id for step_id, _, _ in context.document.steps()}
    for place in layout.places:
        if place.id not in known and context.is_whole:
            yield _problem(place, "lost", place.id)
        elif last[place.id] is not place:
            yield _problem(place, "twice", place.id)
    for other in others:
        yield _problem(other, "part", "layout")


def _problem(found: Placement | Layout, reason: str, name: str) -> Problem:
    return Problem(
        code="FL058",
        severity="warning",
        place=found.at,
        arguments={"name": name, "reason": reason},
        fix=remove(found.extent, "FL058"),
    )
