"""What could stand in an expression."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowlang import expressions as ex
from flowlang import types
from flowlang.features import pages
from flowlang.features.completion.asked import Asked, Completion
from flowlang.features.cursor import path_before
from flowlang.features.scope import Known, fields_of, known_names
from flowlang.features.tokens import Token
from flowlang.features.words import say
from flowlang.inference import accepts
from flowlang.syntax import spelling
from flowlang.types import Type

OPERATORS = ("else", "and", "or", "contains", "starts_with", "ends_with", "in")


def expression(asked: Asked, wanted: Type | None = None) -> Iterable[Completion]:
    frame = asked.cursor.frames[-1]
    if path := asked.cursor.path:
        return _fields(asked, path)
    words = frame.tokens
    if not words or words[-1].text in (",", ":"):
        return [*asked.literals(wanted), *names(asked, wanted)]
    last = words[-1]
    if last.text in ("==", "!="):
        return [*asked.literals(_type_before(asked, words[:-1])), *names(asked)]
    if last.kind == "operator" or last.text in (*OPERATORS, "not", "when", "(", "["):
        return names(asked)
    return [asked.keyword(word, f"{word} ") for word in OPERATORS]


def _type_before(asked: Asked, words: tuple[Token, ...]) -> Type | None:
    """The type of the name in front of an operator."""
    if not words or words[-1].kind != "name":
        return None
    root, *segments = (*path_before(words[:-1]), words[-1].text)
    return asked.environment.read(ex.Name(root, tuple(segments))).type


def _fields(asked: Asked, path: tuple[str, ...]) -> Iterator[Completion]:
    for name, type_ in fields_of(asked.environment, path).items():
        yield Completion(label=name, kind="field", detail=spelling.type_(type_))


def names(asked: Asked, wanted: Type | None = None, resource: str = "") -> Iterable[Completion]:
    """Names of values; those whose type fits come first."""
    found = [item for item in known_names(asked.environment) if item.origin != "resource"]
    if resource:
        found = [item for item in found if item.type == types.Named(resource)]
    if wanted is not None:
        found.sort(key=lambda item: (not accepts(wanted, item.type), item.origin == "system"))
    return [_name(asked, item) for item in found]


def _name(asked: Asked, item: Known) -> Completion:
    origin = say(f"origin.{item.origin}", asked.language)
    declared = asked.flow.wiring.names.declarations.get(item.name)
    is_record = isinstance(item.type, types.RecordType)
    return Completion(
        label=item.name,
        kind="value",
        detail=origin if is_record else spelling.type_(item.type),
        info=pages.declaration(declared, asked.language) if declared else origin,
    )
