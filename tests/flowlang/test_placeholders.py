"""Braces in what a bot hears and says stand for slots."""

from __future__ import annotations

import pytest

from flowlang import project
from flowlang.diagnostics.words import help_, message

INTENT = """
name = "x"
[bots.Bank.intents.Pay]
utterances = ["pay my bill", "{heard}"]
confirm = "{confirmed}"
reply = {{ en = "{said}" }}
[bots.Bank.intents.Pay.slots.amount]
type = "integer"
"""


@pytest.mark.parametrize(
    ("heard", "confirmed", "said", "wrong"),
    [
        ("pay {amount}", "{amount}?", "Paid {amount}.", []),
        ("pay {amout}", "", "", ["amout"]),
        ("pay", "{amount} to {whom}?", "{when}", ["whom", "when"]),
        ("pay {not a name}", "{}", "}{", []),
    ],
)
def test_braces_stand_for_slots(heard: str, confirmed: str, said: str, wrong: list[str]) -> None:
    text = INTENT.format(heard=heard, confirmed=confirmed, said=said)
    found, problems = project.read(text)
    assert found is not None
    assert [item.arguments["name"] for item in problems if item.code == "FL581"] == wrong
    assert all(item.code == "FL581" and item.severity == "warning" for item in problems)


def test_a_slip_is_told_with_its_place() -> None:
    _, problems = project.read(INTENT.format(heard="pay {amout}", confirmed="", said=""))
    assert "amout" in message(problems[0], "en")
    assert "amount" in (help_(problems[0], "en") or "")
    assert problems[0].place is not None
    assert problems[0].place.first[0] == 4
