"""What people often put into a field, as the field shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from zoneinfo import available_timezones

from flowlang import types
from flowlang.inference import Environment
from flowlang.names import VALUE_WORDS
from flowlang.parameters import ParameterSpec
from flowlang.types import Type
from flowlang.wiring import Wiring

CALLER = "caller.number"


def known_values(spec: ParameterSpec, wiring: Wiring, numbers: Sequence[str]) -> list[str]:
    """Telephone numbers and time zones, and the values of the flow that are such."""
    match spec.type:
        case types.Named(name="phone"):
            caller = () if spec.ours else (CALLER,)
            return [*caller, *_values_of(spec.type, wiring), *numbers]
        case types.Named(name="zone"):
            return [*_values_of(spec.type, wiring), *_zones()]
        case _:
            return []


def _values_of(wanted: Type, wiring: Wiring) -> Iterator[str]:
    environment = Environment(wiring)
    for name, declared in wiring.names.declarations.items():
        if declared.word in VALUE_WORDS and environment.value_type(declared) == wanted:
            yield name


@cache
def _zones() -> tuple[str, ...]:
    """Those of places: what has no continent is an old name."""
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone and zone[0] != "E"))
