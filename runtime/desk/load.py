"""How much an agent may have in hand, by kind of conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

Kind = Literal["voice", "chat", "task"]
KINDS: tuple[Kind, ...] = ("voice", "chat", "task")


def kind_of(channel: str) -> Kind:
    """Whatever is written is a chat."""
    match channel:
        case "voice" | "task":
            return channel
        case _:
            return "chat"


def rooms(most: Mapping[Kind, int], channels: Iterable[str]) -> list[Kind]:
    """What somebody who has these in hand can take besides. During a call that is nothing."""
    kinds = [kind_of(channel) for channel in channels]
    if "voice" in kinds:
        return []
    return [kind for kind in KINDS if kinds.count(kind) < most[kind]]
