"""The journal: complete enough to decide every turn again; the history: fit for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from blocks.catalogue import catalogue
from flowlang import effects as out
from runtime.contact import Contact
from runtime.contacts import ContactEntity
from runtime.history import history
from runtime.journal import Divergence, Unreplayable, digest, replay
from runtime.masks import MASK, Masks
from runtime.program import compile_text
from runtime.transcript import Reader
from tests.crash import rig
from tests.crash.test_contacts import CONVERSATIONS
from tests.runtime import journals

GOLDEN = sorted(journals.FOLDER.glob("*.json"))


def kept(path: Path) -> tuple[ContactEntity, list[dict[str, Any]]]:
    data = json.loads(path.read_text("utf-8"))
    return journals.entity_of(data["source"], data.get("beside", ())), data["journal"]


def test_every_conversation_has_its_journal() -> None:
    assert len(GOLDEN) >= len(CONVERSATIONS)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_journals_of_before_replay_on_the_code_of_today(path: Path) -> None:
    entity, journal = kept(path)
    assert replay("c1", journal, entity) == len(journal) > 3


def test_another_decision_is_a_divergence() -> None:
    entity, journal = kept(GOLDEN[0])
    said = next(
        effect for entry in journal for _, effect in entry["effects"] if effect["effect"] == "Say"
    )
    said["text"] += " Really."
    with pytest.raises(Divergence, match=r"turn \d+: effects was"):
        replay("c1", journal, entity)


def test_another_state_is_a_divergence_even_if_nobody_sees_it() -> None:
    entity, journal = kept(GOLDEN[0])
    journal[1]["digest"] = "0" * 16
    with pytest.raises(Divergence, match="turn 2: digest"):
        replay("c1", journal, entity)


def test_what_does_not_say_enough_is_refused() -> None:
    entity, journal = kept(GOLDEN[0])
    with pytest.raises(Unreplayable, match="program none is not here"):
        replay("c1", [{**journal[0], "program": "none"}], entity)
    del journal[1]["digest"]
    with pytest.raises(Unreplayable, match="turn 2 does not say its digest"):
        replay("c1", journal, entity)


def test_a_conversation_of_today_replays() -> None:
    conversation = CONVERSATIONS["basics"]
    journal = journals.recorded(conversation)
    assert replay(
        "c1", journal, journals.entity_of(conversation.source, conversation.beside)
    ) == len(journal)


def test_a_state_is_named_by_what_is_in_it() -> None:
    contact = Contact(id="a", program="p", channel="chat", values={"a": 1, "b": 2})
    other = Contact(id="a", program="p", channel="chat", values={"b": 2, "a": 1})
    assert digest(contact) == digest(other) == digest(Contact.from_bytes(contact.to_bytes()))
    other.step = "x"
    assert digest(contact) != digest(other)


# --- what people read -----------------------------------------------------------------------------

SECRETS = """
flow secrets
  on error -> bye

function crm = "crm" (phone: phone) -> (name: text, pin: sensitive integer)

start:
  crm phone: caller.number
  -> next
  collect "Your card?", digits: 16, sensitive: true
    on timeout -> bye
    on no_match -> bye
  play "Thank you."
  -> bye

bye:
  hang_up
"""


def entry(turn: int, event: dict[str, Any], step: str, *effects: dict[str, Any]) -> dict[str, Any]:
    return {
        "turn": turn,
        "event": {"id": f"e{turn}", "at": "2026-11-20T09:00:00+00:00", **event},
        "effects": [[f"c/{turn}/{n}", effect] for n, effect in enumerate(effects)],
        "trail": [["start", "next"]],
        "status": "flow",
        "step": step,
    }


def listen(*, sensitive: bool) -> dict[str, Any]:
    return out.to_json(out.Listen(sensitive=sensitive))


def test_what_was_given_in_confidence_is_masked_wherever_it_turns_up() -> None:
    card = "4929123456781234"
    journal = [
        entry(1, {"event": "Started", "channel": "voice"}, "ask", listen(sensitive=True)),
        entry(2, {"event": "Heard", "text": card}, "check",
              {"effect": "CallFunction", "function": "pay", "arguments": {"card": card, "sum": 5}}),
        entry(3, {"event": "FunctionFailed", "detail": f"no card {card}"}, "ask",
              {"effect": "Say", "text": f"{card} is refused."}, listen(sensitive=False)),
        entry(4, {"event": "Heard", "text": "why?"}, "ask"),
    ]  # fmt: skip
    lines = history(journal)
    assert card not in json.dumps(lines)
    assert lines[1]["done"][0]["arguments"] == {"card": MASK, "sum": 5}
    assert lines[3]["happened"]["text"] == "why?"
    texts = [line["text"] for line in Reader().read_all(json.dumps(each).encode()
                                                        for each in journal)]  # fmt: skip
    assert texts == [MASK, f"{MASK} is refused.", "why?"]


def test_what_a_service_returns_is_masked_by_its_type() -> None:
    program = compile_text(SECRETS, catalogue())
    step = next(step.id for step in program.steps.values() if step.kind == "crm")
    journal = [
        entry(1, {"event": "Started", "channel": "voice"}, step),
        entry(2, {"event": "FunctionReturned", "value": {"name": "Ada", "pin": 4711}}, "ask",
              {"effect": "Say", "text": "Ada, your pin is 4711."}),
    ]  # fmt: skip
    lines = history(journal, program)
    assert lines[1]["happened"]["value"] == {"name": "Ada", "pin": MASK}
    assert lines[1]["done"][0]["text"] == f"Ada, your pin is {MASK}."


def test_what_a_table_holds_is_masked_by_its_type() -> None:
    source = SECRETS.replace("function crm", "table crm")
    program = compile_text(source, catalogue())
    step = next(step.id for step in program.steps.values() if step.id.startswith("start."))
    journal = [
        entry(1, {"event": "Started", "channel": "voice"}, step),
        entry(2, {"event": "ServiceAnswered", "value": {"name": "Ada", "pin": 4711}}, "ask"),
    ]
    assert history(journal, program)[1]["happened"]["value"] == {"name": "Ada", "pin": MASK}


def test_a_short_secret_does_not_mask_everything() -> None:
    masks = Masks()
    masks.learn(entry(1, {"event": "Started"}, "a", listen(sensitive=True)))
    masks.learn(entry(2, {"event": "Heard", "text": "1"}, "a"))
    assert masks(["1", "10 euros", 1, True]) == [MASK, "10 euros", MASK, True]


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    for conversation in CONVERSATIONS.values():
        rig.program_of(conversation.source, conversation.beside)
