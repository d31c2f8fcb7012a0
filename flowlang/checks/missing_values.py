"""Values that no outcome line takes.

Where a step chooses by a value of which all possibilities are known, each needs a line, or
`otherwise` takes the rest. Else a contact with the forgotten value has no way to go.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang import expressions as ex
from flowlang import types
from flowlang.checking import Assumption, Outside
from flowlang.checks.missing_outcomes import route_fix
from flowlang.diagnostics import Problem
from flowlang.inference import Typist
from flowlang.model import OtherwisePort, ValuePort
from flowlang.presence import subject_of
from flowlang.types import Type
from flowlang.wiring import WiredSection, WiredStep

PROVES = "exhaustive"
ASSUMES = (Assumption(name="unknown_fits"),)


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        if not step.ports.exhaustive or _takes_rest(step):
            continue
        subject = subject_type(outside, step)
        possible = possibilities(subject) if subject else ()
        known = taken(step)
        missing = tuple(value for value in possible if value not in known)
        if possible and not missing and not (subject and subject.optional):
            continue
        yield Problem(
            code="FL222",
            severity="error",
            place=step.step.name_at or step.step.at,
            arguments={
                "kind": step.step.kind,
                "values": missing,
                "reason": "" if missing else ("absent" if possible else "otherwise"),
            },
            block=step.id,
            fix=route_fix(step, f"on {', '.join(missing)}" if missing else "otherwise", "FL205"),
        )


def _takes_rest(step: WiredStep) -> bool:
    return any(isinstance(wire.spoken, OtherwisePort) for wire in step.wires)


def subject_type(outside: Outside, step: WiredStep) -> Type | None:
    """The type of the value that a step chooses by."""
    subject = subject_of(step)
    if subject is None:
        return None
    typist = Typist(environment=outside, present=lambda path: outside.is_present(step.id, path))
    return typist.type_of(subject)


def possibilities(subject: Type) -> tuple[str, ...]:
    """All values of a type, as outcome lines spell them, if they can be told."""
    match subject:
        case types.OneOf(values=values):
            return tuple(f'"{value}"' for value in values)
        case types.Named(name="boolean"):
            return ("true", "false")
        case _:
            return ()


def taken(step: WiredStep) -> set[str]:
    """The values that its outcome lines take."""
    found = set()
    for wire in step.wires:
        match wire.spoken:
            case ValuePort(value=ex.Literal(value=bool(value))):
                found.add("true" if value else "false")
            case ValuePort(value=ex.Literal(value=str(text))):
                found.add(f'"{text}"')
            case _:
                pass
    return found
