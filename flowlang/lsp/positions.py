"""Offsets of a text, and the positions of the protocol: lines from 0, columns in code units."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Literal

from lsprotocol import types as lsp

from flowlang.diagnostics import Edit

Encoding = Literal["utf-8", "utf-16", "utf-32"]
_LINE_END = re.compile(r"\r\n|\n|\r")
"""What ends a line in the protocol; Python's own `splitlines` knows more."""


def _utf8(character: str) -> int:
    code = ord(character)
    return 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4


def _utf16(character: str) -> int:
    return 2 if ord(character) > 0xFFFF else 1


_UNITS: Mapping[Encoding, Callable[[str], int]] = {
    "utf-8": _utf8,
    "utf-16": _utf16,
    "utf-32": lambda character: 1,
}


class Lines:
    """The lines of a text."""

    def __init__(self, text: str, encoding: Encoding) -> None:
        self.text = text
        self._units = _UNITS[encoding]
        ends = [match.span() for match in _LINE_END.finditer(text)]
        self._starts = [0, *(end for _, end in ends)]
        self._ends = [*(start for start, _ in ends), len(text)]

    def offset(self, position: lsp.Position) -> int:
        """The nearest offset that there is; inside of a character, its start."""
        if position.line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[position.line], self._ends[position.line]
        line = self.text[start:end]
        if line.isascii():
            return min(start + position.character, end)
        units = 0
        for index, character in enumerate(line):
            units += self._units(character)
            if units > position.character:
                return start + index
        return end

    def position(self, offset: int) -> lsp.Position:
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[line] : min(offset, self._ends[line])]
        return lsp.Position(line, self.units(before))

    def units(self, text: str) -> int:
        return len(text) if text.isascii() else sum(map(self._units, text))

    def range(self, start: int, end: int) -> lsp.Range:
        return lsp.Range(self.position(start), self.position(end))

    def edit(self, edit: Edit) -> lsp.TextEdit:
        return lsp.TextEdit(self.range(edit.start, edit.end), edit.text)

    @property
    def count(self) -> int:
        return len(self._starts)


def changed(text: str, change: lsp.TextDocumentContentChangeEvent, encoding: Encoding) -> str:
    """The text after a change that the editor told."""
    if isinstance(change, lsp.TextDocumentContentChangeWholeDocument):
        return change.text
    lines = Lines(text, encoding)
    start, end = lines.offset(change.range.start), lines.offset(change.range.end)
    return text[:start] + change.text + text[max(start, end) :]
