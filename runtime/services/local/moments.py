"""Days, times of day and spans of time as people write them, in English and Korean."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, time, timedelta

from runtime.services.local.numbers import find_number

_FULL = re.compile(r"(\d{4})\s*(?:-|/|\.|년)\s*(\d{1,2})\s*(?:-|/|\.|월)\s*(\d{1,2})")
_KOREAN_DAY = re.compile(r"(\d{1,2})\s*월\s*(\d{1,2})\s*일")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_ENGLISH_DAY = re.compile(
    rf"\b{_MONTH}\s+(\d{{1,2}})|(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}"
)
_AHEAD = {
    "오늘": 0, "today": 0, "내일": 1, "tomorrow": 1, "모레": 2, "글피": 3, "어제": -1,
    "yesterday": -1,
}  # fmt: skip

_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})\s*(am|pm)?")
_HOUR = re.compile(r"\b(\d{1,2})\s*(am|pm)\b")
_KOREAN_HOUR = re.compile(
    r"(오전|오후|아침|저녁|밤|낮)?\s*(\d{1,2}|[가-힣]{1,3})\s*시(?!간)\s*(?:(\d{1,2})\s*분|(반))?"
)
_AFTERNOON = ("오후", "저녁", "밤", "낮", "pm")

_UNITS = {
    "초": 1, "sec": 1, "분": 60, "min": 60, "시간": 3600, "hour": 3600, "일": 86_400,
    "day": 86_400, "주": 604_800, "week": 604_800,
}  # fmt: skip
_SPAN = re.compile(rf"(\d+(?:\.\d+)?)\s*({'|'.join(_UNITS)})")


def find_date(text: str, today: date | None) -> str | None:
    """The day in a text. A day without a year is the next one; that, and `tomorrow`, can only be
    said when `today` is known."""
    text = text.casefold()
    if found := _FULL.search(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if today is None:
        return None
    for word, ahead in _AHEAD.items():
        if word in text:
            return (today + timedelta(days=ahead)).isoformat()
    month_day = None
    if found := _KOREAN_DAY.search(text):
        month_day = int(found[1]), int(found[2])
    elif found := _ENGLISH_DAY.search(text):
        month_day = _MONTHS[found[1] or found[4]], int(found[2] or found[3])
    if month_day is None:
        return None
    this_year = _date(today.year, *month_day)
    past = this_year is not None and this_year < today.isoformat()
    return _date(today.year + 1, *month_day) if past else this_year


def _date(year: int, month: int, day: int) -> str | None:
    with suppress(ValueError):
        return date(year, month, day).isoformat()
    return None


def find_time(text: str) -> str | None:
    text = text.casefold()
    if found := _CLOCK.search(text):
        return _time(int(found[1]), int(found[2]), found[3] or "")
    if found := _HOUR.search(text):
        return _time(int(found[1]), 0, found[2])
    for found in _KOREAN_HOUR.finditer(text):
        hour = find_number(f"{found[2]} 시")
        if hour is not None:
            minute = 30 if found[4] else int(found[3] or 0)
            return _time(int(hour), minute, found[1] or "")
    return None


def _time(hour: int, minute: int, half: str) -> str | None:
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in ("오전", "am") and hour == 12:
        hour = 0
    with suppress(ValueError):
        return time(hour, minute).strftime("%H:%M")
    return None


def find_duration(text: str) -> float | None:
    """In seconds."""
    found = _SPAN.findall(text.casefold())
    return sum(float(number) * _UNITS[unit] for number, unit in found) if found else None
