"""Lay out some blocks anew where they are; only the layout part of the text changes."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang.edits.move import Move
from flowlang.edits.operation import Change, Flow, Operation
from flowlang.layout import Card, Lane, Point, Rect, around
from flowlang.layout.links import links_of
from flowlang.layout.tidy import tidy


class Tidy(Operation):
    """The upper left corner of what they cover stays. All blocks of a flow go back to the
    automatic layout instead."""

    cards: Mapping[str, tuple[int, int, int, int]]
    """Where the blocks stand on the canvas: left, top, width, height."""

    def edit(self, flow: Flow) -> Change:
        steps = flow.wiring.steps
        if steps.keys() <= self.cards.keys():
            return Move(places=dict.fromkeys(steps)).edit(flow)
        rects = {block: Rect(*card) for block, card in self.cards.items()}
        slots = tidy(self._lanes(flow, rects), _links(flow, rects))
        if not slots:
            return Change(edits=())
        old = around(rects.values())
        new = around(rects[block].at(point) for block, point in slots.items())
        places = {
            block: Point(old.x + point.x - new.x, old.y + point.y - new.y)
            for block, point in slots.items()
        }
        return Move(places=places).edit(flow)

    def _lanes(self, flow: Flow, rects: Mapping[str, Rect]) -> list[Lane]:
        return [
            Lane(
                name=section.name,
                cards=tuple(
                    Card(id=step_id, width=rects[step_id].width, height=rects[step_id].height)
                    for step_id in section.step_ids
                    if step_id in rects
                ),
            )
            for section in flow.document.sections.values()
        ]


def _links(flow: Flow, rects: Mapping[str, Rect]) -> dict[str, list[str]]:
    """Which of the sections with blocks lead to which."""
    homes = {flow.step(block).section.name for block in rects}
    return {
        source: [target for target in targets if target in homes]
        for source, targets in links_of(flow.wiring).items()
        if source in homes
    }
