"""Fixes that touch each other wait for the next round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowlang.cli.fixing import apply
from flowlang.diagnostics import Fix, Rewrite
from flowlang.places import Anchor, Place


def fix(*edits: tuple[int, int, str]) -> Fix:
    anchor = Anchor("")
    rewrites = (Rewrite(Place(anchor, start, end), text) for start, end, text in edits)
    return Fix(title="x", rewrites=tuple(rewrites))


@pytest.mark.parametrize(
    ("fixes", "expected", "count"),
    [
        ([], "abcdef", 0),
        ([fix((1, 2, "X")), fix((3, 3, "Y"))], "aXcYdef", 2),
        ([fix((1, 3, "X")), fix((2, 4, "Y"))], "aXdef", 1),
        ([fix((1, 3, "X")), fix((3, 4, "Y"))], "aXYef", 2),
        ([fix((2, 2, "X")), fix((2, 2, "Y"))], "abXcdef", 1),
        ([fix((4, 5, "X"), (0, 1, "Y")), fix((4, 6, "Z")), fix((1, 2, "W"))], "YWcdXf", 2),
    ],
)
def test_fixes(fixes: list[Fix], expected: str, count: int) -> None:
    assert apply("abcdef", fixes) == (expected, count)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.text(max_size=3))))
def test_each_is_carried_out_whole_or_not(edits: list[tuple[int, int, str]]) -> None:
    fixes = [fix((min(a, b), max(a, b), text)) for a, b, text in edits]
    source = "abcdefghijklmnopqrstu"
    text, count = apply(source, fixes)
    assert count <= len(fixes)
    assert (count == 0) == (not fixes)
    if count == len(fixes):
        change = sum(len(edit.text) - (edit.end - edit.start) for it in fixes for edit in it.edits)
        assert len(text) == len(source) + change
