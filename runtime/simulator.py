"""A conversation under a simulated clock: the same engine as with live contacts, and no other.

Nothing here waits, sleeps or goes out. Services are answered at once by whoever is given as
`Services`, or later, by hand, with `reply`. Every action can be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from flowlang import effects as out
from flowlang import events as in_
from flowlang.block import MISSING
from flowlang.channels import CHANNELS
from flowlang.effects import Effect
from flowlang.parameters import Parameters
from runtime import happenings as seen
from runtime import limits
from runtime.contact import Contact
from runtime.engine import Watcher, World, advance, new_contact, readable, system_values
from runtime.happenings import Happening, service_name, wants_answer
from runtime.program import CompiledStep, Program

TURNS_AT_ONCE_MAX = 10_000
YEARS = range(1_900, 9_000)
"""When a simulated conversation can be: the calendar ends a little later."""
"""How many events one action may set off: an answer that always fails could go on for ever."""

By = Literal["digits", "speech", "text", "choice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a service answers: an event as JSON, without id, time and key."""

    body: Mapping[str, Any]
    after_s: float = 0


class Services(Protocol):
    """Whoever answers in a service's place."""

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        """None: nobody knows; the conversation waits until `Simulator.reply`.
        `asked_before` counts how often this service was asked in this conversation."""
        ...


class NoServices:
    """Nobody answers by himself."""

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        return None


@dataclass(frozen=True, slots=True)
class FirstOf:
    """Asks one after the other until somebody knows the answer."""

    services: Sequence[Services]

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        for service in self.services:
            if reply := service.answer(effect, asked_before):
                return reply
        return None


@dataclass(frozen=True, slots=True)
class Due:
    """An event that will come by itself."""

    at: datetime
    event: in_.Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Everything that an action changes, so that it can be taken back."""

    program: Program
    clock: datetime
    contact: Contact | None = None
    due: tuple[Due, ...] = ()
    pending: Mapping[str, Effect] = field(default_factory=dict)
    asked: Mapping[str, int] = field(default_factory=dict)
    listen: out.Listen | None = None
    silent_at: datetime | None = None
    """When a channel that keeps time itself says that nothing was heard."""
    events: int = 0
    actions: int = 0
    happened: int = 0


class Simulator:
    def __init__(
        self,
        program: Program,
        at: datetime,
        *,
        world: World | None = None,
        services: Services | None = None,
        seed: int = 0,
    ) -> None:
        self.world = world or World()
        self.services: Services = services or NoServices()
        self.seed = seed
        self.happened: list[Happening] = []
        self._now = Moment(program=program, clock=at)
        self._before: list[Moment] = []

    # --- what is ------------------------------------------------------------------------------

    @property
    def program(self) -> Program:
        return self._now.program

    @property
    def flow(self) -> Program:
        """The flow at work: the program's own, or another that it led to."""
        return self.program.flow(self.contact.flow) or self.program

    @property
    def clock(self) -> datetime:
        return self._now.clock

    @property
    def contact(self) -> Contact:
        contact = self._now.contact
        assert contact is not None, "the conversation has not begun"
        return contact

    @property
    def has_begun(self) -> bool:
        return self._now.contact is not None

    @property
    def is_over(self) -> bool:
        return self.contact.status == "ended"

    @property
    def is_listening(self) -> bool:
        """Whether the customer has the word."""
        wait = self.contact.wait
        return self.contact.status == "connected" or (wait is not None and wait.listening)

    @property
    def pending(self) -> Mapping[str, Effect]:
        """What the flow waits for and nobody has answered yet, by key."""
        return self._now.pending

    @property
    def next_due(self) -> datetime | None:
        """When something will happen by itself."""
        return min((due.at for due in self._upcoming()), default=None)

    @property
    def values(self) -> Mapping[str, Any]:
        """What an expression can read now."""
        local = self.clock.astimezone(self.world.zone)
        return readable(self.flow, self.contact, system_values(self.flow, self.contact, local))

    def snapshot(self) -> Moment:
        return replace(self._now, actions=len(self._before), happened=len(self.happened))

    def restore(self, moment: Moment) -> None:
        """Go back to an earlier moment of this conversation."""
        self._now = moment
        del self.happened[moment.happened :]
        del self._before[moment.actions :]

    def step_back(self) -> bool:
        """Take the last action back; False if there is none."""
        if not self._before:
            return False
        self.restore(self._before[-1])
        return True

    # --- what people do -----------------------------------------------------------------------

    def start(
        self,
        *,
        caller: str = "",
        channel: str = "voice",
        name: str = "",
        entry: str = "",
        language: str = "",
        values: Mapping[str, Any] | None = None,
    ) -> None:
        self._begin_action()
        started = in_.Started(
            id=self._event_id(), at=self.clock, seed=self.seed, channel=channel, address=caller,
            entry=entry, name=name, language=language, values=values or {},
        )  # fmt: skip
        self._set(contact=new_contact("simulated", self.program, started))
        self._note(seen.Began(at=self.clock, step="", caller=caller, channel=channel,
                              language=language))  # fmt: skip
        self._deliver(started)
        self._settle()

    def hear(self, text: str, by: By = "text") -> None:
        """The customer presses, says, writes or chooses something. Keys go on to the next
        question when there are more of them than this one takes, as on a telephone."""
        self._begin_action()
        rest = text
        while rest and not self.is_over:
            part, rest = self._keyed(rest) if by == "digits" else (rest, "")
            self._note(seen.Heard(at=self.clock, step=self.contact.step, text=part, by=by))
            self._happen(in_.Heard(id=self._event_id(), at=self.clock, text=part, by=by))
            self._settle()

    def silence(self) -> bool:
        """Let time pass until something happens by itself; False if nothing ever would."""
        if self.next_due is None:
            return False
        self._begin_action()
        before, wait, listening = self.clock, self.contact.turn, self.is_listening
        self._note_passed(before, until=self.next_due, silent=listening)
        while self.contact.turn == wait and (due := self._first_due()) is not None:
            self._happen(due)
        self._settle()
        return True

    def pass_time(self, seconds: float) -> None:
        self._begin_action()
        end = self._in(seconds)
        self._note_passed(self.clock, until=end)
        for _ in range(TURNS_AT_ONCE_MAX):
            due = self._first_due()
            if due is None or due.at > end:
                break
            self._happen(due)
        self._set(clock=max(end, self.clock))
        self._settle()

    def hang_up(self) -> None:
        self._begin_action()
        self._happen(in_.CustomerLeft(id=self._event_id(), at=self.clock, reason="customer"))

    def agent_accepts(self, agent: str = "agent", name: str = "") -> bool:
        """An agent takes the call; False if nobody waits for one."""
        if self.contact.status != "queued":
            return False
        self._begin_action()
        self._note(seen.AgentCame(at=self.clock, step=self.contact.step, agent=name or agent))
        self._happen(in_.AgentJoined(id=self._event_id(), at=self.clock, agent=agent,
                                     agent_name=name))  # fmt: skip
        self._settle()
        return True

    def agent_says(self, text: str) -> bool:
        """False if there is no agent."""
        if self.contact.status != "connected":
            return False
        self._begin_action()
        agent = self.contact.agent
        self._happen(in_.AgentSaid(id=self._event_id(), at=self.clock, agent=agent, text=text))
        return True

    def agent_holds(self, on: bool = True) -> bool:
        """The agent lets the customer wait, or is back; False if there is no agent."""
        if self.contact.status != "connected":
            return False
        self._begin_action()
        agent = self.contact.agent
        self._happen(in_.AgentHeld(id=self._event_id(), at=self.clock, agent=agent, on=on))
        self._settle()
        return True

    def agent_leaves(self) -> bool:
        """False if there is no agent."""
        if self.contact.status != "connected":
            return False
        self._begin_action()
        agent = self.contact.agent
        self._happen(in_.AgentLeft(id=self._event_id(), at=self.clock, agent=agent))
        self._settle()
        return True

    def reply(self, key: str, reply: Reply) -> bool:
        """Answer in a service's place; False if nobody waits for that any more."""
        if key not in self.pending:
            return False
        self._begin_action()
        self._schedule(key, self.pending[key], reply)
        self._settle()
        return True

    def swap_program(self, program: Program) -> bool:
        """Go on in a changed flow, at the same step; False, and nothing changes, if the step is
        not there any more."""
        if self.has_begun and not self.is_over:
            was, now = self.flow, program.flow(self.contact.flow)
            old = was.steps.get(self.contact.step)
            new = now.steps.get(self.contact.step) if now else None
            if old is not None and (new is None or new.kind != old.kind):
                return False
        self._begin_action()
        self._set(program=program)
        if self.has_begun:
            contact = self.contact.copy()
            contact.program = program.id
            contact.values = {**program.defaults, **contact.values}
            if not contact.flow:
                contact.local = {**program.variables, **contact.local}
            self._set(contact=contact)
        return True

    # --- time ---------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Let the services answer, and their answers be heard, as long as the flow waits for
        them alone."""
        for _ in range(TURNS_AT_ONCE_MAX):
            wait = self.contact.wait
            if wait is None or wait.listening or not self._answers_coming():
                return
            due = self._first_due()
            assert due is not None
            self._happen(due)

    def _answers_coming(self) -> bool:
        wait = self.contact.wait
        keys = wait.keys if wait else ()
        return any(isinstance(d.event, in_.Answer) and d.event.key in keys for d in self._now.due)

    def _in(self, seconds: float) -> datetime:
        """Nothing is waited for longer than a conversation lives."""
        return self.clock + timedelta(seconds=min(limits.CHAT_AGE_MAX_S, seconds))

    def _upcoming(self) -> list[Due]:
        """What is due, the answers before the timers of the same instant."""
        wait = self._now.contact.wait if self._now.contact else None
        timers = [
            Due(at, in_.TimerFired(id="", at=at, timer=name, wait=wait.number))
            for name, at in wait.timers.items()
        ] if wait else []  # fmt: skip
        at = self._now.silent_at if wait and wait.listening else None
        silence = [Due(at, in_.Silent(id="", at=at))] if at else []
        return [*self._now.due, *silence, *timers]

    def _first_due(self) -> Due | None:
        return min(self._upcoming(), key=lambda due: due.at, default=None)

    # --- turns --------------------------------------------------------------------------------

    def _happen(self, event: in_.Event | Due) -> None:
        """Deliver an event, now or when it is due."""
        if isinstance(event, Due):
            due, event = event, event.event
            self._set(
                clock=max(self.clock, due.at),
                due=tuple(other for other in self._now.due if other is not due),
            )
            event = replace(event, id=self._event_id(), at=self.clock)
        self._deliver(event)

    def _deliver(self, event: in_.Event) -> None:
        before = self.contact
        if isinstance(event, in_.Answer):
            self._note_answer(event)
        watcher = _Recorder(self, before)
        event = replace(event, seed=self.seed + before.turn)
        turn = advance(self.program, before, event, self.world, watcher)
        contact = turn.contact
        self._set(contact=contact, events=self._now.events + 1)
        for note in turn.notes:
            self._note(seen.Trouble(at=self.clock, step=contact.step, text=note))
        if contact.status != before.status:
            self._note_status(contact)
        for key, effect in turn.effects:
            self._carry_out(key, effect)
        self._drop_unwanted()

    def _carry_out(self, key: str, effect: Effect) -> None:
        if isinstance(effect, out.Listen):
            keeps_time = CHANNELS[self.contact.channel].keeps_time
            silent_at = self._in(effect.timeout_s) if keeps_time else None
            self._set(listen=effect, silent_at=silent_at)
        if not wants_answer(effect):
            return
        name = service_name(effect)
        asked_before = self._now.asked.get(name, 0)
        self._set(asked={**self._now.asked, name: asked_before + 1})
        reply = self.services.answer(effect, asked_before) or _usual_answer(effect)
        if reply is None:
            self._set(pending={**self.pending, key: effect})
        else:
            self._schedule(key, effect, reply)

    def _schedule(self, key: str, effect: Effect, reply: Reply) -> None:
        at = self._in(reply.after_s)
        envelope = {"id": key, "at": at.isoformat(), "key": key}
        answer = in_.from_json({**reply.body, **envelope})
        self._set(
            due=(*self._now.due, Due(at, answer)),
            pending={**self.pending, key: effect},
        )

    def _drop_unwanted(self) -> None:
        """Answers that the flow does not wait for any more are not waited for."""
        wait = self.contact.wait
        keys = wait.keys if wait else []
        self._set(pending={key: item for key, item in self.pending.items() if key in keys})

    def _keyed(self, keys: str) -> tuple[str, str]:
        """What the question at hand takes of the keys, and the rest."""
        listen = self._now.listen if self.is_listening else None
        if listen is None or not listen.digits_max:
            return keys, ""
        if listen.ends_with and 0 <= (end := keys.find(listen.ends_with)) <= listen.digits_max:
            end += len(listen.ends_with)
            return keys[:end], keys[end:]
        return keys[: listen.digits_max], keys[listen.digits_max :]

    # --- bookkeeping --------------------------------------------------------------------------

    def _begin_action(self) -> None:
        self._before.append(self.snapshot())

    def _set(self, **changes: Any) -> None:
        self._now = replace(self._now, **changes)

    def _event_id(self) -> str:
        return f"simulated-{self._now.events}"

    def _note(self, happening: Happening) -> None:
        self.happened.append(happening)

    def _note_passed(
        self, since: datetime, until: datetime | None = None, *, silent: bool = False
    ) -> None:
        seconds = ((until or self.clock) - since).total_seconds()
        self._note(seen.TimePassed(at=since, step=self.contact.step, seconds=seconds,
                                   silent=silent))  # fmt: skip

    def _note_answer(self, event: in_.Answer) -> None:
        effect = self.pending.get(event.key)
        if effect is not None:
            body = in_.to_json(event)
            shown = {key: body[key] for key in body if key not in ("id", "at", "key", "seed")}
            self._note(seen.Answered(at=self.clock, step=self.contact.step,
                                     name=service_name(effect), body=shown))  # fmt: skip

    def _note_status(self, contact: Contact) -> None:
        if contact.status == "queued":
            self._note(seen.Queued(at=self.clock, step=contact.step, queue=contact.queue))
        elif contact.status == "ended":
            self._note(seen.Ended(at=self.clock, step=contact.step, reason=contact.reason))


class _Recorder(Watcher):
    """Notes what the engine does in one turn."""

    def __init__(self, simulator: Simulator, contact: Contact) -> None:
        self.simulator = simulator
        self.step, self.flow = contact.step, contact.flow
        self.values = contact.known
        self.begins = False

    def entered(self, step: CompiledStep) -> None:
        self._stand_at(step)
        self.begins = True
        self._note(seen.Entered(at=self.simulator.clock, step=step.id, kind=step.kind))

    def read(self, step: CompiledStep, params: Parameters) -> None:
        last = self.simulator.happened[-1] if self.simulator.happened else None
        if self.begins and isinstance(last, seen.Entered):
            self.simulator.happened[-1] = replace(last, params=params)
        self._stand_at(step)
        self.begins = False

    def did(self, key: str, effect: Effect) -> None:
        at, step = self.simulator.clock, self.step
        match effect:
            case out.Say():
                self._note(seen.Said(at=at, step=step, text=effect.text, sender=effect.sender,
                                     choices=effect.choices))  # fmt: skip
            case out.Listen(digits_max=digits_max, sensitive=sensitive):
                self._note(seen.Listened(at=at, step=step, digits_max=digits_max,
                                         sensitive=sensitive))  # fmt: skip
            case _ if wants_answer(effect):
                self._note(seen.Called(at=at, step=step, name=service_name(effect), effect=effect))
            case _:
                self._note(seen.Did(at=at, step=step, effect=effect))

    def left(
        self, step: CompiledStep, outcome: str, contact: Contact, value: Any = MISSING
    ) -> None:
        self._stand_at(step)
        before, after = self.values, contact.known
        changes = {
            name: (before.get(name), value)
            for name, value in after.items()
            if before.get(name) != value
        }
        self.values = dict(after)
        self._note(seen.Left(at=self.simulator.clock, step=step.id, outcome=outcome,
                             changes=changes, decided=self._decided(contact, value)))  # fmt: skip

    def _decided(self, contact: Contact, value: Any) -> seen.Decided | None:
        if value is MISSING:
            return None
        local = self.simulator.clock.astimezone(self.simulator.world.zone)
        flow = self.simulator.program.flow(self.flow) or self.simulator.program
        known = readable(flow, contact, system_values(flow, contact, local))
        return seen.Decided(value=value, known=known)

    def _stand_at(self, step: CompiledStep) -> None:
        self.step = step.id
        self.flow = step.flow if step.flow != self.simulator.program.path else ""

    def _note(self, happening: Happening) -> None:
        self.simulator.happened.append(replace(happening, flow=self.flow))


def _usual_answer(effect: Effect) -> Reply | None:
    """A queue has room and a message arrives, unless somebody says otherwise."""
    match effect:
        case out.Enqueue(queue=queue):
            return Reply(body={"event": "Queued", "queue": queue, "position": 1})
        case out.Invite(address=address):
            link = "" if address else "https://example.com/continue"
            return Reply(body={"event": "Delivered", "link": link})
        case out.SendMessage():
            return Reply(body={"event": "Delivered"})
        case _:
            return None
