"""Put blocks on one line; only the layout part of the text changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from flowlang.edits.move import Move
from flowlang.edits.operation import Change, Flow, Operation
from flowlang.layout import Point, Rect, around

Edge = Literal["left", "center", "right", "top", "middle", "bottom"]


class Align(Operation):
    """The line is an edge of the rectangle around them all, or its middle."""

    cards: Mapping[str, tuple[int, int, int, int]]
    """Where the blocks stand on the canvas: left, top, width, height."""
    edge: Edge

    def edit(self, flow: Flow) -> Change:
        rects = {block: Rect(*card) for block, card in self.cards.items()}
        if not rects:
            return Change(edits=())
        whole = around(rects.values())
        places = {block: self._aligned(rect, whole) for block, rect in rects.items()}
        return Move(places=places).edit(flow)

    def _aligned(self, rect: Rect, whole: Rect) -> Point:
        match self.edge:
            case "left":
                return Point(whole.x, rect.y)
            case "center":
                return Point(whole.x + (whole.width - rect.width) // 2, rect.y)
            case "right":
                return Point(whole.right - rect.width, rect.y)
            case "top":
                return Point(rect.x, whole.y)
            case "middle":
                return Point(rect.x, whole.y + (whole.height - rect.height) // 2)
            case "bottom":
                return Point(rect.x, whole.bottom - rect.height)
