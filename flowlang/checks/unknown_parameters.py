"""Arguments that a block does not take: of no such key, or too many without one."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Outside
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Argument
from flowlang.parameters import specs
from flowlang.places import Place
from flowlang.wiring import WiredSection, WiredStep


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        if step.block is None:
            continue
        known = tuple(spec.key for spec in specs(step.block.Params) if not spec.free)
        for argument in step.bound.surplus:
            yield _problem(step, argument, known)
        yield from _not_taken(step)


def _not_taken(step: WiredStep) -> Iterator[Problem]:
    """What a function or module is told and does not take."""
    takes = step.block.takes(step.call) if step.block else None
    if takes is None or step.block is None:
        return
    taken = tuple(item.name for item in takes)
    own = {spec.key for spec in specs(step.block.Params) if not spec.free}
    for argument in step.step.arguments:
        if argument.key is not None and argument.key not in own | set(taken):
            yield _problem(step, argument, taken)


def _problem(step: WiredStep, argument: Argument, known: tuple[str, ...]) -> Problem:
    key = argument.key
    given = {item.key for item in step.step.arguments} | {*step.bound.given}
    suggestion = did_you_mean(key, [name for name in known if name not in given]) if key else None
    place = key_place(argument) if key else argument.value.at
    return Problem(
        code="FL302",
        severity="error",
        place=place or argument.at or step.step.at,
        arguments={
            "kind": step.step.kind,
            "parameter": key or "",
            "parameters": known,
            "suggestion": suggestion,
            "reason": "" if key else "bare",
        },
        block=step.id,
        field=key,
        fix=write_instead(place, suggestion),
    )


def key_place(argument: Argument) -> Place | None:
    """Where the key of an argument stands."""
    at = argument.at
    return Place(at.anchor, at.start, at.start + len(argument.key or "")) if at else None
