"""Blocks that do not work on a channel which the flow serves.

There they take another outcome. Where that just goes on, nothing is lost; where it leads to the
error handling of the flow, everybody on that channel is sent away. What stands behind a branch by
`contact.channel` is asked only of those who come there.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang import expressions as ex
from flowlang.channels import CHANNELS, MESSENGERS
from flowlang.checking import Context
from flowlang.diagnostics import Problem, Severity
from flowlang.model import OtherwisePort, ValuePort
from flowlang.presence import subject_of
from flowlang.wiring import Wire, WiredStep

CHANNEL = ex.Name("contact", ("channel",))


def run(context: Context) -> Iterator[Problem]:
    for medium in context.media:
        failing = {
            step.id: severity
            for step in context.steps.values()
            if step.block is not None
            and medium not in step.block.channels
            and (severity := _severity(step))
        }
        if not failing:
            continue
        dead = set(context.steps) - set(context.reachable)
        reached = _reached(context, medium)
        for step_id, severity in failing.items():
            if step_id in reached or step_id in dead:
                yield _problem(context.steps[step_id], medium, severity)


def _problem(step: WiredStep, medium: str, severity: Severity) -> Problem:
    assert step.block is not None
    return Problem(
        code="FL501",
        severity=severity,
        place=step.step.name_at or step.step.at,
        arguments={
            "kind": step.step.kind, "channel": medium, "outcome": step.block.elsewhere,
        },
        block=step.id,
        outcome=step.block.elsewhere,
    )  # fmt: skip


def _severity(step: WiredStep) -> Severity | None:
    """Nothing where the flow just goes on; less where the author said where it leads."""
    assert step.block is not None
    wire = step.wire(step.block.elsewhere)
    if wire is None or wire.role in ("next", "open"):
        return None
    return "hint" if wire.role == "routed" else "warning"


# --- who comes where ------------------------------------------------------------------------------


def _reached(context: Context, medium: str) -> set[str]:
    """The steps that contacts of this medium can come to."""
    waiting = [context.wiring.start] if context.wiring.start else []
    seen: set[str] = set()
    while waiting:
        here = waiting.pop()
        if here in seen or (step := context.steps.get(here)) is None:
            continue
        seen.add(here)
        waiting.extend(wire.target for wire in _ways(step, medium) if wire.target)
    return seen


def _ways(step: WiredStep, medium: str) -> tuple[Wire, ...]:
    if step.block is not None and medium not in step.block.channels:
        return tuple(wire for wire in step.wires if wire.port == step.block.elsewhere)
    match subject_of(step):
        case ex.Name() as name if name == CHANNEL:
            return _of_channels(step, medium)
        case ex.Binary(
            operator="==" | "!=" as sign, left=left, right=ex.Literal(value=str(text))
        ) if left == CHANNEL:
            return _of_answer(step, medium, text, is_equal=sign == "==")
        case _:
            return step.wires


def _of_channels(step: WiredStep, medium: str) -> tuple[Wire, ...]:
    """The lines of a branch by channel that this medium can take."""
    named = {_value(wire) for wire in step.wires} - {None}
    rest = _channels_of(medium) - named
    return tuple(
        wire
        for wire in step.wires
        if not isinstance(wire.spoken, ValuePort | OtherwisePort)
        or (isinstance(wire.spoken, OtherwisePort) and rest)
        or _value(wire) in _channels_of(medium)
    )


def _of_answer(step: WiredStep, medium: str, text: str, *, is_equal: bool) -> tuple[Wire, ...]:
    """Whether it is that channel, as far as the medium says."""
    channels = _channels_of(medium)
    may_be = {True} if channels == {text} else {False} if text not in channels else {True, False}
    answers = may_be if is_equal else {not item for item in may_be}
    return tuple(
        wire
        for wire in step.wires
        if not isinstance(wire.spoken, ValuePort) or _value(wire) in answers
    )


def _value(wire: Wire) -> object:
    match wire.spoken:
        case ValuePort(value=ex.Literal(value=value)):
            return value
        case _:
            return None


def _channels_of(medium: str) -> set[object]:
    """A chat may be on the web or in any messenger."""
    names = ("voice",) if medium == "voice" else ("chat", *MESSENGERS)
    return {name for name in names if CHANNELS[name].medium == medium}
