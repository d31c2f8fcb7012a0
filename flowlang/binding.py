"""Arguments of a step, assigned to the parameters of its block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Protocol

from flowlang import expressions as ex
from flowlang.block import Block
from flowlang.model import Argument, Declaration, Step
from flowlang.names import outside_name
from flowlang.parameters import Parameters, ParameterSpec, specs


class Resources(Protocol):
    """Knows what is declared in a flow."""

    def resource(self, name: str, word: str | None = None) -> Declaration | None: ...


@dataclass(frozen=True, slots=True)
class Bound:
    """The parameters of one step as expressions.

    Words that a parameter takes and names of resources have become literals (their outside
    names), so that what is left of names are values.
    """

    values: Mapping[str, ex.Expression]
    given: Mapping[str, Argument] = field(default_factory=dict)
    """By parameter, the (first) argument it came from."""
    surplus: tuple[Argument, ...] = ()
    """Arguments that no parameter takes."""
    repeated: tuple[Argument, ...] = ()
    missing: tuple[str, ...] = ()
    """Required parameters without an argument."""


def bind(
    step: Step,
    block: type[Block[Parameters]],
    names: Resources,
    callee: Declaration | None = None,
) -> Bound:
    form = _form(block.Params)
    taken = _assign(step, form)
    values = {key: resolve(value, form.all[key], names) for key, value in taken.values.items()}
    if callee is not None and form.callee:
        values[form.callee] = ex.Literal(outside_name(callee), "text")
    missing = tuple(key for key in form.required if key not in values)
    return replace(taken, values=values, missing=missing)


def fits(step: Step, block: type[Block[Parameters]]) -> bool:
    """Whether a block takes what a step gives, and has what it needs."""
    form = _form(block.Params)
    taken = _assign(step, form)
    is_whole = all(key in taken.values for key in form.required if key != form.callee)
    return is_whole and not taken.surplus and not taken.repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """The parameters of a block by how they are given."""

    all: Mapping[str, ParameterSpec]
    keyed: Mapping[str, ParameterSpec]
    placed: Mapping[int, ParameterSpec]
    rest: ParameterSpec | None
    free: ParameterSpec | None
    callee: str | None
    required: tuple[str, ...]


@cache
def _form(model: type[Parameters]) -> _Form:
    found = specs(model)
    return _Form(
        all={spec.key: spec for spec in found},
        keyed={spec.key: spec for spec in found if not (spec.free or spec.callee)},
        placed={spec.position: spec for spec in found if spec.position is not None},
        rest=next((spec for spec in found if spec.rest), None),
        free=next((spec for spec in found if spec.free), None),
        callee=next((spec.key for spec in found if spec.callee), None),
        required=tuple(spec.key for spec in found if spec.required),
    )


def _assign(step: Step, form: _Form) -> Bound:
    """Give each argument to its parameter, by place or by key."""
    rest, free = form.rest, form.free
    values: dict[str, ex.Expression] = {}
    given: dict[str, Argument] = {}
    many: list[ex.Item] = []
    fields: dict[str, ex.Field] = {}
    surplus: list[Argument] = []
    repeated: list[Argument] = []
    position = 0
    for argument in step.arguments:
        if argument.key is None:
            spec = form.placed.get(position)
            position += 1
            if spec is None and rest is not None:
                many.append(ex.Item(argument.value, at=argument.value.at))
                given.setdefault(rest.key, argument)
                continue
        else:
            spec = form.keyed.get(argument.key)
            if spec is None and free is not None:
                if argument.key in fields:
                    repeated.append(argument)
                fields[argument.key] = ex.Field(argument.key, argument.value, at=argument.value.at)
                given.setdefault(free.key, argument)
                continue
        if spec is None:
            surplus.append(argument)
        elif spec.key in values:
            repeated.append(argument)
        else:
            values[spec.key] = argument.value
            given[spec.key] = argument
    if rest is not None and many:
        values[rest.key] = ex.ListOf(tuple(many))
    if free is not None and (fields or free.required):
        values[free.key] = ex.Record(tuple(fields.values()))
    return Bound(values, given, tuple(surplus), tuple(repeated))


def resolve(value: ex.Expression, spec: ParameterSpec, names: Resources) -> ex.Expression:
    """Turn words and names of resources into literals, inside lists too."""
    if spec.free:
        return value
    if isinstance(value, ex.ListOf) and spec.many:
        items = tuple(
            replace(item, value=_resolve_one(item.value, spec, names)) for item in value.items
        )
        return replace(value, items=items)
    return _resolve_one(value, spec, names)


def _resolve_one(value: ex.Expression, spec: ParameterSpec, names: Resources) -> ex.Expression:
    if not isinstance(value, ex.Name) or not value.is_bare:
        return value
    if value.root in spec.words or spec.is_outcome:
        return ex.Literal(value.root, "text", at=value.at)
    if spec.resource and (found := names.resource(value.root, spec.resource)):
        return ex.Literal(outside_name(found), "text", at=value.at)
    return value


def is_constant(value: ex.Expression) -> bool:
    """Whether it has the same value for every contact."""
    match value:
        case ex.Literal():
            return True
        case ex.ListOf(items=items):
            return all(is_constant(item.value) for item in items)
        case ex.Record(fields=fields):
            return all(is_constant(item.value) for item in fields)
        case ex.Negative(operand=operand):
            return is_constant(operand)
        case _:
            return False
