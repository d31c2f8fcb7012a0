"""What the step at hand takes, wherever in its arguments somebody writes."""

from __future__ import annotations

import pytest

from flowlang.edits import Flow
from flowlang.features import Signature, signature
from flowlang.features.outline import symbols_named
from flowlang.features.texts import position_of

from .conftest import HEAD, TAIL, read, unmarked


def asked(body: str) -> Signature | None:
    flow, position = unmarked(f"{HEAD}start:\n{body}\n{TAIL}")
    return signature(flow, position)


@pytest.mark.parametrize(
    ("body", "active"),
    [
        ("  ask ¦", "text"),
        ('  ask "Which o¦', "text"),
        ('  ask "Which?", timeout: ¦', "timeout: duration"),
        ('  ask "Which, one?", digits: 1, timeout: 5¦', "timeout: duration"),
        ('  found = ask "Which?", digits: ¦', "digits: integer"),
        ('  ask "Which?"\n    timeout: ¦', "timeout: duration"),
        ("  crm phone: ¦", "phone: phone"),
        ("  crm phone: caller.number, timeout: ¦", "timeout: duration"),
        ('  play "{caller.name}", ssml: \'¦', "ssml: text"),
    ],
)
def test_the_argument_at_hand(body: str, active: str) -> None:
    found = asked(body)
    assert found is not None
    assert found.active is not None
    label = found.parameters[found.active].label
    assert label == active
    assert label in found.label


@pytest.mark.parametrize(
    "body",
    ["  ¦", "  as¦", "  -> st¦", '  ask "x"\n    on ti¦', "  # ask ¦", "  fly away, ¦", "  crm¦"],
)
def test_nothing_to_tell(body: str) -> None:
    assert asked(body) is None or body.strip() == "crm¦"


def test_every_argument_has_its_page() -> None:
    found = asked("  transfer billing, ¦")
    assert found is not None
    assert found.label.startswith("transfer ")
    assert all(item.info for item in found.parameters)


def test_in_any_place_of_any_text(support: Flow) -> None:
    source = support.tree.source
    for offset in range(0, len(source), 7):
        signature(support, position_of(source, offset), "ko")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("menu", {"menu"}),
        ("MN", {"menu"}),
        ("고객", set()),
        ("found", {"found"}),
        ("nothing like it", set()),
    ],
)
def test_symbols_by_some_of_their_letters(query: str, names: set[str]) -> None:
    flow = read(f'{HEAD}start:\n  -> menu\n\nmenu "고객":\n  -> hang_up\n{TAIL}')
    assert {symbol.name for symbol, _ in symbols_named(flow, query)} == names


def test_a_step_says_what_it_is_part_of() -> None:
    flow = read(f"{HEAD}start:\n  -> hang_up\n{TAIL}")
    holders = {symbol.name: holder for symbol, holder in symbols_named(flow, "")}
    assert holders["found"] == "sorry"
    assert holders["sorry"] == ""
