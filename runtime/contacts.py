"""Contacts as entities of the host: the pure engine between bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from flowlang import effects as out
from flowlang import events as in_
from flowlang.channels import CHANNELS
from flowlang.effects import Effect
from runtime import limits
from runtime.contact import Contact
from runtime.engine import Turn, World, advance, new_contact
from runtime.host import Behind, Body, Decision
from runtime.journal import digest_of
from runtime.moving import outlook
from runtime.program import Program
from runtime.stores import DEADLINE, Outgoing
from runtime.versions import Version

NOT_THE_FLOWS = ("sender", "program", "opening", "file")
"""What of an event is only the host's (who sent it) or the transcript's (how the customer began,
what they sent)."""
MOVED = "Moved"
"""What is told to a contact that is to go on in the version of `program`."""
Programs = Callable[[str], Program | None]
"""A program by its id, or the newest of an entry by `entry:<name>`."""
GoesOut = Callable[[str, Effect], bool]
"""Whether somebody outside has to be told of an effect, on a channel. What nobody has to be told of
stands in the journal alone."""


def everything(_channel: str, _effect: Effect) -> bool:
    return True


class ContactEntity:
    """Decides turns of contacts. A contact stays on the program it started with."""

    def __init__(
        self,
        programs: Programs,
        world: World,
        *,
        records: bool = False,
        goes_out: GoesOut = everything,
    ) -> None:
        self.programs = programs
        self.world = world
        self.goes_out = goes_out
        self.records = records
        """Whether somebody is there to write a record of every contact that ends."""

    def decide(self, name: str, state: bytes | None, event: Body) -> Decision | None:
        contact = Contact.from_bytes(state) if state is not None else None
        if contact is not None and event["event"] == MOVED:
            return self._moved(contact, event)
        happened = _read_event(event)
        if contact is not None:
            program = self.programs(contact.program)
            if program is None:
                raise Behind(contact.program)
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
        was_over = contact.status == "ended"
        turn = self._turn(program, contact, happened)
        # What the agent notes afterwards belongs in the record too.
        is_news = not was_over or isinstance(happened, in_.WrappedUp)
        records = self.records and turn.contact.status == "ended" and is_news
        return self._decision(turn, event, (_record(turn.contact),) if records else ())

    def _moved(self, contact: Contact, event: Body) -> Decision | None:
        """Go on in another version, if that is possible."""
        old, new = self.programs(contact.program), self.programs(event["program"])
        if old is None or new is None:
            raise Behind(event["program"] if old else contact.program)
        if not (isinstance(old.version, Version) and isinstance(new.version, Version)):
            return None
        found = outlook(contact, old.version, new.version)
        if found.reason or contact.status == "ended":
            return None
        found.contact.turn += 1
        return self._decision(Turn(contact=found.contact), event, ())

    def _turn(self, program: Program, contact: Contact, happened: in_.Event) -> Turn:
        if isinstance(happened, in_.TimerFired) and happened.timer == DEADLINE:
            return _expired(program, contact, happened, self.world)
        return advance(program, contact, happened, self.world)

    def _decision(self, turn: Turn, event: Body, more: tuple[Outgoing, ...]) -> Decision:
        contact, filled = turn.contact, turn.contact.filled
        wait = contact.wait
        effects = [(key, effect, out.to_json(effect)) for key, effect in turn.effects]
        journal: dict[str, Any] = {
            "turn": contact.turn,
            "program": contact.program,
            "event": dict(event),
            "trail": [list(pair) for pair in turn.trail],
            "effects": [[key, body] for key, _, body in effects],
            "status": contact.status,
            "step": contact.step,
            "digest": digest_of(filled),
        }
        if contact.flow:
            journal["flow"] = contact.flow
        if turn.notes:
            journal["notes"] = list(turn.notes)
        channel = contact.channel
        sent = [each for each in effects if self.goes_out(channel, each[1])]
        return Decision(
            state=orjson.dumps(filled),
            outbox=(*(_address(contact, *effect) for effect in sent), *more),
            timers={n: (wait.number, due) for n, due in wait.timers.items()} if wait else {},
            deadline=_deadline(contact) if contact.turn == 1 else None,
            journal=journal,
            over=contact.status == "ended",
        )


def _expired(program: Program, contact: Contact, event: in_.Event, world: World) -> Turn:
    """The longest life of a contact is over: it is as if the customer had left, who is told."""
    left = in_.CustomerLeft(id=event.id, at=event.at, seed=event.seed, reason="expired")
    turn = advance(program, contact, left, world)
    if contact.status == "ended":
        return turn
    key = f"{contact.id}/{turn.contact.turn}/{len(turn.effects)}"
    return replace(turn, effects=(*turn.effects, (key, out.HangUp(reason="expired"))))


def _deadline(contact: Contact) -> datetime:
    is_voice = CHANNELS[contact.channel].medium == "voice"
    age_s = limits.VOICE_AGE_MAX_S if is_voice else limits.CHAT_AGE_MAX_S
    return datetime.fromisoformat(contact.started_at) + timedelta(seconds=age_s)


def _record(contact: Contact) -> Outgoing:
    """Whoever writes the record reads the rest in the journal."""
    return Outgoing(f"{contact.id}/{contact.turn}/record", "record", {"contact": contact.id})


def _read_event(event: Body) -> in_.Event:
    """Entities talk in JSON."""
    known = {key: v for key, v in event.items() if key not in NOT_THE_FLOWS}
    return in_.from_json(known)


def _address(contact: Contact, key: str, effect: Effect, body: Body) -> Outgoing:
    """Who gets an effect: an entity of ours, or the outside."""
    match effect:
        case out.Enqueue(queue=queue, priority=priority, waiting_since=since, criteria=criteria):
            body = {
                "event": "Join",
                "contact": contact.id,
                "priority": priority,
                "since": since,
                "channel": contact.channel,
                "name": contact.name or contact.address,
            }
            if criteria:
                body["criteria"] = list(criteria)
            if effect.asked_by:
                body["asked_by"] = effect.asked_by
            if caller := contact.settings.get("dialled_by"):
                body |= {"dialled_by": caller["agent"], "agent_name": caller["name"]}
            return Outgoing(key, f"queue/{queue}", body)
        case out.LeaveQueue(queue=queue):
            return Outgoing(key, f"queue/{queue}", {"event": "Leave", "contact": contact.id})
        case out.TellAgent(agent=agent, what=what, text=text):
            body = {"event": "ContactNews", "contact": contact.id, "what": what, "text": text}
            return Outgoing(key, f"agent/{agent}", body)
        case _:
            return Outgoing(key, effect.receiver, body)
