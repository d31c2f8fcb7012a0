"""Offsets and the protocol's positions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp

from flowlang.lsp.positions import Encoding, Lines, changed

TEXTS = st.text(alphabet="ab 가🙂\n\r\u2028\x0b", max_size=30)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])


@given(TEXTS, ENCODINGS)
def test_there_and_back(text: str, encoding: Encoding) -> None:
    lines = Lines(text, encoding)
    for offset in range(len(text) + 1):
        if text[max(offset - 1, 0) : offset + 1] != "\r\n":
            assert lines.offset(lines.position(offset)) == offset


@given(TEXTS, TEXTS, ENCODINGS, st.data())
def test_a_change_is_what_the_editor_did(
    text: str, typed: str, encoding: Encoding, data: st.DataObject
) -> None:
    inside = [i for i in range(len(text) + 1) if text[max(i - 1, 0) : i + 1] != "\r\n"]
    start = data.draw(st.sampled_from(inside))
    end = data.draw(st.sampled_from([i for i in inside if i >= start]))
    change = lsp.TextDocumentContentChangePartial(Lines(text, encoding).range(start, end), typed)
    assert changed(text, change, encoding) == text[:start] + typed + text[end:]


@pytest.mark.parametrize(("line", "character"), [(0, 99), (9, 0), (1, 99)])
def test_beyond_the_end(line: int, character: int) -> None:
    lines = Lines("ab\r\ncd", "utf-16")
    assert lines.offset(lsp.Position(line, character)) == (2 if line == 0 else 6)


def test_inside_of_a_character() -> None:
    assert Lines("🙂a", "utf-16").offset(lsp.Position(0, 1)) == 0
