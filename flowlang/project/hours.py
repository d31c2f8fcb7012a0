"""Opening hours: a week, and the days that are not like the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

DAYS_AHEAD_MAX = 400
"""Who does not open within this time does not open."""

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*(?:([01]\d|2[0-3]):([0-5]\d)|(24:00))")


class Span(NamedTuple):
    """From one time to another, which may be on the next day: `22:00-02:00`."""

    start: time
    end: time

    def on(self, day: date) -> tuple[datetime, datetime]:
        """The wall clock at its beginning and end."""
        start, end = datetime.combine(day, self.start), datetime.combine(day, self.end)
        return start, end if end > start else end + timedelta(days=1)


def read_span(value: Any) -> Any:
    if isinstance(value, Span):
        return value
    found = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("span", "not a span of time")
    start_hour, start_minute, end_hour, end_minute, midnight = found.groups()
    end = time() if midnight else time(int(end_hour), int(end_minute))
    return Span(time(int(start_hour), int(start_minute)), end)


def read_zone(value: Any) -> Any:
    if not is_zone(value):
        raise PydanticCustomError("zone", "not a time zone")
    return value


def is_zone(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def is_list_of(kind: type, value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _name_the_unnamed(value: Any) -> Any:
    """A list of days is a table of days without names."""
    return dict.fromkeys(value, "") if is_list_of(date, value) else value


Spans = tuple[Annotated[Span, BeforeValidator(read_span)], ...]
Zone = Annotated[str, BeforeValidator(read_zone)]


class Hours(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    timezone: Zone = "UTC"
    mon: Spans = ()
    tue: Spans = ()
    wed: Spans = ()
    thu: Spans = ()
    fri: Spans = ()
    sat: Spans = ()
    sun: Spans = ()
    holidays: Annotated[dict[date, str], BeforeValidator(_name_the_unnamed)] = {}
    """Days on which it is closed, with their names."""
    special: dict[date, Spans] = {}
    """Days with hours of their own. They count before holidays and the week."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def is_open(self, at: datetime) -> bool:
        clock = self._clock(at)
        return any(start <= clock < end for start, end in self._around(clock.date()))

    def next_open(self, at: datetime) -> datetime | None:
        """When it is open next: at once if it is open, None if it stays closed."""
        if self.is_open(at):
            return at
        clock = self._clock(at)
        for ahead in range(DAYS_AHEAD_MAX):
            starts = [start for start, _ in self._on(clock.date() + timedelta(days=ahead))]
            later = [self._moment(start) for start in starts if start > clock]
            if later:
                return min(later)
        return None

    def spans(self, day: date) -> Spans:
        if day in self.special:
            return self.special[day]
        if day in self.holidays:
            return ()
        week = (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)
        return week[day.weekday()]

    def _clock(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None)

    def _moment(self, clock: datetime) -> datetime:
        """The moment of a wall clock; one that is skipped in spring is an hour later."""
        return clock.replace(tzinfo=self.zone).astimezone(UTC).astimezone(self.zone)

    def _around(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """What may be open on a day, the night before included."""
        yield from self._on(day - timedelta(days=1))
        yield from self._on(day)

    def _on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        return (span.on(day) for span in self.spans(day))
