"""Offsets in a whole text, and the positions that people and editors count in."""

from __future__ import annotations

from flowlang.places import Position


def offset_of(source: str, position: Position) -> int:
    """The nearest offset that there is: positions outside of the text end at its borders."""
    if position.line < 1:
        return 0
    start = 0
    for _ in range(position.line - 1):
        found = source.find("\n", start)
        if found < 0:
            return len(source)
        start = found + 1
    end = source.find("\n", start)
    end = len(source) if end < 0 else end
    return min(start + max(position.column - 1, 0), end)


def position_of(source: str, offset: int) -> Position:
    offset = max(0, min(offset, len(source)))
    line_start = source.rfind("\n", 0, offset) + 1
    return Position(source.count("\n", 0, offset) + 1, offset - line_start + 1)
