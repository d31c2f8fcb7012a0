"""Trying a flow: one conversation with the simulator, and what the page shows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from flowlang import effects as out
from flowlang import types
from flowlang.effects import Effect
from flowlang.model import Document
from flowlang.names import outside_name
from runtime import happenings as seen
from runtime.engine import World
from runtime.program import Program
from runtime.simulator import FirstOf, Reply, Services, Simulator
from runtime.testing.recorder import as_test
from runtime.testing.subject import Subject
from runtime.testing.suite import ENDING as TEST_SUFFIX

Mode = Literal["answers", "fails", "slow"]


@dataclass(slots=True, kw_only=True)
class HandAnswer:
    """What the person says that a function answers."""

    name: str
    outside: str
    gives: Mapping[str, types.Type]
    mode: Mode = "answers"
    values: dict[str, str] = field(default_factory=dict)

    def choices(self, key: str) -> Sequence[str]:
        """The values that are possible, where the type says so."""
        wanted = self.gives[key]
        return wanted.values if isinstance(wanted, types.OneOf) else ()


class HandServices:
    """Functions answer what the person set; a queue takes everybody."""

    def __init__(self, document: Document) -> None:
        self.functions = {
            outside_name(declared): _hand_answer(declared.name, outside_name(declared), declared)
            for declared in document.declarations.values()
            if declared.results is not None
        }

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        if not isinstance(effect, out.CallFunction):
            return None
        found = self.functions.get(effect.function)
        if found is None:
            return None
        match found.mode:
            case "fails":
                return Reply(body={"event": "FunctionFailed"})
            case "slow":
                body = {"event": "FunctionFailed", "reason": "timeout"}
                return Reply(body=body, after_s=effect.timeout_s)
            case "answers":
                value = {key: _value(found.gives[key], text) for key, text in found.values.items()}
                return Reply(body={"event": "FunctionReturned", "value": value}, after_s=0.12)


def _hand_answer(name: str, outside: str, declared: Any) -> HandAnswer:
    gives = {item.name: item.type or types.ANY for item in declared.results}
    made = HandAnswer(name=name, outside=outside, gives=gives)
    made.values = {key: _example(type_) for key, type_ in gives.items()}
    return made


def _example(type_: types.Type) -> str:
    """A value to begin with."""
    match type_:
        case types.OneOf(values=values):
            return values[0]
        case types.Named(name="number" | "integer"):
            return "100"
        case types.Named(name="boolean"):
            return "true"
        case types.Named(name="date"):
            return "2026-12-24"
        case _:
            return "…"


def _value(type_: types.Type, text: str) -> Any:
    match type_:
        case types.Named(name="number" | "integer"):
            try:
                return float(text) if "." in text else int(text)
            except ValueError:
                return text
        case types.Named(name="boolean"):
            return text == "true"
        case _:
            return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble:
    """A line of the conversation as the page shows it."""

    side: Literal["flow", "me", "note"]
    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, from where and when."""

    number: str = "+821012345678"
    channel: str = "voice"
    at: datetime


class TryOut:
    """A conversation that can be talked to, taken back and begun again, while its flow
    changes."""

    def __init__(
        self,
        program: Program,
        document: Document,
        caller: Caller,
        *,
        world: World | None = None,
        services: Sequence[Services] = (),
    ) -> None:
        self.caller = caller
        self.world = world
        self.by_hand = HandServices(document)
        self._more = tuple(services)
        self._program = program
        self._begin()

    def _begin(self) -> None:
        self.keyed = ""
        """Keys that the question at hand has not taken yet."""
        services = FirstOf((self.by_hand, *self._more))
        self.simulator = Simulator(
            self._program, self.caller.at, world=self.world, services=services
        )
        self.simulator.start(caller=self.caller.number, channel=self.caller.channel)

    # --- what a person does -------------------------------------------------------------------

    def restart(self, **changes: Any) -> None:
        """Begin again, perhaps as another caller."""
        self.caller = replace(self.caller, **changes)
        self._begin()

    def press(self, key: str) -> None:
        """Keys are gathered as on a telephone, until the question has as many as it takes."""
        if self.simulator.is_over:
            return
        listen = self.simulator.snapshot().listen if self.simulator.is_listening else None
        self.keyed += key
        if listen and key != listen.ends_with and len(self.keyed) < listen.digits_max:
            return
        self._hear_keyed()

    def _hear_keyed(self) -> None:
        keyed, self.keyed = self.keyed, ""
        self.simulator.hear(keyed, by="digits")

    def say(self, text: str) -> None:
        if text.strip() and not self.simulator.is_over:
            is_keys = text.strip().isdecimal() and self.caller.channel == "voice"
            self.simulator.hear(text.strip(), by="digits" if is_keys else "text")

    def stay_silent(self) -> None:
        """After some keys, silence says that these are all."""
        if self.keyed:
            self._hear_keyed()
        elif not self.simulator.is_over:
            self.simulator.silence()

    def hang_up(self) -> None:
        if not self.simulator.is_over:
            self.simulator.hang_up()

    def step_back(self) -> None:
        if self.keyed:
            self.keyed = self.keyed[:-1]
        elif len(self.bubbles()) > 1:
            self.simulator.step_back()

    def agent_accepts(self) -> None:
        self.simulator.agent_accepts("agent", "한지우")

    def flow_changed(self, program: Program, document: Document) -> None:
        """Play what was said again from the start, so that everything is heard as it is now."""
        self._program = program
        kept = self.by_hand.functions
        self.by_hand.functions = {
            name: kept.get(name, made) if name in kept and kept[name].gives == made.gives else made
            for name, made in HandServices(document).functions.items()
        }
        before = self.simulator.happened
        self._begin()
        self._play_again(before)

    def _play_again(self, happened: Sequence[seen.Happening]) -> None:
        """Do again what people did, as far as the conversation goes."""
        for item in happened:
            if self.simulator.is_over:
                return
            match item:
                case seen.Heard(text=text, by=by):
                    self.simulator.hear(text, by=by)
                case seen.TimePassed(silent=True):
                    self.simulator.silence()
                case seen.AgentCame():
                    self.agent_accepts()
                case seen.Ended(reason="customer"):
                    self.simulator.hang_up()
                case _:
                    pass

    # --- what the page shows ------------------------------------------------------------------

    def bubbles(self) -> list[Bubble]:
        found: list[Bubble] = []
        for item in self.simulator.happened:
            match item:
                case seen.Said(text=text, choices=choices):
                    found.append(Bubble(side="flow", text=text, choices=choices))
                case seen.Heard(text=text):
                    found.append(Bubble(side="me", text=text))
                case seen.TimePassed(silent=True):
                    found.append(Bubble(side="note", text="is_silent"))
                case seen.Queued(queue=queue):
                    found.append(Bubble(side="note", text=f"waiting_in_queue:{queue}"))
                case seen.AgentCame(agent=agent):
                    found.append(Bubble(side="note", text=f"agent_joined:{agent}"))
                case seen.Ended():
                    found.append(Bubble(side="note", text="ended"))
                case _:
                    pass
        if self.keyed:
            found.append(Bubble(side="me", text=f"{self.keyed}…"))
        return found

    def path(self) -> tuple[list[str], list[str]]:
        """The steps and wires that were travelled."""
        blocks: dict[str, None] = {}
        wires: dict[str, None] = {}
        for item in self.simulator.happened:
            if item.flow:
                continue
            if isinstance(item, seen.Entered):
                blocks[item.step] = None
            elif isinstance(item, seen.Left):
                wires[f"{item.step}>{item.outcome}"] = None
        return list(blocks), list(wires)

    def now(self) -> str | None:
        """The step at which the contact stands: while a module runs, the one that runs it."""
        contact = self.simulator.contact
        if contact.status == "ended":
            return None
        if not contact.flow:
            return contact.step
        return next((frame.step for frame in contact.frames if not frame.flow), None)

    def pills(self) -> dict[str, str]:
        """By step, the last value that it changed."""
        found: dict[str, str] = {}
        for item in self.simulator.happened:
            if isinstance(item, seen.Left) and not item.flow:
                for name, (_, after) in item.changes.items():
                    if not isinstance(after, dict):
                        found[item.step] = f"{name} = {after}"
        return found

    def values(self) -> list[tuple[str, str, str]]:
        """Name, value before the last change, value now; plain values only."""
        before: dict[str, Any] = {}
        for item in self.simulator.happened:
            if isinstance(item, seen.Left):
                before.update({name: old for name, (old, _) in item.changes.items()})
        rows = []
        slots = self.simulator.flow.slots
        for name, value in self.simulator.contact.known.items():
            if name in slots:
                continue
            if isinstance(value, dict):
                rows += [(f"{name}.{key}", "", _shown(inner)) for key, inner in value.items()]
            else:
                old = _shown(before[name]) if name in before else ""
                rows.append((name, old, _shown(value)))
        return rows


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def save_as_test(happened: Sequence[seen.Happening], subject: Subject) -> Path:
    """Put the conversation behind the tests that stand beside the flow; their file."""
    path = subject.path.with_name(f"{subject.path.stem}{TEST_SUFFIX}")
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    number = before.count("\ntest ") + before.startswith("test ") + 1
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    test = as_test(happened, subject, f"conversation {number}", {})
    path.write_text(f"{before}{gap}{test}", encoding="utf-8")
    return path
