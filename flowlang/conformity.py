"""Whether a value that came from outside is of the type that the flow declares for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flowlang import types
from flowlang.values import number


def fits(value: Any, wanted: types.Type) -> bool:
    """Texts that spell a number are numbers: functions behind Amazon Connect answer in texts."""
    if value is None:
        return wanted.optional or _is_any(wanted)
    match wanted:
        case types.OneOf(values=values):
            return value in values
        case types.ListType(item=item):
            return isinstance(value, list) and all(fits(each, item) for each in value)
        case types.RecordType(fields=fields):
            return isinstance(value, Mapping) and fit(value, dict(fields))
        case types.Named(name="number" | "duration" | "percent"):
            return number(value) is not None
        case types.Named(name="integer"):
            return isinstance(number(value), int)
        case types.Named(name="boolean"):
            return isinstance(value, bool) or value in ("true", "false")
        case types.Named(name="any" | "json"):
            return True
        case _:
            return isinstance(value, str)


def fit(values: Mapping[str, Any], wanted: Mapping[str, types.Type]) -> bool:
    """Whether everything that is declared is there, as declared; more than that does no harm."""
    return all(fits(values.get(key), type_) for key, type_ in wanted.items())


Fitting = Callable[[Mapping[str, Any]], bool]


def fitting(wanted: Mapping[str, types.Type]) -> Fitting:
    """`fit`, for values that come again and again."""
    texts = [key for key, type_ in wanted.items() if type_ == types.TEXT]
    others = {key: type_ for key, type_ in wanted.items() if type_ != types.TEXT}

    def is_fit(values: Mapping[str, Any]) -> bool:
        for key in texts:
            if not isinstance(values.get(key), str):
                return False
        return not others or fit(values, others)

    return is_fit


def _is_any(wanted: types.Type) -> bool:
    return isinstance(wanted, types.Named) and wanted.name in ("any", "json")
