"""Two texts side by side: the lines that differ, with a few around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

AROUND = 3
ROWS_MAX = 400
LINE_MAX = 400
"""In longer lines, what differs is not looked for letter by letter."""

Part = tuple[str, bool]
"""A piece of a line, and whether it differs."""
Sign = Literal["", "+", "−", "~"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    number: int = 0
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    sign: Sign
    before: Side
    now: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """Lines that follow each other."""

    skipped: int
    """How many lines before it are the same."""
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    hunks: tuple[Hunk, ...]
    left_out: int = 0
    """How many more lines differ than are shown."""


def side_by_side(before: str, now: str) -> Lines:
    old, new = before.splitlines(), now.splitlines()
    # Lines that are everywhere, as empty ones, tell nothing about what became of a text, and cost
    # most of the time: they are left to the end.
    matcher = SequenceMatcher(None, old, new)
    hunks: list[Hunk] = []
    rows = left_out = end = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        lines = [line for code in group for line in _lines(code, old, new)]
        if rows + len(lines) > ROWS_MAX and hunks:
            left_out += sum(line.sign != "" for line in lines)
            continue
        rows += len(lines)
        hunks.append(Hunk(skipped=group[0][3] - end, lines=tuple(lines)))
        end = group[-1][4]
    return Lines(hunks=tuple(hunks), left_out=left_out)


def _lines(
    code: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str]
) -> Iterator[Line]:
    kind, first, last, first_now, last_now = code
    count = max(last - first, last_now - first_now)
    for index in range(count):
        one = old[first + index] if first + index < last else None
        other = new[first_now + index] if first_now + index < last_now else None
        yield _line(kind == "equal", one, other, first + index + 1, first_now + index + 1)


def _line(is_same: bool, one: str | None, other: str | None, at: int, at_now: int) -> Line:
    if is_same and one is not None and other is not None:
        return Line(
            sign="", before=Side(number=at, parts=((one, False),)),
            now=Side(number=at_now, parts=((other, False),)),
        )  # fmt: skip
    if one is None:
        return Line(sign="+", before=Side(), now=_whole(other or "", at_now))
    if other is None:
        return Line(sign="−", before=_whole(one, at), now=Side())
    before, now = _differing(one, other)
    return Line(sign="~", before=Side(number=at, parts=before), now=Side(number=at_now, parts=now))


def _whole(line: str, number: int) -> Side:
    return Side(number=number, parts=((line, False),))


def _differing(one: str, other: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    if max(len(one), len(other)) > LINE_MAX:
        return ((one, True),), ((other, True),)
    before: list[Part] = []
    now: list[Part] = []
    for kind, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if one[a:b]:
            before.append((one[a:b], kind != "equal"))
        if other[c:d]:
            now.append((other[c:d], kind != "equal"))
    return tuple(before), tuple(now)
