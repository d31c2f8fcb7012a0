"""Values of parameters as forms have them, and where they stand among a step's arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flowlang import expressions as ex
from flowlang import types
from flowlang.edits.operation import Flow, refuse
from flowlang.interchange.values import SpellingError, read_value
from flowlang.model import Argument
from flowlang.parameters import ParameterSpec, specs
from flowlang.syntax import spelling
from flowlang.syntax.build import construct
from flowlang.wiring import WiredStep

TEXTUAL = {"text", "phone", "email"}


def spec_of(wired: WiredStep, key: str) -> ParameterSpec | None:
    """The parameter of that key; None: the block takes any key."""
    if wired.block is None:
        return None
    known = specs(wired.block.Params)
    found = next((spec for spec in known if spec.key == key), None)
    if found is None and not any(spec.free for spec in known):
        refuse("FL127", block=wired.id, field=key, parameter=key, kind=wired.step.kind)
    return found


def expression(
    flow: Flow, wired: WiredStep, key: str, value: Any, source: str | None
) -> ex.Expression:
    """What a form's field says, as an expression."""
    try:
        if source is not None:
            return read_value({"is": source})
        return _from_json(flow, spec_of(wired, key), value)
    except SpellingError as error:
        refuse("FL128", block=wired.id, field=key, parameter=key, reason=error.problem.code)


def _from_json(flow: Flow, spec: ParameterSpec | None, value: Any) -> ex.Expression:
    if spec and spec.many and isinstance(value, list):
        return ex.ListOf(tuple(ex.Item(_one(flow, spec, item)) for item in value))
    return _one(flow, spec, value) if spec else read_value(value)


def _one(flow: Flow, spec: ParameterSpec, value: Any) -> ex.Expression:
    name = spec.type.name if isinstance(spec.type, types.Named) else ""
    match value:
        case str() if value in spec.words:
            return ex.Name(value)
        case str() if spec.resource and flow.wiring.names.resource(value, spec.resource):
            return ex.Name(value)
        case str() if name in TEXTUAL or spec.resource or spec.words:
            return read_value({"text": value.replace("\\", "\\\\")})
        case str() if name != "any":
            return read_value({"is": value})
        case bool():
            return ex.Literal(value, "boolean")
        case int() | float() if name == "duration":
            return ex.Literal(value, "duration")
        case int() | float() if name == "percent":
            return ex.Literal(value, "percent")
        case _:
            return read_value(value)


def with_value(
    flow: Flow, wired: WiredStep, key: str, value: ex.Expression
) -> tuple[Argument, ...]:
    """The arguments of a step with one parameter set."""
    arguments = list(wired.step.arguments)
    spec = spec_of(wired, key)
    if spec and spec.rest and isinstance(value, ex.ListOf):
        kept = [item for item in arguments if item.key is not None or not _is_rest(wired, item)]
        position = sum(item.key is None for item in kept)
        return (*kept[:position], *(_bare(item.value) for item in value.items), *kept[position:])
    if spec and spec.free and isinstance(value, ex.Record):
        fields = [_keyed(item.key, item.value) for item in value.fields]
        return tuple([item for item in arguments if not _is_free(wired, item)] + fields)
    given = _given(wired, key, spec)
    if given is not None:
        value = _written_like(given.value, value)
        changed = construct(Argument, {**given.__dict__, "value": value})
        return tuple(changed if item is given else item for item in arguments)
    bare = sum(item.key is None for item in arguments)
    if spec and spec.position == bare:
        arguments.insert(bare, _bare(value))
    else:
        arguments.append(_keyed(key, value))
    return tuple(arguments)


def _written_like(old: ex.Expression, new: ex.Expression) -> ex.Expression:
    """A list or a record stays on lines of its own, with the comments of what stays in it."""
    match old, new:
        case ex.ListOf(items=before, in_lines=in_lines), ex.ListOf(items=items):
            kept = {spelling.value(item.value): item for item in before}
            return ex.ListOf(
                tuple(kept.get(spelling.value(item.value), item) for item in items), in_lines
            )
        case ex.Record(fields=before, in_lines=in_lines), ex.Record(fields=fields):
            known = {item.key: item for item in before}
            return ex.Record(
                tuple(
                    replace(known[item.key], value=item.value) if item.key in known else item
                    for item in fields
                ),
                in_lines,
            )
        case _:
            return new


def without(wired: WiredStep, key: str) -> tuple[Argument, ...]:
    """The arguments of a step without one parameter."""
    spec = spec_of(wired, key)
    if spec and spec.rest:
        gone = [item for item in wired.step.arguments if _is_rest(wired, item)]
    elif spec and spec.free:
        gone = [item for item in wired.step.arguments if _is_free(wired, item)]
    else:
        found = _given(wired, key, spec)
        gone = [found] if found else []
    kept = []
    opened = False
    for item in wired.step.arguments:
        if any(item is other for other in gone):
            opened = opened or (item.key is None and not (spec and spec.rest))
        elif opened and item.key is None:
            kept.append(_named(wired, item))
        else:
            kept.append(item)
    return tuple(kept)


def _given(wired: WiredStep, key: str, spec: ParameterSpec | None) -> Argument | None:
    if spec is None:
        return next((item for item in wired.step.arguments if item.key == key), None)
    return wired.bound.given.get(key)


def _named(wired: WiredStep, argument: Argument) -> Argument:
    """An argument that is known by its place, by its key: the places shift."""
    for key, given in wired.bound.given.items():
        if given is argument:
            return construct(Argument, {**argument.__dict__, "key": key})
    return argument


def _is_rest(wired: WiredStep, argument: Argument) -> bool:
    assert wired.block is not None
    placed = [spec for spec in specs(wired.block.Params) if spec.position is not None]
    bare = [item for item in wired.step.arguments if item.key is None]
    return any(item is argument for item in bare[len(placed) :])


def _is_free(wired: WiredStep, argument: Argument) -> bool:
    assert wired.block is not None
    known = {spec.key for spec in specs(wired.block.Params) if not spec.free}
    return argument.key is not None and argument.key not in known


def _bare(value: ex.Expression) -> Argument:
    return construct(Argument, {"value": value})


def _keyed(key: str, value: ex.Expression) -> Argument:
    return construct(Argument, {"key": key, "value": value})
