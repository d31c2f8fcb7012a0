"""Conversations under a simulated clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blocks.catalogue import catalogue
from flowlang import effects as out
from flowlang.effects import Effect
from runtime import happenings as seen
from runtime.performed import Performed
from runtime.program import compile_text
from runtime.simulator import FirstOf, Reply, Services, Simulator
from runtime.stores import Parcel

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FLOW = """
flow desk
  on error -> sorry

attribute tier: text = "standard"
queue billing = "Billing"
function crm = "crm-lookup" (phone: phone) -> (tier: text)
function slow = "slow" (phone: phone) -> (tier: text)

start:
  play "Hello."
  crm phone: caller.number
    on error -> menu
  set tier: crm.tier
  -> menu

menu:
  ask "One or two?"
    digits: 1
    timeout: 5s
    on "1" -> second
    on "2" -> desk
    on timeout, no_match -> sorry

second:
  pin = collect "Your number?", digits: 4
    on no_input -> sorry
  play "Number {pin.value}."
  -> desk

desk:
  transfer billing
    on full -> sorry

sorry:
  play "Sorry."
  -> hang_up
"""


class Answers:
    """Gives every function the same answer."""

    def __init__(self, body: dict[str, Any], after_s: float = 0) -> None:
        self.reply = Reply(body=body, after_s=after_s)
        self.asked: list[int] = []

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        if not isinstance(effect, out.CallFunction):
            return None
        self.asked.append(asked_before)
        return self.reply


GOLD = {"event": "FunctionReturned", "value": {"tier": "gold"}}


def talk(services: Services | None = None, source: str = FLOW, **options: Any) -> Simulator:
    simulator = Simulator(compile_text(source, catalogue()), NOON, services=services)
    simulator.start(caller="+821012345678", **options)
    return simulator


def said(simulator: Simulator) -> list[str]:
    return [item.text for item in simulator.happened if isinstance(item, seen.Said)]


def test_a_conversation_runs_to_the_first_question() -> None:
    simulator = talk(Answers(GOLD))
    assert said(simulator) == ["Hello.", "One or two?"]
    assert simulator.is_listening
    assert simulator.contact.step == "menu.ask"
    assert simulator.values["tier"] == "gold"
    assert simulator.clock == NOON


def test_what_happened_is_told_in_order() -> None:
    simulator = talk(Answers(GOLD))
    kinds = [type(item).__name__ for item in simulator.happened]
    assert kinds == [
        "Began", "Entered", "Said", "Left", "Entered", "Called", "Answered", "Left",
        "Entered", "Left", "Entered", "Said", "Listened",
    ]  # fmt: skip
    entered = [item for item in simulator.happened if isinstance(item, seen.Entered)]
    assert [item.step for item in entered] == ["start.play", "start.crm", "start.set", "menu.ask"]
    assert entered[1].params is not None
    assert entered[1].params.model_dump()["arguments"] == {"phone": "+821012345678"}
    left = [item for item in simulator.happened if isinstance(item, seen.Left)]
    assert left[-1].changes == {"tier": ("standard", "gold")}


def test_keys_that_were_too_many_go_to_the_next_question() -> None:
    simulator = talk(Answers(GOLD))
    simulator.hear("11234", by="digits")
    assert "Number 1234." in said(simulator)
    heard = [item.text for item in simulator.happened if isinstance(item, seen.Heard)]
    assert heard == ["1", "1234"]


def test_the_key_that_ends_an_entry_is_not_part_of_it() -> None:
    simulator = talk(Answers(GOLD))
    simulator.hear("1", by="digits")
    simulator.hear("12#", by="digits")
    assert "Number 12." in said(simulator)


def test_silence_lasts_until_the_question_is_given_up() -> None:
    simulator = talk(Answers(GOLD))
    assert simulator.silence()
    assert simulator.clock == NOON + timedelta(seconds=5)
    assert simulator.is_over
    assert said(simulator)[-1] == "Sorry."
    assert not simulator.silence()


def test_time_passes_without_a_jump() -> None:
    simulator = talk(Answers(GOLD))
    simulator.pass_time(4)
    assert simulator.clock == NOON + timedelta(seconds=4)
    assert simulator.contact.step == "menu.ask"
    simulator.pass_time(60)
    assert simulator.is_over
    assert simulator.clock == NOON + timedelta(seconds=64)


def test_a_service_that_takes_its_time_moves_the_clock() -> None:
    simulator = talk(Answers(GOLD, after_s=2))
    assert simulator.clock == NOON + timedelta(seconds=2)
    assert simulator.values["tier"] == "gold"


def test_a_service_that_nobody_answers_for_waits_for_a_person() -> None:
    simulator = talk()
    assert simulator.contact.step == "start.crm"
    ((key, effect),) = simulator.pending.items()
    assert isinstance(effect, out.CallFunction)
    assert simulator.reply(key, Reply(body=GOLD))
    assert simulator.values["tier"] == "gold"
    assert not simulator.pending
    assert not simulator.reply(key, Reply(body=GOLD))


def test_what_is_not_waited_for_any_more_is_not_pending() -> None:
    simulator = talk()
    simulator.pass_time(8)
    assert simulator.contact.step == "menu.ask"
    assert not simulator.pending


def test_services_are_told_how_often_they_were_asked() -> None:
    answers = Answers({"event": "FunctionFailed"})
    source = FLOW.replace("    on error -> menu\n", "    on error -> start\n", 1)
    source = source.replace(
        '  play "Hello."\n', "  repeat 2\n    on done -> menu\n    on again -> next\n", 1
    )
    talk(answers, source)
    assert answers.asked == [0, 1]


def test_the_first_service_that_knows_answers() -> None:
    fails = Answers({"event": "FunctionFailed"})
    simulator = talk(FirstOf((Nobody(), Answers(GOLD), fails)))
    assert simulator.values["tier"] == "gold"
    assert not fails.asked


class Nobody:
    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        return None


def test_an_agent_takes_over() -> None:
    simulator = talk(Answers(GOLD))
    assert not simulator.agent_accepts()
    simulator.hear("2", by="digits")
    assert simulator.contact.status == "queued"
    assert not simulator.agent_says("Too early.")
    assert simulator.agent_accepts("kim", "Kim")
    assert simulator.agent_says("This is Kim.")
    assert said(simulator)[-1] == "This is Kim."
    assert simulator.agent_leaves()
    assert simulator.is_over


def test_whoever_hangs_up_is_gone() -> None:
    simulator = talk(Answers(GOLD))
    simulator.hang_up()
    assert simulator.is_over
    assert simulator.happened[-1] == seen.Ended(at=NOON, step="menu.ask", reason="customer")


def test_every_action_can_be_taken_back() -> None:
    simulator = talk(Answers(GOLD))
    before = list(simulator.happened)
    contact = simulator.contact.to_bytes()
    simulator.hear("2", by="digits")
    simulator.agent_accepts()
    assert simulator.step_back()
    assert simulator.contact.status == "queued"
    assert simulator.step_back()
    assert simulator.happened == before
    assert simulator.contact.to_bytes() == contact
    simulator.hear("1", by="digits")
    assert said(simulator)[-1] == "Your number?"
    assert simulator.step_back()
    assert simulator.step_back()
    assert not simulator.has_begun
    assert not simulator.step_back()


def test_a_moment_can_be_returned_to() -> None:
    simulator = talk(Answers(GOLD))
    moment = simulator.snapshot()
    simulator.hear("1", by="digits")
    simulator.hear("1234", by="digits")
    simulator.restore(moment)
    assert said(simulator)[-1] == "One or two?"
    simulator.hear("2", by="digits")
    assert simulator.step_back()
    assert simulator.contact.step == "menu.ask"


def test_a_flow_can_be_changed_in_the_middle_of_a_conversation() -> None:
    simulator = talk(Answers(GOLD))
    changed = compile_text(FLOW.replace('on "2" -> desk', 'on "2" -> sorry'), catalogue())
    assert simulator.swap_program(changed)
    simulator.hear("2", by="digits")
    assert said(simulator)[-1] == "Sorry."
    simulator.step_back()
    simulator.step_back()
    simulator.hear("2", by="digits")
    assert simulator.contact.status == "queued"


def test_a_conversation_does_not_go_on_at_a_step_that_is_gone() -> None:
    simulator = talk(Answers(GOLD))
    changed = compile_text(FLOW.replace("menu", "choice"), catalogue())
    assert not simulator.swap_program(changed)
    assert simulator.program is not changed
    simulator.hear("2", by="digits")
    assert simulator.contact.status == "queued"


def test_attributes_that_a_change_adds_have_their_defaults() -> None:
    simulator = talk(Answers(GOLD))
    changed = FLOW.replace("queue billing", 'attribute mood: text = "calm"\nqueue billing')
    assert simulator.swap_program(compile_text(changed, catalogue()))
    assert simulator.values["mood"] == "calm"
    assert simulator.values["tier"] == "gold"


def test_a_chat_waits_longer_and_offers_buttons() -> None:
    simulator = talk(Answers(GOLD), channel="chat")
    asked = [item for item in simulator.happened if isinstance(item, seen.Said)][-1]
    assert asked.choices == ("1", "2")
    simulator.silence()
    assert simulator.clock == NOON + timedelta(seconds=300)


def test_what_goes_wrong_inside_is_seen() -> None:
    source = 'flow f\n  on error -> sorry\n\nstart:\n  ask "Go?", digits: caller.name\n'
    source += '    on timeout, no_match -> sorry\n\nsorry:\n  play "Sorry."\n  -> hang_up\n'
    simulator = talk(source=source)
    assert any(isinstance(item, seen.Trouble) for item in simulator.happened)
    assert said(simulator) == ["Sorry."]


@pytest.mark.parametrize(("channel", "refused"), [("sms", False), ("sms", True)])
def test_an_invitation_is_delivered_unless_somebody_says_otherwise(
    channel: str, refused: bool
) -> None:
    source = """
flow f
  on error -> hang_up

start:
  offer_messenger "In writing?", channels: [sms]
    on accepted -> hang_up
    on declined, undeliverable, timeout -> sorry

sorry:
  play "Sorry."
  -> hang_up
"""

    class Post:
        def answer(self, effect: Effect, asked_before: int) -> Reply | None:
            is_sms = isinstance(effect, out.Invite) and effect.channel == channel
            return Reply(body={"event": "Undeliverable"}) if is_sms and refused else None

    simulator = talk(Post(), source)
    simulator.hear("1", by="digits")
    assert (said(simulator)[-1] == "Sorry.") is refused


def test_real_services_answer_from_their_own_thread() -> None:
    async def perform(parcel: Parcel) -> dict[str, Any]:
        assert parcel.body["arguments"] == {"phone": "+821012345678"}
        return GOLD

    services = Performed({"function": perform})
    try:
        simulator = talk(services)
    finally:
        services.close()
    assert simulator.values["tier"] == "gold"
