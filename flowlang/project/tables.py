"""The rows of a data table: from the project file, or from a CSV file beside it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal

from flowlang.limits import TABLE_ROWS_MAX
from flowlang.project.model import ColumnType, Table
from flowlang.syntax.units import seconds

Row = Mapping[str, Any]
"""By column, a plain JSON value; what is empty is not there."""
Reason = Literal["", "column", "missing", "twice", "many", "shape"]
_DURATION = re.compile(r"(\d+(\.\d+)?(ms|min|s|h|d))+")
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "phone": re.compile(r"\+[1-9]\d{6,14}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
}
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with one row. Rows count from 1."""

    reason: Reason
    row: int = 0
    column: str = ""
    value: str = ""
    type: str = ""
    other: int = 0


@dataclass(slots=True)
class Rows:
    found: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def rows_of(table: Table, text: str | None = None) -> Rows:
    """The rows of a table; `text` is that of its file, if it has one."""
    rows = Rows()
    raw = table.rows if text is None else list(_lines(text, table, rows))
    if len(raw) > TABLE_ROWS_MAX:
        rows.faults.append(Fault(reason="many", row=TABLE_ROWS_MAX))
    seen: dict[tuple[Any, ...], int] = {}
    for number, values in enumerate(raw[:TABLE_ROWS_MAX], 1):
        row = dict(_typed(values, number, table, rows.faults))
        key = tuple(row.get(column) for column in table.key)
        missing = [column for column in table.key if values.get(column, "") == ""]
        if missing:
            rows.faults.append(Fault(reason="missing", row=number, column=missing[0]))
        elif key in seen and None not in key:
            rows.faults.append(Fault(reason="twice", row=number, other=seen[key]))
        seen.setdefault(key, number)
        rows.found.append(row)
    return rows


def _lines(text: str, table: Table, rows: Rows) -> Iterator[Mapping[str, Any]]:
    lines = csv.reader(io.StringIO(text))
    try:
        header = [name.strip() for name in next(lines, [])]
        for name in header:
            if name not in table.columns:
                rows.faults.append(Fault(reason="column", column=name))
        for number, cells in enumerate(filter(None, lines), 1):
            if len(cells) != len(header):
                rows.faults.append(Fault(reason="shape", row=number))
            yield {
                name: cell
                for name, cell in zip(header, cells, strict=False)
                if name in table.columns and cell != ""
            }
    except csv.Error:
        rows.faults.append(Fault(reason="shape", row=lines.line_num))


def _typed(
    values: Mapping[str, Any], number: int, table: Table, faults: list[Fault]
) -> Iterator[tuple[str, Any]]:
    for column, value in values.items():
        type_ = table.columns.get(column)
        if type_ is None:
            faults.append(Fault(reason="column", row=number, column=column))
            continue
        found = typed(value, type_)
        if found is None:
            spelled = value if isinstance(value, str) else str(value)
            faults.append(Fault(reason="", row=number, column=column, value=spelled, type=type_))
        else:
            yield column, found


def typed(value: Any, type_: ColumnType) -> Any:
    """A cell as a plain JSON value of its column's type; None: it does not fit."""
    match type_, value:
        case "text", str():
            return value
        case "phone" | "email", str():
            return value if _PATTERNS[type_].fullmatch(value) else None
        case "boolean", bool():
            return value
        case "boolean", str():
            return _TRUTH.get(value.lower())
        case "integer" | "number" | "duration", bool():
            return None
        case "integer", int():
            return value
        case "number", int() | float():
            return value
        case "integer" | "number", str():
            return _number(value, type_)
        case "duration", str():
            return seconds(value) if _DURATION.fullmatch(value) else None
        case "date", date() if not isinstance(value, datetime):
            return value.isoformat()
        case "time", time():
            return value.isoformat("minutes")
        case "date" | "time", str():
            return _moment(value, type_)
        case _:
            return None


def _number(text: str, type_: ColumnType) -> int | float | None:
    if re.fullmatch(r"[+-]?\d{1,15}", text):
        return int(text)
    if type_ == "number" and re.fullmatch(r"[+-]?\d{1,15}\.\d{1,15}", text):
        return float(text)
    return None


def _moment(text: str, type_: ColumnType) -> str | None:
    try:
        if type_ == "date":
            return date.fromisoformat(text).isoformat()
        return time.fromisoformat(text).isoformat("minutes")
    except ValueError:
        return None
