"""kill -9 at every crash point of conversations: nothing lost, nothing decided twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash import rig

BASICS = """
flow basics
  on error -> sorry

queue support = "Support"
function crm = "crm-lookup" (phone: phone) -> (name: text, tier: text)

start:
  crm phone: caller.number
  ask "Hello {crm.name}. Press 1 for a person, 2 to write."
    on "1" -> start
    on "2" -> deflect
    on timeout, no_match -> sorry

deflect:
  offer_messenger "Go on in a messenger?", channels: [whatsapp, sms]
    on accepted -> sorry
    on declined, undeliverable, timeout -> sorry

sorry:
  ask "Bye."
    on timeout, no_match -> nowhere
"""

CONVERSATIONS = {
    "basics": rig.Conversation(
        source=BASICS,
        answers=("2", "1", "9"),
        replies={
            "CallFunction": {
                "event": "FunctionReturned",
                "value": {"name": "Ada", "tier": "gold"},
            },
            "Invite": {"event": "Delivered"},
        },
    ),
}


@pytest.fixture(scope="module", params=sorted(CONVERSATIONS))
def case(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, rig.Conversation, rig.Outcome, int]:
    conversation = CONVERSATIONS[request.param]
    expected, points = rig.undisturbed(conversation, tmp_path_factory.mktemp("undisturbed"))
    return request.param, conversation, expected, points


def test_killed_at_points(
    case: tuple[str, rig.Conversation, rig.Outcome, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    name, conversation, expected, points = case
    assert points > 10
    for point in range(1, points + 1):
        folder: Path = tmp_path_factory.mktemp(f"point{point}")
        outcome = rig.killed_at(conversation, folder, point)
        rig.assert_nothing_lost(outcome, expected, f"{name}, killed at point {point} of {points}")
