"""The names that can be read in a flow, with their types and where they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from flowlang import expressions as ex
from flowlang import types
from flowlang.inference import OPAQUE, Environment, signature_type
from flowlang.names import SYSTEM, VALUE_WORDS
from flowlang.types import Named, RecordType, Type

Origin = Literal["value", "resource", "input", "result", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    name: str
    type: Type
    origin: Origin


def known_names(environment: Environment) -> Iterator[Known]:
    """Every name that an expression may begin with, each once, the flow's own first."""
    seen = set()
    for found in _all(environment):
        if found.name not in seen:
            seen.add(found.name)
            yield found


def _all(environment: Environment) -> Iterator[Known]:
    for name, declared in environment.names.declarations.items():
        is_value = declared.word in VALUE_WORDS
        if is_value or name not in environment.results:
            read = environment.read(ex.Name(name)).type
            yield Known(name=name, type=read, origin="value" if is_value else "resource")
    for name, type_ in environment.inputs.items():
        yield Known(name=name, type=type_, origin="input")
    for name, results in environment.results.items():
        yield Known(name=name, type=results, origin="result")
    for name, type_ in SYSTEM.items():
        yield Known(name=name, type=type_, origin="system")


def fields_of(environment: Environment, path: tuple[str, ...]) -> Mapping[str, Type]:
    """What can be read behind `path` and a dot."""
    root, *segments = path
    if not segments and root in environment.results:
        return _fields(environment.results[root])
    declared = environment.names.declarations.get(root)
    if not segments and declared is not None and declared.results is not None:
        return _fields(signature_type(declared))
    reading = environment.read(ex.Name(root, tuple(segments)))
    return {} if reading.fault else _fields(reading.type)


def _fields(type_: Type) -> Mapping[str, Type]:
    if isinstance(type_, RecordType) and type_ != OPAQUE:
        return dict(type_.fields)
    return {}


def spelled_literals(type_: Type | None) -> tuple[str, ...]:
    """The values of a type, where they can be counted."""
    match type_:
        case types.OneOf(values=values):
            return tuple(f'"{value}"' for value in values)
        case Named(name="boolean"):
            return ("true", "false")
        case types.ListType(item=item):
            return spelled_literals(item)
        case _:
            return ()
