"""What the canvas shows over the flow: a path, what tests reached, who is there. At most one of
them at a time, with a line over the canvas that says what it is and ends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from nicegui.element import Element

from designer.canvas import FlowCanvas, Look, Marks, Path
from designer.html import button, icon, tag, text

SIGNS: Mapping[Look, str] = {
    "added": "+",
    "removed": "−",
    "changed": "~",
    "reached": "✓",
    "missed": "○",
    "failed": "✕",
    "live": "•",
}
"""As on the canvas: colour is never the only sign."""
Legend = Sequence[tuple[Look, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a lens shows of the flow as it is now."""

    title: str
    path: Path | None = None
    marks: Marks | None = None
    legend: Legend = ()


class Lens(Protocol):
    symbol: str

    def view(self) -> View | None:
        """None: there is nothing to show any more, as what it was about is gone."""
        ...

    def close(self) -> None: ...


class Lenses:
    def __init__(
        self,
        layer: Element,
        canvas: Callable[[], FlowCanvas],
        words: Mapping[str, str],
    ) -> None:
        self._layer = layer
        self._canvas = canvas
        self._words = words
        self._lens: Lens | None = None
        self._drawn: View | None = None

    @property
    def lens(self) -> Lens | None:
        return self._lens

    def look(self, lens: Lens) -> None:
        if self._lens is not None and self._lens is not lens:
            self._lens.close()
        self._lens = lens
        self.show()

    def close(self) -> None:
        if self._lens is None:
            return
        lens, self._lens = self._lens, None
        lens.close()
        self.show()

    def show(self, *, afresh: bool = False) -> None:
        """Show it on the flow as it is now; `afresh` if the canvas knows nothing."""
        view = self._lens.view() if self._lens else None
        if self._lens is not None and view is None:
            self.close()
            return
        if view == self._drawn and not afresh:
            return
        before, self._drawn = self._drawn, view
        self._canvas().light(view.path if view else None)
        self._canvas().show_marks(view.marks if view else None)
        if before is None or view is None or _said(before) != _said(view):
            self._draw(view)

    def _draw(self, view: View | None) -> None:
        self._layer.clear()
        if view is None or self._lens is None:
            return
        with self._layer, tag("div", "fl-lens", role="status"):
            icon(self._lens.symbol)
            text(view.title, "fl-strong fl-cut")
            for look, words in view.legend:
                draw_sign(look, words)
            button("", "fl-icon-btn small", symbol="x", title=self._words["lens_close"],
                   on_click=self.close, data_role="close-lens")  # fmt: skip


def draw_sign(look: Look, words: str) -> None:
    with tag("span", f"fl-sign m-{look}"):
        text(SIGNS[look], "fl-sign-mark", aria_hidden="true")
        text(words)


def _said(view: View) -> object:
    return view.title, tuple(view.legend)
