"""What can happen to a contact. An event brings its own id, its time and its chance, so that a
behaviour needs no clock and no dice, and a recorded contact replays step for step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from datetime import datetime
from typing import Any, Literal

from flowlang.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    id: str
    """Unique for ever: an event with an id that was seen before changes nothing."""
    at: datetime
    seed: int = 0
    """The chance of this turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Event):
    """A contact begins. Its flow runs from the start, or it takes the place of another contact
    whose customer came over by a link (`continues`)."""

    channel: str
    address: str = ""
    """The customer's number or id on the channel."""
    entry: str = ""
    """What the customer dialled or wrote to."""
    name: str = ""
    language: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What blocks had set of the contact that this one goes on from."""
    continues: str = ""
    queue: str = ""
    waiting_since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Event):
    """The customer pressed, said, wrote or chose something."""

    text: str
    by: Literal["digits", "speech", "text", "choice"] = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent(Event):
    """The channel waited for an answer as long as it was told to, and none came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Event):
    timer: str
    wait: int
    """The number of the wait that set it: a timer of an earlier wait is late and means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLeft(Event):
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Event):
    """The outcome of an effect, named by the effect's key."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionReturned(Answer):
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionFailed(Answer):
    reason: Literal["failed", "timeout", "unknown", "bad_answer"] = "failed"
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotAnswered(Answer):
    """The bot either wants to hear more (`ready` is false) or knows what the customer wants."""

    ready: bool
    messages: tuple[str, ...] = ()
    intent: str = ""
    """Empty: not understood."""
    slots: Mapping[str, Any] = field(default_factory=dict)
    session: Mapping[str, Any] = field(default_factory=dict)
    confidence: float = 0
    sentiment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotFailed(Answer):
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAnswered(Answer):
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRefused(Answer):
    reason: str = "failed"
    """One word that blocks understand: `none_found`, `multiple_found`, `invalid`, `unknown`,
    `failed`, `timeout`."""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Answer):
    link: str = ""
    """The one-time link, where there was no address to send it to: the flow shows it itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeliverable(Answer):
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued(Answer):
    queue: str
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRefused(Answer):
    reason: Literal["full", "unknown", "busy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentJoined(Event):
    agent: str
    agent_name: str = ""
    queue: str = ""
    """Whose offer they took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSaid(Event):
    agent: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLeft(Event):
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTransferred(Event):
    """The agent hands the customer to somebody else. Until they are taken, they stay."""

    agent: str
    to: Literal["agent", "queue", "flow", "number"]
    target: str
    note: str = ""
    """For whoever takes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRefused(Event):
    """Nobody of this queue took the customer over."""

    queue: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHeld(Event):
    """The agent lets the customer wait for a moment, or is back."""

    agent: str
    on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WrappedUp(Event):
    """What the agent noted of a conversation that is over."""

    agent: str
    disposition: str = ""
    notes: str = ""


EVENTS: dict[str, type[Event]] = {
    cls.__name__: cls
    for cls in (
        Started, Heard, Silent, TimerFired, CustomerLeft, FunctionReturned, FunctionFailed,
        BotAnswered, BotFailed, ServiceAnswered, ServiceRefused, Delivered, Undeliverable, Queued,
        QueueRefused, AgentJoined, AgentSaid, AgentLeft, AgentTransferred, HandoverRefused,
        AgentHeld, WrappedUp,
    )
}  # fmt: skip


def to_json(event: Event) -> dict[str, Any]:
    """As stored in the journal; what is at its default is left out."""
    data: dict[str, Any] = {"event": type(event).__name__, "at": event.at.isoformat()}
    for item in fields(event):
        value = getattr(event, item.name)
        if item.name != "at" and value != item.default:
            data[item.name] = list(value) if isinstance(value, tuple) else value
    return data


_TUPLES = {
    name: tuple(item.name for item in fields(cls) if str(item.type).startswith("tuple"))
    for name, cls in EVENTS.items()
}


def from_json(data: Mapping[str, Any]) -> Event:
    values = dict(data)
    kind = values.pop("event")
    values["at"] = datetime.fromisoformat(values["at"])
    for name in _TUPLES[kind]:
        if name in values:
            values[name] = tuple(values[name])
    return EVENTS[kind](**values)
