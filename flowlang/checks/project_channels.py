"""Channels that a flow sends customers to, and that the project does not answer.

Whoever accepts an offer to go on in a messenger finds nobody there, if no entry of the project has
that channel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flowlang import expressions as ex
from flowlang.binding import is_constant
from flowlang.channels import CHANNELS
from flowlang.checking import Context
from flowlang.checking.values import constant
from flowlang.diagnostics import Problem
from flowlang.parameters import ParameterSpec, specs
from flowlang.wiring import WiredStep


def run(context: Context) -> Iterator[Problem]:
    home = context.surroundings.home
    if home is None or not home.project.entries:
        return
    answered = {name for entry in home.project.entries.values() for name in entry.channels}
    for step in context.steps.values():
        for spec in specs(step.block.Params) if step.block else ():
            if spec.many and spec.words and set(spec.words) <= CHANNELS.keys():
                yield from _unanswered(step, spec, answered)


def _unanswered(step: WiredStep, spec: ParameterSpec, answered: set[str]) -> Iterator[Problem]:
    value = step.bound.values.get(spec.key)
    for name in _channels(value, spec):
        if name in spec.words and name not in answered:
            yield Problem(
                code="FL537",
                severity="warning",
                place=(value.at if value is not None else None) or step.step.name_at,
                arguments={"channel": name, "kind": step.step.kind},
                block=step.id,
                field=spec.key,
            )


def _channels(value: ex.Expression | None, spec: ParameterSpec) -> tuple[Any, ...]:
    if value is None:
        return tuple(spec.default or ())
    if not is_constant(value):
        return ()
    found = constant(value)
    return tuple(found) if isinstance(found, list) else (found,)
