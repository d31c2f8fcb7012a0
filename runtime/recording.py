"""What people may read of a conversation in writing: as the flow's `record` steps say.

The journal is complete, for replay, and encrypted with the contact's key. What is kept for people
is derived from it whenever somebody asks, so it is encrypted as well, and gone with the same key.

A contact whose flow never says `record` keeps everything. Else words count from the step on that
says so: before an agent is there only with `ivr`, after that those of the sides that are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from runtime.redaction import Redactor, not_available
from runtime.transcript import Line, Reader

Entry = Mapping[str, Any]
SIDES = ("agent", "customer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What one `record` step wants."""

    participants: tuple[str, ...] = ()
    ivr: bool = False
    redact: tuple[str, ...] = ()
    mask: str = "kind"
    keep: str = "original"
    analytics: str = "off"
    language: str = ""
    sentiment: bool = True
    summary: bool = False

    @classmethod
    def of(cls, effect: Mapping[str, Any]) -> Orders:
        known = {name: effect[name] for name in cls.__dataclass_fields__ if name in effect}
        for name in ("participants", "redact"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)

    def keeps(self, who: str, *, agent_is_there: bool) -> bool:
        if not agent_is_there:
            is_meant = who != "customer" or not self.participants or who in self.participants
            return self.ivr and is_meant
        return who in self.participants if who in SIDES else bool(self.participants)

    def redacted(self, text: str) -> str:
        if self.keep == "original":
            return text
        return Redactor.of(self.redact, self.mask)(text)

    def redacted_in(self, value: Any) -> Any:
        match value:
            case str():
                return self.redacted(value)
            case dict():
                return {key: self.redacted_in(item) for key, item in value.items()}
            case list() | tuple():
                return [self.redacted_in(item) for item in value]
            case _:
                return value


EVERYTHING = Orders(participants=SIDES, ivr=True)
NOTHING = Orders()


class Recording:
    """Follows a journal, oldest entry first, and knows under which orders each word was said."""

    def __init__(self, journal: Sequence[Entry]) -> None:
        self.is_ordered = any(True for entry in journal for _ in _orders(entry))
        self.orders = NOTHING if self.is_ordered else EVERYTHING
        self.last = self.orders
        """The last orders that wanted anything: those that the contact's record tells of."""
        self.agent_is_there = False

    def take(self, entry: Entry) -> tuple[Orders, list[Orders]]:
        """The orders for what the event brought, and for each thing said in the turn."""
        before = self.orders
        if entry["event"]["event"] == "AgentJoined" and entry["status"] == "connected":
            self.agent_is_there = True
        under = []
        for _, effect in entry["effects"]:
            if effect["effect"] == "Record":
                self.orders = Orders.of(effect)
                if self.orders.participants or self.orders.ivr:
                    self.last = self.orders
            elif effect["effect"] == "Say":
                under.append(self.orders)
        return before, under

    def keeps(self, orders: Orders, who: str) -> bool:
        return orders.keeps(who, agent_is_there=self.agent_is_there)


@dataclass(slots=True)
class Kept:
    lines: list[Line] = field(default_factory=list)
    originals: list[Line] = field(default_factory=list)
    """The same before anything was taken out; empty unless the flow keeps both."""
    described: dict[str, Any] = field(default_factory=dict)
    orders: Orders = EVERYTHING


def kept_of(journal: Iterable[bytes]) -> Kept:
    """What people may read of a contact."""
    return kept_in([orjson.loads(entry) for entry in journal])


def kept_in(entries: Sequence[Entry]) -> Kept:
    recording, reader, kept, left_out = Recording(entries), Reader(), Kept(), 0
    keeps_both = False
    for entry in entries:
        orders, under = recording.take(entry)
        said = iter(under)
        for line in reader.read(entry):
            if line["who"] == "event":
                kept.lines.append(line)
                kept.originals.append(line)
                continue
            mine = orders if line["who"] == "customer" else next(said)
            if not recording.keeps(mine, line["who"]):
                left_out += 1
                continue
            kept.lines.append({**line, "text": mine.redacted(line["text"])})
            if mine.keep != "redacted":
                kept.originals.append(line)
                keeps_both = keeps_both or mine.keep == "both"
    kept.orders = recording.last
    kept.originals = kept.originals if keeps_both else []
    kept.described = _described(recording, left_out)
    return kept


def _described(recording: Recording, left_out: int) -> dict[str, Any]:
    orders = recording.last
    takes_out = orders.keep != "original"
    return {
        "Ordered": recording.is_ordered,
        "Participants": list(orders.participants),
        "From": "BOT" if orders.ivr else "AGENT",
        "LeftOut": left_out,
        "Kept": orders.keep.upper(),
        "Redacted": sorted(Redactor.of(orders.redact, orders.mask).kinds) if takes_out else [],
        "NotRedacted": not_available(orders.redact),
    }


def hidden_words(entry: Entry, recording: Recording) -> Iterator[str]:
    """What was said in a turn and is kept for nobody to read."""
    orders, under = recording.take(entry)
    event = entry["event"]
    if event["event"] == "Heard" and not recording.keeps(orders, "customer"):
        yield event["text"]
    opening = event.get("opening", "")
    if opening and not recording.keeps(orders, "customer"):
        yield opening
    says = (effect for _, effect in entry["effects"] if effect["effect"] == "Say")
    for effect, mine in zip(says, under, strict=True):
        if not recording.keeps(mine, effect.get("sender", "flow")):
            yield effect["text"]


def _orders(entry: Entry) -> Iterator[Mapping[str, Any]]:
    return (effect for _, effect in entry["effects"] if effect["effect"] == "Record")
