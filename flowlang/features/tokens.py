"""The words of a text, read without the grammar: a line that is being typed has words too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Kind = Literal["name", "text", "number", "operator", "bracket", "mark", "comment", "other"]

_TOKEN = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r'|(?P<text>"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*(?:""")?'
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"?'
    r"|'[^'\n]*'?)"
    r"|(?P<number>\d{4}-\d\d-\d\d(?!\w)|\d\d:\d\d(?::\d\d)?(?!\w)|\d[\w.]*%?)"
    r"|(?P<name>[a-z]{2,3}(?:-[A-Z][a-z]{3})?-(?:[A-Z]{2,3}|\d{3})(?!\w)"
    r"|[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z0-9_+\-]+)+"
    r"|[^\W\d][\w\u0300-\u036f]*)"
    r"|(?P<operator>->|==|!=|<=|>=|[<>=+\-*/?|])"
    r"|(?P<bracket>[()\[\]{}])"
    r"|(?P<mark>[.,:])"
    r"|(?P<other>[^\s])"
)
_BRACES = re.compile(r"\\[\s\S]|(?P<code>\{(?:[^{}'\"\n]|'[^'\n]*'?)*(?P<end>\})?)")


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    start: int
    end: int

    @property
    def is_closed(self) -> bool:
        """Whether a text has its closing quote."""
        quote = quote_of(self.text)
        return len(self.text) >= 2 * len(quote) and self.text.endswith(quote)


def tokens(source: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    for match in _TOKEN.finditer(source, start, len(source) if end is None else end):
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        yield Token(kind, match.group(), match.start(), match.end())


def quote_of(text: str) -> str:
    return '"""' if text.startswith('"""') else text[:1]


@dataclass(frozen=True, slots=True)
class Braces:
    """An expression in a text: where its code stands, without the braces."""

    start: int
    end: int
    is_closed: bool


def braces(token: Token) -> Iterator[Braces]:
    """The expressions in a text; in a raw one there are none."""
    if token.text.startswith("'"):
        return
    for match in _BRACES.finditer(token.text):
        if match["code"] is not None:
            end = match.end() - (1 if match["end"] else 0)
            yield Braces(token.start + match.start() + 1, token.start + end, bool(match["end"]))


def split_by_commas(line: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """The arguments of a line; the last one is being typed."""
    groups = [tuple(group) for is_comma, group in groupby(line, _is_comma) if not is_comma]
    return groups if line and not _is_comma(line[-1]) else [*groups, ()]


def _is_comma(token: Token) -> bool:
    return token.text == ","
