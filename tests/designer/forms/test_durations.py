"""Durations as an amount and a unit."""

import pytest

from designer.forms.durations import Duration, default_amount, duration_of, written_duration
from flowlang import expressions as ex
from flowlang.interchange.values import read_value


@pytest.mark.parametrize(
    ("source", "amount", "unit"),
    [
        ("30s", "30", "s"),
        ("90s", "90", "s"),
        ("1.5h", "1.5", "h"),
        ("500ms", "500", "ms"),
        ("1h30min", "1h30min", ""),
        ("wait_for", "wait_for", ""),
    ],
)
def test_a_duration_is_shown_and_written_back(source: str, amount: str, unit: str) -> None:
    found = duration_of(read_value({"is": source}), 5)
    assert found == Duration(amount, unit)
    assert written_duration(found.amount, found.unit) == source


def test_nothing_shows_the_unit_of_the_default() -> None:
    assert duration_of(None, 300) == Duration("", "min")
    assert default_amount(300) == "5"
    assert duration_of(None, None) == Duration("", "s")


def test_what_is_typed_may_say_its_unit_itself() -> None:
    assert written_duration(" 5 ", "min") == "5min"
    assert written_duration("90s", "min") == "90s"
    assert written_duration("5", "") == "5s"


def test_a_value_without_spelling_gets_the_unit_that_fits() -> None:
    assert duration_of(ex.Literal(300, "duration"), 5) == Duration("5", "min")
