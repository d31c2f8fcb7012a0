"""Where a flow file mentions a section or a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from flowlang import expressions as ex
from flowlang import model
from flowlang.binding import Bound
from flowlang.edits.operation import Flow
from flowlang.expressions import names_in
from flowlang.model import ComparePort, Document, Phrase, Port, ValuePort, WhenPort
from flowlang.parameters import specs
from flowlang.places import Place
from flowlang.wiring import WiredStep

Manner = Literal["calls", "reads", "sets", "tells"]
"""A step calls a function, reads a value or sets it; a test or a policy tells of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place that begins with the name."""

    name: str
    place: Place
    manner: Manner
    block: str | None = None
    """The step that it is in; None: a declaration, a test or a policy."""


def mentions_of_value(flow: Flow, value: str) -> Iterator[Mention]:
    """Everything in the file that means this attribute, variable, resource or named step."""
    return (mention for mention in mentions_of_values(flow) if mention.name == value)


def mentions_of_values(flow: Flow) -> Iterator[Mention]:
    """Everything in the file that means any value."""
    yield from _mentions(_names_declared_by(flow.document), "reads")
    for wired in flow.wiring.steps.values():
        yield from _in_step(flow, wired)
    yield from _mentions(_told_values(flow.document), "tells")


def mentions_of_section(flow: Flow, section: str) -> Iterator[Mention]:
    """In a test's path the words are sections; elsewhere a word that means nothing else is."""
    is_other = flow.wiring.names.knows(section) or flow.catalogue.block(section) is not None
    for first, words in _phrases(flow.document):
        if first in ("expect", "policy"):
            items, is_path = _items(words)
            if is_path or not is_other:
                found = (item for item in items if isinstance(item, ex.Name))
                yield from _mentions((item for item in found if item.root == section), "tells")


def values_read_by(wired: WiredStep) -> Iterator[ex.Name]:
    """What a step reads; a word that its parameter takes is no name."""
    words = _words(wired)
    for argument in wired.step.arguments:
        for name in names_in(argument.value):
            if not (name.is_bare and name.root in words.get(id(argument), ())):
                yield name
    for route in wired.step.routes:
        for port in route.ports:
            yield from _names_in_port(port)


def values_needed_by(flow: Flow, wired: WiredStep) -> set[str]:
    """The declarations without which a step means something else."""
    found = {name.root for name in values_read_by(wired)}
    found.update(wired.block.assigns(wired.call) if wired.block else ())
    if wired.call.callee:
        found.add(wired.call.callee.name)
    return found & flow.document.declarations.keys()


# --- in steps -----------------------------------------------------------------------------------


def _in_step(flow: Flow, wired: WiredStep) -> Iterator[Mention]:
    step = wired.step
    if step.name_at and flow.wiring.names.resource(step.kind):
        yield Mention(name=step.kind, place=step.name_at, manner="calls", block=wired.id)
    yield from _mentions(values_read_by(wired), "reads", wired.id)
    assigned = wired.block.assigns(wired.call) if wired.block else ()
    for argument in step.arguments:
        if argument.key in assigned and argument.name_at:
            yield Mention(name=argument.key, place=argument.name_at, manner="sets", block=wired.id)


def _mentions(
    names: Iterable[ex.Name], manner: Manner, block: str | None = None
) -> Iterator[Mention]:
    for name in names:
        if name.at:
            yield Mention(name=name.root, place=name.at, manner=manner, block=block)


def _words(wired: WiredStep) -> dict[int, tuple[str, ...]]:
    if wired.block is None:
        return {}
    taken = {spec.key: spec.words for spec in specs(wired.block.Params)}
    bound: Bound = wired.bound
    return {id(argument): taken.get(key, ()) for key, argument in bound.given.items()}


def _names_in_port(port: Port) -> Iterator[ex.Name]:
    match port:
        case ValuePort(value=value) | ComparePort(operand=value) | WhenPort(condition=value):
            yield from names_in(value)
        case _:
            return


# --- elsewhere ----------------------------------------------------------------------------------


def _names_declared_by(document: Document) -> Iterator[ex.Name]:
    """The names that the values of declarations read."""
    for item in document.items:
        if isinstance(item, model.Declaration):
            for value in (item.value, *(entry.value for entry in item.entries)):
                yield from names_in(value)


def _told_values(document: Document) -> Iterator[ex.Name]:
    for first, words in _phrases(document):
        items, is_path = _items(words)
        if first in ("given", "expect", "policy") and not is_path:
            for item in items:
                yield from names_in(item)


def _items(words: model.Words) -> tuple[list[ex.Expression], bool]:
    """The words and values of a phrase, and whether they are the path of a test."""
    items = [item for clause in words.clauses for item in clause]
    return items, any(isinstance(item, ex.Name) and item.root == "path" for item in items[:2])


def _phrases(document: Document) -> Iterator[tuple[str, model.Words]]:
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
