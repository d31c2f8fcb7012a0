"""What a customer hears and can do while they wait in a queue."""

from __future__ import annotations

from flowlang import effects as out
from flowlang import events as in_
from tests.runtime.test_flows import MAIN, Talk

FLOWS = {
    MAIN: """
        flow support
          on error -> hang_up

        queue billing = "Billing"
        flow waiting = "waiting.flow"

        start:
          set_flow customer_queue: waiting
          set_priority ahead: 5min
          transfer billing
            on full -> hang_up
    """,
    "waiting.flow": """
        flow waiting
          type customer_queue
          on error -> end_flow

        queue overflow = "Overflow"

        start:
          loop_prompts "Please wait.", interrupt: 60s
            on interrupted -> elsewhere

        elsewhere:
          requeue overflow
            on full -> start
    """,
}


def waiting() -> Talk:
    talk = Talk(FLOWS)
    (place,) = (effect for effect in talk.done if isinstance(effect, out.Enqueue))
    assert (place.queue, place.waiting_since) == ("Billing", "2026-11-20T11:55:00+00:00")
    talk.queued()
    return talk


def interrupted(talk: Talk) -> None:
    wait = talk.contact.wait
    assert wait is not None
    assert set(wait.timers) == {"again", "interrupt"}
    talk.event(in_.TimerFired, timer="interrupt", wait=wait.number)


def test_messages_go_on_until_an_agent_is_there() -> None:
    talk = waiting()
    assert talk.said == ["Please wait."]
    wait = talk.contact.wait
    assert wait is not None
    talk.event(in_.TimerFired, timer="again", wait=wait.number)
    assert talk.said == ["Please wait."]
    talk.event(in_.AgentJoined, agent="minji", agent_name="민지")
    assert talk.contact.status == "connected"


def test_a_customer_moves_to_another_queue_and_leaves_the_first() -> None:
    talk = waiting()
    interrupted(talk)
    assert [effect.queue for effect in talk.done if isinstance(effect, out.Enqueue)] == ["Overflow"]
    talk.queued()
    assert out.LeaveQueue(queue="Billing") in talk.done
    assert (talk.contact.status, talk.contact.queue) == ("queued", "Overflow")


def test_a_full_queue_leaves_them_where_they_were() -> None:
    talk = waiting()
    interrupted(talk)
    ((key, _),) = [item for item in talk.turn.effects if isinstance(item[1], out.Enqueue)]
    talk.event(in_.QueueRefused, key=key, reason="full")
    assert talk.contact.queue == "Billing"
    assert talk.said == ["Please wait."]
