"""The one parser for everything that `grammar.lark` describes."""

from __future__ import annotations

from functools import cache
from threading import RLock
from typing import Any, Literal

from flowlang.syntax import lalr, tables
from flowlang.syntax.lalr import UnexpectedInput
from flowlang.syntax.transformer import Builder

Start = Literal[
    "chunk", "top_line", "section_line", "item_line",
    "expression", "type_only", "target_only", "port_only", "words_only",
]  # fmt: skip

LOCK = RLock()
"""The builder serves one text at a time."""


@cache
def builder() -> Builder:
    return Builder()


@cache
def _parser() -> lalr.Parser:
    return lalr.Parser(tables.load(), builder())


def parse(text: str, start: int, end: int, symbol: Start) -> Any:
    """What `symbol` builds from this range of the text; raises `UnexpectedInput`."""
    return _parser().parse(text, start, end, symbol)


__all__ = ["LOCK", "Start", "UnexpectedInput", "builder", "parse"]
