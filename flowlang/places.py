"""Where something stands in a source text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Position(NamedTuple):
    """A line and a column, both counted from 1, columns in characters."""

    line: int
    column: int


@dataclass(slots=True, eq=False)
class Anchor:
    """The stretch of source that one top-level item was parsed from.

    Places count from it, so an item that only moved up or down keeps its whole tree: the parser
    updates these two numbers and nothing else.
    """

    text: str
    offset: int = 0
    line: int = 1


@dataclass(slots=True, frozen=True)
class Place:
    """A range of characters, relative to its anchor."""

    anchor: Anchor
    start: int
    end: int

    @property
    def offsets(self) -> tuple[int, int]:
        """The range in the whole text, for edits."""
        base = self.anchor.offset
        return base + self.start, base + self.end

    @property
    def first(self) -> Position:
        return self._position(self.start)

    @property
    def last(self) -> Position:
        """The position just behind the last character."""
        return self._position(self.end)

    def _position(self, offset: int) -> Position:
        text = self.anchor.text
        line_start = text.rfind("\n", 0, offset) + 1
        return Position(self.anchor.line + text.count("\n", 0, offset), offset - line_start + 1)

    def beginning(self, characters: int) -> Place:
        """Its first characters: a name in front of its type, say."""
        return Place(self.anchor, self.start, self.start + characters)

    def to(self, other: Place) -> Place:
        return Place(self.anchor, self.start, other.end)
