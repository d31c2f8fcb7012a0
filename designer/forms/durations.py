"""Durations as an amount and a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowlang import expressions as ex
from flowlang.syntax import spelling, units

UNITS = ("ms", "s", "min", "h", "d")
"""As the language spells them; each is a word of the pages behind `unit_`."""
OFFERED = UNITS[1:]
_ONE = re.compile(r"(\d+(?:\.\d+)?)(ms|min|s|h|d)")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Duration:
    amount: str
    """A number; whatever else can stand there, as the text spells it."""
    unit: str
    """Empty: the amount says it all."""


def duration_of(value: ex.Expression | None, default: object) -> Duration:
    """What a field shows: of nothing, no amount and the unit of the default."""
    match value:
        case None:
            return Duration("", _split(default).unit or "s")
        case ex.Literal(value=float() | int() as seconds, type="duration", spelling=spelt):
            found = _ONE.fullmatch(spelt)
            return Duration(found[1], found[2]) if found else _split(seconds, spelt)
        case _:
            return Duration(spelling.value(value), "")


def default_amount(default: object) -> str:
    return _split(default).amount


def written_duration(amount: str, unit: str) -> str:
    """A bare number means the unit; more than that says its units itself."""
    amount = amount.strip()
    return f"{amount}{unit or 's'}" if _AMOUNT.fullmatch(amount) else amount


def _split(seconds: object, spelt: str = "") -> Duration:
    if not isinstance(seconds, int | float):
        return Duration("", "")
    whole = units.spell_duration(seconds)
    found = _ONE.fullmatch(whole)
    return Duration(found[1], found[2]) if found else Duration(spelt or whole, "")
