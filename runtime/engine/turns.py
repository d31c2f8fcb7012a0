"""What an event means for a contact, by where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flowlang import effects as out
from flowlang import events as in_
from flowlang.block import Finish
from flowlang.events import Event
from runtime.contact import Contact
from runtime.engine import agents, handing
from runtime.engine.doing import do
from runtime.engine.flows import hooked
from runtime.engine.leaving import finish
from runtime.engine.steps import go_on, is_awaited, run
from runtime.engine.turn import Draft, Turn
from runtime.engine.watcher import Watcher
from runtime.engine.world import World
from runtime.program import Program

Answering = Callable[[Draft, Any], None]
"""Takes events of one class."""


def new_contact(contact_id: str, program: Program, event: in_.Started) -> Contact:
    own = program.variables.keys() | program.inputs.keys()
    return Contact(
        id=contact_id,
        program=program.id,
        channel=event.channel,
        address=event.address,
        entry=event.entry,
        name=event.name,
        language=event.language or program.language,
        started_at=event.at.isoformat(),
        continues=event.continues,
        settings=dict(event.settings),
        values={**program.defaults, **{k: v for k, v in event.values.items() if k not in own}},
        local={**program.variables, **{k: v for k, v in event.values.items() if k in own}},
    )


def advance(
    program: Program,
    contact: Contact,
    event: Event,
    world: World,
    watcher: Watcher | None = None,
) -> Turn:
    """One turn."""
    draft = Draft(program, contact.copy(), event, world, watcher)
    if contact.status != "ended":
        _take(draft, event)
    return draft.done()


def _take(draft: Draft, event: Event) -> None:
    contact, kind = draft.contact, type(event)
    if answering := ALWAYS.get(kind):
        answering(draft, event)
    elif contact.handing and handing.is_about(contact, event):
        handing.settle(draft, event)
    elif answering := BY_STATUS[contact.status].get(kind):
        answering(draft, event)
    elif contact.status == "flow" or contact.hook:
        go_on(draft, event)
    elif contact.status == "queued" and is_awaited(contact.wait, event):
        _hear_of_place(draft, event)


def _begin(draft: Draft, event: in_.Started) -> None:
    """Run the flow; or take the place in the queue that the customer had elsewhere."""
    if event.queue:
        draft.contact.queue, draft.contact.waiting_since = event.queue, event.waiting_since
        place = out.Enqueue(queue=event.queue, waiting_since=event.waiting_since)
        agents.wait_for_one(draft, place)
    else:
        run(draft, draft.program.start)


def _customer_left(draft: Draft, event: in_.CustomerLeft) -> None:
    contact = draft.contact
    if contact.status == "queued" and not contact.places:
        do(draft, out.LeaveQueue(queue=contact.queue))
    elif contact.status == "connected":
        do(draft, out.TellAgent(agent=contact.agent, what="left"))
    finish(draft, Finish(reason=event.reason or "customer"))


def _hear_of_place(draft: Draft, event: Event) -> None:
    """The queue took the customer, or did not."""
    contact = draft.contact
    match event:
        case in_.Queued():
            contact.wait = None
            run(draft, hooked(draft, "customer_queue"))
        case in_.QueueRefused():
            contact.status, contact.wait, contact.places = "flow", None, {}
            run(draft, draft.program.start)
        case _:
            pass


def _nothing(draft: Draft, event: in_.WrappedUp) -> None:
    """What an agent notes is for the record."""


ALWAYS: Mapping[type[Event], Answering] = {
    in_.Started: _begin,
    in_.CustomerLeft: _customer_left,
    in_.WrappedUp: _nothing,
}
BY_STATUS: Mapping[str, Mapping[type[Event], Answering]] = {
    "flow": {},
    "queued": {in_.AgentJoined: agents.joined},
    "connected": {
        in_.AgentSaid: agents.said,
        in_.AgentLeft: agents.left,
        in_.AgentTransferred: handing.begin,
        in_.AgentHeld: agents.held,
        in_.Heard: agents.hears,
    },
}
"""What is answered in this way while the contact has this status, whatever flow may run."""
