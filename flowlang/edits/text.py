"""Edits of a text: applying them, taking them back, finding them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flowlang.diagnostics import Edit
from flowlang.model import Line
from flowlang.places import Place

Edits = tuple[Edit, ...]


def apply(source: str, edits: Iterable[Edit]) -> str:
    """The text after edits, which are in order and do not overlap."""
    parts = []
    position = 0
    for edit in edits:
        assert position <= edit.start <= edit.end <= len(source), edit
        parts += [source[position : edit.start], edit.text]
        position = edit.end
    return "".join((*parts, source[position:]))


def inverse(edits: Iterable[Edit], source: str) -> Edits:
    """What takes `edits` back, once they are applied to `source`."""
    shift = 0
    back = []
    for edit in edits:
        start = edit.start + shift
        back.append(
            Edit(start=start, end=start + len(edit.text), text=source[edit.start : edit.end])
        )
        shift += len(edit.text) - (edit.end - edit.start)
    return tuple(back)


def difference(old: str, new: str) -> Edits:
    """One edit that makes `new` of `old` and leaves alone what they share at both ends."""
    if old == new:
        return ()
    shorter = min(len(old), len(new))
    start = _equal_length(old, new, shorter)
    tail = _equal_length(old[::-1], new[::-1], shorter - start)
    return (Edit(start=start, end=len(old) - tail, text=new[start : len(new) - tail]),)


def _equal_length(one: str, other: str, limit: int) -> int:
    """How many characters, at most `limit`, are the same at the start of both."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def span(place: Place | None) -> tuple[int, int]:
    """Where something of a parsed text stands in it."""
    assert place is not None
    return place.offsets


def line_end(source: str, offset: int) -> int:
    """Where the next line begins."""
    end = source.find("\n", offset)
    return len(source) if end < 0 else end + 1


def column(source: str, offset: int) -> int:
    return offset - source.rfind("\n", 0, offset) - 1


def margin_below(source: str, lines: Iterable[Line]) -> str:
    """How far an item's lines are indented, in its author's way if it has any."""
    first = min((span(line.at)[0] for line in lines), default=None)
    return "  " if first is None else " " * column(source, first)


class Script:
    """Collects edits of one text in any order."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._newline = "\r\n" if "\r\n" in source else "\n"
        self._edits: list[tuple[int, int, int, str]] = []

    def replace(self, start: int, end: int, text: str) -> None:
        self._add(start, min(end, len(self.source)), text)

    def delete(self, start: int, end: int) -> None:
        self._add(start, min(end, len(self.source)), "")

    def insert_line(self, at: int, text: str) -> None:
        """Insert whole lines; several at one place keep their order."""
        at = min(at, len(self.source))
        if at and self.source[at - 1] != "\n" and not self._opens_line(at):
            text = "\n" + text
        self._add(at, at, text)

    def _opens_line(self, at: int) -> bool:
        """Whether an insertion here has already begun a new line."""
        return any(start == end == at for start, end, _, _ in self._edits)

    def _add(self, start: int, end: int, text: str) -> None:
        text = text.replace("\r\n", "\n").replace("\n", self._newline)
        self._edits.append((start, end, len(self._edits), text))

    def edits(self) -> Edits:
        """In order, neighbours as one, and each without what it leaves as it is."""
        joined: list[Edit] = []
        for start, end, _, text in sorted(self._edits):
            if joined and start <= joined[-1].end:
                last = joined.pop()
                start, end, text = last.start, max(end, last.end), last.text + text
            joined.append(Edit(start=start, end=end, text=text))
        return tuple(found for edit in joined for found in self._trimmed(edit))

    def _trimmed(self, edit: Edit) -> Sequence[Edit]:
        return tuple(
            Edit(start=edit.start + found.start, end=edit.start + found.end, text=found.text)
            for found in difference(self.source[edit.start : edit.end], edit.text)
        )
