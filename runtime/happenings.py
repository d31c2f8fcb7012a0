"""What can be seen of a conversation: the designer, the terminal and the tests all read this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flowlang.effects import (
    AskBot,
    AskService,
    CallFunction,
    Effect,
    Enqueue,
    Invite,
    SendMessage,
)
from flowlang.parameters import Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    at: datetime
    step: str
    """Where the contact stood; empty before the first step."""
    flow: str = ""
    """The file of another flow, if the step is not of the one that the contact began with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Began(Happening):
    caller: str
    channel: str
    language: str = ""
    """Empty: that of the flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered(Happening):
    """A step began."""

    kind: str
    params: Parameters | None = None
    """Evaluated; None where they do not fit, or the step does not work on the channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What chose an outcome."""

    value: Any
    known: Mapping[str, Any]
    """What the conditions could read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Happening):
    """A step was left."""

    outcome: str
    changes: Mapping[str, tuple[Any, Any]]
    """The values that it changed, each before and after."""
    decided: Decided | None = None
    """Of a step that compares a value, and not of one that says its outcome itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Happening):
    text: str
    sender: Literal["flow", "bot", "agent"] = "flow"
    choices: tuple[str, ...] = ()
    """The answers that were offered as buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened(Happening):
    """The customer has the word."""

    digits_max: int
    """0: words, not digits."""
    sensitive: bool = False
    """Nobody shall see the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Happening):
    text: str
    by: Literal["digits", "speech", "text", "choice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed(Happening):
    seconds: float
    silent: bool = False
    """The customer was to answer and did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called(Happening):
    """A service was asked for something."""

    name: str
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Happening):
    """What the service answered: an event without its envelope."""

    name: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Did(Happening):
    """Any other effect: a recording, a voice to be compared, a line to hang up."""

    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(Happening):
    """The flow is over, the customer waits for a person."""

    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCame(Happening):
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble(Happening):
    """Something went wrong inside, and the flow was led out of it."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Happening):
    reason: str


ANSWERING = ("function", "bot", "service", "messenger")
"""Receivers whose word the flow waits for."""


def service_name(effect: Effect) -> str:
    """What a service is called by those who answer in its place."""
    match effect:
        case CallFunction(function=name) | AskBot(bot=name) | Enqueue(queue=name):
            return name
        case AskService(service="tables", arguments={"table": str(name)}):
            return name
        case AskService(service=name) | Invite(channel=name) | SendMessage(channel=name):
            return name
        case _:
            return effect.receiver


def wants_answer(effect: Effect) -> bool:
    """Whether the flow waits for somebody to answer it."""
    return effect.receiver in ANSWERING or isinstance(effect, Enqueue)
