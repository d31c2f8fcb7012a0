"""Outcomes that a person names."""

import pytest

from designer.forms.ports import proposed_port, shown_port, written_port
from flowlang import types
from flowlang.block import Ports

KEYS = Ports(values=types.TEXT)
TIERS = Ports(values=types.OneOf(("gold", "silver")), conditions=True)
AMOUNTS = Ports(values=types.Named("number"), conditions=True)


@pytest.mark.parametrize(
    ("ports", "typed", "port"),
    [
        (KEYS, "1", '"1"'),
        (KEYS, ' "1" ', '"1"'),
        (KEYS, 'a "b"', '"a \\"b\\""'),
        (TIERS, "gold", '"gold"'),
        (TIERS, 'when caller.number == "1"', 'when caller.number == "1"'),
        (AMOUNTS, "100", "100"),
        (AMOUNTS, "> 100", "> 100"),
        (AMOUNTS, "otherwise", "otherwise"),
        (Ports(values=types.ANY), "12", "12"),
        (Ports(values=types.ANY), "red", '"red"'),
    ],
)
def test_what_is_typed_becomes_a_port(ports: Ports, typed: str, port: str) -> None:
    assert written_port(typed, ports) == port


@pytest.mark.parametrize("typed", ["1", 'a "b"', "요금"])
def test_a_port_is_shown_as_it_was_typed(typed: str) -> None:
    assert shown_port(written_port(typed, KEYS)) == typed


def test_the_next_key_value_or_condition_is_proposed() -> None:
    assert proposed_port(KEYS, ['"1"', '"2"', "timeout"]) == '"3"'
    assert proposed_port(KEYS, ['"2"']) == '"1"'
    assert proposed_port(TIERS, ['"gold"']) == '"silver"'
    assert proposed_port(TIERS, ['"gold"', '"silver"']) is None
    assert proposed_port(Ports(values=types.BOOLEAN), ["true"]) == "false"
    assert proposed_port(Ports(conditions=True), []) == "when false"
    assert proposed_port(Ports(), []) is None
