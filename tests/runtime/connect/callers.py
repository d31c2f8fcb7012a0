"""Simulated callers of imported flows, and what happens to them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from blocks.catalogue import catalogue
from flowlang import effects as out
from flowlang.effects import Effect
from flowlang.project import Texts
from flowlang.syntax.printer import to_text
from runtime import happenings as seen
from runtime.bundle import Bundle
from runtime.engine import World
from runtime.program import compile_text
from runtime.simulator import Reply, Simulator
from tests.flowlang.interchange.connect.building import imported

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVENTS_MAX = 30


class Hours:
    def __init__(self, *, opened: bool) -> None:
        self.opened = opened

    def is_open(self, at: datetime) -> bool:
        return self.opened


class Place(World):
    def __init__(self, *, opened: bool = True) -> None:
        self.opened = opened

    def hours(self, name: str) -> Any:
        return Hours(opened=self.opened)

    def queue_hours(self, queue: str) -> Any:
        return Hours(opened=self.opened)


class Answering:
    """Gives each service its answers in their order, the last of them for ever; `functions`,
    `bots` and `queues` are answers by name."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.asked: list[Effect] = []

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        self.asked.append(effect)
        match effect:
            case out.CallFunction(function=name) if named := self.answers.get("functions"):
                given = [named[name]]
            case out.CallFunction():
                given = self.answers.get("function", ())
            case out.AskBot(bot=name) if named := self.answers.get("bots"):
                given = [named[name]]
            case out.AskBot():
                given = self.answers.get("bot", ())
            case out.Enqueue(queue=name) if named := self.answers.get("queues"):
                given = [named[name]]
            case out.Enqueue():
                given = self.answers.get("queue", ())
            case out.AskService(service=service):
                given = self.answers.get(service, ())
            case _:
                given = ()
        return Reply(body=given[min(asked_before, len(given) - 1)]) if given else None


def returns(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"event": "FunctionReturned", "value": value}


FAILS = {"event": "FunctionFailed", "reason": "failed"}
FULL = {"event": "QueueRefused", "reason": "full"}


def call(
    source: str,
    *doing: str | Callable[[Simulator], object],
    opened: bool = True,
    answers: Mapping[str, Any] | None = None,
    seed: int = 0,
    **started: Any,
) -> Simulator:
    """A call of a flow, of Connect or of ours. What is done: keys, or `...` of silence."""
    text = to_text(imported(source).document) if source.startswith("{") else source
    simulator = Simulator(
        compile_text(text, catalogue()), NOON, world=Place(opened=opened),
        services=Answering(answers or {}), seed=seed,
    )  # fmt: skip
    simulator.start(caller="+821012345678", **started)
    return does(simulator, *doing)


def does(simulator: Simulator, *doing: str | Callable[[Simulator], object]) -> Simulator:
    for deed in doing:
        if simulator.is_over:
            break
        if callable(deed):
            deed(simulator)
        elif deed == "...":
            simulator.silence()
        else:
            simulator.hear(deed, by="digits")
    return simulator


def told(simulator: Simulator) -> list[tuple[str, ...]]:
    """What the world sees of a call, and not how the flow is written."""
    found: list[tuple[str, ...]] = []
    for item in simulator.happened:
        match item:
            case seen.Said(text=text):
                found.append(("said", text))
            case seen.Called(effect=out.CallFunction() as effect):
                found.append(("called", effect.function, json.dumps(effect.arguments)))
            case seen.Queued(queue=queue):
                found.append(("queued", queue))
            case seen.Ended(reason=reason):
                found.append(("ended", reason))
            case _:
                pass
    return found


def said(simulator: Simulator) -> list[str]:
    return [item.text for item in simulator.happened if isinstance(item, seen.Said)]


def random_caller(dice: random.Random) -> list[str]:
    keys = ("1", "2", "9", "123#", "1234", "...", "...")
    return [dice.choice(keys) for _ in range(EVENTS_MAX)]


def call_project(
    flows: Mapping[str, str],
    *doing: str | Callable[[Simulator], object],
    types: Mapping[str, str] | None = None,
    answers: Mapping[str, Any] | None = None,
    **started: Any,
) -> Simulator:
    """A call of several flows of Connect; the first of them is where it begins. `types` are what
    the flow language leaves unsaid."""
    texts = {
        f"{name}.flow": to_text(imported(source, flow_type=(types or {}).get(name)).document)
        for name, source in flows.items()
    }
    program = Bundle(Texts(texts), catalogue()).program(next(iter(texts)))
    assert program is not None
    simulator = Simulator(program, NOON, world=Place(), services=Answering(answers or {}))
    simulator.start(caller="+821012345678", **started)
    return does(simulator, *doing)
