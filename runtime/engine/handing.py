"""From one agent to another. The customer stays with their agent until somebody has them."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang import effects as out
from flowlang import events as in_
from flowlang.block import Finish
from flowlang.events import Event
from runtime.contact import Contact
from runtime.engine import agents
from runtime.engine.doing import do
from runtime.engine.flows import hooked, take_setting, take_up
from runtime.engine.leaving import finish
from runtime.engine.steps import run
from runtime.engine.turn import Draft


def begin(draft: Draft, event: in_.AgentTransferred) -> None:
    contact = draft.contact
    if event.agent != contact.agent or contact.handing:
        return
    agents.rest_hold(draft)
    handing = {"to": event.to, "target": event.target, "queue": contact.queue,
               "since": contact.waiting_since}  # fmt: skip
    if event.note:
        contact.settings = {**contact.settings, "note": event.note}
    match event.to:
        case "agent" | "queue":
            is_agent = event.to == "agent"
            place = out.Enqueue(
                queue=out.queue_of(event.target) if is_agent else event.target,
                waiting_since=event.at.isoformat(),
                asked_by=contact.agent if is_agent else "",
            )
            contact.handing = {**handing, "key": do(draft, place)}
            contact.queue = handing["queue"]
        case "flow":
            _to_flow(draft, event.target)
        case "number" if draft.on_call:
            _to_number(draft, handing)
        case "number":
            _refused(draft, "unknown")


def _to_flow(draft: Draft, path: str) -> None:
    flow = draft.program.flow(path)
    if flow is None or flow.type == "module":
        _refused(draft, "unknown")
        return
    _release_agent(draft)
    run(draft, take_up(draft, flow))


def _to_number(draft: Draft, handing: Mapping[str, str]) -> None:
    _release_agent(draft)
    call = out.AskService(service="telephony", operation="transfer",
                          arguments={"number": handing["target"]})  # fmt: skip
    draft.contact.handing = {**handing, "key": do(draft, call)}


def _release_agent(draft: Draft) -> None:
    contact = draft.contact
    do(draft, out.TellAgent(agent=contact.agent, what="handed"))
    contact.status, contact.wait, contact.hook, contact.frames = "flow", None, "", ()
    contact.agent, contact.agent_name, contact.handing = "", "", {}


def is_about(contact: Contact, event: Event) -> bool:
    """Whether an event settles where the customer goes."""
    match event:
        case in_.Answer(key=key):
            return key == contact.handing["key"]
        case in_.HandoverRefused(queue=queue):
            return queue in contact.places
        case in_.AgentJoined(queue=queue):
            return contact.status == "connected" and queue in contact.places
        case _:
            return False


def settle(draft: Draft, event: Event) -> None:
    contact = draft.contact
    match event:
        case in_.Queued() if contact.handing["to"] == "queue":
            _taken_by_queue(draft)
        case in_.Queued():
            pass
        case in_.QueueRefused(reason=reason) | in_.HandoverRefused(reason=reason):
            contact.places = {}
            _refused(draft, reason)
        case in_.AgentJoined():
            do(draft, out.TellAgent(agent=contact.agent, what="handed"))
            contact.status = "queued"
            agents.joined(draft, event)
        case in_.ServiceRefused():
            # Nobody answered there: back to where the customer came from, and first in line.
            queue = contact.handing["queue"]
            contact.queue, contact.handing = queue, {}
            back = out.Enqueue(queue=queue, priority=1, waiting_since=contact.waiting_since)
            agents.wait_for_one(draft, back)
        case _:
            contact.handing = {}
            finish(draft, Finish(reason="transferred"))


def _taken_by_queue(draft: Draft) -> None:
    contact = draft.contact
    target = contact.handing["target"]
    waiting_since, places = contact.waiting_since, contact.places
    _release_agent(draft)
    contact.status, contact.queue = "queued", target
    contact.waiting_since, contact.places = waiting_since, places
    run(draft, hooked(draft, "customer_queue"))


def _refused(draft: Draft, reason: str) -> None:
    contact = draft.contact
    contact.waiting_since = contact.handing.get("since", contact.waiting_since)
    contact.handing = {}
    take_setting(contact, "note")
    do(draft, out.TellAgent(agent=contact.agent, what="refused", text=reason))
