"""What customers key in or write, and whether it is what was asked for."""

from __future__ import annotations

import re
from datetime import date

from blocks.common import phones

KEYS_MAX = 20
_MEANINGS = {"9": "[0-9]", "A": r"[^\W\d_]", "*": ".", "?": "?"}


def known_pattern(pattern: str) -> str:
    """For pydantic: a pattern whose `?` has something to stand behind."""
    if pattern.startswith("?") or "??" in pattern:
        raise ValueError("? stands behind a character")
    return pattern


def keyed(keys: str, end_with: str, cancels: bool) -> str:
    """What was keyed in, without the keys that end it and take it back."""
    keys = keys.removesuffix(end_with)
    return keys.rpartition("*")[2] if cancels and "*" not in end_with else keys


def accepted(
    answer: str, *, phone: str = "", digits_max: int = 0, pattern: str = "", expect: str = ""
) -> str | float | None:
    """The value of an answer, or None if it is not what was asked for."""
    if phone:
        return phones.complete(answer, phone)
    if digits_max:
        answer = re.sub(r"[\s.-]", "", answer)
        if len(answer) > digits_max or not re.fullmatch(r"[0-9*#]+", answer):
            return None
    if pattern and not _expression(pattern).fullmatch(answer):
        return None
    match expect:
        case "number":
            return _number(answer)
        case "date":
            return _date(answer)
        case _:
            return answer


def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_MEANINGS.get(char) or re.escape(char) for char in pattern))


def _number(answer: str) -> float | None:
    """A number as people key it in (`*` for the point) or write it."""
    text = answer.replace("*", ".").replace(",", "")
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", text):
        return None
    number = float(text)
    return int(number) if number.is_integer() else number


def _date(answer: str) -> str | None:
    digits = re.sub(r"[\s./-]", "", answer)
    if not re.fullmatch(r"[0-9]{8}", digits):
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return None
