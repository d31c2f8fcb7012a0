"""Outcomes that a person names: keys of a menu, values of an attribute, conditions."""

from __future__ import annotations

import re
from collections.abc import Collection

from designer.forms.source import quoted
from flowlang import types
from flowlang.block import Ports
from flowlang.model import ComparePort, Port, ValuePort, WhenPort

CONDITION = re.compile(r"when\b|[<>=!]")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
TEXTUAL = ("text", "phone", "email")
OTHERWISE = "otherwise"
FIRST_CONDITION = "when false"
"""A condition to begin with: it never holds, so that nothing changes before it is written."""


def can_be_named(port: Port | None) -> bool:
    return isinstance(port, ValuePort | ComparePort | WhenPort)


def shown_port(port: str) -> str:
    """As a field shows it: text without its quotes."""
    return port[1:-1].replace('\\"', '"') if is_text(port) else port


def is_text(port: str) -> bool:
    return len(port) > 1 and port[0] == port[-1] == '"'


def written_port(typed: str, ports: Ports) -> str:
    """As an outcome line spells what a person typed."""
    typed = typed.strip()
    if is_text(typed) or typed == OTHERWISE or (ports.conditions and CONDITION.match(typed)):
        return typed
    match ports.values:
        case types.OneOf():
            return quoted(typed)
        case types.Named(name=name) if name in TEXTUAL:
            return quoted(typed)
        case types.Named(name="any") if not NUMBER.fullmatch(typed):
            return quoted(typed)
        case _:
            return typed


def proposed_port(ports: Ports, taken: Collection[str]) -> str | None:
    """An outcome to add; None where there can be no more."""
    if isinstance(ports.values, types.OneOf):
        left = [quoted(value) for value in ports.values.values if quoted(value) not in taken]
        return left[0] if left else None
    if ports.values == types.BOOLEAN:
        return next((value for value in ("true", "false") if value not in taken), None)
    if ports.values is not None:
        numbers = (written_port(str(number), ports) for number in range(1, len(taken) + 2))
        return next(port for port in numbers if port not in taken)
    if ports.conditions:
        return FIRST_CONDITION if FIRST_CONDITION not in taken else None
    return None
