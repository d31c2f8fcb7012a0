"""Where names stand in the text of a flow file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowlang import expressions as ex
from flowlang import model
from flowlang.model import ComparePort, Document, Phrase, Port, ValuePort, WhenPort


def names_in_port(port: Port) -> Iterator[ex.Name]:
    match port:
        case ValuePort(value=value) | ComparePort(operand=value) | WhenPort(condition=value):
            yield from ex.names_in(value)
        case _:
            return


def names_declared_by(document: Document) -> Iterator[ex.Name]:
    """The names that the values of declarations read."""
    for item in document.items:
        if isinstance(item, model.Declaration):
            for value in (item.value, *(entry.value for entry in item.entries)):
                yield from ex.names_in(value)


def phrases(document: Document) -> Iterator[tuple[str, model.Words]]:
    """The phrases of tests and policies, each with the word that says what it is."""
    for test in document.tests:
        yield from _deep(test.lines)
    for policy in document.policies:
        yield "policy", policy.words


def _deep(lines: Iterable[Phrase]) -> Iterator[tuple[str, model.Words]]:
    for line in lines:
        first = line.words.clauses[0][0] if line.words.clauses else None
        yield (first.root if isinstance(first, ex.Name) else ""), line.words
        yield from _deep(line.children)
