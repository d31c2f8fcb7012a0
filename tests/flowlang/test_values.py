"""Expressions are total: whatever stands in the scope, they give a JSON value and end."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowlang.expressions import Expression
from flowlang.limits import STRING_BYTES_MAX
from flowlang.syntax.parser import parse
from flowlang.values import compile_expression, render

SCOPE: dict[str, Any] = {
    "tier": "gold",
    "count": 3,
    "pressed": "7",
    "none": None,
    "crm": {"balance": 120, "names": ["Ada", "Bo"]},
    "sfdc": {"x-y": "dashed"},
    "yes": True,
    "list": ["a", "b"],
}


def parse_expression(source: str) -> Expression:
    tree = parse(f"start:\n  set x: {source}\n")
    assert not tree.problems
    return tree.document.sections["start"].steps[0].arguments[0].value


def value_of(source: str) -> Any:
    return compile_expression(parse_expression(source))(SCOPE)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 / 4", 2.5),
        ("1 / 0", None),
        ("count + pressed", 10),
        ("tier + 1", None),
        ('"a" + "b"', "ab"),
        ("-count", -3),
        ('tier == "gold"', True),
        ('tier == "Gold"', False),
        ("pressed == 7", True),
        ("pressed > 10", False),
        ('"9" < "10"', True),
        ('"b" > "a"', True),
        ("none == none", True),
        ("none > 1", False),
        ('none == ""', False),
        ("missing", None),
        ("missing.deeper.still", None),
        ("crm.balance", 120),
        ('crm.names."1"', "Bo"),
        ("crm.names.0", "Ada"),
        ("crm.names.2", None),
        ("list.1", "b"),
        ("list.00", "a"),
        (f'list."{"9" * 5000}"', None),
        ("list.first", None),
        ("tier.0", None),
        ('sfdc."x-y"', "dashed"),
        ('missing else "x"', "x"),
        ('none else "last"', "last"),
        ("count else 1 + 1", 4),
        ('tier in ["gold", "silver"]', True),
        ('crm.names contains "Bo"', True),
        ('tier contains "ol"', True),
        ('tier starts_with "go" and tier ends_with "ld"', True),
        ("yes and not none", True),
        ("tier or yes", True),
        ("not tier", True),
        ("5min", 300),
        ("10%", 10),
        ('"{tier}: {crm.balance}"', "gold: 120"),
        ('"{none}"', ""),
        ("\"{missing else 'you'}\"", "you"),
    ],
)
def test_meaning(source: str, expected: Any) -> None:
    assert value_of(source) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (2.0, "2"),
        (2.5, "2.5"),
        (["a", 1], "a, 1"),
        ({"a": 1}, "a: 1"),
    ],
)
def test_rendering(value: Any, text: str) -> None:
    assert render(value) == text


def test_sums_that_leave_what_json_carries_end_as_nothing() -> None:
    assert value_of("999999999999999 * 10") is None


def test_long_texts_are_cut_at_a_whole_character() -> None:
    scope = {"text": "한" * STRING_BYTES_MAX}
    cut = compile_expression(parse_expression('"{text}"'))(scope)
    assert len(cut.encode()) <= STRING_BYTES_MAX
    assert set(cut) == {"한"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
operators = st.sampled_from(
    ["+", "-", "*", "/", "==", "!=", "<", ">=", "contains", "starts_with", "and", "or"]
)


@given(json_values, json_values, operators)
def test_every_operator_takes_every_value(left: Any, right: Any, operator: str) -> None:
    closure = compile_expression(parse_expression(f"a {operator} b"))
    orjson.dumps(closure({"a": left, "b": right}), option=orjson.OPT_SERIALIZE_NUMPY)
