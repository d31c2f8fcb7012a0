"""Modules, transfers between flows, and the flows that accompany a customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from textwrap import dedent
from typing import Any

import pytest

from blocks.catalogue import catalogue
from flowlang import effects as out
from flowlang import events as in_
from flowlang.project import Texts
from runtime import limits
from runtime.bundle import Bundle
from runtime.contact import Contact
from runtime.contacts import ContactEntity
from runtime.engine import Turn, World, advance, new_contact
from runtime.program import Program
from runtime.versions import Sources, Version

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MAIN = "main.flow"


def asks(text: str) -> str:
    return f'  ask "{text}"\n    on "1" -> next\n    on timeout, no_match -> hang_up\n'


class Talk:
    """A contact in a project of several flows; `main.flow` is where it begins."""

    def __init__(self, flows: Mapping[str, str], *, channel: str = "voice") -> None:
        texts = {path: dedent(text).lstrip() for path, text in flows.items()}
        found = Bundle(Texts(texts), catalogue()).program(MAIN)
        assert found is not None
        self.program: Program = found
        self.turns = 0
        started = in_.Started(id="0", at=NOON, channel=channel, address="+8210")
        self.contact: Contact = new_contact("c", self.program, started)
        self.turn = self.happens(started)

    def happens(self, event: in_.Event) -> Turn:
        """One turn, with a store between it and the next."""
        self.turn = advance(self.program, self.contact, event, World())
        self.contact = Contact.from_bytes(self.turn.contact.to_bytes())
        assert self.contact == self.turn.contact
        return self.turn

    def event(self, kind: type[in_.Event], **values: Any) -> Turn:
        self.turns += 1
        at = NOON + timedelta(seconds=self.turns)
        return self.happens(kind(id=str(self.turns), at=at, **values))

    def press(self, key: str = "1") -> Turn:
        return self.event(in_.Heard, text=key, by="digits")

    def queued(self) -> Turn:
        """The queue gives the place that was asked for last."""
        ((key, effect),) = [
            (key, effect) for key, effect in self.turn.effects if isinstance(effect, out.Enqueue)
        ]
        return self.event(in_.Queued, key=key, queue=effect.queue)

    @property
    def said(self) -> list[str]:
        return [effect.text for _, effect in self.turn.effects if isinstance(effect, out.Say)]

    @property
    def done(self) -> list[out.Effect]:
        return [effect for _, effect in self.turn.effects]


# --- modules ----------------------------------------------------------------------------------

VERIFY = """
    module verify (pin: text) -> (verified: boolean, by: text)
      outcomes locked
      on error -> failed

    attribute tries: integer = 0
    variable secret: text = "4711"

    start:
      set tries: tries + 1
      branch tries
        on > 2 -> too_often
        otherwise -> compare

    compare:
      found = collect "The last digits?", digits: 1
        on timeout, invalid -> too_often
      return verified: pin == secret, by: found.value

    too_often:
      return locked

    failed:
      return locked
"""
CALLER = """
    flow main
      on error -> sorry

    module verify = "verify.flow"
    attribute tries: integer = 0
    variable secret: text = "mine"

    start:
      verify pin: "4711"
        on locked -> locked
      play "{verify.verified} by {verify.by}, {module.by}, {tries}, {secret}."
      -> start

    locked:
      play "Locked after {tries}."
      -> hang_up

    sorry:
      play "Sorry."
      -> hang_up
"""


def test_a_module_is_told_its_inputs_and_gives_its_results() -> None:
    talk = Talk({MAIN: CALLER, "verify.flow": VERIFY})
    assert talk.said == ["The last digits?"]
    assert talk.contact.flow == "verify.flow"
    talk.press("7")
    assert talk.said[0] == "true by 7, 7, 1, mine."


def test_attributes_are_the_contacts_and_everything_else_is_the_flows() -> None:
    talk = Talk({MAIN: CALLER, "verify.flow": VERIFY})
    assert talk.contact.local == {"pin": "4711", "secret": "4711"}
    assert talk.contact.values == {"tries": 1}
    talk.press("7")
    assert "found" not in talk.contact.local


def test_a_module_returns_one_of_its_outcomes() -> None:
    talk = Talk({MAIN: CALLER, "verify.flow": VERIFY})
    talk.press()
    talk.press()
    assert talk.said == ["true by 1, 1, 2, mine.", "Locked after 3."]
    assert talk.contact.status == "ended"


def test_the_trail_names_the_file_of_a_step() -> None:
    talk = Talk({MAIN: CALLER, "verify.flow": VERIFY})
    assert ("verify.flow:start.set", "next") in talk.turn.trail


@pytest.mark.parametrize(
    ("module", "note"),
    [
        ("flow verify\n\nstart:\n  -> hang_up\n", "there is no module"),
        ("module verify (pin: boolean)\n\nstart:\n  return\n", "inputs"),
        ("module other\n\nstart:\n  return\n", ""),
    ],
)
def test_what_cannot_be_entered_is_an_error(module: str, note: str) -> None:
    path = "verify.flow" if note else "other.flow"
    talk = Talk({MAIN: CALLER, path: module})
    assert talk.said == ["Sorry."]
    assert any((note or "there is no module") in item for item in talk.turn.notes)


def test_results_of_another_type_are_an_error() -> None:
    module = """
        module verify (pin: text) -> (verified: boolean, by: text)

        start:
          return verified: pin, by: "me"
    """
    talk = Talk({MAIN: CALLER, "verify.flow": module})
    assert talk.said == ["Sorry."]


def test_an_outcome_that_the_caller_does_not_know_is_an_error() -> None:
    module = "module verify (pin: text)\n\nstart:\n  return nonsense\n"
    assert Talk({MAIN: CALLER, "verify.flow": module}).said == ["Sorry."]


def test_a_module_that_knows_no_way_on_is_an_error_of_its_caller() -> None:
    module = 'module verify (pin: text)\n\nstart:\n  play "In here."\n'
    talk = Talk({MAIN: CALLER, "verify.flow": module})
    assert talk.said == ["In here.", "Sorry."]


def test_a_module_ends_the_conversation() -> None:
    module = "module verify (pin: text)\n\nstart:\n  -> hang_up\n"
    talk = Talk({MAIN: CALLER, "verify.flow": module})
    assert (talk.contact.status, talk.contact.reason) == ("ended", "flow")
    assert talk.contact.frames == ()


def test_what_a_repeat_counts_begins_anew_with_each_call() -> None:
    module = """
        module verify (pin: text) -> (verified: boolean, by: text)

        start:
          repeat 1
            on again -> asked
            on done -> over
        asked:
          ask "Again?"
            on "1" -> start
            on timeout, no_match -> start
        over:
          return verified: true, by: "x"
    """
    talk = Talk({MAIN: CALLER, "verify.flow": module})
    talk.press()
    assert talk.said == ["true by x, x, 0, mine.", "Again?"]


NESTED = """
    module deep (level: integer)

    module deep = "deep.flow"

    start:
      branch level
        on > 1 -> deeper
        otherwise -> bottom
    deeper:
      deep level: level - 1
        on error -> too_deep
      return
    bottom:
      play "Bottom."
      return
    too_deep:
      play "Too deep."
      return
"""
DEEP = """
    flow main

    module deep = "deep.flow"

    start:
      deep level: {levels}
        on error -> hang_up
      play "Back."
      -> hang_up
"""


@pytest.mark.parametrize(
    ("levels", "heard"),
    [
        (limits.FRAMES_MAX - 1, ["Bottom.", "Back."]),
        (limits.FRAMES_MAX, ["Bottom.", "Back."]),
        (limits.FRAMES_MAX + 1, ["Too deep.", "Back."]),
    ],
)
def test_modules_are_inside_of_each_other_up_to_a_limit(levels: int, heard: list[str]) -> None:
    talk = Talk({MAIN: DEEP.format(levels=levels), "deep.flow": NESTED})
    assert talk.said == heard


def test_a_module_that_spins_is_stopped_and_told_to_its_caller() -> None:
    module = "module verify (pin: text)\n\nattribute n: integer = 0\n\n"
    module += "start:\n  set n: n + 1\n  -> start\n"
    talk = Talk({MAIN: CALLER, "verify.flow": module})
    assert talk.said == ["Sorry."]
    assert any("too many steps" in item for item in talk.turn.notes)


# --- another flow takes over ------------------------------------------------------------------

DAY = """
    flow main
      on error -> sorry

    flow evening = "later/evening.flow"
    attribute tier: text = "silver"
    attribute mood: text?
    variable visits: integer = 1

    start:
      set tier: "gold", visits: 2
      play "Day."
      continue_in evening

    sorry:
      play "Sorry."
      -> hang_up
"""
EVENING = """
    flow evening

    module greet = "greet.flow"
    attribute tier: text
    attribute mood: text = "calm"
    variable visits: integer = 7

    start:
      greet
        on error -> hang_up
      play "{tier}, {mood}, {visits}."
      -> hang_up
"""
GREET = 'module greet\n\nstart:\n  play "Good evening."\n  return\n'


def test_another_flow_takes_over_with_the_contacts_attributes() -> None:
    talk = Talk({MAIN: DAY, "later/evening.flow": EVENING, "later/greet.flow": GREET})
    assert talk.said == ["Day.", "Good evening.", "gold, calm, 7."]
    assert talk.contact.frames == ()


@pytest.mark.parametrize(
    "other", [GREET, "flow evening\n  type customer_queue\n\nstart:\n  -> end_flow\n"]
)
def test_what_is_no_flow_for_a_call_does_not_take_over(other: str) -> None:
    assert Talk({MAIN: DAY, "later/evening.flow": other}).said == ["Day.", "Sorry."]
    assert Talk({MAIN: DAY}).said == ["Day.", "Sorry."]


def test_flows_that_lead_to_each_other_without_a_wait_are_stopped() -> None:
    back = 'flow evening\n\nflow day = "../main.flow"\n\nstart:\n  continue_in day\n'
    talk = Talk({MAIN: DAY, "later/evening.flow": back})
    assert talk.contact.status == "ended"
    assert len(talk.turn.effects) <= 2 * limits.STEPS_WITHOUT_WAIT_MAX


# --- flows that accompany the customer --------------------------------------------------------

DESK = """
    flow main
      on error -> hang_up

    flow music = "music.flow"
    flow to_agent = "to_agent.flow"
    flow to_customer = "to_customer.flow"
    flow survey = "survey.flow"
    queue billing = "Billing"

    start:
      set_flow customer_queue: music, agent_whisper: to_agent
      set_flow customer_whisper: to_customer, disconnect: survey
      transfer billing
        on full -> hang_up
"""
MUSIC = """
    flow music
      type customer_queue

    queue sales = "Sales"

    start:
      ask "Wait, or press 1 for sales."
        on "1" -> sales_desk
        on timeout, no_match -> start

    sales_desk:
      requeue sales
        on full -> start
        on error -> start
"""
TO_AGENT = (
    'flow to_agent\n  type agent_whisper\n\nstart:\n  play "A gold customer."\n  -> end_flow\n'
)
TO_CUSTOMER = """
    flow to_customer
      type customer_whisper

    start:
      play "Your call may be recorded."
      -> end_flow
"""
SURVEY = 'flow survey\n\nstart:\n  play "How was it?"\n  -> hang_up\n'
FLOWS = {
    MAIN: DESK,
    "music.flow": MUSIC,
    "to_agent.flow": TO_AGENT,
    "to_customer.flow": TO_CUSTOMER,
    "survey.flow": SURVEY,
}


def in_queue(flows: Mapping[str, str] = FLOWS, channel: str = "voice") -> Talk:
    talk = Talk(flows, channel=channel)
    talk.queued()
    return talk


def join(talk: Talk, queue: str = "Billing") -> Turn:
    return talk.event(in_.AgentJoined, agent="kim", agent_name="Kim", queue=queue)


def test_a_flow_runs_while_the_customer_waits() -> None:
    talk = in_queue()
    assert talk.said == ["Wait, or press 1 for sales."]
    assert (talk.contact.status, talk.contact.queue) == ("queued", "Billing")
    talk.press("9")
    assert talk.said == ["Wait, or press 1 for sales."]


def test_whispers_come_in_order_before_the_two_hear_each_other() -> None:
    talk = in_queue(channel="chat")
    join(talk)
    assert talk.done == [
        out.TellAgent(agent="kim", what="whispered", text="A gold customer."),
        out.Say(text="Your call may be recorded."),
        out.TellAgent(agent="kim", what="joined"),
    ]
    assert (talk.contact.status, talk.contact.hook, talk.contact.wait) == ("connected", "", None)
    talk.press("9")
    assert talk.done == [out.TellAgent(agent="kim", what="said", text="9")]


def test_a_flow_goes_on_with_the_customer_after_the_agent() -> None:
    talk = in_queue()
    join(talk)
    talk.event(in_.AgentLeft, agent="kim")
    assert talk.said == ["How was it?"]
    assert talk.contact.status == "ended"


def test_who_moves_on_to_another_queue_leaves_the_first() -> None:
    talk = in_queue()
    talk.press("1")
    talk.queued()
    assert out.LeaveQueue(queue="Billing") in talk.done
    assert talk.said == ["Wait, or press 1 for sales."]
    assert list(talk.contact.places) == ["Sales"]
    assert join(talk, "Billing").effects == (), "an agent of the queue that was left"
    join(talk, "Sales")
    assert talk.contact.status == "connected"


def test_a_full_queue_keeps_the_place_in_the_first() -> None:
    talk = in_queue()
    talk.press("1")
    key = talk.turn.effects[-1][0]
    talk.event(in_.QueueRefused, key=key, reason="full")
    assert list(talk.contact.places) == ["Billing"]
    assert talk.said == ["Wait, or press 1 for sales."]


def test_an_agent_who_comes_while_another_queue_is_asked_is_taken() -> None:
    talk = in_queue()
    talk.press("1")
    join(talk)
    assert talk.done[0] == out.LeaveQueue(queue="Sales")
    assert (talk.contact.status, talk.contact.places) == ("connected", {})
    assert talk.contact.queue == "Billing"


@pytest.mark.parametrize("pressed", [False, True])
def test_who_leaves_gives_every_place_back(pressed: bool) -> None:
    talk = in_queue()
    if pressed:
        talk.press("1")
    talk.event(in_.CustomerLeft)
    wanted = ["Billing", "Sales"] if pressed else ["Billing"]
    assert talk.done == [out.LeaveQueue(queue=queue) for queue in wanted]


def test_who_leaves_while_a_queue_is_asked_gives_the_place_back() -> None:
    talk = Talk(FLOWS)
    talk.event(in_.CustomerLeft)
    assert talk.done == [out.LeaveQueue(queue="Billing")]


def test_a_flow_that_ends_leaves_the_customer_waiting() -> None:
    quiet = 'flow music\n  type customer_queue\n\nstart:\n  play "Please wait."\n  -> end_flow\n'
    talk = in_queue({**FLOWS, "music.flow": quiet})
    assert talk.said == ["Please wait."]
    assert (talk.contact.status, talk.contact.hook) == ("queued", "")
    talk.press("1")
    assert talk.done == []
    join(talk)
    assert talk.contact.status == "connected"


def test_a_flow_in_the_queue_can_hang_up_and_leaves_the_queue() -> None:
    short = 'flow music\n  type customer_queue\n\nstart:\n  play "Closed."\n  -> hang_up\n'
    talk = in_queue({**FLOWS, "music.flow": short})
    assert out.LeaveQueue(queue="Billing") in talk.done
    assert talk.contact.status == "ended"


def test_what_is_lost_in_the_queue_waits_on() -> None:
    lost = 'flow music\n  type customer_queue\n\nstart:\n  play "Wait."\n  -> nowhere\n'
    talk = in_queue({**FLOWS, "music.flow": lost})
    assert (talk.contact.status, talk.contact.hook) == ("queued", "")


def test_a_flow_that_is_not_there_is_not_set() -> None:
    without = {path: text for path, text in FLOWS.items() if path != "music.flow"}
    talk = in_queue(without)
    assert talk.contact.settings["hooks"].keys() == {"customer_whisper", "disconnect"}
    assert talk.said == []


def test_who_goes_on_elsewhere_waits_there_with_the_same_flow() -> None:
    """A link carries the place in the queue, and what was set, over to another channel."""
    before = in_queue()
    talk = Talk(FLOWS)
    started = in_.Started(
        id="0", at=NOON, channel="chat", continues="c", queue="Billing",
        waiting_since=NOON.isoformat(), settings=before.contact.settings,
    )  # fmt: skip
    talk.contact = new_contact("d", talk.program, started)
    talk.happens(started)
    assert talk.said == []
    talk.queued()
    assert talk.said == ["Wait, or press 1 for sales."]
    join(talk)
    assert talk.contact.status == "connected"


def test_a_contact_finishes_in_the_modules_of_its_version() -> None:
    def version(module: str) -> Version:
        flows = {MAIN: dedent(CALLER).lstrip(), "verify.flow": dedent(module).lstrip()}
        return Version(Sources(flows=flows, entries={"line": MAIN}), catalogue())

    old, new = version(VERIFY), version(VERIFY.replace("The last digits?", "New question?"))
    known = {program.id: program for each in (old, new) if (program := each.program(MAIN))}
    assert len(known) == 2
    entity = ContactEntity(known.get, World())
    at = NOON.isoformat()
    began, after = list(known)
    for identity, asked in ((began, "The last digits?"), (after, "New question?")):
        event = {"event": "Started", "id": "0", "at": at, "channel": "voice", "program": identity}
        decision = entity.decide("c", None, event)
        assert decision is not None
        heard = {"event": "Heard", "id": "1", "at": at, "text": "1", "by": "digits"}
        decision = entity.decide("c", decision.state, heard)
        assert decision is not None
        said = [body["text"] for _, _, body in decision.outbox if body.get("effect") == "Say"]
        assert said == ["true by 1, 1, 1, mine.", asked], "the module is run a second time"
