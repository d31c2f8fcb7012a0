"""What was said in a conversation, read from its journal, for customers and for agents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypedDict

import orjson

from runtime.attachments import described
from runtime.masks import Masks

Who = Literal["customer", "flow", "bot", "agent", "event"]


class Line(TypedDict):
    id: str
    """`turn.place`: the same for ever, so that a line is shown once however often it comes."""
    at: str
    who: Who
    what: str
    """`said`, or for an event `queued`, `joined`, `left`, `undelivered`, `ended`."""
    text: str
    name: str
    choices: list[str]
    ref: str
    """The id of the event that brought a customer's words."""
    file: dict[str, Any]
    """What was sent with them: id, name, type, size; empty if nothing was."""


class Reader:
    """Turns journal entries, oldest first, into lines."""

    def __init__(self) -> None:
        self._masks = Masks()
        self._status = ""

    def read_all(self, journal: Iterable[bytes]) -> list[Line]:
        return [line for entry in journal for line in self.read(orjson.loads(entry))]

    def read(self, entry: Mapping[str, Any]) -> list[Line]:
        at = entry["event"]["at"]
        self._masks.learn(entry)
        event_id = entry["event"]["id"]
        sent = described(entry["event"].get("file", {}))
        return [
            Line(id=f"{entry['turn']}.{number}", at=at, who=who, what=what,
                 text=self._masks(text), name=name, choices=choices,
                 ref=event_id if who == "customer" else "",
                 file=sent if who in ("customer", "agent") else {})
            for number, (who, what, text, name, choices) in enumerate(self._found(entry))
        ]  # fmt: skip

    def _found(self, entry: Mapping[str, Any]) -> Iterator[tuple[Who, str, str, str, list[str]]]:
        event = entry["event"]
        match event["event"]:
            case "Heard":
                yield "customer", "said", event["text"], "", []
            case "Started" if event.get("opening"):
                yield "customer", "said", event["opening"], "", []
            case "AgentJoined" if entry["status"] == "connected":
                yield "event", "joined", "", event.get("agent_name", ""), []
            case "CustomerLeft":
                yield "event", "left", event.get("reason", ""), "", []
            case "Undeliverable" if entry["status"] != "flow":
                yield "event", "undelivered", event.get("reason", ""), "", []
            case _:
                pass
        for _, effect in entry["effects"]:
            match effect["effect"]:
                case "Say":
                    yield (
                        effect.get("sender", "flow"),
                        "said",
                        effect["text"],
                        effect.get("sender_name", ""),
                        list(effect.get("choices", [])),
                    )
                case _:
                    pass
        if entry["status"] != self._status:
            self._status = entry["status"]
            if self._status in ("queued", "ended"):
                yield "event", self._status, "", "", []


def is_thinking(entry: Mapping[str, Any]) -> bool:
    """Whether the customer should see that an answer is on its way."""
    asked = {effect["effect"] for _, effect in entry["effects"]}
    return entry["status"] == "flow" and bool(asked & {"CallFunction", "AskBot", "Enqueue"})
