"""What blocks that wait for the customer's answer share."""

from __future__ import annotations

from blocks.common import speech
from flowlang.block import View
from flowlang.effects import Listen, Say
from flowlang.events import Event, Silent, TimerFired

SILENCE = "silence"
CHANNEL_GRACE_S = 60.0
"""A channel that keeps time itself may report a silence this much later; then it is presumed."""


def silence_timer(view: View, timeout_s: float) -> dict[str, float]:
    """The timer that ends a wait for an answer on this channel."""
    wait_s = view.channel.wait_for(timeout_s)
    return {SILENCE: wait_s + CHANNEL_GRACE_S if view.channel.keeps_time else wait_s}


def is_silence(event: Event) -> bool:
    return isinstance(event, Silent) or (isinstance(event, TimerFired) and event.timer == SILENCE)


def prompt(
    view: View,
    text: str,
    *,
    ssml: str = "",
    choices: tuple[str, ...] = (),
    digits_max: int = 0,
    ends_with: str = "",
    timeout_s: float = 5,
    between_digits_s: float = 5,
    sensitive: bool = False,
) -> tuple[Say | Listen, ...]:
    """Say something, if there is something to say, and listen for the answer."""
    buttons = choices if len(choices) <= view.channel.buttons_max else ()
    said = speech.said(view, text, ssml, buttons)
    listen = Listen(
        digits_max=digits_max if view.channel.digits else 0,
        ends_with=ends_with,
        timeout_s=timeout_s,
        between_digits_s=between_digits_s,
        language=view.language,
        sensitive=sensitive,
    )
    return (said, listen) if said else (listen,)
