"""Reading a line of a test word by word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flowlang import expressions as ex
from flowlang.diagnostics import Problem
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Phrase
from flowlang.places import Place
from flowlang.values import compile_expression

Item = ex.Expression


class NotUnderstood(Exception):
    """A line of a test that says nothing; it carries the problem."""

    def __init__(self, code: str, place: Place | None, **arguments: object) -> None:
        super().__init__(code)
        self.problem = Problem(code=code, severity="error", place=place, arguments=arguments)


class Phrases:
    """The items of one line, taken from left to right. Commas only help the reader."""

    def __init__(self, phrase: Phrase) -> None:
        self.place = phrase.at
        self.items: list[Item] = [item for clause in phrase.words.clauses for item in clause]
        self.position = 0

    # --- looking ------------------------------------------------------------------------------

    @property
    def next(self) -> Item | None:
        return self.items[self.position] if self.position < len(self.items) else None

    @property
    def is_at_end(self) -> bool:
        return self.next is None

    @property
    def here(self) -> Place | None:
        """Where the next item stands; the whole line behind the last one."""
        return (self.next and self.next.at) or self.place

    def word(self) -> str | None:
        return spelled(self.next) if isinstance(self.next, ex.Name) else None

    def rest(self) -> list[Item]:
        left, self.position = self.items[self.position :], len(self.items)
        return left

    # --- taking -------------------------------------------------------------------------------

    def take(self) -> Item | None:
        item = self.next
        self.position += 1
        return item

    def takes(self, *words: str) -> bool:
        """Take the words if they come next."""
        coming = self.items[self.position : self.position + len(words)]
        if [spelled(item) for item in coming] != list(words):
            return False
        self.position += len(words)
        return True

    def text(self) -> str:
        match self.take():
            case ex.Literal(value=str(text), type="text"):
                return text
            case ex.Literal(value=int(digits), type="integer", spelling=spelling):
                return spelling or str(digits)
            case _:
                raise self._lacks("FL604")

    def number(self) -> float:
        match self.take():
            case ex.Literal(value=int() | float() as number, type="integer" | "number"):
                return number
            case _:
                raise self._lacks("FL616")

    def seconds(self) -> float:
        match self.take():
            case ex.Literal(value=int() | float() as seconds, type="duration"):
                return float(seconds)
            case _:
                raise self._lacks("FL617")

    def times(self) -> int | None:
        """`3 times` at the end of the line, taken away from there."""
        match self.items[-2:]:
            case [ex.Literal(value=int(count), type="integer"), ex.Name(root="times" | "time")]:
                del self.items[-2:]
                return count
            case _:
                return None

    def end(self) -> None:
        """Nothing more may come."""
        if self.next is not None:
            raise NotUnderstood("FL615", self.here, found=spelled(self.next))

    # --- what is wrong ------------------------------------------------------------------------

    def unknown(self, code: str, known: Iterable[str], **arguments: object) -> NotUnderstood:
        """The next word is none of those that it could be, or there is none."""
        words = list(known)
        if self.next is None:
            before = spelled(self.items[self.position - 1])
            return NotUnderstood("FL603", self.place, reason="missing", of=before, known=words)
        found = spelled(self.next)
        return NotUnderstood(
            code,
            self.here,
            found=found,
            known=words,
            suggestion=did_you_mean(found, words),
            **arguments,
        )

    def _lacks(self, code: str) -> NotUnderstood:
        self.position -= 1
        found = spelled(self.next) if self.next is not None else ""
        return NotUnderstood(code, self.here, found=found)


def spelled(item: Item | None) -> str:
    """A word as it was written; anything else as a reader would call it."""
    match item:
        case ex.Name(root=root, segments=segments):
            return ".".join((root, *segments))
        case ex.Literal(value=value, spelling=spelling):
            return spelling or f'"{value}"'
        case ex.Field(key=key):
            return f"{key}:"
        case ex.Record():
            return "(…)"
        case ex.ListOf():
            return "[…]"
        case _:
            return "…"


def constant(item: Item) -> Any:
    """The value of a literal, a list or a record."""
    return compile_expression(item)({})
