"""What stands between quotes: escapes, interpolation, stripped indentation; and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "{": "{", "}": "}", "'": "'"}
_BACK = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "{": "\\{", "}": "\\}", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
)
_BACK_LONG = str.maketrans({"\\": "\\\\", "{": "\\{", "}": "\\}", "\t": "\\t", "\r": "\\r"})
_BACK_TEMPLATE = str.maketrans({"\\": "\\\\", "{": "\\{", "}": "\\}"})
_SPECIAL = re.compile(r"\\(?P<escape>[\s\S])|(?P<open>\{)|(?P<close>\})")
_BRACE_END = re.compile(r"(?:[^{}'\"\n]|'[^'\n]*')*\}")

PieceKind = Literal["text", "code", "bad escape", "bad brace"]


class Piece(NamedTuple):
    """A stretch of a string: text, the code between braces, or something wrong."""

    kind: PieceKind
    text: str
    start: int
    end: int


def pieces(source: str, start: int, end: int) -> Iterator[Piece]:
    """The pieces of the string content that stands in this range of a source text."""
    position = start
    while match := _SPECIAL.search(source, position, end):
        if match.start() > position:
            yield Piece("text", source[position : match.start()], position, match.start())
        position = match.end()
        if escape := match["escape"]:
            kind: PieceKind = "text" if escape in _ESCAPES else "bad escape"
            yield Piece(kind, _ESCAPES.get(escape, escape), match.start(), match.end())
        elif match["open"] and (code := _BRACE_END.match(source, match.end(), end)):
            position = code.end()
            yield Piece("code", code.group()[:-1], match.end(), code.end() - 1)
        else:
            yield Piece("bad brace", match.group(), match.start(), match.end())
    if position < end:
        yield Piece("text", source[position:end], position, end)


def long_pieces(source: str, start: int, end: int) -> Iterator[Piece]:
    """The same for `\"\"\"`: its outer line breaks and the indentation are no text."""
    content = source[start:end]
    margin = _margin(content)
    first = content.partition("\n")[0]
    position = start
    if "\n" in content and not first.strip(" \t\r"):
        position += len(first) + 1
        position += _leading(source, position, end, margin)
    tail = content.rpartition("\n")[2]
    if "\n" in content and not tail.strip(" \t"):
        end -= len(tail) + 1
        if end > position and source[end - 1] == "\r":
            end -= 1
    for piece in pieces(source, position, max(position, end)):
        if (
            piece.kind == "text"
            and piece.end - piece.start == len(piece.text)
            and "\n" in piece.text
        ):
            yield piece._replace(text=_strip_margin(piece.text, margin))
        else:
            yield piece


def _leading(source: str, position: int, end: int, margin: int) -> int:
    line = source[position : min(position + margin, end)]
    return len(line) - len(line.lstrip(" "))


def _margin(content: str) -> int:
    """The indentation that all lines but the first share; blank lines do not count, except the
    last, where the closing quotes stand."""
    others = content.split("\n")[1:]
    lines = [line for line in others[:-1] if line.strip(" \t\r")] + others[-1:]
    return min((len(line) - len(line.lstrip(" ")) for line in lines), default=0)


def _strip_margin(text: str, margin: int) -> str:
    first, *others = text.replace("\r\n", "\n").split("\n")
    return "\n".join([first, *(line[:margin].lstrip(" ") + line[margin:] for line in others)])


def escape(text: str) -> str:
    """Text as the content of `"…"`."""
    return text.translate(_BACK)


def escape_long(text: str) -> str:
    """Text as the content of `\"\"\"`."""
    return text.translate(_BACK_LONG).replace('"""', '\\"""')


def escape_template(text: str) -> str:
    """Text as it stands beside braces where no quotes surround it: in JSON."""
    return text.translate(_BACK_TEMPLATE)


def quote(text: str) -> str:
    """Text as a string on one line: raw where that saves escapes."""
    escaped = escape(text)
    plain = "'" not in text and not any(char in text for char in "\n\t\r")
    return f"'{text}'" if plain and escaped != text else f'"{escaped}"'
