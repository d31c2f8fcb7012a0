"""What a person decides when the file and what stands here have parted ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui.element import Element

from designer.html import button, icon, tag, text
from designer.source_file import State

Actions = Mapping[str, Callable[[], object]]
"""By the word of the button."""

OFFERED: Mapping[State, tuple[str, tuple[str, ...]]] = {
    "changed elsewhere": ("file_changed_note", ("reload", "keep_both")),
    "gone": ("file_gone_note", ("save_again",)),
    "unsaved": ("file_unsaved_note", ("save_again",)),
    "unreadable": ("file_unreadable_note", ("reload",)),
}


class Banner:
    """Over the canvas; there only while something is to be decided."""

    def __init__(self, layer: Element, words: Mapping[str, str], actions: Actions) -> None:
        self._layer = layer
        self._words = words
        self._actions = actions
        self._shown: State = "saved"

    def show(self, state: State) -> None:
        if state == self._shown:
            return
        self._shown = state
        self._layer.clear()
        if state not in OFFERED:
            return
        note, offered = OFFERED[state]
        with self._layer, tag("div", "fl-banner", role="alert"):
            icon("warn", "")
            text(self._words[note], "fl-grow")
            for word in offered:
                button(self._words[word], "fl-btn small", on_click=self._actions[word],
                       data_role=word)  # fmt: skip
