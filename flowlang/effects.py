"""What a block can ask for. A behaviour returns effects; the runtime carries them out.

Every effect of a contact gets a key that stays the same over crashes (`contact/turn/n`). It is
performed once, or twice when a crash hides whether the first time worked; what its receiver then
sees stands in `resend`:

- `keyed`: the receiver knows keys and answers the second delivery like the first;
- `again`: it is sent again, the customer may notice (a prompt spoken twice beats a silent line);
- `skip`: it is not sent again but logged as uncertain (a text message that costs or confuses).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from typing import Any, ClassVar, Literal

from flowlang.frozen import dataclass

Resend = Literal["keyed", "again", "skip"]
Receiver = Literal["customer", "function", "bot", "service", "messenger", "queue", "agent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something to be done outside."""

    resend: ClassVar[Resend] = "keyed"
    receiver: ClassVar[Receiver]


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Effect):
    """Speak or write to the customer."""

    resend: ClassVar[Resend] = "again"
    receiver: ClassVar[Receiver] = "customer"
    text: str
    ssml: str = ""
    audio: str = ""
    """A recording to play in place of the text, where a voice speaks: its address, or a file of
    the project."""
    voice: Mapping[str, str] | None = None
    """The `voice` that speaks, perhaps its `engine` and `style`; none: the usual one."""
    language: str = ""
    choices: tuple[str, ...] = ()
    """Answers to offer as buttons, where the channel has buttons."""
    sender: Literal["flow", "bot", "agent"] = "flow"
    sender_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen(Effect):
    """Take the customer's next answer; text channels always listen, a voice channel starts to."""

    resend: ClassVar[Resend] = "again"
    receiver: ClassVar[Receiver] = "customer"
    digits_max: int = 0
    """0: words, not digits."""
    ends_with: str = ""
    timeout_s: float = 5
    between_digits_s: float = 5
    language: str = ""
    hints: tuple[str, ...] = ()
    sensitive: bool = False
    """The answer is masked wherever people read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge(Effect):
    """Let a caller and an agent hear each other."""

    receiver: ClassVar[Receiver] = "customer"
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Effect):
    """Let a caller wait while their agent does something else, and perhaps hear something."""

    receiver: ClassVar[Receiver] = "customer"
    on: bool = True
    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp(Effect):
    """End the conversation on the customer's side."""

    receiver: ClassVar[Receiver] = "customer"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Effect):
    """What is kept of the conversation, and what is computed from it."""

    receiver: ClassVar[Receiver] = "customer"
    participants: tuple[str, ...] = ()
    ivr: bool = False
    screen: tuple[str, ...] = ()
    analytics: Literal["off", "after", "realtime", "both"] = "off"
    language: str = ""
    redact: tuple[str, ...] = ()
    mask: str = ""
    keep: str = ""
    sentiment: bool = True
    summary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifyVoice(Effect):
    """Compare the caller's voice with what is enrolled for them."""

    receiver: ClassVar[Receiver] = "customer"
    on: bool = True
    threshold: float = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFunction(Effect):
    """Call a function; `FunctionReturned` or `FunctionFailed` answers."""

    receiver: ClassVar[Receiver] = "function"
    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    timeout_s: float = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBot(Effect):
    """Give the bot what the customer said; `BotAnswered` or `BotFailed` answers."""

    receiver: ClassVar[Receiver] = "bot"
    bot: str
    text: str
    session: Mapping[str, Any] = field(default_factory=dict)
    """What the bot said of the dialogue the last time: bots keep no state of their own here."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What the flow tells the bot besides what the customer says."""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskService(Effect):
    """Ask a service of the project to do something; `ServiceAnswered` or `ServiceRefused`
    answers. What there is to ask stands in `docs/services.md`."""

    receiver: ClassVar[Receiver] = "service"
    service: str
    operation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    timeout_s: float = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite(Effect):
    """Send the customer a one-time link to go on over `channel`; without an address, only make
    the link.

    `Delivered` or `Undeliverable` answers. The link carries on this contact: its attributes, its
    place in `queue`, who the customer is.
    """

    resend: ClassVar[Resend] = "keyed"
    receiver: ClassVar[Receiver] = "messenger"
    channel: str
    address: str
    text: str
    queue: str = ""
    valid_s: float = 86_400


def queue_of(agent: str) -> str:
    """The queue of one agent alone."""
    return f"@{agent}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage(Effect):
    """Write to somebody on a channel where a business may write first. `Delivered` or
    `Undeliverable` answers."""

    resend: ClassVar[Resend] = "skip"
    receiver: ClassVar[Receiver] = "messenger"
    channel: str
    address: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enqueue(Effect):
    """Ask the queue for a place; `Queued` or `QueueRefused` answers."""

    receiver: ClassVar[Receiver] = "queue"
    queue: str
    priority: int = 5
    waiting_since: str = ""
    """When the wait began, if it began elsewhere; else now."""
    criteria: tuple[Mapping[str, Any], ...] = ()
    """Who may take the contact, the strictest first: `conditions` that all hold, and for how long
    (`for_s`)."""
    asked_by: str = ""
    """The agent who wants to hand the customer over, and keeps them if nobody takes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveQueue(Effect):
    """Give the place in the queue back: the customer left, or goes on elsewhere."""

    receiver: ClassVar[Receiver] = "queue"
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellAgent(Effect):
    """Show the agent what happened to a contact of theirs."""

    receiver: ClassVar[Receiver] = "agent"
    agent: str
    what: Literal["joined", "said", "left", "whispered", "handed", "refused"]
    text: str = ""


EFFECTS: dict[str, type[Effect]] = {
    cls.__name__: cls
    for cls in (
        Say, Listen, Bridge, Hold, HangUp, Record, IdentifyVoice, CallFunction, AskBot, AskService,
        Invite, SendMessage, Enqueue, LeaveQueue, TellAgent,
    )
}  # fmt: skip
_DEFAULTS = {
    name: tuple((item.name, item.default) for item in fields(cls)) for name, cls in EFFECTS.items()
}


def to_json(effect: Effect) -> dict[str, Any]:
    """As stored in the outbox and the journal; what is at its default is left out."""
    kind = type(effect).__name__
    data: dict[str, Any] = {"effect": kind}
    for name, default in _DEFAULTS[kind]:
        value = getattr(effect, name)
        if value != default:
            data[name] = list(value) if isinstance(value, tuple) else value
    return data


def from_json(data: Mapping[str, Any]) -> Effect:
    values: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in data.items()
    }
    return EFFECTS[values.pop("effect")](**values)
