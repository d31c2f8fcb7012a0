"""The expressions of the language: small, total, closed.

Only data stands here. `values.py` says what an expression means, `inference.py` what type it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal as Word

from flowlang.places import Place

LiteralType = Word[
    "text",
    "integer",
    "number",
    "boolean",
    "duration",
    "percent",
    "date",
    "time",
    "zone",
    "language",
]
Operator = Word[
    "or", "and", "==", "!=", "<", "<=", ">", ">=", "contains", "starts_with", "ends_with", "in",
    "+", "-", "*", "/", "else",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expression:
    """What every expression has: where it stands (not part of what it is)."""

    at: Place | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    """A constant. Durations are seconds, percentages their number; `spelling` is the source word
    of what is neither text nor boolean, so that `1h30min` comes back as it was written."""

    value: str | int | float | bool
    type: LiteralType
    spelling: str = ""


@dataclass(frozen=True, slots=True)
class Template(Expression):
    """Text with `{}` in it: plain strings and expressions in turn."""

    parts: tuple[str | Expression, ...]


@dataclass(frozen=True, slots=True)
class Name(Expression):
    """A name and what is read from it: `crm.tier`, `connect.Attributes."sfdc-x"`."""

    root: str
    segments: tuple[str, ...] = ()

    @property
    def is_bare(self) -> bool:
        return not self.segments


@dataclass(frozen=True, slots=True)
class Not(Expression):
    operand: Expression


@dataclass(frozen=True, slots=True)
class Negative(Expression):
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    """Any operator with two sides; `x else y` and `x in [..]` are among them."""

    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Item(Expression):
    """One element of a list, with the comments that stood by it when it had a line of its own."""

    value: Expression
    comments: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Field(Expression):
    """`key: value` inside a record, with its comments as in `Item`."""

    key: str
    value: Expression
    comments: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ListOf(Expression):
    items: tuple[Item, ...]
    in_lines: bool = False
    """One `- item` line for each, instead of brackets."""


@dataclass(frozen=True, slots=True)
class Record(Expression):
    fields: tuple[Field, ...]
    in_lines: bool = False
    """One `key: value` line for each, instead of brackets."""


_INDEX = re.compile(r"[0-9]{1,9}")


def is_index(segment: str) -> bool:
    """Whether a segment of a name means an item of a list: `tags.0`."""
    return _INDEX.fullmatch(segment) is not None


def names_in(expression: Expression | None) -> Iterator[Name]:
    """Every name that an expression reads."""
    match expression:
        case Name():
            yield expression
        case Template(parts=parts):
            for part in parts:
                if isinstance(part, Expression):
                    yield from names_in(part)
        case Not(operand=operand) | Negative(operand=operand):
            yield from names_in(operand)
        case Binary(left=left, right=right):
            yield from names_in(left)
            yield from names_in(right)
        case Item(value=value) | Field(value=value):
            yield from names_in(value)
        case ListOf(items=inner) | Record(fields=inner):
            for item in inner:
                yield from names_in(item)
        case _:
            return
