"""Conditions as a subject, an operator and a value."""

from functools import cache

import pytest

from blocks.catalogue import catalogue
from designer.forms.conditions import Condition, condition_of
from flowlang import types
from flowlang.interchange.values import read_port
from flowlang.syntax import spelling
from flowlang.syntax.parser import parse
from flowlang.wiring import Wiring, wire

FLOW = """\
flow demo

attribute tier: "gold" | "silver" = "gold"
attribute limit: number = 50
attribute city: text = "Seoul"
attribute vip: boolean = false
"""


@cache
def wiring() -> Wiring:
    return wire(parse(FLOW).document, catalogue())


def read(port: str, compared: types.Type | None = None) -> Condition | None:
    return condition_of(read_port(port), compared, wiring())


@pytest.mark.parametrize(
    ("port", "subject", "operator", "value"),
    [
        ('when tier == "gold"', "tier", "==", "gold"),
        ("when limit > 20", "limit", ">", "20"),
        ("when limit <= limit", "limit", "<=", "limit"),
        ('when city starts_with "Se"', "city", "starts_with", "Se"),
        ('when city == "{tier} town"', "city", "==", "{tier} town"),
        ("when vip == true", "vip", "==", "true"),
        ('when caller.number == "+82101"', "caller.number", "==", "+82101"),
        ("> 100", None, ">", "100"),
    ],
)
def test_a_condition_is_taken_apart_and_put_together(
    port: str, subject: str | None, operator: str, value: str
) -> None:
    found = read(port, types.NUMBER)
    assert found is not None
    assert (found.subject, found.operator, found.value) == (subject, operator, value)
    assert spelling.port(read_port(found.port())) == port


@pytest.mark.parametrize(
    "port", ['when tier == "gold" and limit > 5', "when not vip", "when vip", "when 5 < limit"]
)
def test_what_is_more_than_that_stays_a_text(port: str) -> None:
    assert read(port) is None


def test_operators_and_values_go_by_the_type() -> None:
    tier = read('when tier == "gold"')
    assert tier is not None
    assert tuple(tier.operators) == ("==", "!=")
    assert tuple(tier.choices) == ("gold", "silver")
    city = tier.changed(wiring(), subject="city")
    assert "contains" in city.operators
    assert city.choices == ()
    limit = read("when limit > 20")
    assert limit is not None
    assert limit.changed(wiring(), subject="tier").operator == "==", "texts are in no order"


def test_a_new_one_is_whole_once_it_says_something() -> None:
    new = read("when false")
    assert new is not None
    assert not new.is_whole
    named = new.changed(wiring(), subject="limit")
    assert not named.is_whole
    assert named.changed(wiring(), value="3").port() == "when limit == 3"
