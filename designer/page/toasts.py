"""What is said for a moment, over the canvas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from designer.html import prose, tag, text

TOAST_S = 5.0
MEGA = 1_000_000
SENT_BYTES_MAX = 900_000
"""What a browser sends in one message, as the canvas and the editor have it."""


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

    def if_too_long(self, word: str, sent: Mapping[str, Any]) -> None:
        """Say so of something that was too long to be sent, and so has only a size."""
        if size := sent.get("bytes"):
            limit = f"{SENT_BYTES_MAX / MEGA:.1f}"
            self.tell(self._words[word].format(size=f"{size / MEGA:.1f}", limit=limit))
