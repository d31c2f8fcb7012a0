"""Declarations that declare nothing known: an unknown word at the start, an unknown type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowlang import types
from flowlang.checking import Context
from flowlang.diagnostics import Fix, Problem, Rewrite
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Declaration, Parameter
from flowlang.names import VALUE_WORDS
from flowlang.places import Place
from flowlang.types import Type


def run(context: Context) -> Iterator[Problem]:
    words = context.catalogue.resources
    known = types.SIMPLE | set(words) - VALUE_WORDS
    for declared in context.document.declarations.values():
        if declared.word not in words:
            yield _unknown_word(declared, words)
        if declared.type is not None and declared.word in words and _is_resource(declared):
            yield _typed_resource(declared)
            continue
        for type_ in _types(declared):
            yield from _unknown_types(type_, known, declared)
    header = context.document.header
    for item in (
        *((header.takes if header else None) or ()),
        *((header.gives if header else None) or ()),
    ):
        if item.type is not None:
            yield from _unknown_types(item.type, known, None)


def _unknown_word(declared: Declaration, words: Iterable[str]) -> Problem:
    suggestion = did_you_mean(declared.word, words)
    place = _word_place(declared)
    return Problem(
        code="FL114",
        severity="error",
        place=place or declared.at,
        arguments={"word": declared.word, "words": tuple(words), "suggestion": suggestion},
        fix=write_instead(place, suggestion),
    )


def _is_resource(declared: Declaration) -> bool:
    return declared.word not in VALUE_WORDS


def _typed_resource(declared: Declaration) -> Problem:
    """`queue sales: "Sales"`: its type is known, and what it is called stands behind `=`."""
    assert declared.type is not None
    at, name = declared.type.at, declared.name_at
    is_called = isinstance(declared.type, types.OneOf) and declared.value is None
    fix = None
    if is_called and at is not None and name is not None:
        sign = Rewrite(Place(at.anchor, name.end, at.start), " = ")
        fix = Fix(title="FL059", rewrites=(sign,))
    return Problem(
        code="FL059",
        severity="error",
        place=at or declared.at,
        arguments={"name": declared.name},
        fix=fix,
    )


def _word_place(declared: Declaration) -> Place | None:
    at = declared.at
    return Place(at.anchor, at.start, at.start + len(declared.word)) if at else None


def _types(declared: Declaration) -> Iterator[Type]:
    if declared.type is not None:
        yield declared.type
    if declared.gives_type is not None:
        yield declared.gives_type
    for parameter in (*(declared.takes or ()), *(declared.gives or ())):
        yield from _of_parameter(parameter)


def _of_parameter(parameter: Parameter) -> Iterator[Type]:
    if parameter.type is not None:
        yield parameter.type
    for field in parameter.fields or ():
        yield from _of_parameter(field)


def _unknown_types(
    type_: Type, known: Iterable[str], declared: Declaration | None
) -> Iterator[Problem]:
    match type_:
        case types.Named(name=name) if name not in known:
            suggestion = did_you_mean(name, known)
            yield Problem(
                code="FL109",
                severity="error",
                place=type_.at or (declared.name_at if declared else None),
                arguments={"name": name, "suggestion": suggestion},
            )
        case types.ListType(item=item):
            yield from _unknown_types(item, known, declared)
        case types.RecordType(fields=fields):
            for _, inner in fields:
                yield from _unknown_types(inner, known, declared)
        case _:
            pass
