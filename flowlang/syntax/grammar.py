"""The one parser for everything that `grammar.lark` describes."""

from __future__ import annotations

import threading
from functools import cache
from importlib import resources
from typing import Any, Literal

from lark import Lark, TextSlice

from flowlang.syntax.lalr import FastParser
from flowlang.syntax.transformer import Builder

Start = Literal[
    "chunk", "top_line", "section_line", "item_line",
    "expression", "type_only", "target_only", "port_only", "words_only",
]  # fmt: skip

STARTS: tuple[Start, ...] = (
    "chunk", "top_line", "section_line", "item_line",
    "expression", "type_only", "target_only", "port_only", "words_only",
)  # fmt: skip

LOCK = threading.RLock()
"""The builder serves one text at a time."""


@cache
def builder() -> Builder:
    return Builder()


@cache
def lark() -> Lark:
    grammar = resources.files("flowlang").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="contextual",
        start=list(STARTS),
        transformer=builder(),
        maybe_placeholders=False,
    )


@cache
def _fast() -> FastParser:
    return FastParser(lark())


def parse(text: str, start: int, end: int, symbol: Start) -> Any:
    """What `symbol` builds from this range of the text; raises `UnexpectedInput`."""
    problems = builder().problems
    known = len(problems)
    result = _fast().parse(text, start, end, symbol)
    if result is None:
        del problems[known:]
        return lark().parse(TextSlice(text, start, end), start=symbol)
    return result
