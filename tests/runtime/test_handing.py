"""What an agent does with a customer besides talking: hand them on, let them wait."""

from __future__ import annotations

from typing import Any

import pytest

from flowlang import effects as out
from flowlang import events as in_
from tests.runtime.test_flows import Talk, join

FLOWS = {
    "main.flow": """
        flow main
          on error -> hang_up

        queue billing = "Billing"
        flow holding = "holding.flow"
        flow survey = "survey.flow"

        start:
          set_flow customer_hold: holding
          transfer billing
            on full -> hang_up
        """,
    "holding.flow": """
        flow holding
          type customer_hold
          on error -> end_flow

        start:
          loop_prompts "One moment.", "Still there."
            on error -> end_flow
        """,
    "survey.flow": """
        flow survey
          on error -> hang_up

        start:
          ask "How was it?"
            on "1" -> hang_up
            on timeout, no_match -> hang_up
        """,
}


def talking(channel: str = "chat") -> Talk:
    """A customer with Kim."""
    talk = Talk(FLOWS, channel=channel)
    talk.queued()
    join(talk)
    return talk


def hand(talk: Talk, to: str, target: str, note: str = "") -> None:
    talk.event(in_.AgentTransferred, agent="kim", to=to, target=target, note=note)


def answer(talk: Talk, kind: type[in_.Answer], **values: Any) -> None:
    """Answer the last effect."""
    talk.event(kind, key=talk.turn.effects[-1][0], **values)


def test_a_customer_stays_until_another_agent_takes_them() -> None:
    talk = talking()
    hand(talk, "agent", "lee", note="Wants a refund.")
    (place,) = talk.done
    assert isinstance(place, out.Enqueue)
    assert (place.queue, place.asked_by) == ("@lee", "kim")
    talk.press("hello?")
    assert talk.done == [out.TellAgent(agent="kim", what="said", text="hello?")]
    talk.event(in_.AgentJoined, agent="lee", agent_name="Lee", queue="@lee")
    assert talk.done == [
        out.TellAgent(agent="kim", what="handed"),
        out.TellAgent(agent="lee", what="whispered", text="Wants a refund."),
        out.TellAgent(agent="lee", what="joined"),
    ]
    assert (talk.contact.agent, talk.contact.status, talk.contact.handing) == (
        "lee", "connected", {},
    )  # fmt: skip
    talk.event(in_.AgentLeft, agent="kim")
    assert talk.contact.status == "connected"


@pytest.mark.parametrize("how", ["refused at once", "declined"])
def test_who_is_not_taken_stays_with_their_agent(how: str) -> None:
    talk = talking()
    hand(talk, "agent", "lee", note="Wants a refund.")
    if how == "declined":
        talk.event(in_.HandoverRefused, queue="@lee", reason="declined")
    else:
        answer(talk, in_.QueueRefused, reason="busy")
    (told,) = talk.done
    assert isinstance(told, out.TellAgent)
    assert (told.agent, told.what) == ("kim", "refused")
    contact = talk.contact
    assert (contact.status, contact.agent, contact.queue) == ("connected", "kim", "Billing")
    assert (contact.handing, contact.places, contact.settings.get("note")) == ({}, {}, None)


def test_a_queue_has_the_customer_once_it_has_a_place() -> None:
    talk = talking()
    hand(talk, "queue", "Sales")
    assert talk.contact.status == "connected"
    answer(talk, in_.Queued, queue="Sales")
    assert talk.done == [out.TellAgent(agent="kim", what="handed")]
    assert (talk.contact.status, talk.contact.queue, talk.contact.agent) == ("queued", "Sales", "")
    talk.event(in_.AgentJoined, agent="lee", agent_name="Lee", queue="Sales")
    assert talk.contact.agent == "lee"


def test_a_full_queue_leaves_the_customer_with_their_agent() -> None:
    talk = talking()
    hand(talk, "queue", "Sales")
    answer(talk, in_.QueueRefused, reason="full")
    assert talk.done == [out.TellAgent(agent="kim", what="refused", text="full")]
    assert (talk.contact.status, talk.contact.queue) == ("connected", "Billing")


def test_a_customer_who_leaves_meanwhile_gives_the_place_back() -> None:
    talk = talking()
    hand(talk, "queue", "Sales")
    talk.event(in_.CustomerLeft)
    assert out.LeaveQueue(queue="Sales") in talk.done
    assert talk.contact.status == "ended"


def test_a_flow_takes_over() -> None:
    talk = talking()
    hand(talk, "flow", "survey.flow")
    assert talk.done[0] == out.TellAgent(agent="kim", what="handed")
    assert talk.said == ["How was it?"]


def test_what_is_no_flow_takes_nobody_over() -> None:
    talk = talking()
    hand(talk, "flow", "nowhere.flow")
    assert talk.done == [out.TellAgent(agent="kim", what="refused", text="unknown")]
    assert talk.contact.status == "connected"


@pytest.mark.parametrize("is_reached", [True, False])
def test_a_call_goes_on_at_another_number_or_comes_back(is_reached: bool) -> None:
    talk = talking("voice")
    hand(talk, "number", "+8225550999")
    told, called = talk.done
    assert told == out.TellAgent(agent="kim", what="handed")
    assert isinstance(called, out.AskService)
    assert called.arguments == {"number": "+8225550999"}
    if is_reached:
        answer(talk, in_.ServiceAnswered, value={})
        assert (talk.contact.status, talk.contact.reason) == ("ended", "transferred")
    else:
        answer(talk, in_.ServiceRefused, reason="timeout")
        (place,) = talk.done
        assert isinstance(place, out.Enqueue)
        assert (place.queue, place.priority) == ("Billing", 1)
        assert talk.contact.status == "queued"


def test_nothing_written_can_be_handed_to_a_number() -> None:
    talk = talking()
    hand(talk, "number", "+8225550999")
    assert talk.done == [out.TellAgent(agent="kim", what="refused", text="unknown")]


def test_a_caller_on_hold_hears_what_a_flow_has_for_that() -> None:
    talk = talking("voice")
    talk.event(in_.AgentHeld, agent="kim")
    messages = [out.Hold(text="One moment."), out.Hold(text="Still there.")]
    assert talk.done == [out.Hold(), *messages]
    wait = talk.contact.wait
    assert wait is not None
    (timer, *_) = wait.timers
    talk.event(in_.TimerFired, timer=timer, wait=wait.number)
    assert talk.done == messages
    wait = talk.contact.wait
    assert wait is not None
    talk.event(in_.AgentHeld, agent="kim", on=False)
    assert talk.done == [out.Hold(on=False)]
    talk.event(in_.TimerFired, timer=timer, wait=wait.number)
    assert talk.done == []


def test_who_is_handed_on_from_hold_is_on_hold_no_more() -> None:
    talk = talking("voice")
    talk.event(in_.AgentHeld, agent="kim")
    hand(talk, "agent", "lee")
    talk.event(in_.AgentJoined, agent="lee", agent_name="Lee", queue="@lee")
    assert (talk.contact.hook, talk.contact.wait, talk.contact.agent) == ("", None, "lee")


def test_what_an_agent_notes_afterwards_changes_nothing_else() -> None:
    talk = talking()
    talk.event(in_.AgentLeft, agent="kim")
    before = talk.contact.turn
    talk.event(in_.WrappedUp, agent="kim", disposition="solved", notes="Fine.")
    assert (talk.done, talk.contact.status, talk.contact.turn) == ([], "ended", before + 1)
