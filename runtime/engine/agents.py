"""A contact and its agent: how they meet, hold, hand over and part."""

from __future__ import annotations

from flowlang import effects as out
from flowlang import events as in_
from flowlang.block import Finish
from runtime.contact import Waiting
from runtime.engine.doing import do, leave_queues
from runtime.engine.flows import connect, hooked, take_setting
from runtime.engine.leaving import finish
from runtime.engine.steps import run
from runtime.engine.turn import Draft


def joined(draft: Draft, event: in_.AgentJoined) -> None:
    """Who was asked for more than one place gives the others back; then what is said before
    the two hear each other."""
    contact = draft.contact
    if event.queue and event.queue not in (contact.places or [contact.queue]):
        return
    contact.places = {name: key for name, key in contact.places.items() if name != event.queue}
    leave_queues(draft)
    contact.status, contact.wait, contact.frames = "connected", None, ()
    contact.handing = {}
    contact.agent, contact.agent_name = event.agent, event.agent_name
    contact.queue, contact.hook = event.queue or contact.queue, ""
    if begin := hooked(draft, *_whispers(draft)):
        run(draft, begin)
    else:
        connect(draft)


def _whispers(draft: Draft) -> tuple[str, ...]:
    """Flows before the two hear each other: another one, if the agent called."""
    if "dialled_by" not in draft.contact.settings:
        return ("agent_whisper", "customer_whisper")
    take_setting(draft.contact, "dialled_by")
    return ("outbound_whisper",)


def said(draft: Draft, event: in_.AgentSaid) -> None:
    contact = draft.contact
    do(draft, out.Say(text=event.text, sender="agent", sender_name=contact.agent_name,
                      language=contact.language))  # fmt: skip


def hears(draft: Draft, event: in_.Heard) -> None:
    do(draft, out.TellAgent(agent=draft.contact.agent, what="said", text=event.text))


def left(draft: Draft, event: in_.AgentLeft) -> None:
    """The customer is still there: a flow for that goes on with them, or the contact ends."""
    contact = draft.contact
    if event.agent != contact.agent:
        return
    contact.handing = {}
    leave_queues(draft)
    begin = hooked(draft, "disconnect")
    if begin is None:
        finish(draft, Finish(reason="agent", effects=(out.HangUp(),)))
        return
    contact.status, contact.wait, contact.agent, contact.agent_name = "flow", None, "", ""
    run(draft, begin)


def held(draft: Draft, event: in_.AgentHeld) -> None:
    """The customer waits, with what a flow has for that; or their agent is back."""
    if event.agent != draft.contact.agent:
        return
    rest_hold(draft)
    if draft.on_call:
        do(draft, out.Hold(on=event.on))
    if event.on:
        run(draft, hooked(draft, "customer_hold"))


def rest_hold(draft: Draft) -> None:
    """What a flow has for those on hold ends here."""
    if draft.contact.hook == "customer_hold":
        draft.contact.hook, draft.contact.wait = "", None


def wait_for_one(draft: Draft, place: out.Enqueue) -> None:
    """The customer waits for an agent; the queue has still to say whether it takes them."""
    contact = draft.contact
    contact.status = "queued"
    contact.wait = Waiting(contact.turn, keys=[do(draft, place)])
