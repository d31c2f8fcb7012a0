"""A line that does not parse, and where its parse stopped."""

from __future__ import annotations

import re

from flowlang.diagnostics import Fix, Problem, Rewrite
from flowlang.places import Anchor, Place
from flowlang.syntax.grammar import Start, UnexpectedInput
from flowlang.syntax.lalr import END

_NEXT_LINE = re.compile(r"[^\n]*\n(?: *\r?\n)*( *)(?=[^ \r\n])")
_TOKEN = re.compile(r"\w+|->|=>|[=!<>]=|\S")


class Slip:
    def __init__(
        self, error: UnexpectedInput, anchor: Anchor, text: str, start: int, end: int,
        symbol: Start, *, is_step: bool,
    ) -> None:  # fmt: skip
        self.anchor = anchor
        self.text = text
        self.start = start
        self.end = end
        self.symbol = symbol
        self.is_step = is_step
        """Whether it stands where the steps of its section do."""
        self.token_type = error.terminal
        self.expected = error.expected
        self.is_at_end = error.terminal == END
        self.position = end if self.is_at_end else error.position
        token = _TOKEN.match(text, self.position, end)
        self.found = token.group() if token else ""

    @property
    def before(self) -> str:
        return self.text[self.start : self.position].rstrip()

    @property
    def line(self) -> str:
        return self.text[self.start : self.end]

    @property
    def margin(self) -> int:
        return self.start - self.text.rfind("\n", 0, self.start) - 1

    @property
    def has_lines_below(self) -> bool:
        """Whether something is indented deeper below it: its own, or what goes on with it."""
        below = _NEXT_LINE.match(self.text, self.end)
        return below is not None and len(below[1]) > self.margin

    def problem(
        self, code: str, start: int | None = None, end: int | None = None, fix: Fix | None = None,
        **arguments: object,
    ) -> Problem:  # fmt: skip
        first = self.position if start is None else start
        last = first + max(len(self.found), 1) if end is None else end
        if first >= self.end:
            first, last = max(self.end - 1, self.start), self.end
        place = Place(self.anchor, first, min(last, max(self.end, first)))
        return Problem(code=code, severity="error", place=place, arguments=arguments, fix=fix)

    def fix(self, title: str, *edits: tuple[int, int, str], safe: bool = True) -> Fix:
        made = (Rewrite(Place(self.anchor, start, end), text) for start, end, text in edits)
        return Fix(title=title, rewrites=tuple(made), safe=safe)
