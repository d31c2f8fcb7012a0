"""Whether a value that a test or a person gives has the type that was declared for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowlang import types
from flowlang.types import Type
from flowlang.values import number


def fits(value: Any, wanted: Type) -> bool:
    if value is None:
        return wanted.optional
    match wanted:
        case types.OneOf(values=values):
            return value in values
        case types.ListType(item=item):
            return isinstance(value, list) and all(fits(each, item) for each in value)
        case types.RecordType(fields=fields):
            return isinstance(value, Mapping) and all(
                (name in value and fits(value[name], each)) or each.optional
                for name, each in fields
            )
        case types.Named(name="boolean"):
            return isinstance(value, bool)
        case types.Named(name="integer"):
            return isinstance(value, int) and not isinstance(value, bool)
        case types.Named(name="number" | "duration" | "percent"):
            return number(value) is not None and not isinstance(value, str)
        case types.Named(name="any" | "json"):
            return True
        case _:
            return isinstance(value, str)
