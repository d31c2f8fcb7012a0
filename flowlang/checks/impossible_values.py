"""Outcome lines for values that can never be.

Mostly a slip: the value is spelled otherwise where it is declared.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang import expressions as ex
from flowlang import types
from flowlang.checking import Outside
from flowlang.checks.missing_values import possibilities, subject_type
from flowlang.checks.unknown_outcomes import port_place
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.inference import comparable
from flowlang.model import ValuePort
from flowlang.types import Type
from flowlang.wiring import Wire, WiredSection, WiredStep

COMPARED_MAX = 200
"""Among more values nobody finds the one that was meant by its look."""


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        subject = subject_type(outside, step)
        if subject is None:
            continue
        for wire in step.wires:
            if isinstance(wire.spoken, ValuePort) and not _can_be(wire.spoken, subject):
                yield _problem(step, wire, subject)


def _can_be(port: ValuePort, subject: Type) -> bool:
    match port.value:
        case ex.Literal(value=str(text), type="text"):
            return comparable(types.OneOf((text,)), subject)
        case ex.Literal(type=name):
            # Customers key in texts: a number may well be what they spell.
            return comparable(types.Named(name), subject) or subject == types.TEXT
        case _:
            return True


def _problem(step: WiredStep, wire: Wire, subject: Type) -> Problem:
    values = possibilities(subject)
    suggestion = did_you_mean(wire.port, values) if len(values) <= COMPARED_MAX else None
    place = port_place(wire)
    return Problem(
        code="FL223",
        severity="error",
        place=place,
        arguments={"value": wire.port, "values": values, "suggestion": suggestion},
        block=step.id,
        outcome=wire.port,
        fix=write_instead(place, suggestion),
    )
