"""How durations are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowlang.durations import spoken


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [
        (0, "0 seconds", "0초"),
        (1, "1 second", "1초"),
        (45.4, "45 seconds", "45초"),
        (59.6, "1 minute", "1분"),
        (89, "1 minute", "1분"),
        (90, "2 minutes", "2분"),
        (3_599, "1 hour", "1시간"),
        (3_900, "1 hour 5 minutes", "1시간 5분"),
        (86_399, "1 day", "1일"),
        (100_000, "1 day 4 hours", "1일 4시간"),
        ("120", "2 minutes", "2분"),
        (None, "", ""),
        ("many", "", ""),
        (-1, "", ""),
    ],
)
def test_as_people_say_them(seconds: object, english: str, korean: str) -> None:
    assert spoken(seconds, "en-US") == english
    assert spoken(seconds, "ko-KR") == korean


def test_in_other_languages_with_symbols_and_without_one_in_english() -> None:
    assert spoken(3_900, "fr-FR") == "1 h 5 min"
    assert spoken(3_900, "") == "1 hour 5 minutes"


@given(st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text()), st.text())
def test_anything_is_said_somehow(value: object, language: str) -> None:
    assert isinstance(spoken(value, language), str)
