"""Copy blocks: the copies stand in sections of their own, wired like the originals."""

from __future__ import annotations

from flowlang.edits.copying import copied
from flowlang.edits.operation import Change, Flow, Operation
from flowlang.edits.paste import Paste
from flowlang.layout import Point


class Duplicate(Operation):
    """Blocks of one section stay together, in their order, and wires among them lead from copy to
    copy."""

    blocks: tuple[str, ...]
    x: int | None = None
    y: int | None = None
    places: dict[str, tuple[int, int]] | None = None
    """Where the canvas shows the blocks, so that the copies stand to each other as these do."""

    def edit(self, flow: Flow) -> Change:
        places = {key: Point(*place) for key, place in (self.places or {}).items()}
        text = copied(flow, self.blocks, places)
        return Paste(text=text, x=self.x, y=self.y).edit(flow)
