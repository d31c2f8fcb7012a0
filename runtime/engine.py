"""The engine: a pure function from a contact and an event to the contact's next state.

`advance` decides one turn: it runs blocks from the event to the next wait and says what is to be
done outside. It never raises for what a flow, a customer or a service does; what a guard stops
leaves by an outcome or by the flow's `on error`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Any, assert_never

import orjson

from flowlang import effects as out
from flowlang import events as in_
from flowlang import types
from flowlang.block import (
    MISSING,
    Enter,
    Finish,
    HoursTable,
    Jump,
    Leave,
    Move,
    Prompt,
    Return,
    Stay,
    Wait,
)
from flowlang.channels import CHANNELS, Channel
from flowlang.conformity import fit
from flowlang.effects import Effect
from flowlang.events import Event
from flowlang.names import SETTINGS
from flowlang.parameters import Parameters
from runtime import limits
from runtime.contact import Contact, Frame, Waiting
from runtime.logs import where
from runtime.program import END, LOST, BadParameters, CompiledStep, Program

log = logging.getLogger(__name__)


class World:
    """What a project knows and a behaviour may read; tests and the simulator have their own."""

    zone: tzinfo = UTC
    """Where the project's days begin and end."""

    def hours(self, name: str) -> HoursTable | None:
        return None

    def queue_hours(self, queue: str) -> HoursTable | None:
        """The opening hours of a queue."""
        return None

    def prompt(self, name: str, language: str) -> Prompt | None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Everything that one event changed, to be committed together."""

    contact: Contact
    effects: tuple[tuple[str, Effect], ...] = ()
    """With their keys, which stay the same however often the turn is looked at."""
    trail: tuple[tuple[str, str], ...] = ()
    """The steps that were left, each with its outcome."""
    notes: tuple[str, ...] = ()
    """What went wrong inside, for the journal."""


class Watcher:
    """Looks on while a turn is decided: the simulator and tests see more than the outside does.
    It must neither change what it is shown nor fail."""

    def entered(self, step: CompiledStep) -> None:
        """A step begins."""

    def read(self, step: CompiledStep, params: Parameters) -> None:
        """The parameters of a step, evaluated, as it begins and whenever it goes on."""

    def did(self, key: str, effect: Effect) -> None:
        """An effect will go out."""

    def left(self, step: CompiledStep, outcome: str, contact: Contact) -> None:
        """A step is over; the contact has its results."""


NOBODY = Watcher()


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
    program: Program, contact: Contact, event: Event, world: World, watcher: Watcher = NOBODY
) -> Turn:
    """One turn."""
    turn = _Turn(program, contact.copy(), event, world, watcher)
    turn.take(event)
    return Turn(
        contact=turn.contact,
        effects=tuple(turn.effects),
        trail=tuple(turn.trail),
        notes=tuple(turn.notes),
    )


@dataclass(slots=True)
class StepView:
    """The `View` of the steps of one turn."""

    turn: _Turn
    step: CompiledStep
    looked: bool = False
    """Something was read that another contact on this channel may not have."""

    @property
    def channel(self) -> Channel:
        return self.turn.channel

    @property
    def language(self) -> str:
        return self.turn.contact.language

    @property
    def choices(self) -> tuple[str, ...]:
        return self.step.choices

    @property
    def outcomes(self) -> Collection[str]:
        return self.step.targets.keys()

    @property
    def now(self) -> datetime:
        return self._look().event.at

    @property
    def seed(self) -> int:
        return self._look().event.seed

    @property
    def address(self) -> str:
        return self._look().contact.address

    @property
    def target_queue(self) -> str:
        return self._look().contact.queue

    @property
    def waiting_since(self) -> str:
        return self._look().contact.waiting_since

    @property
    def settings(self) -> Mapping[str, Any]:
        return self._look().contact.settings

    @property
    def has_typed_ahead(self) -> bool:
        return bool(self._look().contact.typed_ahead)

    @property
    def kept(self) -> Any:
        return self._look().contact.kept.get(self.step.id)

    def hours(self, name: str) -> HoursTable | None:
        turn = self._look()
        return turn.world.hours(name) if name else turn.world.queue_hours(turn.contact.queue)

    def flow(self, name: str) -> str:
        return self._look().flow.named(name)

    def prompt(self, name: str) -> Prompt | None:
        return self._look().world.prompt(name, self.language)

    def _look(self) -> _Turn:
        self.looked = True
        return self.turn


@dataclass(slots=True)
class _Turn:
    """One turn in the making: it owns its copy of the contact and changes it."""

    program: Program
    contact: Contact
    event: Event
    world: World
    watcher: Watcher = NOBODY
    channel: Channel = field(init=False)
    flow: Program = field(init=False)
    """The flow at work: the program itself, or another of the same version."""
    effects: list[tuple[str, Effect]] = field(default_factory=list)
    trail: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unwaited: int = 0
    rescued: bool = False
    system: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        self.channel = CHANNELS[self.contact.channel]
        self.contact.turn += 1
        self.flow = self.program.flow(self.contact.flow) or LOST_FLOW

    # --- events -------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        contact = self.contact
        if contact.status == "ended":
            return
        match event:
            case in_.Started():
                self._begin(event)
            case in_.CustomerLeft(reason=reason):
                self._customer_left(reason)
            case in_.WrappedUp():
                pass
            case _ if contact.handing and self._is_about_handing(event):
                self._settle_handing(event)
            case in_.AgentJoined() if contact.status == "queued":
                self._agent_joined(event)
            case in_.AgentSaid(text=text) if contact.status == "connected":
                self._do(out.Say(text=text, sender="agent", sender_name=contact.agent_name,
                                 language=contact.language))  # fmt: skip
            case in_.AgentLeft(agent=agent) if contact.status == "connected":
                if agent == contact.agent:
                    self._agent_left()
            case in_.AgentTransferred(agent=agent) if contact.status == "connected":
                if agent == contact.agent and not contact.handing:
                    self._hand_over(event)
            case in_.AgentHeld(agent=agent, on=on) if contact.status == "connected":
                if agent == contact.agent:
                    self._hold(on)
            case in_.Heard(text=text) if contact.status == "connected":
                self._do(out.TellAgent(agent=contact.agent, what="said", text=text))
            case _ if contact.status == "flow" or contact.hook:
                self._resume(event)
            case in_.Queued() if contact.status == "queued" and self._is_awaited(event):
                contact.wait = None
                if begin := self._hooked("customer_queue"):
                    self._run(begin)
            case in_.QueueRefused() if contact.status == "queued" and self._is_awaited(event):
                contact.status, contact.wait, contact.places = "flow", None, {}
                self._run(self.program.start)
            case _:
                pass

    def _agent_joined(self, event: in_.AgentJoined) -> None:
        """Who was asked for more than one place gives the others back; then what is said before
        the two hear each other."""
        contact = self.contact
        if event.queue and event.queue not in (contact.places or [contact.queue]):
            return
        contact.places.pop(event.queue, None)
        self._leave_queues()
        contact.status, contact.wait, contact.frames = "connected", None, ()
        contact.handing = {}
        contact.agent, contact.agent_name = event.agent, event.agent_name
        contact.queue, contact.hook = event.queue or contact.queue, ""
        self.system = None
        if begin := self._hooked(*self._whispers()):
            self._run(begin)
        else:
            self._connect()

    def _whispers(self) -> tuple[str, ...]:
        """Flows before the two hear each other: another one, if the agent called."""
        if "dialled_by" not in self.contact.settings:
            return ("agent_whisper", "customer_whisper")
        kept = self.contact.settings.items()
        self.contact.settings = {key: value for key, value in kept if key != "dialled_by"}
        return ("outbound_whisper",)

    def _connect(self) -> None:
        # What the agent writes is kept back until they know that they are heard.
        self.contact.hook = ""
        if note := self.contact.settings.get("note"):
            kept = self.contact.settings.items()
            self.contact.settings = {key: value for key, value in kept if key != "note"}
            self._do(out.TellAgent(agent=self.contact.agent, what="whispered", text=note))
        if self.channel.medium == "voice":
            self._do(out.Bridge(agent=self.contact.agent))
        self._do(out.TellAgent(agent=self.contact.agent, what="joined"))

    def _agent_left(self) -> None:
        """The customer is still there: a flow for that goes on with them, or the contact ends."""
        contact = self.contact
        contact.handing = {}
        self._leave_queues()
        begin = self._hooked("disconnect")
        if begin is None:
            self._finish(Finish(reason="agent", effects=(out.HangUp(),)))
            return
        contact.status, contact.wait, contact.agent, contact.agent_name = "flow", None, "", ""
        self._run(begin)

    # --- from one agent to another ------------------------------------------------------------

    def _hand_over(self, event: in_.AgentTransferred) -> None:
        """The customer stays with their agent until somebody has them."""
        contact = self.contact
        self._rest_hold()
        handing = {"to": event.to, "target": event.target, "queue": contact.queue,
                   "since": contact.waiting_since}  # fmt: skip
        settings = dict(contact.settings)
        if event.note:
            settings["note"] = event.note
        contact.settings = settings
        match event.to:
            case "agent" | "queue":
                is_agent = event.to == "agent"
                place = out.Enqueue(
                    queue=out.queue_of(event.target) if is_agent else event.target,
                    waiting_since=self.event.at.isoformat(),
                    asked_by=contact.agent if is_agent else "",
                )
                contact.handing = {**handing, "key": self._do(place)}
                contact.queue = handing["queue"]
            case "flow":
                self._hand_to_flow(event.target)
            case "number" if self.channel.medium == "voice":
                self._hand_to_number(handing)
            case "number":
                self._tell_refused("unknown")

    def _hand_to_flow(self, path: str) -> None:
        flow = self.program.flow(path)
        if flow is None or flow.type == "module":
            self._tell_refused("unknown")
            return
        self._release_agent()
        self._run(self._take_up(flow))

    def _hand_to_number(self, handing: Mapping[str, str]) -> None:
        contact = self.contact
        self._release_agent()
        call = out.AskService(service="telephony", operation="transfer",
                              arguments={"number": handing["target"]})  # fmt: skip
        contact.handing = {**handing, "key": self._do(call)}

    def _release_agent(self) -> None:
        contact = self.contact
        self._do(out.TellAgent(agent=contact.agent, what="handed"))
        contact.status, contact.wait, contact.hook, contact.frames = "flow", None, "", ()
        contact.agent, contact.agent_name, contact.handing = "", "", {}
        self.system = None

    def _is_about_handing(self, event: Event) -> bool:
        handing, contact = self.contact.handing, self.contact
        match event:
            case in_.Answer(key=key):
                return key == handing["key"]
            case in_.HandoverRefused(queue=queue):
                return queue in contact.places
            case in_.AgentJoined(queue=queue):
                return contact.status == "connected" and queue in contact.places
            case _:
                return False

    def _settle_handing(self, event: Event) -> None:
        contact = self.contact
        match event:
            case in_.Queued() if contact.handing["to"] == "queue":
                target = contact.handing["target"]
                waiting_since, places = contact.waiting_since, contact.places
                self._release_agent()
                contact.status, contact.queue = "queued", target
                contact.waiting_since, contact.places = waiting_since, places
                if begin := self._hooked("customer_queue"):
                    self._run(begin)
            case in_.Queued():
                pass
            case in_.QueueRefused(reason=reason) | in_.HandoverRefused(reason=reason):
                contact.places = {}
                self._tell_refused(reason)
            case in_.AgentJoined():
                self._do(out.TellAgent(agent=contact.agent, what="handed"))
                contact.status = "queued"
                self._agent_joined(event)
            case in_.ServiceRefused():
                # Nobody answered there: back to where the customer came from, and first in line.
                contact.queue, contact.handing = contact.handing["queue"], {}
                self._wait_in(contact.queue, priority=1)
            case _:
                contact.handing = {}
                self._finish(Finish(reason="transferred"))

    def _tell_refused(self, reason: str) -> None:
        contact = self.contact
        contact.waiting_since = contact.handing.get("since", contact.waiting_since)
        contact.handing = {}
        contact.settings = {key: v for key, v in contact.settings.items() if key != "note"}
        self._do(out.TellAgent(agent=contact.agent, what="refused", text=reason))

    def _wait_in(self, queue: str, priority: int = 5) -> None:
        contact = self.contact
        contact.status = "queued"
        place = out.Enqueue(queue=queue, priority=priority, waiting_since=contact.waiting_since)
        contact.wait = Waiting(contact.turn, keys=[self._do(place)])

    def _hold(self, on: bool) -> None:
        """The customer waits, with what a flow has for that; or their agent is back."""
        self._rest_hold()
        if not on:
            if self.channel.medium == "voice":
                self._do(out.Hold(on=False))
            return
        if self.channel.medium == "voice":
            self._do(out.Hold())
        if begin := self._hooked("customer_hold"):
            self._run(begin)

    def _rest_hold(self) -> None:
        """What a flow has for those on hold ends here."""
        if self.contact.hook == "customer_hold":
            self.contact.hook, self.contact.wait = "", None

    def _begin(self, event: in_.Started) -> None:
        """Run the flow; or take the place in the queue that the customer had elsewhere."""
        if event.queue:
            self.contact.status, self.contact.queue = "queued", event.queue
            self.contact.waiting_since = event.waiting_since
            place = out.Enqueue(queue=event.queue, waiting_since=event.waiting_since)
            self.contact.wait = Waiting(self.contact.turn, keys=[self._do(place)])
        else:
            self._run(self.program.start)

    def _customer_left(self, reason: str) -> None:
        contact = self.contact
        if contact.status == "queued" and not contact.places:
            self._do(out.LeaveQueue(queue=contact.queue))
        elif contact.status == "connected":
            self._do(out.TellAgent(agent=contact.agent, what="left"))
        self._finish(Finish(reason=reason or "customer"))

    def _resume(self, event: Event) -> None:
        wait, step = self.contact.wait, self.flow.steps.get(self.contact.step)
        if wait is None or step is None or not self._is_awaited(event):
            return
        if isinstance(event, in_.QueueRefused):
            asked = self.contact.places
            self.contact.places = {name: key for name, key in asked.items() if key != event.key}
        self._settle(step, wait, event)

    def _is_awaited(self, event: Event) -> bool:
        """Late answers and timers of earlier waits mean nothing."""
        wait = self.contact.wait
        match event:
            case in_.TimerFired(timer=timer, wait=number):
                return wait is not None and wait.number == number and timer in wait.timers
            case in_.Answer(key=key):
                return wait is not None and key in wait.keys
            case _:
                return True

    def _settle(self, step: CompiledStep, wait: Waiting, event: Event) -> None:
        move, _ = self._guarded(step, step.block.resume, wait.memory, event)
        if isinstance(move, Stay):
            if isinstance(event, in_.TimerFired):
                wait.timers.pop(event.timer, None)
            if isinstance(event, in_.Heard):
                self._remember(event)
            return
        self.contact.wait = None
        target = self._apply(step, move)
        if target is not None:
            self._run(target)

    def _remember(self, event: in_.Heard) -> None:
        ahead = self.contact.typed_ahead
        if len(ahead) < limits.TYPED_AHEAD_MAX:
            ahead.append({"text": event.text, "by": event.by})

    # --- steps --------------------------------------------------------------------------------

    def _run(self, target: str) -> None:
        """Run steps until one waits or the flow ends."""
        following: str | None = target
        while following is not None:
            step = self.flow.steps.get(following)
            if step is None:
                following = self._over(is_lost=following != END)
                continue
            self.contact.step = step.id
            self.contact.steps += 1
            self.unwaited += 1
            self.watcher.entered(step)
            if self._is_exhausted():
                following = self._rescue("too many steps without a wait")
            elif self.channel.medium not in step.block.channels:
                following = self._apply(step, Leave(outcome=step.block.elsewhere))
            else:
                following = self._apply(step, self._start(step))

    def _is_exhausted(self) -> bool:
        return (
            self.unwaited > limits.STEPS_WITHOUT_WAIT_MAX
            or self.contact.steps > limits.STEPS_PER_CONTACT_MAX
        )

    def _rescue(self, why: str) -> str:
        """To the flow's `on error`, once; a flow that fails there too ends."""
        self.notes.append(why)
        if self.rescued or self.flow.on_error == LOST:
            return LOST
        self.rescued = True
        self.unwaited = 0
        self.contact.steps = min(self.contact.steps, limits.STEPS_PER_CONTACT_MAX - 100)
        return self.flow.on_error

    def _start(self, step: CompiledStep) -> Move:
        """What a step does first. Behaviours are pure: one that looked at nothing of its contact
        does the same for all on that channel and in that language, and is not asked again."""
        manner = (self.contact.channel, self.contact.language)
        if step.constant is not None and (known := step.moves.get(manner)) is not None:
            self.watcher.read(step, step.constant)
            return known
        move, is_general = self._guarded(step, step.block.start)
        if is_general and step.constant is not None and len(step.moves) < limits.MOVES_KEPT_MAX:
            step.moves[manner] = move
        return move

    def _guarded(
        self, step: CompiledStep, behaviour: Callable[..., Move], *given: Any
    ) -> tuple[Move, bool]:
        """Run a behaviour; also, whether it looked at nothing of its contact. A block of a third
        party may fail; a contact may not."""
        view = StepView(self, step)
        try:
            params = step.constant or step.prepare(self.scope())
            self.watcher.read(step, params)
            return behaviour(params, *given, view), not view.looked
        except BadParameters as error:
            self.notes.append(f"{step.id}: {error}")
        except Exception as error:  # noqa: BLE001 - it may be anybody's block
            log.error("block %s failed at %s: %s", step.kind, step.id, where(error))
            self.notes.append(f"{step.id}: {type(error).__name__}")
        return Leave(outcome="error"), False

    def _apply(self, step: CompiledStep, move: Move) -> str | None:
        """Carry out a move; the step to go on at, or None at a wait or an end."""
        match move:
            case Leave():
                return self._leave(step, move)
            case Wait():
                return self._wait(step, move)
            case Finish():
                self._finish(move)
                self._note_left(step, move.status)
                return self._hooked("customer_queue") if move.status == "queued" else None
            case Enter():
                return self._enter(step, move)
            case Return():
                self._note_left(step, move.outcome)
                return self._over(move)
            case Jump():
                return self._jump(step, move)
            case Stay():
                return None
            case _:
                assert_never(move)

    def _leave(self, step: CompiledStep, move: Leave) -> str:
        contact = self.contact
        outcome = move.outcome
        if move.results is not None and not fit(move.results, step.result_types.get(outcome, {})):
            self.notes.append(f"{step.id}: the answer is not of the declared type")
            move, outcome = Leave(outcome="error"), "error"
        for effect in move.effects:
            self._do(effect)
        if move.results is not None:
            for name in step.result_names:
                contact.local[name] = dict(move.results)
        if not self._set(move):
            outcome = "error"
            self.notes.append(f"{step.id}: values over {limits.VALUES_BYTES_MAX} bytes")
        if move.kept is not MISSING:
            contact.kept[step.id] = move.kept
        port, target = step.route(outcome, move.value, self.scope)
        if target == LOST and outcome == "error" and (spare := _worst(step)):
            self.notes.append(f"{step.id}: left by {spare}, for want of an error outcome")
            port, target = step.route(spare, MISSING, self.scope)
        if target == LOST and outcome == "error":
            # An error that nobody routed is still better told to the flow than to nobody.
            target = self._rescue(f"{step.id}: error without a way")
        self._note_left(step, port)
        return target

    def _set(self, move: Leave) -> bool:
        """Set attributes and settings; False, and nothing is set, if that is too much."""
        if not move.assign and not move.settings:
            return True
        contact = self.contact
        values, local = dict(contact.values), dict(contact.local)
        for name, value in (move.assign or {}).items():
            (local if name in self.flow.variables else values)[name] = value
        changed = {**contact.settings, **(move.settings or {})}
        settings = {key: value for key, value in changed.items() if value is not None}
        language = settings.pop("language", contact.language)
        queue = settings.pop("queue", contact.queue)
        if len(orjson.dumps([values, local, settings])) > limits.VALUES_BYTES_MAX:
            return False
        contact.values, contact.local, contact.settings = values, local, settings
        contact.language, contact.queue = language, queue
        self.system = None
        return True

    def _note_left(self, step: CompiledStep, port: str) -> None:
        flow = self.contact.flow
        self.trail.append((f"{flow}:{step.id}" if flow else step.id, port))
        self.watcher.left(step, port, self.contact)

    def _wait(self, step: CompiledStep, move: Wait) -> str | None:
        contact = self.contact
        if move.memory and len(orjson.dumps(move.memory)) > limits.MEMORY_BYTES_MAX:
            self.notes.append(f"{step.id}: memory over {limits.MEMORY_BYTES_MAX} bytes")
            return self._leave(step, Leave(outcome="error"))
        keys = [self._do(effect) for effect in move.effects]
        listening = out.Listen in map(type, move.effects)
        contact.wait = wait = Waiting(
            contact.turn,
            dict(move.memory),
            {
                name: self.event.at + timedelta(seconds=min(limits.CHAT_AGE_MAX_S, seconds))
                for name, seconds in move.timers.items()
            },
            keys,
            listening,
        )
        self.unwaited = 0
        if listening and contact.typed_ahead:
            return self._use_typed_ahead(step, wait)
        return None

    def _use_typed_ahead(self, step: CompiledStep, wait: Waiting) -> str | None:
        first = self.contact.typed_ahead.pop(0)
        heard = in_.Heard(id=self.event.id, at=self.event.at, text=first["text"],
                          by="digits" if first["by"] == "digits" else "text")  # fmt: skip
        move, _ = self._guarded(step, step.block.resume, wait.memory, heard)
        if isinstance(move, Stay):
            return None
        self.contact.wait = None
        return self._apply(step, move)

    def _finish(self, move: Finish) -> None:
        contact = self.contact
        for effect in move.effects:
            self._do(effect)
        contact.status, contact.wait = move.status, None
        contact.hook, contact.frames = "", ()
        if move.status == "queued":
            contact.queue = move.queue
            self._leave_queues(but=move.queue)
            return
        self._leave_queues()
        contact.reason = move.reason or "flow"
        hung_up = any(isinstance(effect, out.HangUp) for _, effect in self.effects)
        if not hung_up and not isinstance(self.event, in_.CustomerLeft):
            # Whatever ends a contact, the customer is never left on a silent line.
            self._do(out.HangUp(reason=contact.reason))

    def _leave_queues(self, but: str = "") -> None:
        """Give places back: a customer stands in one queue, or in none."""
        for queue in tuple(self.contact.places):
            if queue != but:
                self._do(out.LeaveQueue(queue=queue))

    # --- flows --------------------------------------------------------------------------------

    def _enter(self, step: CompiledStep, move: Enter) -> str:
        """Run a module, and keep what this flow knows until it returns."""
        contact, module = self.contact, self._named(move.module)
        why = ""
        if module is None or module.type != "module":
            why = f"there is no module {move.module}"
        elif len(contact.frames) >= limits.FRAMES_MAX:
            why = f"more than {limits.FRAMES_MAX} modules inside of each other"
        elif not fit(move.inputs, module.inputs):
            why = f"the inputs of {move.module} are not of the declared types"
        if why or module is None:
            self.notes.append(f"{step.id}: {why}")
            return self._leave(step, Leave(outcome="error"))
        caller = Frame(contact.flow, step.id, contact.local, contact.kept)
        contact.frames = (*contact.frames, caller)
        inputs = {key: value for key, value in move.inputs.items() if key in module.inputs}
        return self._take_up(module, inputs)

    def _jump(self, step: CompiledStep, move: Jump) -> str:
        """Another flow takes over for good."""
        flow = self._named(move.flow)
        if flow is None or flow.type == "module" or flow.type not in ("inbound", self.flow.type):
            self.notes.append(f"{step.id}: there is no flow {move.flow} to go on in")
            return self._leave(step, Leave(outcome="error"))
        self._note_left(step, "next")
        self.contact.frames = ()
        return self._take_up(flow)

    def _named(self, name: str) -> Program | None:
        path = self.flow.named(name)
        return self.program.flow(path) if path else None

    def _take_up(self, flow: Program, inputs: Mapping[str, Any] = MappingProxyType({})) -> str:
        """Begin a flow; its first step."""
        contact = self.contact
        self._stand_in(flow)
        contact.local, contact.kept = {**flow.variables, **inputs}, {}
        known = {key: value for key, value in contact.values.items() if value is not None}
        contact.values = {**contact.values, **flow.defaults, **known}
        return flow.start

    def _stand_in(self, flow: Program) -> None:
        self.flow, self.system = flow, None
        self.contact.flow = "" if flow is self.program else flow.path

    def _hooked(self, *hooks: str) -> str | None:
        """The first step of the first of these flows that was set; None if there is none."""
        chosen = self.contact.settings.get("hooks") or {}
        for hook in hooks:
            flow = self.program.flow(chosen[hook]) if chosen.get(hook) else None
            if flow is not None:
                self.contact.hook, self.contact.frames = hook, ()
                return self._take_up(flow)
        return None

    def _over(self, move: Return | None = None, *, is_lost: bool = False) -> str | None:
        """The flow at work is over, as it says or because it knows no way on."""
        contact = self.contact
        if contact.frames and (move or is_lost):
            return self._back(move or Return(outcome="error"))
        match contact.hook:
            case "customer_queue" | "customer_hold":
                contact.hook, contact.wait = "", None
                return None
            case "agent_whisper" if begin := self._hooked("customer_whisper"):
                return begin
            case "agent_whisper" | "customer_whisper" | "outbound_whisper":
                contact.wait = None
                self._connect()
                return None
            case _:
                self._finish(Finish(reason="lost" if is_lost else ""))
                return None

    def _back(self, move: Return) -> str:
        """A module is over: go on in the flow that called it."""
        contact = self.contact
        *frames, caller = contact.frames
        contact.frames = tuple(frames)
        self._stand_in(self.program.flow(caller.flow) or LOST_FLOW)
        contact.local, contact.kept, contact.step = caller.local, caller.kept, caller.step
        step = self.flow.steps.get(caller.step)
        if step is None:
            return LOST
        outcome = move.outcome if move.outcome in step.targets else "error"
        return self._leave(step, Leave(outcome=outcome, results=move.results))

    # --- effects ------------------------------------------------------------------------------

    def _do(self, effect: Effect) -> str:
        """Note an effect under its key."""
        key = f"{self.contact.id}/{self.contact.turn}/{len(self.effects)}"
        if isinstance(effect, out.Enqueue):
            since = effect.waiting_since or self.contact.waiting_since or self.event.at.isoformat()
            self.contact.queue, self.contact.waiting_since = effect.queue, since
            self.contact.places[effect.queue] = key
            effect = replace(effect, waiting_since=since)
        elif isinstance(effect, out.LeaveQueue):
            self.contact.places.pop(effect.queue, None)
        elif isinstance(effect, out.Say) and self._is_held_on_the_line():
            effect = out.Hold(text=effect.text, language=effect.language)
        elif isinstance(effect, out.Say) and self.contact.hook == "agent_whisper":
            effect = out.TellAgent(agent=self.contact.agent, what="whispered", text=effect.text)
        if isinstance(effect, out.Say) and (voice := self.contact.settings.get("voice")):
            effect = replace(effect, voice=voice)
        self.effects.append((key, effect))
        self.watcher.did(key, effect)
        return key

    def _is_held_on_the_line(self) -> bool:
        return self.contact.hook == "customer_hold" and self.channel.medium == "voice"

    # --- what expressions read ----------------------------------------------------------------

    def scope(self) -> Mapping[str, Any]:
        if self.system is None:
            now = self.event.at.astimezone(self.world.zone)
            self.system = system_values(self.flow, self.contact, now)
        return {**self.system, **self.contact.values, **self.contact.local}


LOST_FLOW = Program(id="", name="", steps={}, start=LOST, defaults={})
"""In place of a flow that is not there any more."""


_UNSET = {key: "" if type_ == types.TEXT else None for key, type_ in SETTINGS.items()}


def _worst(step: CompiledStep) -> str:
    """What a block without an error says when it cannot do its work: the last of its outcomes."""
    names = [outcome.name for outcome in step.block.outcomes]
    return names[-1] if names and "error" not in names else ""


def system_values(program: Program, contact: Contact, now: datetime) -> dict[str, Any]:
    """What every expression may read besides the contact's own values; `now` is local."""
    written = now.isoformat()
    return {
        **program.resources,
        "caller": {"number": contact.address, "name": contact.name},
        "contact": {
            "id": contact.id,
            "channel": contact.channel,
            "language": contact.language,
            "entry": contact.entry,
            "today": written[:10],
            "time": written[11:16],
            **{key: contact.settings.get(key, _UNSET[key]) for key in SETTINGS},
        },
        "queue": {"name": contact.queue},
        "agent": {"name": contact.agent_name},
    }
