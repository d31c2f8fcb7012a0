"""Conditions of outcome lines, as a subject, an operator and a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from designer.forms.source import quoted, shown
from flowlang import expressions as ex
from flowlang import types
from flowlang.inference import Environment
from flowlang.model import ComparePort, Port, WhenPort
from flowlang.syntax import spelling
from flowlang.types import Type
from flowlang.wiring import Wiring

ORDERED = ("==", "!=", "<", "<=", ">", ">=")
TEXTS = ("==", "!=", "contains", "starts_with", "ends_with")
EQUAL = ("==", "!=")
ALL = (*ORDERED, *TEXTS[2:])
NUMBERS = ("number", "integer", "duration", "percent", "date", "time")
TEXTUAL = ("text", "phone", "email")
WORDS = {
    "==": "op_is", "!=": "op_is_not", "<": "op_less", "<=": "op_at_most", ">": "op_more",
    ">=": "op_at_least", "contains": "op_contains", "starts_with": "op_starts_with",
    "ends_with": "op_ends_with",
}  # fmt: skip
"""Words of the pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`when {subject} {operator} {value}`; without a subject a comparison of the step's value."""

    subject: str | None
    operator: str
    value: str
    """As a field shows it: texts without quotes, values in braces."""
    type: Type
    """Of what is compared."""

    @property
    def operators(self) -> Sequence[str]:
        found = operators_for(self.type)
        return found if self.operator in found else (*found, self.operator)

    @property
    def choices(self) -> Sequence[str]:
        """The values that are possible, if they can be counted."""
        match self.type:
            case types.OneOf(values=values) if self.operator in EQUAL:
                return values
            case types.Named(name="boolean"):
                return ("true", "false")
            case _:
                return ()

    @property
    def is_whole(self) -> bool:
        return self.subject != "" and bool(self.value.strip() or is_textual(self.type))

    def changed(self, wiring: Wiring, **parts: str) -> Condition:
        """With another subject, the operator and the value that still make sense."""
        made = replace(self, **parts)  # type: ignore[arg-type]
        if "subject" in parts and made.subject is not None:
            made = replace(made, type=type_of(made.subject, wiring))
            if made.operator not in operators_for(made.type):
                made = replace(made, operator="==")
        return made

    def port(self) -> str:
        """As an outcome line spells it."""
        value = _written(self.value, self.type)
        if self.subject is None:
            return f"{self.operator} {value}"
        return f"when {self.subject} {self.operator} {value}"


def condition_of(port: Port | None, compared: Type | None, wiring: Wiring) -> Condition | None:
    """None: only a text can say it."""
    match port:
        case ComparePort(operator=operator, operand=operand):
            wanted = compared or types.ANY
            return Condition(
                subject=None, operator=operator, value=_shown(operand, wanted), type=wanted
            )
        case WhenPort(condition=ex.Binary(operator=operator, left=ex.Name() as left, right=right)):
            if operator not in ALL:
                return None
            subject = spelling.name(left)
            wanted = type_of(subject, wiring)
            return Condition(
                subject=subject, operator=operator, value=_shown(right, wanted), type=wanted
            )
        case WhenPort(condition=ex.Literal(value=False)):
            # As a new one begins.
            return Condition(subject="", operator="==", value="", type=types.ANY)
        case _:
            return None


def operators_for(type_: Type) -> Sequence[str]:
    match type_:
        case types.OneOf() | types.Named(name="boolean"):
            return EQUAL
        case types.Named(name=name) if name in NUMBERS:
            return ORDERED
        case types.Named(name=name) if name in TEXTUAL:
            return TEXTS
        case types.ListType():
            return ("contains",)
        case _:
            return ALL


def is_textual(type_: Type) -> bool:
    return isinstance(type_, types.OneOf) or (
        isinstance(type_, types.Named) and type_.name in TEXTUAL
    )


def type_of(subject: str, wiring: Wiring) -> Type:
    root, *segments = subject.split(".")
    reading = Environment(wiring).read(ex.Name(root, tuple(segments)))
    return types.ANY if reading.fault else reading.type


def _shown(value: ex.Expression, wanted: Type) -> str:
    if isinstance(value, ex.Literal) and value.type == "text" and not is_textual(wanted):
        # Where anything can stand, quotes tell a text from a name.
        return spelling.value(value)
    if is_textual(wanted):
        return shown("text", value)
    return spelling.value(value)


def _written(typed: str, wanted: Type) -> str:
    return quoted(typed) if is_textual(wanted) else typed.strip()
