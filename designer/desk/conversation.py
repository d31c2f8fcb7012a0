"""The middle of the desk: the conversation that is open, and what one can do in it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from nicegui.element import Element

from designer.desk.aside import draw_callback
from designer.desk.handing import Handing
from designer.desk.looks import Log, Looks, cleared
from designer.desk.state import Hands, State
from designer.html import button, icon, on_value, set_value, tag, text
from designer.kept import Memory
from designer.scripts import call
from designer.visitor import initials
from flowlang.project import said
from runtime import limits
from runtime.desk.agent import Chat
from runtime.desk.load import kind_of
from runtime.transcript import Line

CHARACTERS_MAX = 1_300
"""Of any language, so many fit into a message."""
TYPING_EVERY_S, TYPING_FOR_S = 3.0, 6.0
SEND_BY_ENTER = (
    # While a Korean syllable is being composed, Enter only ends it.
    "(e) => { if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) "
    "{ e.preventDefault(); emit(e.target.value); e.target.value = '' } }"
)


class ConversationView:
    def __init__(self, looks: Looks, hands: Hands, state: State) -> None:
        self.looks = looks
        self.words = looks.words
        self.hands = hands
        self.state = state
        self._memory = Memory()
        self._drafts: dict[str, str] = {}
        """What was begun to be written, by conversation."""
        self._told_typing_at = -TYPING_EVERY_S
        self._typing_until = 0.0

    # --- the frame ----------------------------------------------------------------------------

    def frame(self) -> None:
        with tag("main", "desk-main"):
            self.head_box = tag("div")
            self.callback_box = tag("div")
            self.told_box = tag("div")
            self.handing = Handing(tag("div"), self.looks, self._hand, self.toggle_handing)
            log = tag("div", "desk-log", role="log", tabindex="0",
                      aria_label=self.words["conversation"])  # fmt: skip
            self.log = Log(self.looks, log)
            self.typing = text("", "desk-typing fl-soft", tag="div", role="status")
            self.reply_box = tag("div", "desk-writing")

    def draw(self) -> None:
        chat, state = self.state.chat, self.state
        shown = chat and (chat.contact, chat.state, chat.held, chat.handing)
        if self._memory.is_new("head", shown):
            self._draw_head(chat)
        may_call = self.hands.may_call(state.agent)
        callback = state.customer.callback if chat and chat.state == "open" else {}
        if self._memory.is_new("callback", state.chosen, callback, may_call):
            self._draw_callback(chat, callback, may_call=may_call)
        if self._memory.is_new("told", chat and (chat.whispers, chat.refused)):
            self._draw_told(chat)
        handed = chat if state.is_handing else None
        self.handing.show(handed, state.customer.contact, state.available)
        self._draw_log(chat)
        writes = chat is not None and _may_write(chat)
        if self._memory.is_new("reply", state.chosen, writes):
            self._draw_reply(chat if writes else None)
        if writes and self._memory.is_new("clip", chat and _may_send_files(chat)):
            self.clip.set_visibility(chat is not None and _may_send_files(chat))

    # --- the head -----------------------------------------------------------------------------

    def _draw_head(self, chat: Chat | None) -> None:
        with cleared(self.head_box):
            if chat is None:
                return
            with tag("div", "desk-head"):
                name = self.looks.name(chat.channel, chat.name)
                text(initials(name), "fl-avatar", aria_hidden="true")
                with tag("div", "fl-grow"):
                    text(name, "fl-strong desk-big", tag="h2")
                    where = self.looks.queue(chat.queue)
                    where = f"{self.looks.channel(chat.channel)} · {where}"
                    text(where, "fl-soft fl-cut", tag="div")
                self._draw_actions(chat)

    def _draw_callback(
        self, chat: Chat | None, callback: Mapping[str, Any], *, may_call: bool
    ) -> None:
        with cleared(self.callback_box):
            if chat is not None and callback:
                draw_callback(self.looks, callback, chat, self.hands, may=may_call)

    def _draw_told(self, chat: Chat | None) -> None:
        with cleared(self.told_box):
            for whisper in chat.whispers if chat else ():
                with tag("div", "desk-whisper"):
                    icon("ear")
                    text(whisper, "fl-grow")
            if chat and chat.refused:
                reason = self.words.get(f"refused_{chat.refused}", self.words["refused_unknown"])
                text(reason, "fl-note warn desk-told", tag="div", role="status")

    def _draw_actions(self, chat: Chat) -> None:
        words, do = self.words, self.hands.do
        if chat.state == "open" and chat.channel == "voice":
            button(
                words["resume" if chat.held else "hold"],
                "fl-btn on" if chat.held else "fl-btn",
                symbol="run" if chat.held else "pause",
                on_click=lambda: do("Hold", contact=chat.contact, on=not chat.held),
            )
        if chat.state == "open":
            if chat.handing:
                text(words["handing"], "fl-pill accent", role="status")
            else:
                button(words["hand_over"], symbol="transfer", on_click=self.toggle_handing)
        if chat.state != "wrap_up":
            done = "done" if chat.state == "left" else "close"
            if chat.channel == "voice":
                done = "hang_up" if chat.state != "left" else "done"
            button(
                words[done],
                symbol="hangup" if done == "hang_up" else "",
                on_click=lambda: do("Close", contact=chat.contact),
            )

    async def toggle_handing(self) -> None:
        self.state.is_handing = not self.state.is_handing
        await self.hands.show()

    async def _hand(self, contact: str, to: str, target: str, note: str) -> None:
        self.state.is_handing = False
        await self.hands.do("Transfer", contact=contact, to=to, target=target, note=note)
        await self.hands.show()

    # --- what was said ------------------------------------------------------------------------

    def _draw_log(self, chat: Chat | None) -> None:
        passages = self.state.passages
        lines = passages[-1].lines if passages else []
        joined = next((n for n, line in enumerate(lines) if line["what"] == "joined"), len(lines))
        said = lines[joined:]
        if any(line["who"] == "customer" for line in said[self.log.count :]):
            self._stop_typing()
        before = (chat and chat.contact, [each.lines for each in passages[:-1]], lines[:joined])
        self.log.show(before, lambda: self._draw_before(chat, lines[:joined]), said)

    def _draw_before(self, chat: Chat | None, before: list[Line]) -> None:
        if chat is None:
            text(self.words["none_chosen"], "fl-empty", tag="p")
            return
        for passage in self.state.passages[:-1]:
            channel = self.looks.channel(passage.contact.channel)
            self.looks.draw_box(self.words["earlier"].format(channel=channel), passage.lines)
        if before:
            self.looks.draw_box(self.words["before"], before)

    # --- who is writing -----------------------------------------------------------------------

    def customer_types(self) -> None:
        chat = self.state.chat
        if chat is not None:
            self._typing_until = time.monotonic() + TYPING_FOR_S
            name = self.looks.name(chat.channel, chat.name)
            self.typing.set_text(self.words["typing"].format(name=name))

    def _stop_typing(self) -> None:
        self._typing_until = 0.0
        self.typing.set_text("")

    def tick(self) -> None:
        if self.typing.text and time.monotonic() > self._typing_until:
            self._stop_typing()

    def _note_draft(self, contact: str, value: str) -> None:
        self._drafts[contact] = value
        now = time.monotonic()
        if value.strip() and now - self._told_typing_at > TYPING_EVERY_S:
            self._told_typing_at = now
            self.hands.site.chat.typing.note(contact, "agent")

    # --- the reply ----------------------------------------------------------------------------

    def _draw_reply(self, chat: Chat | None) -> None:
        self._stop_typing()
        with cleared(self.reply_box):
            if chat is None:
                return
            contact = chat.contact
            self._draw_replies(chat)
            with tag("div", "desk-reply"):
                field = tag("textarea", "desk-field", rows="2", placeholder=self.words["reply"],
                            aria_label=self.words["reply"],
                            maxlength=str(CHARACTERS_MAX))  # fmt: skip
                self.field = field
                set_value(field, self._drafts.get(contact, ""))
                on_value(field, "input", lambda value: self._note_draft(contact, value))
                field.on("keydown", lambda told: self._send(contact, field, str(told.args)),
                         js_handler=SEND_BY_ENTER)  # fmt: skip
                with tag("div", "fl-row"):
                    self._draw_clip(contact)
                    tag("span", "fl-grow")
                    text("Enter", "fl-kbd", aria_hidden="true")
                    button(self.words["send"], "fl-btn primary", symbol="send",
                           on_click=lambda: self._send(contact, field))  # fmt: skip
            self.file_told = text("", "desk-file-told", tag="p", role="status")

    def _draw_replies(self, chat: Chat) -> None:
        """What is often written, in the customer's language."""
        contact = self.state.customer.contact
        language = (contact.language if contact else "") or self.looks.language
        replies = self.looks.site.project.replies
        if not replies:
            return
        with tag("div", "desk-replies", role="group", aria_label=self.words["replies"]):
            text(self.words["replies"], "fl-label thin", aria_hidden="true")
            for name, reply in replies.items():
                written = said(reply.text, language)
                title = said(reply.title, self.looks.language) or name
                put = partial(self._put, chat.contact, written)
                button(title, "fl-btn small", title=written, on_click=put)

    def _put(self, contact: str, written: str) -> None:
        """After what stands in the field already."""
        before = self._drafts.get(contact, "").rstrip()
        value = f"{before} {written}" if before else written
        self._drafts[contact] = value
        call(self.field, "deskPut", self.field, value)

    async def _send(self, contact: str, field: Element, value: str | None = None) -> None:
        written = (self._drafts.get(contact, "") if value is None else value).strip()
        if not written or len(written.encode()) > limits.MESSAGE_BYTES_MAX:
            return
        self._drafts[contact], self._told_typing_at = "", -TYPING_EVERY_S
        call(field, "deskPut", field, "")
        await self.hands.do("Say", contact=contact, text=written)

    # --- files --------------------------------------------------------------------------------

    def _draw_clip(self, contact: str) -> None:
        """A file goes from the browser straight to the server, and comes back as a line."""
        picker = tag("input", "desk-picker", type="file", tabindex="-1", data_contact=contact,
                     aria_label=self.words["attach"])  # fmt: skip
        picker.on("change", lambda told: self._tell_file(told.args),
                  js_handler="(e) => deskSendFile(e.target, emit)")  # fmt: skip
        self.clip = button("", "fl-icon-btn", symbol="clip", title=self.words["attach"],
                           data_role="attach")  # fmt: skip
        self.clip.on("click", js_handler=f"() => getHtmlElement({picker.id}).click()")
        chat = self.state.chat
        self._memory.is_new("clip", chat and _may_send_files(chat))
        self.clip.set_visibility(chat is not None and _may_send_files(chat))

    def _tell_file(self, told: Mapping[str, str]) -> None:
        if name := told.get("sending", ""):
            self.file_told.set_text(self.words["sending"].format(name=name))
        else:
            self.file_told.set_text(self.words.get(told.get("reason", ""), ""))


def _may_write(chat: Chat) -> bool:
    is_there = chat.state not in ("left", "wrap_up", "dialling")
    return is_there and kind_of(chat.channel) == "chat"


def _may_send_files(chat: Chat) -> bool:
    return chat.state == "open" and chat.channel == "chat"
