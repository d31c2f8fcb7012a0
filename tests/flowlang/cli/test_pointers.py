"""Pointers into JSON: from what a document says, and to where it stands."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowlang.cli.pointers import pointer_of, spans
from flowlang.interchange import native
from flowlang.places import Place
from flowlang.syntax import parse

FLOW = """\
# about
flow a
  channels voice
  on error -> hang_up

queue desk = "Desk"

start:
  play "Hello."
  transfer desk
    priority: 1
    on full -> hang_up
  -> hang_up
"""
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def members(value: Any, pointer: str = "") -> dict[str, Any]:
    found = {pointer: value}
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= members(inner, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found |= members(inner, f"{pointer}/{number}")
    return found


@given(VALUES, st.sampled_from([None, 0, 2]), st.booleans())
def test_every_value_is_found_where_it_stands(value: Any, indent: int, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    wanted = members(value)
    found = spans(text, wanted)
    assert found.keys() == wanted.keys()
    for pointer, (start, end) in found.items():
        if isinstance(wanted[pointer], list | dict):
            assert text[start:end] in ("[", "{")
        else:
            assert json.loads(text[start:end]) == wanted[pointer]


def test_what_is_not_there_has_no_place() -> None:
    text = '{"a": [1, 2], "b": '
    assert spans(text, ["/a/1", "/a/7", "/c"]) == {"/a/1": (10, 11)}
    assert spans("", ["", "/a"]) == {}
    assert spans("[" * 100_000, ["/0/0", ""]) == {"": (0, 1), "/0/0": (2, 3)}


def test_places_of_a_document_are_parts_of_its_json() -> None:
    document = parse(FLOW).document
    data = json.loads(native.write(document))
    for pointer, begins in (
        ("/items/0/settings/0", "channels"),
        ("/items/0/routes/0", "on error"),
        ("/items/1", "queue desk"),
        ("/items/2/body/0", "play"),
        ("/items/2/body/0/arguments/0", '"Hello."'),
        ("/items/2/body/1/arguments/1", "priority"),
        ("/items/2/body/1/routes/0", "on full"),
        ("/items/2/body/2", "\n  -> hang_up"),
    ):
        chunk = next(
            item.at.anchor for item in document.items if item.at and begins in item.at.anchor.text
        )
        start = chunk.text.rindex(begins) + begins.startswith("\n") * 3
        assert pointer_of(document, Place(chunk, start, start + 3)) == pointer
        assert pointer in members(data)
