"""What fits a declared type, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from flowlang import types
from flowlang.conformity import fits

TIER = types.OneOf(("gold", "silver"))
PERSON = types.RecordType((("name", types.TEXT), ("age", types.Named("integer", optional=True))))


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("gold", TIER),
        ("x", types.TEXT),
        (3, types.NUMBER),
        ("3.5", types.NUMBER),
        ("3", types.INTEGER),
        (True, types.BOOLEAN),
        ("false", types.BOOLEAN),
        (None, types.Named("text", optional=True)),
        (None, types.ANY),
        (["gold"], types.ListType(TIER)),
        ({"name": "Ada", "more": 1}, PERSON),
    ],
)
def test_fits(value: Any, wanted: types.Type) -> None:
    assert fits(value, wanted)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("bronze", TIER),
        (None, types.TEXT),
        (3, types.TEXT),
        ("three", types.NUMBER),
        (True, types.NUMBER),
        (2.5, types.INTEGER),
        ("yes", types.BOOLEAN),
        ("gold", types.ListType(TIER)),
        (["tin"], types.ListType(TIER)),
        ({"age": 3}, PERSON),
        ({"name": "Ada", "age": "old"}, PERSON),
    ],
)
def test_does_not_fit(value: Any, wanted: types.Type) -> None:
    assert not fits(value, wanted)
