"""Put the same room between blocks; only the layout part of the text changes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

from flowlang.edits.move import Move
from flowlang.edits.operation import Change, Flow, Operation
from flowlang.layout import Point, Rect

Axis = Literal["horizontal", "vertical"]


class Distribute(Operation):
    """The first and the last stay; those between them move along one axis."""

    cards: Mapping[str, tuple[int, int, int, int]]
    """Where the blocks stand on the canvas: left, top, width, height."""
    axis: Axis

    def edit(self, flow: Flow) -> Change:
        rects = {block: Rect(*card) for block, card in self.cards.items()}
        order = sorted(rects, key=lambda block: (self._start(rects[block]), block))
        if len(order) < 3:
            return Change(edits=())
        free = self._start(rects[order[-1]]) - self._end(rects[order[0]])
        free -= sum(self._size(rects[block]) for block in order[1:-1])
        places = {order[0]: self._at(rects[order[0]], self._start(rects[order[0]]))}
        offset = self._end(rects[order[0]])
        for index, (_, block) in enumerate(pairwise(order), 1):
            gap = free * index // (len(order) - 1)
            places[block] = self._at(rects[block], offset + gap)
            offset += self._size(rects[block])
        return Move(places=places).edit(flow)

    def _start(self, rect: Rect) -> int:
        return rect.x if self.axis == "horizontal" else rect.y

    def _size(self, rect: Rect) -> int:
        return rect.width if self.axis == "horizontal" else rect.height

    def _end(self, rect: Rect) -> int:
        return self._start(rect) + self._size(rect)

    def _at(self, rect: Rect, start: int) -> Point:
        return Point(start, rect.y) if self.axis == "horizontal" else Point(rect.x, start)
