"""What is said for a moment, over the canvas."""

from __future__ import annotations

from collections.abc import Mapping

from nicegui import ui

from designer.html import prose, tag, text

TOAST_S = 5.0


class Toasts:
    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._layer = tag("div", "", role="status", aria_live="polite")

    def tell(self, words: str, address: str = "") -> None:
        """With an address, lead there."""
        self._layer.clear()
        with self._layer, tag("div", "fl-toast"):
            prose(words)
            if address:
                text(self._words["open"], tag="a", href=address)
            ui.timer(TOAST_S, self._layer.clear, once=True)
