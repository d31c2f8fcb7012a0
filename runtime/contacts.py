"""Contacts as entities of the host: the pure engine between bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flowlang import effects as out
from flowlang import events as in_
from flowlang.effects import Effect
from runtime.contact import Contact
from runtime.engine import Turn, World, advance, new_contact
from runtime.host import Body, Decision
from runtime.program import Program
from runtime.stores import Outgoing

Programs = Callable[[str], Program | None]
"""A program by its id, or the newest of an entry by `entry:<name>`."""


class ContactEntity:
    """Decides turns of contacts. A contact stays on the program it started with."""

    def __init__(self, programs: Programs, world: World) -> None:
        self.programs = programs
        self.world = world

    def decide(self, name: str, state: bytes | None, event: Body) -> Decision | None:
        happened = _read_event(event)
        contact = Contact.from_bytes(state) if state is not None else None
        if contact is not None:
            program = self.programs(contact.program)
        elif isinstance(happened, in_.Started):
            program = self.programs(event.get("program") or f"entry:{happened.entry}")
        else:
            return None
        if program is None:
            return None
        if contact is None and isinstance(happened, in_.Started):
            contact = new_contact(name, program, happened)
        if contact is None:
            return None
        return _decision(advance(program, contact, happened, self.world), event)


def _read_event(event: Body) -> in_.Event:
    """Entities talk in JSON; what is only the host's (who sent it) or the transcript's (how the
    customer began) stays out of the event."""
    known = {key: v for key, v in event.items() if key not in ("sender", "program", "opening")}
    return in_.from_json(known)


def _decision(turn: Turn, event: Body) -> Decision:
    contact = turn.contact
    wait = contact.wait
    effects = [(key, effect, out.to_json(effect)) for key, effect in turn.effects]
    journal: dict[str, Any] = {
        "turn": contact.turn,
        "event": dict(event),
        "trail": [list(pair) for pair in turn.trail],
        "effects": [[key, body] for key, _, body in effects],
        "status": contact.status,
        "step": contact.step,
    }
    if turn.notes:
        journal["notes"] = list(turn.notes)
    return Decision(
        state=contact.to_bytes(),
        outbox=tuple(_address(contact, *effect) for effect in effects),
        timers={n: (wait.number, due) for n, due in wait.timers.items()} if wait else {},
        journal=journal,
        over=contact.status == "ended",
    )


def _address(contact: Contact, key: str, effect: Effect, body: Body) -> Outgoing:
    """Who gets an effect: an entity of ours, or the outside."""
    match effect:
        case out.Enqueue(queue=queue, priority=priority, waiting_since=since):
            body = {
                "event": "Join",
                "contact": contact.id,
                "priority": priority,
                "since": since,
                "channel": contact.channel,
                "name": contact.name or contact.address,
            }
            return Outgoing(key, f"queue/{queue}", body)
        case out.LeaveQueue(queue=queue):
            return Outgoing(key, f"queue/{queue}", {"event": "Leave", "contact": contact.id})
        case out.TellAgent(agent=agent, what=what, text=text):
            body = {"event": "ContactNews", "contact": contact.id, "what": what, "text": text}
            return Outgoing(key, f"agent/{agent}", body)
        case _:
            return Outgoing(key, effect.receiver, body)
