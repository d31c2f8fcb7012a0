"""The right side of the desk: who the customer is, what they asked before, how it went."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from designer.desk.board import Customer, Earlier
from designer.desk.looks import ICONS, Looks, cleared, minutes
from designer.desk.state import Hands, State
from designer.html import button, icon, on_value, prose, tag, text
from designer.kept import Memory
from designer.visitor import initials
from runtime.desk.agent import Chat

EARLIER_SHOWN_MAX = 8
NOTES_CHARACTERS_MAX = 2_000
Do = Callable[..., Awaitable[None]]


class Aside:
    """Its parts are drawn anew one by one: what somebody writes in one of them stays there."""

    def __init__(self, looks: Looks, hands: Hands, state: State) -> None:
        self.looks = looks
        self.hands = hands
        self.state = state
        self._memory = Memory()
        self._left: TextElement | None = None

    def frame(self) -> None:
        with tag("aside", "desk-aside", aria_label=self.looks.words["about"]):
            self.who_box = tag("div")
            self.earlier_box = tag("div")
            self.joining_box = tag("div")
            self.wrap_up_box = tag("div")

    def draw(self) -> None:
        chat, customer = self.state.chat, self.state.customer
        contact = customer.contact if chat else None
        known = contact and (contact.language, contact.address, customer.attributes)
        if self._memory.is_new("who", chat and chat.contact, known):
            with cleared(self.who_box):
                if chat is not None:
                    _draw_who(self.looks, customer, chat)
        earlier = (customer.earlier, self.state.opened) if chat else None
        if self._memory.is_new("earlier", earlier):
            with cleared(self.earlier_box):
                if chat is not None:
                    self._draw_earlier(customer)
        if self._memory.is_new("joining", chat and chat.contact):
            with cleared(self.joining_box):
                if chat is not None:
                    _draw_joining(self.looks, self._join)
        is_over = chat is not None and chat.state in ("wrap_up", "left")
        if self._memory.is_new("wrap up", chat.contact if chat and is_over else ""):
            self._draw_wrap_up(chat if is_over else None)
        if is_over and chat is not None:
            self.more.set_visibility(chat.state == "wrap_up")
        self.tick()

    def tick(self) -> None:
        chat = self.state.chat
        if self._left is not None and chat is not None:
            left = minutes(self.looks.left_s(chat.until)) if chat.until else ""
            told = self.looks.words["left_s"].format(time=left)
            self._left.set_text(told if left else "")

    # --- who they are, and what they asked before ---------------------------------------------

    def _draw_earlier(self, customer: Customer) -> None:
        with tag("section"):
            text(self.looks.words["before_this"], "fl-label", tag="h3")
            for earlier in customer.earlier[:EARLIER_SHOWN_MAX]:
                is_open = earlier.contact.id == self.state.opened
                _draw_earlier(self.looks, earlier, is_open=is_open, open_=self._open)
            if not customer.earlier:
                text(self.looks.words["nothing_before"], "fl-soft", tag="p")

    async def _open(self, contact: str) -> None:
        self.state.opened = contact
        await self.hands.show()

    async def _join(self, known_as: str) -> None:
        """The agent says that the customer is somebody known by another number."""
        contact, wanted = self.state.customer.contact, known_as.strip()
        if contact is None or not wanted:
            return
        customers = self.looks.site.customers
        for identity in customers.identities_of(contact)[:1]:
            await customers.join(identity, f"number {wanted}")
        await self.hands.show()

    # --- how it went --------------------------------------------------------------------------

    def _draw_wrap_up(self, chat: Chat | None) -> None:
        self._left = None
        with cleared(self.wrap_up_box):
            if chat is not None:
                self._left, self.more = draw_wrap_up(self.looks, chat, self.hands.do)


def _draw_who(looks: Looks, customer: Customer, chat: Chat) -> None:
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
    with tag("section", "desk-dial"):
        with tag("label", "fl-field fl-grow"):
            field = tag("input", type="text", placeholder=looks.words["also_known"],
                        aria_label=looks.words["also_known"])  # fmt: skip
            on_value(field, "input", lambda value: typed.update(number=value))
        button(looks.words["join"], "fl-btn", on_click=lambda: join(typed["number"]))


def draw_wrap_up(looks: Looks, chat: Chat, do: Do) -> tuple[TextElement, Element]:
    """How it went; gives back what shows the time that is left, and the button for more of it."""
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
            more = button(words["more_time"], on_click=lambda: do("More", contact=chat.contact))
            button(words["save"], "fl-btn primary", on_click=lambda: finish())

    async def finish() -> None:
        chosen = said["disposition"] if said["disposition"] != "-" else ""
        await do("Finish", contact=chat.contact, disposition=chosen, notes=said["notes"])

    return left, more


def draw_callback(
    looks: Looks, callback: Mapping[str, Any], chat: Chat, hands: Hands, *, may: bool
) -> None:
    """A customer who waits for a call: dial, and say whether they were reached."""
    number = callback["callback_number"]
    attempts = int(callback.get("attempts", 1))
    with tag("div", "desk-callback"):
        with tag("div", "fl-grow"):
            text(number, "fl-strong desk-big", tag="div")
            text(looks.words["attempts"].format(count=attempts), "fl-soft")
        button(looks.words["call"], "fl-btn primary", symbol="phone",
               disabled=None if may else "disabled",
               on_click=lambda: hands.dial(number, chat.queue, chat.contact))  # fmt: skip
        for reached in (True, False):
            button(
                looks.words["reached" if reached else "not_reached"],
                on_click=lambda was=reached: hands.do(
                    "CalledBack", contact=chat.contact, reached=was
                ),
            )
    if not hands.has_phone:
        prose(looks.words["no_telephone"], "fl-help desk-indent", tag="p")
