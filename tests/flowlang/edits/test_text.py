"""Edits of plain text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowlang.diagnostics import Edit
from flowlang.edits import apply, difference, inverse

texts = st.text(alphabet="ab\n한", max_size=30)


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...]]:
    source = draw(texts)
    marks = sorted(draw(st.lists(st.integers(0, len(source)), max_size=8)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return source, tuple(Edit(start=start, end=end, text=draw(texts)) for start, end in pairs)


@given(edited_texts())
def test_an_inverse_takes_edits_back(case: tuple[str, tuple[Edit, ...]]) -> None:
    source, edits = case
    after = apply(source, edits)
    back = inverse(edits, source)
    assert apply(after, back) == source
    assert apply(source, inverse(back, after)) == after


@given(texts, texts)
def test_a_difference_makes_one_text_of_the_other(old: str, new: str) -> None:
    assert apply(old, difference(old, new)) == new


def test_a_difference_leaves_alone_what_is_shared() -> None:
    (edit,) = difference("one two three", "one 2 three")
    assert edit == Edit(start=4, end=7, text="2")
    assert difference("aa", "aaa") == (Edit(start=2, end=2, text="a"),)
