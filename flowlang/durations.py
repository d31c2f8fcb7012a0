"""Durations as people say them: nobody hears that the wait is 130 seconds."""

from __future__ import annotations

from flowlang.values import number

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_UNITS = {
    "en": (" day", " hour", " minute", " second"),
    "ko": ("일", "시간", "분", "초"),
    "": (" d", " h", " min", " s"),
}
"""By language; symbols where we do not know the words."""


def spoken(value: object, language: str) -> str:
    """A number of seconds in words of the language: to the second below a minute, to the minute
    below a day, and to the hour above. Empty if it is none."""
    found = number(value)
    if found is None or found < 0:
        return ""
    tongue = language.partition("-")[0]
    names = _UNITS.get(tongue, _UNITS[""]) if tongue else _UNITS["en"]
    parts = [
        _counted(count, name, in_english=names is _UNITS["en"])
        for count, name in zip(_parts(found), names, strict=True)
        if count
    ]
    return " ".join(parts) or _counted(0, names[-1], in_english=names is _UNITS["en"])


def _parts(seconds: float) -> tuple[int, int, int, int]:
    """Days, hours, minutes and seconds, as far as they are worth saying."""
    whole = round(seconds)
    if whole < _MINUTE:
        return 0, 0, 0, whole
    whole = _nearest(whole, _MINUTE)
    if whole >= _DAY:
        whole = _nearest(whole, _HOUR)
    days, rest = divmod(whole, _DAY)
    hours, rest = divmod(rest, _HOUR)
    return days, hours, rest // _MINUTE, 0


def _nearest(seconds: int, unit: int) -> int:
    return (seconds + unit // 2) // unit * unit


def _counted(count: int, name: str, *, in_english: bool) -> str:
    return f"{count}{name}{'s' if in_english and count != 1 else ''}"
