"""Numbers and their units: how literals are read, and how values are spelled."""

from __future__ import annotations

import re
from decimal import Decimal

_SECONDS = {
    unit: Decimal(size)
    for unit, size in (("ms", "0.001"), ("s", 1), ("min", 60), ("h", 3600), ("d", 86_400))
}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|min|s|h|d)")


def plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def seconds(spelling: str) -> int | float:
    """`1h30min` → 5400."""
    total = Decimal(0)
    for amount, unit in _PART.findall(spelling):
        total += Decimal(amount) * _SECONDS[unit]
    return plain(total)


def number(spelling: str) -> int | float:
    return float(spelling) if "." in spelling else int(spelling)


def spell_number(value: int | float) -> str:
    """`1e-07` has no place in the language: `0.0000001` has."""
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")


def spell_duration(value: int | float) -> str:
    """5400 → `1h30min`."""
    rest = Decimal(repr(value)) * 1000
    if rest == 0:
        return "0s"
    if rest != rest.to_integral_value():
        return f"{spell_number(value)}s"
    words = []
    for unit, size in (
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("min", 60_000),
        ("s", 1000),
        ("ms", 1),
    ):
        amount, rest = divmod(rest, size)
        if amount:
            words.append(f"{int(amount)}{unit}")
    return "".join(words)
