"""What a call and whoever carries it say to each other, in nobody's words."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.host import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where Twilio goes on."""

    heard: str
    """With what the caller pressed or said, or with their silence."""
    next: str
    """With nothing: what is there now?"""
    dialled: str
    """With how a call to somebody else went."""
    recordings: str
    """Before the name of a recording of the project."""


def dials(effect: Body) -> bool:
    """Whether an effect asks to call somebody else and connect the caller with them."""
    return bool(effect["effect"] == "AskService" and effect["service"] == "telephony")
