"""A text that does not begin at the left margin, as one that was pasted with its indentation."""

from __future__ import annotations

import re

from flowlang.diagnostics import Fix, Problem, Rewrite
from flowlang.places import Place
from flowlang.syntax.lines import ChunkLines, LogicalLine

_HEADER = re.compile(r"(flow|module)\b")
_ITEM = re.compile(r'\w+(?: *"[^"]*")? *:$|\w+ +\w+.*=|(test|policy|layout)\b')


def settle(lines: ChunkLines) -> bool:
    """Note that the first line is indented, and read it as if it were not. Whether the rest can be
    read with it: where other items are indented too, they can only all be moved together."""
    head, *rest = lines.lines
    beside = [line for line in rest if line.indent <= head.indent]
    is_alone = not beside or _is_header_with_its_lines(lines, head, beside)
    if not lines.problems:
        width = head.indent
        moved = _dedented(lines.text, width) if rest and not (beside and is_alone) else None
        lines.problems.append(_problem(lines, head, moved))
    head.indent = 0
    return is_alone


def _is_header_with_its_lines(
    lines: ChunkLines, head: LogicalLine, beside: list[LogicalLine]
) -> bool:
    """Whether only its first line was indented by mistake."""
    code = [lines.text[line.start : line.end] for line in (head, *beside)]
    return bool(_HEADER.match(code[0])) and not any(map(_ITEM.match, code[1:]))


def _problem(lines: ChunkLines, head: LogicalLine, moved: str | None) -> Problem:
    anchor = lines.anchor
    if moved is None:
        start = head.start - head.indent
        rewrite = Rewrite(Place(anchor, start, head.start), "")
    else:
        rewrite = Rewrite(Place(anchor, 0, len(anchor.text)), moved)
    fix = Fix(title="FL014.first", rewrites=(rewrite,))
    return lines.problem("FL014", head.start, head.end, fix=fix, reason="first")


def _dedented(text: str, width: int) -> str:
    return re.sub(rf"^(\ufeff?) {{1,{width}}}", r"\1", text, flags=re.MULTILINE)
