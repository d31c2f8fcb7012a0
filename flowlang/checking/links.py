"""Steps that lead to other files: read from what blocks say of their parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flowlang import expressions as ex
from flowlang.names import LEADS
from flowlang.parameters import ParameterSpec, specs
from flowlang.places import Place
from flowlang.wiring import WiredStep

How = Literal["transfer", "call", "hook"]
"""The contact goes on there for good; it comes back; it may go there when something happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    step: WiredStep
    spec: ParameterSpec
    name: str
    """As the step calls the other file."""
    how: How
    place: Place | None


def links_of(step: WiredStep) -> Iterator[Leading]:
    for spec in specs(step.block.Params) if step.block else ():
        if spec.resource not in LEADS:
            continue
        argument = step.bound.given.get(spec.key)
        place = (argument.value.at if argument else None) or step.step.name_at
        for name in _texts(step.bound.values.get(spec.key)):
            yield Leading(step=step, spec=spec, name=name, how=_how(step, spec), place=place)


def _texts(value: ex.Expression | None) -> Iterator[str]:
    match value:
        case ex.Literal(value=str(name)) if name:
            yield name
        case ex.ListOf(items=items):
            for item in items:
                yield from _texts(item.value)
        case _:
            pass


def _how(step: WiredStep, spec: ParameterSpec) -> How:
    """What a block is told first is what it does; the rest is for later."""
    assert step.block is not None
    if spec.resource == "module":
        return "call"
    goes = step.block.ends_flow or step.block.may_end
    return "transfer" if goes and spec.position == 0 else "hook"
