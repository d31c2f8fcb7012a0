"""A table that is looked at all day: its clocks change their text, and nothing else moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from designer.html import tag, text

BELOW = "↓"
"""Before a figure that is worse than it should be."""


class Table:
    """Rows by name. They are there from the beginning, and each cell stays the same element."""

    def __init__(
        self, heads: Mapping[str, str], rows: Sequence[str], *, boxes: Sequence[str] = ()
    ) -> None:
        """`boxes` are columns with more than a word in them; what is in them is the caller's."""
        self._words: dict[tuple[str, str], TextElement] = {}
        self._boxes: dict[tuple[str, str], Element] = {}
        with tag("table", "sup-table"):
            with tag("thead"), tag("tr"):
                for title in heads.values():
                    text(title, tag="th", scope="col")
            with tag("tbody"):
                for row in rows:
                    with tag("tr", data_row=row):
                        for head in heads:
                            self._draw_cell(row, head, is_box=head in boxes)

    def _draw_cell(self, row: str, head: str, *, is_box: bool) -> None:
        if is_box:
            self._boxes[row, head] = tag("td")
        else:
            self._words[row, head] = text("", tag="td")

    def box(self, row: str, head: str) -> Element:
        return self._boxes[row, head]

    def show(self, row: str, words: Mapping[str, str]) -> None:
        for head, value in words.items():
            cell = self._words[row, head]
            if cell.text != value:
                cell.set_text(value)
                cell.classes(**{"add" if value.startswith(BELOW) else "remove": "bad"})
