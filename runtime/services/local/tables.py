"""Data tables: rows of the project, and what flows wrote over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from flowlang.limits import TABLE_ROWS_MAX
from flowlang.project import Table, rows_of
from flowlang.project.tables import typed
from runtime.services.asked import Question, Refused, Value
from runtime.services.local import fields as read
from runtime.services.local.records import Records

LIST_MAX = 500
LIST_USUAL = 100


@dataclass(frozen=True)
class _Table:
    name: str
    table: Table
    text: str | None
    """That of its file, if it has one."""

    @cached_property
    def rows(self) -> Mapping[str, Value]:
        """What it holds in the beginning, by key."""
        found = rows_of(self.table, self.text).found
        return {self.key(row): {**row, "lock_version": 1} for row in found}

    def key(self, row: Value) -> str:
        return orjson.dumps([row.get(column) for column in self.table.key]).decode()

    def read(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values as the columns have them."""
        found: dict[str, Any] = {}
        for column, value in values.items():
            type_ = self.table.columns.get(column)
            if type_ is None:
                raise Refused("unknown", f"the table {self.name} has no column {column}")
            if value == "":
                found[column] = None
                continue
            if type_ == "duration" and isinstance(value, int | float):
                found[column] = value
            elif (fitting := typed(value, type_)) is None:
                raise Refused("invalid", f"{column} of {self.name} is {type_}")
            else:
                found[column] = fitting
        return found


class Tables:
    def __init__(
        self, records: Records, tables: Mapping[str, Table], texts: Mapping[str, str]
    ) -> None:
        """`texts`: those of the tables' files, by table."""
        self.records = records
        self.tables = {name: _Table(name, table, texts.get(name)) for name, table in tables.items()}

    def answer(self, question: Question) -> Value:
        table = self._table(question)
        match question.operation:
            case "look_up":
                return self._look_up(table, question)
            case "list":
                return self._list(table, question)
            case "write":
                return self.records.change(question, lambda: self._write(table, question))
            case other:
                raise Refused("unknown", f"tables have no operation {other}")

    def _table(self, question: Question) -> _Table:
        name = read.text(question, "table")
        found = self.tables.get(name)
        if found is None:
            raise Refused("unknown", f"the project has no table {name}")
        return found

    def _look_up(self, table: _Table, question: Question) -> Value:
        wanted = table.read(read.fields(question, "key"))
        if not wanted:
            raise Refused("invalid", "look_up needs key")
        if set(wanted) == set(table.table.key):
            row = self._row(table, table.key(wanted))
            found = [row] if row else []
        else:
            found = self._matching(table, wanted)
        if not found:
            raise Refused("none_found", f"no row of {table.name} has these values")
        if len(found) > 1:
            raise Refused("multiple_found", f"{len(found)} rows of {table.name} have these values")
        return found[0]

    def _list(self, table: _Table, question: Question) -> Value:
        limit = question.arguments.get("limit", LIST_USUAL)
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= LIST_MAX:
            raise Refused("invalid", f"limit is 1 to {LIST_MAX}")
        found = self._matching(table, table.read(read.fields(question, "where")))
        return {"rows": found[:limit], "count": len(found)}

    def _write(self, table: _Table, question: Question) -> Value:
        key = table.read(read.fields(question, "key"))
        values = table.read(read.fields(question, "values"))
        if set(key) != set(table.table.key) or None in key.values():
            raise Refused("invalid", f"key of {table.name} is {', '.join(table.table.key)}")
        if any(column in key and key[column] != value for column, value in values.items()):
            raise Refused("invalid", "a key cannot be changed")
        before = self._row(table, table.key(key))
        version = before["lock_version"] if before else 0
        if before is None and self._size(table) >= TABLE_ROWS_MAX:
            raise Refused("failed", f"the table {table.name} is full: {TABLE_ROWS_MAX} rows")
        expected = question.arguments.get("lock_version")
        if expected is not None and str(expected) != str(version):
            raise Refused("invalid", f"the row is at version {version}, not {expected}")
        row = {**(before or {}), **key, **values}
        row = {column: value for column, value in row.items() if value is not None}
        row["lock_version"] = version + 1
        self.records.put(f"row {table.name}", table.key(key), row)
        return row

    def _size(self, table: _Table) -> int:
        """At most so many: a written row may stand for one of the beginning."""
        return len(table.rows) + self.records.size(f"row {table.name}")

    def _row(self, table: _Table, key: str) -> Value | None:
        return self.records.get(f"row {table.name}", key) or table.rows.get(key)

    def _matching(self, table: _Table, wanted: Mapping[str, Any]) -> list[Value]:
        written = {table.key(row): row for row in self.records.all(f"row {table.name}")}
        rows = {**table.rows, **written}.values()
        return [
            row for row in rows
            if all(row.get(column) == value for column, value in wanted.items())
        ]  # fmt: skip
