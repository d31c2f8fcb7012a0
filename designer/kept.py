"""Parts of a page that stay while what they say changes.

Whoever presses a button the moment it is replaced has pressed nothing, and whoever types into a
field that is drawn anew has written in vain. So a part is drawn anew only where it says something
else, and what is pressed stays the same element for as long as it means the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from nicegui.element import Element


class Memory:
    """What each part of a page shows."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}

    def is_new(self, part: str, *shown: object) -> bool:
        """Whether a part has to be drawn anew to show this; it is taken to be drawn then."""
        before, self._shown[part] = self._shown.get(part), repr(shown)
        return before != self._shown[part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of several alike."""

    key: str
    shown: object
    """What it says: it is filled anew when this changes."""
    make: Callable[[], Element]
    """The element that stays."""
    fill: Callable[[], object]
    """What is in it; called within the element, which is empty."""


class Rows:
    """A list in a box: rows come, go and change places, and each stays what it is."""

    def __init__(self, box: Element) -> None:
        self._box = box
        self._there: dict[str, Element] = {}
        self._memory = Memory()

    def __iter__(self) -> Iterator[tuple[str, Element]]:
        return iter(self._there.items())

    def show(self, rows: Sequence[Row]) -> None:
        wanted = {row.key for row in rows}
        for gone in self._there.keys() - wanted:
            self._there.pop(gone).delete()
        with self._box:
            for row in rows:
                self._show(row, is_there=row.key in self._there)
        self._sort([self._there[row.key] for row in rows])

    def _show(self, row: Row, *, is_there: bool) -> None:
        if not is_there:
            self._there[row.key] = row.make()
        if self._memory.is_new(row.key, row.shown) or not is_there:
            element = self._there[row.key]
            element.clear()
            with element:
                row.fill()

    def _sort(self, wanted: Sequence[Element]) -> None:
        for index, element in enumerate(wanted):
            if self._box.default_slot.children[index] is not element:
                element.move(target_index=index)
