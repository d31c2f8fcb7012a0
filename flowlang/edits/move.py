"""Move blocks on the canvas; only the layout part of the text changes."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang.edits.draft import Draft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation
from flowlang.layout import Point


class Move(Operation):
    """A block without a place goes back to the automatic layout."""

    places: Mapping[str, tuple[int, int] | None]

    def edit(self, flow: Flow) -> Change:
        draft = Draft(flow)
        for step_id, place in self.places.items():
            draft.place(draft.known(step_id), Point(*place) if place else None)
        return change(draft, [draft.known(step_id) for step_id in self.places])
