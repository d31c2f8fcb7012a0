"""Lay out some blocks anew where they are; only the layout part of the text changes."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang.edits.move import Move
from flowlang.edits.operation import Change, Flow, Operation
from flowlang.layout import Card, Lane, Point, Rect, around
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
    """The sections that the wires among the blocks lead to."""
    links: dict[str, list[str]] = {}
    for block in rects:
        wired = flow.step(block)
        for wire in wired.wires:
            target = flow.wiring.steps.get(wire.target or "")
            if target and target.id in rects and target.section is not wired.section:
                links.setdefault(wired.section.name, []).append(target.section.name)
    return links
