"""The right side of the desk: who the customer is, what they asked before, how it went."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from designer.desk.board import Customer, Earlier
from designer.desk.looks import ICONS, Looks, initials
from designer.html import button, icon, on_value, prose, tag, text
from runtime.desk.agent import Chat

EARLIER_SHOWN_MAX = 8
NOTES_CHARACTERS_MAX = 2_000
Do = Callable[..., Awaitable[None]]


def draw_customer(
    looks: Looks, customer: Customer, chat: Chat, *, opened: str, open_: Callable[[str], Any],
    join: Callable[[str], Awaitable[None]],
) -> None:  # fmt: skip
    contact = customer.contact
    name = looks.name(chat.channel, chat.name)
    with tag("section", "desk-who fl-row"):
        text(initials(name), "fl-avatar big", aria_hidden="true")
        with tag("div", "fl-grow"):
            text(name, "fl-strong desk-big", tag="h2")
            with tag("div", "fl-row desk-pills"):
                text(looks.channel(chat.channel), "fl-pill")
                if contact is not None and contact.language:
                    text(contact.language, "fl-pill")
    with tag("section"):
        text(looks.words["about"], "fl-label", tag="h3")
        with tag("dl", "desk-attributes"):
            if contact is not None and contact.address and contact.channel != "chat":
                _draw_attribute(looks.words["address"], contact.address)
            for key, value in customer.attributes:
                _draw_attribute(key, value)
    with tag("section"):
        text(looks.words["before_this"], "fl-label", tag="h3")
        for earlier in customer.earlier[:EARLIER_SHOWN_MAX]:
            _draw_earlier(looks, earlier, is_open=earlier.contact.id == opened, open_=open_)
        if not customer.earlier:
            text(looks.words["nothing_before"], "fl-soft", tag="p")
        _draw_joining(looks, join)


def _draw_attribute(name: str, value: str) -> None:
    text(name, "fl-soft fl-cut", tag="dt")
    text(value, tag="dd", dir="auto")


def _draw_earlier(
    looks: Looks, earlier: Earlier, *, is_open: bool, open_: Callable[[str], Any]
) -> None:
    contact = earlier.contact
    with tag("button", "desk-earlier", type="button", aria_expanded=str(is_open).lower()) as row:
        icon(ICONS.get(contact.channel, "messenger"))
        with tag("span", "fl-grow"):
            how = looks.disposition(earlier.disposition) if earlier.disposition else ""
            who = contact.agent_name or looks.words["no_agent"]
            text(looks.channel(contact.channel), "fl-strong fl-cut")
            text(f"{who} · {how}" if how else who, "fl-soft fl-cut")
        text(looks.day(contact.started_at), "fl-soft")
    row.on("click", lambda _: open_("" if is_open else contact.id))
    if is_open:
        with tag("div", "desk-then"):
            for line in earlier.lines:
                looks.draw_line(line)


def _draw_joining(looks: Looks, join: Callable[[str], Awaitable[None]]) -> None:
    """The agent knows more than a number says: this is somebody we know by another."""
    typed = {"number": ""}
    with tag("div", "desk-dial flat"):
        with tag("label", "fl-field fl-grow"):
            field = tag("input", type="text", placeholder=looks.words["also_known"],
                        aria_label=looks.words["also_known"])  # fmt: skip
            on_value(field, "input", lambda value: typed.update(number=value))
        button(looks.words["join"], "fl-btn", on_click=lambda: join(typed["number"]))


def draw_wrap_up(looks: Looks, chat: Chat, do: Do) -> Any:
    """How it went; gives back what shows the time that is left."""
    words = looks.words
    said = {"disposition": "", "notes": ""}
    name = looks.name(chat.channel, chat.name)
    with tag("section", "desk-wrap-up"):
        with tag("div", "fl-label"):
            text(f"{words['wrap_up']} · {name}", tag="h3")
            left = text("", "fl-pill warn")
        if looks.site.project.dispositions:
            text(words["disposition"], "fl-label thin", tag="p")
            with tag("label", "fl-field"):
                field = tag("select", aria_label=words["disposition"])
                on_value(field, "change", lambda value: said.update(disposition=value))
                with field:
                    text(words["choose"], tag="option", value="-")
                    for key in looks.site.project.dispositions:
                        text(looks.disposition(key), tag="option", value=key)
        text(words["notes"], "fl-label thin", tag="p")
        notes = tag("textarea", "fl-area", aria_label=words["notes"],
                    maxlength=str(NOTES_CHARACTERS_MAX))  # fmt: skip
        on_value(notes, "input", lambda value: said.update(notes=value))
        with tag("div", "fl-two desk-buttons"):
            if chat.state == "wrap_up":
                button(words["more_time"], on_click=lambda: do("More", contact=chat.contact))
            button(words["save"], "fl-btn primary", on_click=lambda: finish())

    async def finish() -> None:
        chosen = said["disposition"] if said["disposition"] != "-" else ""
        await do("Finish", contact=chat.contact, disposition=chosen, notes=said["notes"])

    return left


def draw_callback(
    looks: Looks, customer: Customer, chat: Chat, do: Do, dial: Do, *, may: bool, has_phone: bool
) -> None:
    """A customer who waits for a call: dial, and say whether they were reached."""
    number = customer.callback["callback_number"]
    attempts = int(customer.callback.get("attempts", 1))
    with tag("div", "desk-callback"):
        with tag("div", "fl-grow"):
            text(number, "fl-strong desk-big", tag="div")
            text(looks.words["attempts"].format(count=attempts), "fl-soft")
        button(looks.words["call"], "fl-btn primary", symbol="phone",
               disabled=None if may else "disabled",
               on_click=lambda: dial(number, chat.queue, chat.contact))  # fmt: skip
        for reached in (True, False):
            button(
                looks.words["reached" if reached else "not_reached"],
                on_click=lambda was=reached: do("CalledBack", contact=chat.contact, reached=was),
            )
    if not has_phone:
        prose(looks.words["no_telephone"], "fl-help desk-indent", tag="p")
