"""A fix of a line is tried before it is offered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from flowlang import limits
from flowlang.diagnostics import Problem, Rewrite
from flowlang.places import Anchor, Place
from flowlang.syntax import grammar
from flowlang.syntax.grammar import Start, UnexpectedInput

_LETTERS = ("FL007", "FL008")
_TEXT_MAY_END = re.compile(r" *(?:->|, *[^\W\d]\w* *:)")


def helps(problem: Problem, text: str, start: int, end: int, symbol: Start, stopped: int) -> bool:
    """Whether the line from `start` to `end`, whose parse stopped somewhere, can be read with the
    fix of its problem; where letters only look wrong, more of it is enough."""
    fix = problem.fix
    assert fix is not None
    if is_too_long(start, end):
        return True
    rewrites = [(item.place.start, item.place.end, item.text) for item in fix.rewrites]
    if any(first < start or last > end for first, last, _ in rewrites):
        return True
    line = text[start:end]
    for first, last, new in sorted(rewrites, reverse=True):
        line = line[: first - start] + new + line[last - start :]
    reached = _reached(line, symbol)
    if reached is None or problem.code not in _LETTERS:
        return reached is None
    grown = sum(len(new) - (last - first) for first, last, new in rewrites if first <= stopped)
    return reached > stopped - start + grown


def is_too_long(start: int, end: int) -> bool:
    """Whether a line would take too long to be read again and again."""
    return end - start > limits.TRIED_LINE_CHARACTERS_MAX


def _reached(lines: str, symbol: Start) -> int | None:
    """Where the parse stops: none, if it does not."""
    builder = grammar.builder()
    kept = builder.problems, builder.anchor
    builder.problems, builder.anchor = [], Anchor(lines)
    start = 0
    try:
        for line in lines.split("\n"):
            grammar.parse(lines, start, start + len(line), "section_line" if start else symbol)
            start += len(line) + 1
    except UnexpectedInput as error:
        return error.position
    finally:
        builder.problems, builder.anchor = kept
    return None


def with_quote(problem: Problem, text: str, start: int, end: int, symbol: Start) -> Problem:
    """A text without its closing quote, which is offered where the line can be read with it."""
    if problem.fix is None or problem.place is None or '"""' in str(problem.arguments["quote"]):
        return problem
    (closing,) = problem.fix.rewrites
    if is_too_long(start, end):
        return problem
    for at in _ends(text, problem.place.start + 1, closing.place.start):
        moved = Rewrite(Place(closing.place.anchor, at, at), closing.text)
        closed = replace(problem, fix=replace(problem.fix, rewrites=(moved,)))
        if helps(closed, text, start, max(end, closing.place.end), symbol, end):
            return closed
    return replace(problem, fix=None)


def _ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where a text that begins at `start` may end, the likeliest place first."""
    yield from (match.start() for match in _TEXT_MAY_END.finditer(text, start, end))
    yield end
