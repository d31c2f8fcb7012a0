"""Data tables: rows in the project file and in CSV files."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowlang.limits import TABLE_FAULTS_SHOWN_MAX, TABLE_ROWS_MAX
from flowlang.project import FILE_NAME, Table, Texts, read, rows_of

from .conftest import Found, problems_of

START = 'name = "Shop"\n[tables.Branches]\nkey = ["code"]\n'
COLUMNS = 'columns = { code = "text", staff = "integer", opened = "date" }\n'


def table(columns: dict[str, str], **more: Any) -> Table:
    return Table.model_validate({"columns": columns, "key": [next(iter(columns))], **more})


@pytest.mark.parametrize(
    ("type_", "cell", "value"),
    [
        ("text", "Seoul", "Seoul"),
        ("integer", "12", 12),
        ("integer", "-3", -3),
        ("number", "2.50", 2.5),
        ("boolean", "TRUE", True),
        ("boolean", "false", False),
        ("duration", "1h30min", 5400),
        ("date", "2020-03-02", "2020-03-02"),
        ("time", "09:30", "09:30"),
        ("phone", "+8215880000", "+8215880000"),
        ("email", "a@b.kr", "a@b.kr"),
    ],
)
def test_a_cell_has_the_type_of_its_column(type_: str, cell: str, value: Any) -> None:
    rows = rows_of(table({"key": "text", "cell": type_}), f'key,cell\nx,"{cell}"\n')
    assert (rows.found, rows.faults) == ([{"key": "x", "cell": value}], [])


@pytest.mark.parametrize(
    ("type_", "cell"),
    [
        ("integer", "2.5"),
        ("integer", "twelve"),
        ("number", "1e5"),
        ("boolean", "yes"),
        ("duration", "5"),
        ("date", "2.3.2020"),
        ("date", "2026-02-30"),
        ("time", "25:00"),
        ("phone", "1588-0000"),
        ("email", "nobody"),
    ],
)
def test_a_cell_that_does_not_fit(type_: str, cell: str) -> None:
    rows = rows_of(table({"key": "text", "cell": type_}), f"key,cell\nx,{cell}\n")
    (fault,) = rows.faults
    assert (fault.reason, fault.row, fault.column, fault.value) == ("", 1, "cell", cell)
    assert rows.found == [{"key": "x"}]


def test_values_of_toml_are_of_their_type_too() -> None:
    text = START + COLUMNS + 'rows = [{ code = "S1", staff = 12, opened = 2020-03-02 }]\n'
    project, problems = read(text)
    assert project is not None
    assert not problems
    assert rows_of(project.tables["Branches"]).found == [
        {"code": "S1", "staff": 12, "opened": "2020-03-02"}
    ]
    for wrong in ("staff = true", 'staff = "many"', "opened = 2020-03-02T09:00:00"):
        rows = START + COLUMNS + f'rows = [{{ code = "S1", {wrong} }}]\n'
        assert [problem.code for problem in read(rows)[1]] == ["FL526"]


def reasons(found: Found) -> list[tuple[str, object]]:
    return [(problem.code, problem.arguments["reason"]) for _, problem in found]


def test_rows_and_columns_that_do_not_fit_together() -> None:
    text = START + COLUMNS + 'file = "b.csv"\n'

    def found(csv: str) -> list[tuple[str, object]]:
        return reasons(problems_of({FILE_NAME: text, "b.csv": csv}))

    assert found("code,staff\nS1,3\nS2,\n") == []
    assert found("code,staf\nS1,3\n") == [("FL526", "column")]
    assert found("code,staff\nS1,3\nS1,4\n") == [("FL526", "twice")]
    assert found("code,staff\n,3\n") == [("FL526", "missing")]
    assert found("code,staff\nS1\n") == [("FL526", "shape")]
    assert found("staff\n3\n") == [("FL526", "missing")]


def test_too_many_rows_are_told_and_not_read() -> None:
    lines = "\n".join(map(str, range(TABLE_ROWS_MAX + 5)))
    rows = rows_of(table({"n": "integer"}), f"n\n{lines}\n")
    assert [fault.reason for fault in rows.faults] == ["many"]
    assert len(rows.found) == TABLE_ROWS_MAX


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_file_of_another_form_is_told_in_short(more: int) -> None:
    text = START + COLUMNS + 'file = "b.csv"\n'
    bad = "".join(f"S{n},many\n" for n in range(TABLE_FAULTS_SHOWN_MAX + more))
    found = problems_of({FILE_NAME: text, "b.csv": f"code,staff\n{bad}"})
    assert len(found) == min(TABLE_FAULTS_SHOWN_MAX, TABLE_FAULTS_SHOWN_MAX + more)


def test_a_file_that_is_no_text() -> None:
    class Binary(Texts):
        def text(self, name: str) -> str | None:
            return None

    text = START + COLUMNS + 'file = "b.csv"\n'
    _, problems = read(text, files=Binary({"b.csv": ""}))
    assert [problem.code for problem in problems] == ["FL527"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (COLUMNS + 'file = "gone.csv"\n', "FL358"),
        (COLUMNS + 'file = "b.csv"\nrows = [{ code = "x" }]\n', "FL356"),
        ('columns = { name = "text" }\n', "FL357"),
        ('columns = { code = "money" }\n', "FL356"),
        ("columns = {}\n", "FL356"),
    ],
)
def test_a_table_that_is_none(more: str, code: str) -> None:
    _, problems = read(START + more, files=Texts({}))
    assert [problem.code for problem in problems] == [code]


@given(st.text(max_size=60))
def test_no_file_is_too_odd(text: str) -> None:
    rows_of(table({"a": "integer", "b": "date"}), text)
