"""Random walks through flows: whatever may happen to a contact happens, in any order, and again."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flowlang import effects as out
from flowlang import events as in_
from flowlang import types
from flowlang.channels import CHANNELS
from runtime.contact import Contact
from runtime.engine import Turn, World, advance, new_contact
from runtime.program import Program

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVENTS_MAX = 40
EXCEPTION = re.compile(r": [A-Z]\w*(Error|Exception|Iteration)$")
TEXTS = ("", "1", "2", "9", "0", "#", "yes", "no", "1234567890123456", "가나다", "{x}", "\x00",
         "2026-02-30", "-1", "1e9", "a@b.c", "+821012345678", "x" * 5000)  # fmt: skip
VALUES_TRIED: Sequence[Any] = (
    "", "gold", "standard", 0, 1, -1, 2.5, True, None, [], ["a"], {}, {"a": 1}, "9" * 40,
)  # fmt: skip


class Lost(Exception):
    """A contact came to where no contact should be."""


class Hours:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def is_open(self, at: datetime) -> bool:
        return self.dice.random() < 0.7


class AnyWorld(World):
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice

    def hours(self, name: str) -> Hours | None:
        return Hours(self.dice) if self.dice.random() < 0.9 else None


@dataclass
class Walk:
    program: Program
    dice: random.Random
    at: datetime = NOON
    number: int = 0
    events: list[in_.Event] = field(default_factory=list)
    effects: dict[str, out.Effect] = field(default_factory=dict)

    def run(self) -> Contact:
        """Until the end, or long enough. `Lost` tells the way."""
        world = AnyWorld(self.dice)
        started = in_.Started(
            id="0", at=self.at, seed=self.dice.randrange(2**31),
            channel=self.dice.choice(sorted(CHANNELS)),
            address=self.dice.choice(("", "+821012345678", "someone")),
        )  # fmt: skip
        contact = new_contact("c", self.program, started)
        event: in_.Event | None = started
        while event is not None and len(self.events) < EVENTS_MAX:
            self.events.append(event)
            try:
                turn = advance(self.program, contact, event, world)
            except Exception as error:
                raise Lost(f"{type(error).__name__}: {error}; {self.way()}") from error
            self.look(turn)
            contact = Contact.from_bytes(turn.contact.to_bytes())
            event = self.next_event(contact)
        return contact

    def look(self, turn: Turn) -> None:
        """Nothing of what the checks rule out may have happened."""
        step = self.program.steps.get(turn.contact.step)
        if step is not None and step.block.ends_flow:
            # An ending that cannot do its work has nowhere to go but the end.
            self.effects.update(turn.effects)
            return
        for note in turn.notes:
            if EXCEPTION.search(note) or note.endswith("error without a way"):
                raise Lost(f"{note}; {self.way()}")
        if turn.contact.reason == "lost":
            raise Lost(f"the contact is lost at {turn.contact.step}; {self.way()}")
        self.effects.update(turn.effects)

    def way(self) -> str:
        return " -> ".join(str(event) for event in self.events[-4:])

    # --- what may happen ----------------------------------------------------------------------

    def next_event(self, contact: Contact) -> in_.Event | None:
        if contact.status == "ended":
            return None
        self.number += 1
        self.at += timedelta(seconds=self.dice.expovariate(1 / 5))
        if self.dice.random() < 0.02:
            return self.event(in_.CustomerLeft)
        wait = contact.wait
        ways = [self.heard]
        if wait is not None and wait.timers:
            timer = self.dice.choice(sorted(wait.timers))
            ways.append(lambda: self.event(in_.TimerFired, timer=timer, wait=wait.number))
        if wait is not None and wait.keys:
            ways += [lambda: self.answer(self.dice.choice(wait.keys))] * 3
        if contact.status == "queued":
            ways.append(lambda: self.event(in_.AgentJoined, agent="ann", queue=contact.queue))
        if contact.status == "connected":
            ways.append(lambda: self.event(in_.AgentSaid, agent="ann", text="hello"))
            ways.append(lambda: self.event(in_.AgentLeft, agent="ann"))
        ways.append(lambda: self.event(in_.Silent))
        return self.dice.choice(ways)()

    def event(self, kind: type[in_.Event], **values: Any) -> in_.Event:
        return kind(id=str(self.number), at=self.at, seed=self.dice.randrange(2**31), **values)

    def heard(self) -> in_.Event:
        choices = [choice for step in self.program.steps.values() for choice in step.choices]
        text = self.dice.choice([*TEXTS, *choices, *choices])
        by = self.dice.choice(("digits", "speech", "text", "choice"))
        return self.event(in_.Heard, text=text, by=by)

    def answer(self, key: str) -> in_.Event:
        """What may answer an effect, fitting or not."""
        match self.effects[key]:
            case out.CallFunction():
                if self.dice.random() < 0.3:
                    return self.event(in_.FunctionFailed, key=key, reason="timeout")
                return self.event(in_.FunctionReturned, key=key, value=self.result(key))
            case out.AskService():
                if self.dice.random() < 0.4:
                    reasons = ("none_found", "multiple_found", "invalid", "unknown", "failed",
                               "timeout", "never heard of")  # fmt: skip
                    reason = self.dice.choice(reasons)
                    return self.event(in_.ServiceRefused, key=key, reason=reason)
                return self.event(in_.ServiceAnswered, key=key, value=self.result(key))
            case out.AskBot():
                if self.dice.random() < 0.2:
                    return self.event(in_.BotFailed, key=key)
                return self.event(
                    in_.BotAnswered, key=key, ready=self.dice.random() < 0.6,
                    messages=("Yes?",), intent=self.dice.choice(["", *self.words()]),
                    slots=self.result(key), session={"turn": self.number},
                )  # fmt: skip
            case out.Enqueue(queue=queue):
                if self.dice.random() < 0.3:
                    return self.event(in_.QueueRefused, key=key, reason="full")
                return self.event(in_.Queued, key=key, queue=queue)
            case out.Invite() | out.SendMessage():
                if self.dice.random() < 0.3:
                    return self.event(in_.Undeliverable, key=key)
                return self.event(in_.Delivered, key=key, link="https://x/go/1")
            case _:
                return self.event(in_.Undeliverable, key=key)

    def words(self) -> list[str]:
        return sorted({port for step in self.program.steps.values() for port in step.targets})

    def result(self, key: str) -> dict[str, Any]:
        """Mostly what the flow expects, sometimes not."""
        wanted: dict[str, types.Type] = {}
        for step in self.program.steps.values():
            for found in step.result_types.values():
                wanted.update(found)
        result = {name: self.value(type_) for name, type_ in sorted(wanted.items())}
        if self.dice.random() < 0.2:
            result = {name: self.dice.choice(VALUES_TRIED) for name in result}
        if self.dice.random() < 0.1:
            result.pop(next(iter(result), ""), None)
        return result

    def value(self, type_: types.Type) -> Any:
        """One that fits."""
        match type_:
            case types.OneOf(values=values):
                return self.dice.choice(values)
            case types.ListType(item=item):
                return [self.value(item) for _ in range(self.dice.randrange(4))]
            case types.RecordType(fields=fields):
                return {name: self.value(each) for name, each in fields}
            case types.Named(name="integer" | "number" | "duration" | "percent"):
                return self.dice.choice((0, 1, -1, 7, 10**9, "12"))
            case types.Named(name="boolean"):
                return self.dice.choice((True, False, "true"))
            case types.Named(name="any" | "json"):
                return self.dice.choice(VALUES_TRIED)
            case _:
                return self.dice.choice(TEXTS)


def walk(program: Program, seed: object) -> Mapping[str, Any]:
    dice = random.Random(str(seed))
    contact = Walk(program, dice).run()
    return {"status": contact.status, "reason": contact.reason}
