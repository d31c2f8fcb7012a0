"""Values of Connect's JSON: most are strings, whatever they stand for."""

from __future__ import annotations

from typing import Any


def scalar(value: Any) -> str | None:
    """A scalar as Connect spells it: a string; None for what is no scalar."""
    match value:
        case str():
            return value
        case bool():
            return "True" if value else "False"
        case int() | float():
            return repr(value)
        case _:
            return None


def canonical(value: Any) -> Any:
    """A parameter with its scalars as strings; how a boolean is capitalised does not matter."""
    match value:
        case dict():
            return {key: canonical(item) for key, item in value.items()}
        case list() | tuple():
            return [canonical(item) for item in value]
        case bool():
            return "true" if value else "false"
        case str() if value in ("True", "False", "TRUE", "FALSE"):
            return value.lower()
        case int() | float():
            return repr(value)
        case _:
            return value
