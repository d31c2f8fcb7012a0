"""Where somebody is typing: the words in front of the cursor, and the lines that it is below.

The line at hand usually does not parse yet, so nothing here asks the tree for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from flowlang.features.tokens import Token, braces, quote_of, tokens
from flowlang.syntax import Tree
from flowlang.syntax.lines import ChunkLines

Inside = Literal["code", "braces", "text", "comment"]
_OPENING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of code: where it begins behind its indentation, and its words."""

    start: int
    indent: int
    tokens: tuple[Token, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(token.text for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Frame:
    """The words since a bracket opened; the first frame of a line has none."""

    opener: str
    tokens: tuple[Token, ...]

    @property
    def since_comma(self) -> tuple[Token, ...]:
        """The words behind the last comma."""
        commas = [index for index, token in enumerate(self.tokens) if token.text == ","]
        return self.tokens[commas[-1] + 1 :] if commas else self.tokens


@dataclass(frozen=True, slots=True)
class Cursor:
    offset: int
    inside: Inside
    above: tuple[CodeLine, ...]
    """The lines that this one is indented under, the outermost first."""
    frames: tuple[Frame, ...]
    """The open brackets of the line, or of the braces that the cursor is in."""
    word: str
    """What is typed of the word at hand; of a text with its quote."""
    line_start: int

    @property
    def start(self) -> int:
        """Where the word at hand begins."""
        return self.offset - len(self.word)

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The words of the line in front of the word at hand, outside of brackets."""
        return self.frames[0].tokens

    @property
    def path(self) -> tuple[str, ...]:
        """The names in front of the word at hand, if a dot stands before it: `crm.`."""
        return path_before(self.frames[-1].tokens)


def path_before(line: Sequence[Token]) -> tuple[str, ...]:
    found: list[str] = []
    index = len(line) - 1
    while index >= 1 and line[index].text == "." and line[index - 1].kind in ("name", "text"):
        word = line[index - 1]
        found.append(word.text.strip("\"'") if word.kind == "text" else word.text)
        index -= 2
    return tuple(reversed(found))


def cursor_at(tree: Tree, offset: int) -> Cursor:
    source = tree.source
    lines = _lines_before(tree, offset)
    line_start = source.rfind("\n", 0, offset) + 1
    here = next((line for line in lines if line.start <= offset <= line.end), None)
    if here is None:
        indent = _indent(source[line_start:offset])
        first = (
            line_start + len(source[line_start:offset]) - len(source[line_start:offset].lstrip())
        )
        return _cursor(source, first, offset, _above(source, lines, first, indent))
    return _cursor(source, here.start, offset, _above(source, lines, here.start, here.indent))


# --- lines ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    indent: int


def _lines_before(tree: Tree, offset: int) -> list[_Line]:
    """The lines of code up to the cursor, back to the margin, the last one first."""
    found: list[_Line] = []
    for chunk in reversed(tree.chunks):
        base = chunk.anchor.offset
        if base > offset:
            continue
        lines = ChunkLines(chunk.anchor).lines
        found += [
            _Line(base + line.start, base + line.end, line.indent)
            for line in reversed(lines)
            if base + line.start <= offset
        ]
        if any(line.indent == 0 for line in found):
            break
    return found


def _above(source: str, lines: Sequence[_Line], start: int, indent: int) -> tuple[CodeLine, ...]:
    found: list[CodeLine] = []
    for line in lines:
        if indent == 0:
            break
        if line.start < start and line.indent < indent:
            indent = line.indent
            found.append(CodeLine(line.start, indent, _code(source, line.start, line.end)))
    return tuple(reversed(found))


def _indent(blanks: str) -> int:
    stripped = blanks.lstrip(" \t")
    return len(blanks[: len(blanks) - len(stripped)].replace("\t", "  "))


def _code(source: str, start: int, end: int) -> tuple[Token, ...]:
    return tuple(token for token in tokens(source, start, end) if token.kind != "comment")


# --- words ------------------------------------------------------------------------------------


def _cursor(source: str, start: int, offset: int, above: tuple[CodeLine, ...]) -> Cursor:
    words = list(tokens(source, start, offset))
    inside: Inside = "code"
    if words and words[-1].kind == "comment":
        inside = "comment"
    elif words and words[-1].kind == "text" and words[-1].end == offset and _is_open(words[-1]):
        text = words[-1]
        code = next((item for item in braces(text) if not item.is_closed), None)
        if code is not None and code.end == offset:
            inside = "braces"
            words = list(tokens(source, code.start, offset))
        else:
            inside = "text"
    last = words[-1] if words and words[-1].end == offset else None
    word = ""
    if last and last.kind in ("name", "number", "text") and (inside == "text" or not _ends(last)):
        word = last.text
        words.pop()
    return Cursor(offset, inside, above, tuple(_frames(words)), word, start)


def _is_open(text: Token) -> bool:
    return not text.is_closed or text.text == quote_of(text.text)


def _ends(token: Token) -> bool:
    return token.kind == "text" and token.is_closed


def _frames(words: Sequence[Token]) -> Iterator[Frame]:
    """One for each bracket that is still open; what is closed again counts as one word."""
    stack: list[tuple[str, list[Token]]] = [("", [])]
    for token in words:
        if token.text in _OPENING and token.kind == "bracket":
            stack.append((token.text, []))
        elif token.kind == "bracket" and len(stack) > 1 and _OPENING[stack[-1][0]] == token.text:
            stack.pop()
            stack[-1][1].append(token)
        else:
            stack[-1][1].append(token)
    return (Frame(opener, tuple(inner)) for opener, inner in stack)


Sort = Literal["section", "header", "test", "policy", "layout", "prompt", "declaration"]


def sort_of(head: CodeLine) -> Sort:
    """What the line at the margin begins."""
    match head.words:
        case (word, ":") | (word, _, ":") if word != "policy":
            return "section"
        case ("flow" | "module", _, *rest) if "=" not in rest:
            return "header"
        case ("test", *_):
            return "test"
        case ("policy", *_):
            return "policy"
        case ("layout",):
            return "layout"
        case ("prompt", *_):
            return "prompt"
        case (_,):
            # A section that lost its colon.
            return "section"
        case _:
            return "declaration"
