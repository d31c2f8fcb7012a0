"""What questions bring, read with care: whatever does not fit is refused with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from runtime.services.asked import Question, Refused

FIELDS_MAX = 64
TEXT_CHARACTERS_MAX = 4_096
_NAME = re.compile(r"[^\W\d]\w{0,63}")
Scalar = str | int | float | bool


def text(question: Question, name: str, *, needed: bool = True, characters_max: int = 512) -> str:
    value = question.arguments.get(name)
    if value is None or value == "":
        if needed:
            raise Refused("invalid", f"{question.operation} needs {name}")
        return ""
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise Refused("invalid", f"{name} is a text")
    if len(str(value)) > characters_max:
        raise Refused("invalid", f"{name} is longer than {characters_max} characters")
    return str(value)


def flag(question: Question, name: str) -> bool:
    value = question.arguments.get(name, False)
    if not isinstance(value, bool):
        raise Refused("invalid", f"{name} is true or false")
    return value


def fields(
    question: Question, name: str = "fields", *, kept: Sequence[str] = (), nested: bool = False
) -> dict[str, Any]:
    """Names and plain values; `kept` are names that nobody sets by hand. Where fields are
    `nested`, a value can be names and plain values too."""
    given = question.arguments.get(name, {})
    if not isinstance(given, Mapping):
        raise Refused("invalid", f"{name} are names and values")
    return _plain(given, name, kept, nested=nested)


def _plain(
    given: Mapping[str, Any], of: str, kept: Sequence[str], *, nested: bool
) -> dict[str, Any]:
    if len(given) > FIELDS_MAX:
        raise Refused("invalid", f"{of} are more than {FIELDS_MAX}")
    found: dict[str, Any] = {}
    for key, value in given.items():
        if not _NAME.fullmatch(key) or key in kept:
            raise Refused("invalid", f"{key} cannot be set")
        if nested and isinstance(value, Mapping):
            found[key] = without_empty(_plain(value, key, (), nested=False))
        elif value is None:
            found[key] = ""
        elif not isinstance(value, str | int | float | bool):
            raise Refused("invalid", f"{key} is a text, a number, true or false")
        elif len(str(value)) > TEXT_CHARACTERS_MAX:
            raise Refused("invalid", f"{key} is longer than {TEXT_CHARACTERS_MAX} characters")
        else:
            found[key] = value
    return found


def without_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value != ""}


def moment(question: Question, name: str) -> datetime | None:
    value = question.arguments.get(name)
    if value is None or value == "":
        return None
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refused("invalid", f"{name} is no moment such as 2026-01-05T10:00+09:00") from None
    # Without a zone it is meant where the question is asked.
    return found if found.tzinfo else found.replace(tzinfo=question.at.tzinfo)


def alike(value: Scalar) -> str:
    """How values are compared: without what people write differently."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return f"{value:g}"
    if re.fullmatch(r"\+?[\d\s().-]{7,24}", value) and (digits := re.sub(r"[^\d+]", "", value)):
        return digits
    return " ".join(value.casefold().split())
