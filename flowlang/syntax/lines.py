"""Source text to logical lines, and those to chunks: one for each top-level item.

A logical line is a line, or several while a bracket or a `\"\"\"` is open. What a bracket holds is
indented deeper than the line where it began, and what `\"\"\"` hold no less: so a forgotten one
spoils its line and not the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flowlang import limits
from flowlang.diagnostics import Fix, Problem, Rewrite
from flowlang.model import BLANK
from flowlang.places import Anchor, Place

_NEEDS_SCAN = re.compile(r"[\"'#()\[\]\t]")
_MARKS = re.compile(
    r'"""|"[^"\\\n]*(?:\\.[^"\\\n]*)*"|\'[^\'\n]*\'|#|[()\[\]]|[\"\']|\t+|[^\"\'#()\[\]\t]+'
)
_LONG_END = re.compile(r'[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"""')
_BLANKS = " \r"
_TAB_WIDTH = 2
_CLOSING = {")": "(", "]": "["}


@dataclass(slots=True)
class LogicalLine:
    """Where a line of code stands in its chunk, and what stands around it."""

    start: int
    end: int
    indent: int
    gap: bool = False
    comments: list[str] = field(default_factory=list)
    comments_start: int = -1
    """Where the first of its comment lines begins, or the line itself."""
    remark: str = ""
    remark_gap: int = 2
    next_start: int = 0
    """Where the line behind it begins."""
    spans_lines: bool = False
    problem: Problem | None = None
    """What keeps it from being parsed at all."""


def split(source: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """The ranges of the chunks from `start` on, where one begins: together all the text."""
    begin = start
    has_code = False
    """Whether the chunk at hand has its first line already."""
    lead = start
    """Where the comments and blank lines begin that may belong to the next chunk."""
    position = start
    while position < len(source):
        line_end = source.find("\n", position)
        next_start = len(source) if line_end < 0 else line_end + 1
        if source[position] in " \t":
            code = source[position:next_start].strip(" \t\r\n")
            if code:
                lead = next_start
            # Only a text that begins so has an indented line before its first item.
            has_code = has_code or (bool(code) and code[0] != "#")
        elif _is_code(source, position, next_start):
            if has_code and source[position] not in ")]":
                yield begin, lead
                begin = lead
            has_code = True
            lead = next_start
        position = next_start
    if has_code and lead < len(source):
        yield begin, lead
        begin = lead
    if begin < len(source):
        yield begin, len(source)


def _is_code(source: str, start: int, end: int) -> bool:
    """Whether this line, which is not indented, is neither blank nor a comment."""
    line = source[start:end].lstrip("\ufeff") if source[start] == "\ufeff" else source[start]
    return line[:1] not in ("", "\r", "\n", "#")


class ChunkLines:
    """The logical lines of one chunk, the comments at its end, and its text for the grammar."""

    def __init__(self, anchor: Anchor) -> None:
        self.anchor = anchor
        self.text = anchor.text
        self.lines: list[LogicalLine] = []
        self.closing: list[str] = []
        self.problems: list[Problem] = []
        self._blanked: list[tuple[int, int]] = []
        """Ranges that the grammar must not see: comments, and line breaks inside brackets."""
        self._pending: list[str] = []
        self._pending_start = -1
        self._gap = False
        self._read()

    def clean_text(self) -> str:
        """The text with the same length and everything at its place, and nothing but code."""
        if not self._blanked:
            return self.text
        parts = []
        position = 0
        for start, end in self._blanked:
            parts.append(self.text[position:start])
            parts.append(" " * (end - start))
            position = end
        parts.append(self.text[position:])
        return "".join(parts)

    def _read(self) -> None:
        text = self.text
        length = len(text)
        position = 0
        if text.startswith("\ufeff"):
            self._blanked.append((0, 1))
            position = 1
        while position < length:
            line_end = text.find("\n", position)
            if line_end < 0:
                line_end = length
            physical = text[position:line_end]
            code = physical.lstrip(" \t")
            if not code or code == "\r":
                self._blank_line(position, line_end, physical)
                position = line_end + 1
            elif code[0] == "#":
                self._comment_line(position, line_end, code)
                position = line_end + 1
            else:
                position = self._code_line(position, line_end, physical, code)
        self.closing = self._pending
        if self._gap:
            self.closing = [BLANK, *self.closing] if self.closing else []
        while self.closing and self.closing[-1] is BLANK:
            self.closing.pop()

    def _blank_line(self, start: int, end: int, physical: str) -> None:
        if "\t" in physical:
            self._blanked.append((start, end))
        if self._pending:
            if self._pending[-1] is not BLANK:
                self._pending.append(BLANK)
        else:
            self._gap = True

    def _comment_line(self, start: int, end: int, code: str) -> None:
        if not self._pending:
            self._pending_start = start
        self._pending.append(comment_text(code))
        self._blanked.append((start, end))

    def _code_line(self, start: int, line_end: int, physical: str, code: str) -> int:
        """Read the logical line that begins here; the start of the next line is the answer."""
        blanks = len(physical) - len(code)
        line = LogicalLine(start + blanks, line_end, blanks, self._gap, self._pending)
        line.comments_start = self._pending_start if self._pending else start
        self._pending, self._gap = [], False
        self.lines.append(line)
        if len(code) > limits.LINE_CHARACTERS_MAX:
            line.problem = self.problem(
                "FL046", line.start, line.end, limit=limits.LINE_CHARACTERS_MAX
            )
        elif _NEEDS_SCAN.search(physical):
            if "\t" in physical[:blanks]:
                self._tab(start, start + blanks)
                line.indent = len(physical[:blanks].replace("\t", " " * _TAB_WIDTH))
            line_end = _LineScan(self, line, start, line_end).end
        while self.text[line.end - 1] in _BLANKS:
            line.end -= 1
        line.next_start = line_end + 1
        return line_end + 1

    def _tab(self, start: int, end: int) -> None:
        self._blanked.append((start, end))
        width = " " * (_TAB_WIDTH * self.text.count("\t", start, end))
        fix = Fix(title="FL006", rewrites=(Rewrite(Place(self.anchor, start, end), width),))
        self.problems.append(self.problem("FL006", start, end, fix=fix))

    def problem(
        self, code: str, start: int, end: int, fix: Fix | None = None, **arguments: object
    ) -> Problem:
        place = Place(self.anchor, start, end)
        return Problem(code=code, severity="error", place=place, arguments=arguments, fix=fix)


class _LineScan:
    """A walk over the strings, brackets and comments of one logical line."""

    def __init__(self, chunk: ChunkLines, line: LogicalLine, start: int, line_end: int) -> None:
        self.chunk = chunk
        self.line = line
        self.text = chunk.text
        self.margin = line.indent
        self.end = line_end
        self.open: list[int] = []
        self.hoisted: list[str] = []
        self._scan(line.start)
        if self.hoisted:
            line.comments = [*line.comments, *self.hoisted]

    def _scan(self, position: int) -> None:
        first_end, blanked = self.end, len(self.chunk._blanked)
        problems = len(self.chunk.problems)
        while True:
            position = self._scan_physical(position)
            if position < 0 or not self.open or not self._continues(position + 1):
                break
            self.line.spans_lines = True
            self.chunk._blanked.append((self.end, self.end + 1))
            self.end = self._line_end(position + 1)
            position += 1
        if self.open and not self.line.problem:
            self._report("FL004", self.open[-1], self.open[-1] + 1)
        if self.line.problem and self.line.spans_lines:
            # What was taken for its continuation are lines of their own.
            del self.chunk._blanked[blanked:], self.chunk.problems[problems:]
            self.end = self.line.end = first_end
            self.line.spans_lines = False
        elif self.line.spans_lines and not self.line.remark:
            self.line.end = self.end

    def _line_end(self, position: int) -> int:
        end = self.text.find("\n", position)
        return len(self.text) if end < 0 else end

    def _continues(self, position: int) -> bool:
        """Whether the line that begins here may belong to an open bracket."""
        if position >= len(self.text) or position - self.line.start > limits.LINE_CHARACTERS_MAX:
            return False
        physical = self.text[position : self._line_end(position)]
        code = physical.strip(" \t\r")
        return not code or code[0] in ")]" or len(physical) - len(physical.lstrip()) > self.margin

    def _scan_physical(self, position: int) -> int:
        """Scan up to the end of this line; the answer is where it ends, or -1 on a problem."""
        while position < self.end:
            match = _MARKS.match(self.text, position, self.end)
            assert match is not None
            mark = match.group()
            first = mark[0]
            if first == "#":
                self._comment(position)
                return self.end
            if mark == '"""':
                position = self._long_string(position)
                if position < 0:
                    return -1
                continue
            if first in "\"'" and len(mark) == 1:
                self._unclosed_quote(position, first)
                return -1
            if first in "([":
                self.open.append(position)
                if len(self.open) > limits.NESTING_MAX:
                    self._report("FL041", position, position + 1, limit=limits.NESTING_MAX)
                    return -1
            elif first in ")]":
                if not self._close(position, first):
                    return -1
            elif first == "\t":
                self.chunk._tab(position, match.end())
            position = match.end()
        return self.end

    def _close(self, position: int, bracket: str) -> bool:
        if self.open and self.text[self.open[-1]] == _CLOSING[bracket]:
            self.open.pop()
            return True
        self._report("FL005", position, position + 1)
        return False

    def _comment(self, position: int) -> None:
        comment = comment_text(self.text[position : self.end])
        self.chunk._blanked.append((position, self.end))
        if self.open:
            self.hoisted.append(comment)
            return
        code_end = position
        while self.text[code_end - 1] in " \t":
            code_end -= 1
        self.line.remark = comment
        self.line.remark_gap = max(position - code_end, 2)
        self.line.end = code_end

    def _long_string(self, position: int) -> int:
        """Where the string that begins here ends."""
        match = _LONG_END.match(self.text, position + 3)
        if match is None or not self._is_indented(position, match.end()):
            self._unclosed_quote(position, '"""')
            return -1
        if "\n" in match.group():
            self.line.spans_lines = True
            self.end = self._line_end(match.end())
            self.line.end = self.end
        return match.end()

    def _is_indented(self, start: int, end: int) -> bool:
        for physical in self.text[start:end].split("\n")[1:]:
            code = physical.lstrip(" \t")
            if code.strip("\r") and len(physical) - len(code) < self.margin:
                return False
        return True

    def _unclosed_quote(self, position: int, quote: str) -> None:
        end = self.text.find("\n", position)
        end = len(self.text) if end < 0 else end
        stop = position + len(self.text[position:end].rstrip(" \t\r"))
        closed = Rewrite(Place(self.chunk.anchor, stop, stop), quote)
        fix = Fix(title="FL003", rewrites=(closed,), arguments={"quote": quote}, safe=False)
        self.line.problem = self.chunk.problem("FL003", position, stop, fix=fix, quote=quote)

    def _report(self, code: str, start: int, end: int, **arguments: object) -> None:
        bracket = self.text[start:end]
        self.line.problem = self.chunk.problem(code, start, end, None, bracket=bracket, **arguments)


def comment_text(code: str) -> str:
    """What a comment says: without its mark, the blank behind that, and blanks at its end."""
    text = code[1:].rstrip()
    return text[1:] if text.startswith(" ") else text
