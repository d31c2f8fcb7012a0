"""Calls that an agent places: by number, back to customers who asked for it, once more."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from designer.desk.board import Callback
from designer.desk.looks import Looks
from designer.html import button, icon, on_value, tag, text
from runtime.desk.agent import Dialled

NUMBER = re.compile(r"\+[1-9]\d{6,14}")
SHOWN_MAX = 5
Dial = Callable[..., Awaitable[None]]


def number_in(written: str) -> str:
    """What somebody typed, as a number; nothing if it is none."""
    plain = re.sub(r"[\s().-]", "", written)
    return plain if NUMBER.fullmatch(plain) else ""


def draw_dialler(looks: Looks, queue: str, dial: Dial, *, may: bool) -> None:
    """A field for a number, for agents with a telephone."""
    words = looks.words
    typed = {"number": ""}
    off = None if may else "disabled"

    async def call() -> None:
        number = number_in(typed["number"])
        wrong.set_visibility(not number)
        if number:
            await dial(number, queue)

    with tag("div", "desk-heading"):
        text(words["call_somebody"], "fl-caps")
    with tag("div", "desk-dial"):
        with tag("label", "fl-field fl-grow"):
            icon("phone")
            field = tag(
                "input",
                type="tel",
                placeholder="+82 10 1234 5678",
                aria_label=words["number"],
                disabled=off,
            )
            on_value(field, "input", lambda value: typed.update(number=value))
        button(words["call"], on_click=call, disabled=off)
    wrong = text(words["no_number"], "fl-wrong desk-indent", tag="p", role="alert")
    wrong.set_visibility(False)


def draw_callbacks(looks: Looks, waiting: list[Callback]) -> None:
    """Who waits for a call. They come to agents by themselves, as everybody in a queue does."""
    with tag("div", "desk-heading"):
        text(looks.words["callbacks"], "fl-caps")
        text(str(len(waiting)), "fl-count")
    for each in waiting[:SHOWN_MAX]:
        with tag("div", "desk-call"):
            icon("callback")
            with tag("span", "fl-grow"):
                text(each.number, "fl-strong", tag="span")
                left = looks.words["attempts"].format(count=each.attempts)
                text(f"{looks.queue(each.queue)} · {left}", "fl-soft")
            text(looks.time(each.since), "fl-soft")


def draw_dialled(looks: Looks, calls: list[Dialled], dial: Dial, *, may: bool) -> None:
    """The latest calls with what became of them; who was not reached can be called again."""
    if not calls:
        return
    with tag("div", "desk-heading"):
        text(looks.words["dialled"], "fl-caps")
    for call in calls[:SHOWN_MAX]:
        with tag("div", "desk-call"):
            icon("phone")
            with tag("span", "fl-grow"):
                text(call.number, "fl-strong", tag="span")
                result = looks.words.get(f"result_{call.result or 'ringing'}", call.result)
                text(f"{looks.time(call.at)} · {result}", "fl-soft")
            if call.result and call.result != "reached" and may:
                button(looks.words["again"], "fl-btn small", on_click=_again(dial, call))


def _again(dial: Dial, call: Dialled) -> Callable[[], Any]:
    async def again() -> None:
        await dial(call.number, call.queue, call.task)

    return again
