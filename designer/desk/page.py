"""The desk: what rings, the conversations in hand, and the one that is open."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from nicegui import background_tasks, ui
from nicegui.element import Element
from nicegui.events import KeyEventArguments

from designer.desk.aside import draw_callback, draw_customer, draw_wrap_up
from designer.desk.board import Board, Callback, Customer, Passage, Waiting
from designer.desk.calling import draw_callbacks, draw_dialled, draw_dialler
from designer.desk.handing import draw_handing, targets
from designer.desk.looks import ICONS, Countdown, Looks, cleared, initials, minutes
from designer.desk.words import WORDS
from designer.html import button, icon, on_value, tag, text
from designer.pages import open_page
from designer.words import LANGUAGES, Language
from runtime import limits
from runtime.desk.agent import AVAILABLE, AWAY, MISSED, Agent, Chat, Ringing
from runtime.desk.load import KINDS, kind_of
from runtime.desk.queue import RING_S
from runtime.http.access import people_of
from runtime.serving import Site
from runtime.transcript import Line

HOME = "/desk"
ASSETS = "/_flowlang-desk"


def mount(server: FastAPI, sites: Sequence[Site]) -> None:
    """Put the desk on a server. The caller serves the bundle's assets and runs NiceGUI."""
    boards = {id(site): Board(site) for site in sites}
    server.mount(ASSETS, StaticFiles(directory=Path(__file__).parent / "assets"), name="desk")

    @ui.page(HOME)
    async def desk(request: Request, lang: str = "", theme: str = "") -> None:
        language = open_page(WORDS["en"]["title"], lang, theme)
        ui.add_head_html(f'<link rel="stylesheet" href="{ASSETS}/desk.css">')
        people = await people_of(request, sites)
        found = next(((s, person) for s, person in people if person in s.project.agents), None)
        if found is None:
            with tag("div", "fl-page"), tag("main", "fl-home"):
                text(WORDS[language]["sign_in"], "fl-empty", tag="p")
            return
        site, person = found
        await DeskPage(site, boards[id(site)], person, language).open()


class DeskPage:
    def __init__(self, site: Site, board: Board, person: str, language: Language) -> None:
        self.site = site
        self.board = board
        self.person = person
        self.language = language
        self.words = WORDS[language]
        self.looks = Looks(site, language, self.words)
        self.profile = site.project.agents[person]
        self.queues = tuple(site.project.queues_of(person))
        self.agent = Agent()
        self.waiting = Waiting()
        self.callbacks: list[Callback] = []
        self.available: list[str] = []
        self.chosen = ""
        self.passages: list[Passage] = []
        self.customer = Customer()
        self.opened = ""
        """The earlier conversation that is looked at."""
        self.is_handing = False
        self.draft = ""
        self.client = ui.context.client
        self._changed = asyncio.Event()
        self._showing = asyncio.Lock()
        self._drawn: dict[str, str] = {}
        """What each part shows, so that a button is not replaced under somebody's finger."""
        self._clock: Countdown | None = None
        self._left: Any = None

    @property
    def may_call(self) -> bool:
        """Somebody with a telephone, who is on no call."""
        is_on_call = any(chat.channel == "voice" for chat in self.agent.chats.values())
        return self.has_phone and not is_on_call

    @property
    def has_phone(self) -> bool:
        return self.site.calls is not None and bool(self.profile.phone)

    # --- life ---------------------------------------------------------------------------------

    async def open(self) -> None:
        client = self.client
        self._frame()
        await self._show()
        self.board.listeners.add(self._heard_of)
        client.on_delete(lambda: self.board.listeners.discard(self._heard_of))
        task = background_tasks.create(self._follow(), name="desk")
        client.on_delete(task.cancel)
        ui.timer(1.0, self._tick)
        ui.keyboard(on_key=self._press, ignore=[])

    async def _press(self, key: KeyEventArguments) -> None:
        ringing = self.agent.ringing
        if key.action.keydown and key.key.name == "F2" and ringing is not None:
            await self._accept(ringing)

    async def _accept(self, offer: Ringing) -> None:
        await self._do("Accept", f"accept/{offer.offer}", offer=offer.offer)

    def _heard_of(self, entity: str) -> None:
        mine = {
            f"agent/{self.person}",
            *(f"contact/{contact}" for contact in self.agent.chats),
            *(f"queue/{queue}" for queue in self.queues),
        }
        if entity in mine or (self.is_handing and entity.startswith("agent/")):
            self._changed.set()

    async def _follow(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._show()

    async def _load(self) -> None:
        board = self.board
        self.agent = await board.agent(self.person)
        self.waiting = await board.waiting(self.queues)
        self.callbacks = await board.callbacks(self.queues)
        self.available = await board.available(but=self.person) if self.is_handing else []
        if self.chosen not in self.agent.chats:
            self.chosen, self.opened, self.is_handing = "", "", False
            self.chosen = next(reversed(self.agent.chats), "")
        self.passages = await board.passages(self.chosen) if self.chosen else []
        found = Customer()
        if self.chosen:
            found = await board.customer(self.chosen, self.opened)
        self.customer = found

    async def _show(self) -> None:
        """One at a time: what was asked for before would be drawn over what is asked for now."""
        async with self._showing:
            await self._load()
            self._draw()

    def _tick(self) -> None:
        """Only clocks move by themselves."""
        if self._clock is not None and self.agent.ringing is not None:
            self._clock.show(self._left_s(self.agent.ringing.until))
        chat = self.agent.chats.get(self.chosen)
        if self._left is not None and chat is not None and chat.until:
            left = minutes(self._left_s(chat.until))
            self._left.set_text(self.words["left_s"].format(time=left))
        if self.agent.presence_since:
            since = datetime.fromisoformat(self.agent.presence_since)
            lasted = (self.site.host.clock() - since).total_seconds()
            self.since_box.set_text(minutes(max(0.0, lasted)))

    def _is_new(self, part: str, *shown: object) -> bool:
        """Whether a part has to be drawn anew to show this."""
        before, self._drawn[part] = self._drawn.get(part), repr(shown)
        return before != self._drawn[part]

    async def _do(self, event: str, event_id: str = "", **values: Any) -> None:
        identity = event_id or f"desk/{self.person}/{secrets.token_hex(8)}"
        host = self.site.host
        await host.post(f"agent/{self.person}", host.event(event, id=identity, **values))

    # --- the frame ----------------------------------------------------------------------------

    def _frame(self) -> None:
        with tag("div", "fl-page desk"):
            with tag("header", "desk-bar"):
                icon("messenger", "s20")
                text(self.words["title"], tag="h1")
                self.queue_box = tag("span", "fl-soft desk-waiting")
                tag("span", "fl-grow")
                with tag("span", "fl-seg"):
                    for name, label in zip(LANGUAGES, ("EN", "한국어"), strict=True):
                        pressed = "true" if name == self.language else "false"
                        with tag("a", "on" if name == self.language else "",
                                 href=f"{HOME}?lang={name}", aria_current=pressed):  # fmt: skip
                            text(label)
                text(initials(self.profile.name), "fl-avatar", aria_hidden="true")
                text(self.profile.name, "fl-strong")
                sign_out = self.words["sign_out"]
                with (
                    tag("form", method="post", action="/sign-out"),
                    tag("button", "fl-icon-btn", title=sign_out, aria_label=sign_out),
                ):
                    icon("x")
            with tag("aside", "desk-side", aria_label=self.words["in_progress"]):
                self.presence_box = tag("div", "desk-presence")
                self.ringing_box = tag("div", "desk-ringing", role="alert")
                self.chats_box = tag("nav", "desk-chats", aria_label=self.words["in_progress"])
                self.calls_box = tag("div", "desk-calls")
                self.today_box = tag("div", "desk-today")
            with tag("main", "desk-main"):
                self.head_box = tag("div")
                self.handing_box = tag("div")
                self.log_box = tag("div", "desk-log", role="log", tabindex="0",
                                   aria_label=self.words["conversation"])  # fmt: skip
                self.reply_box = tag("div")
            self.aside_box = tag("aside", "desk-aside", aria_label=self.words["about"])

    def _draw(self) -> None:
        self._draw_bar()
        self._draw_presence()
        self._draw_ringing()
        self._draw_chats()
        self._draw_calls()
        self._draw_today()
        self._draw_conversation()
        self._draw_aside()
        self._tick()

    def _draw_bar(self) -> None:
        if not self._is_new("bar", self.waiting):
            return
        with cleared(self.queue_box):
            text(f"{self.words['waiting']} ")
            text(str(self.waiting.count), "fl-strong desk-count", tag="b")
            if self.waiting.count:
                text(f"{self.words['longest']} {minutes(self.waiting.longest_s)}")

    # --- the left side ------------------------------------------------------------------------

    def _draw_presence(self) -> None:
        agent = self.agent
        channels = [chat.channel for chat in agent.chats.values()]
        if not self._is_new("presence", agent.presence, agent.notice, channels):
            return
        with cleared(self.presence_box):
            with tag("div", "fl-seg wide desk-states"):
                for presence in (AVAILABLE, AWAY, *self.site.project.states):
                    button(
                        self.looks.state(presence),
                        "",
                        on_click=lambda state=presence: self._do("SetState", state=state),
                        aria_pressed="true" if agent.presence == presence else "false",
                    )
            with tag("div", "fl-row desk-counts fl-soft"):
                self._draw_room(channels)
                tag("span", "fl-grow")
                self.since_box = text("")
            if notice := self._notice():
                with tag("div", "fl-note warn", role="status"):
                    icon("bell")
                    text(self.words[f"{notice}_help"])

    def _draw_room(self, channels: Sequence[str]) -> None:
        most = self.site.project.concurrency_of(self.person)
        room = {"voice": most.voice, "chat": most.chat, "task": most.task}
        kinds = [kind_of(channel) for channel in channels]
        told = (
            f"{self.words[f'kind_{kind}']} {kinds.count(kind)}/{room[kind]}"
            for kind in ("chat", "voice", "task")
            if room[kind] and kind in KINDS
        )
        text(" · ".join(told))

    def _notice(self) -> str:
        if self.agent.presence == MISSED:
            return MISSED
        known = ("left", "taken_back", "not_free")
        return self.agent.notice if self.agent.notice in known else ""

    def _draw_ringing(self) -> None:
        if not self._is_new("ringing", self.agent.ringing):
            return
        self._clock = None
        with cleared(self.ringing_box):
            if self.agent.ringing is not None:
                self._draw_offer(self.agent.ringing)

    def _left_s(self, until: str) -> float:
        left = datetime.fromisoformat(until) - self.site.host.clock()
        return max(0.0, left.total_seconds())

    def _draw_offer(self, offer: Ringing) -> None:
        now = self.site.host.clock()
        waited_s = (now - datetime.fromisoformat(offer.since)).total_seconds()
        queue = self.site.project.queues.get(offer.queue)
        with tag("div", "desk-offer"):
            with tag("div", "fl-row"):
                with tag("span", "desk-offer-icon"):
                    icon(ICONS.get(offer.channel, "messenger"), "")
                with tag("div", "fl-grow"):
                    name = self.looks.name(offer.channel, offer.name)
                    text(name, "fl-strong desk-name", tag="div")
                    where = self.looks.queue(offer.queue)
                    where = f"{where} · {self.looks.channel(offer.channel)}"
                    text(where, "fl-soft fl-cut", tag="div")
                    text(self.words["waited"].format(time=minutes(waited_s)), "fl-dim", tag="div")
                self._clock = Countdown(queue.ring_s if queue else RING_S)
                self._clock.show(self._left_s(offer.until))
            with tag("div", "fl-two"):
                accept = button(
                    self.words["accept"], "fl-btn primary", on_click=lambda: self._accept(offer)
                )
                with accept:
                    text("F2", "fl-kbd desk-key", aria_hidden="true")
                button(
                    self.words["decline"],
                    on_click=lambda: self._do(
                        "Decline", f"decline/{offer.offer}", offer=offer.offer
                    ),
                )

    def _draw_chats(self) -> None:
        if not self._is_new("chats", self.agent.chats, self.chosen):
            return
        with cleared(self.chats_box):
            with tag("div", "desk-heading"):
                text(self.words["in_progress"], "fl-caps")
                text(str(len(self.agent.chats)), "fl-count")
            for chat in reversed(self.agent.chats.values()):
                self._draw_chat(chat)
            if not self.agent.chats:
                text(self.words["no_chats"], "fl-empty", tag="p")

    def _draw_chat(self, chat: Chat) -> None:
        is_on = chat.contact == self.chosen
        with tag("button", "desk-chat", type="button",
                 aria_current="true" if is_on else "") as row:  # fmt: skip
            name = self.looks.name(chat.channel, chat.name)
            with tag("span", "desk-face"):
                text(initials(name), "fl-avatar", aria_hidden="true")
                with tag("span", f"desk-channel {chat.channel}"):
                    icon(ICONS.get(chat.channel, "messenger"))
            with tag("span", "fl-grow"):
                text(name, "fl-strong fl-cut", tag="span")
                text(chat.last or self.looks.queue(chat.queue), "fl-soft fl-cut", tag="span")
                text(self._state(chat), "fl-soft desk-small", tag="span")
            if chat.state == "wrap_up":
                text(self.words["wrap_up"], "fl-pill warn")
            elif chat.unread and not is_on:
                text(str(chat.unread), "fl-count desk-unread")
        row.on("click", lambda _, contact=chat.contact: self._choose(contact))

    def _state(self, chat: Chat) -> str:
        told = {
            "left": self.words["customer_left"],
            "joining": self.words["joining"],
            "dialling": self.words["dialling"],
        }
        on_hold = self.words["on_hold"] if chat.held else self.looks.channel(chat.channel)
        return told.get(chat.state, on_hold)

    async def _choose(self, contact: str) -> None:
        self.chosen, self.opened, self.is_handing = contact, "", False
        if self.agent.chats[contact].unread:
            await self._do("Read", contact=contact)
        await self._show()

    def _draw_calls(self) -> None:
        agent = self.agent
        if not self._is_new("calls", self.callbacks, agent.dialled, self.may_call):
            return
        with cleared(self.calls_box):
            if self.callbacks:
                draw_callbacks(self.looks, self.callbacks)
            if self.has_phone and self.queues:
                draw_dialler(self.looks, self.queues[0], self._dial, may=self.may_call)
            draw_dialled(self.looks, agent.dialled, self._dial, may=self.may_call)

    async def _dial(self, number: str, queue: str, task: str = "") -> None:
        await self._do("Dial", number=number, queue=queue, task=task)

    def _draw_today(self) -> None:
        today = self.agent.today
        if not self._is_new("today", today):
            return
        average_s = today.handled_s / today.contacts if today.contacts else 0
        with cleared(self.today_box):
            with tag("div", "desk-heading"):
                text(self.words["today"], "fl-caps")
            with tag("div", "desk-numbers"):
                for value, name in (
                    (str(today.contacts), "today_contacts"),
                    (minutes(average_s), "today_average"),
                    (minutes(today.spent_s.get(AVAILABLE, 0)), "today_available"),
                ):
                    with tag("div"):
                        text(value, tag="b")
                        text(self.words[name], "fl-soft desk-small")

    # --- the conversation ---------------------------------------------------------------------

    def _draw_conversation(self) -> None:
        chat = self.agent.chats.get(self.chosen)
        shown = chat and (chat.contact, chat.state, chat.whispers, chat.held, chat.handing,
                          chat.refused, self.may_call)  # fmt: skip
        if self._is_new("head", shown, self.customer.callback):
            self._draw_head(chat)
        if self._is_new("handing", self.chosen, self.is_handing, self.available):
            self._draw_handing(chat)
        if self._is_new("log", self.chosen, [passage.lines for passage in self.passages]):
            self._draw_log(chat)
        if self._is_new("reply", self.chosen, chat.state if chat else ""):
            self._draw_reply(chat)

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
            if self.customer.callback and chat.state == "open":
                draw_callback(self.looks, self.customer, chat, self._do, self._dial,
                              may=self.may_call, has_phone=self.has_phone)  # fmt: skip
            for whisper in chat.whispers:
                with tag("div", "desk-whisper"):
                    icon("ear")
                    text(whisper, "fl-grow")
            if chat.refused:
                reason = self.words.get(f"refused_{chat.refused}", self.words["refused_unknown"])
                text(reason, "fl-note warn desk-told", tag="div", role="status")

    def _draw_actions(self, chat: Chat) -> None:
        words = self.words
        if chat.state == "open" and chat.channel == "voice":
            button(
                words["resume" if chat.held else "hold"],
                "fl-btn on" if chat.held else "fl-btn",
                symbol="run" if chat.held else "pause",
                on_click=lambda: self._do("Hold", contact=chat.contact, on=not chat.held),
            )
        if chat.state == "open":
            if chat.handing:
                text(words["handing"], "fl-pill accent", role="status")
            else:
                button(words["hand_over"], symbol="transfer", on_click=self._open_handing)
        if chat.state != "wrap_up":
            done = "done" if chat.state == "left" else "close"
            if chat.channel == "voice":
                done = "hang_up" if chat.state != "left" else "done"
            button(
                words[done],
                symbol="hangup" if done == "hang_up" else "",
                on_click=lambda: self._do("Close", contact=chat.contact),
            )

    async def _open_handing(self) -> None:
        self.is_handing = not self.is_handing
        await self._show()

    def _draw_handing(self, chat: Chat | None) -> None:
        with cleared(self.handing_box):
            if chat is None or not self.is_handing or chat.state != "open":
                return
            choices = targets(self.looks, self.available, is_call=chat.channel == "voice")
            draw_handing(self.looks, choices, self._hand, self._open_handing)

    async def _hand(self, to: str, target: str, note: str) -> None:
        self.is_handing = False
        await self._do("Transfer", contact=self.chosen, to=to, target=target, note=note)
        await self._show()

    def _draw_log(self, chat: Chat | None) -> None:
        with cleared(self.log_box):
            if chat is None:
                text(self.words["none_chosen"], "fl-empty", tag="p")
                return
            for passage in self.passages[:-1]:
                channel = self.looks.channel(passage.contact.channel)
                self.looks.draw_box(self.words["earlier"].format(channel=channel), passage.lines)
            if self.passages:
                self._draw_passage(self.passages[-1].lines)
        self.client.run_javascript(f"const log = getHtmlElement({self.log_box.id}); "
                          "log.scrollTop = log.scrollHeight")  # fmt: skip

    def _draw_passage(self, lines: list[Line]) -> None:
        joined = next((n for n, line in enumerate(lines) if line["what"] == "joined"), len(lines))
        if before := lines[:joined]:
            self.looks.draw_box(self.words["before"], before)
        for line in lines[joined:]:
            self.looks.draw_line(line)

    def _draw_reply(self, chat: Chat | None) -> None:
        self.draft = ""
        with cleared(self.reply_box):
            if chat is None or chat.state in ("left", "wrap_up", "dialling"):
                return
            if kind_of(chat.channel) != "chat":
                return
            with tag("div", "desk-reply"):
                field = tag("textarea", "desk-field", rows="2", placeholder=self.words["reply"],
                            aria_label=self.words["reply"], maxlength="1300")  # fmt: skip
                on_value(field, "input", self._note_draft)
                # Enter sends; while a Korean syllable is being composed, it only ends it.
                field.on(
                    "keydown",
                    lambda told: self._send(chat.contact, field, str(told.args)),
                    js_handler="(e) => { if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) "
                    "{ e.preventDefault(); emit(e.target.value); e.target.value = '' } }",
                )
                button(
                    self.words["send"],
                    "fl-btn primary",
                    symbol="send",
                    on_click=lambda: self._send(chat.contact, field, self.draft),
                )

    def _note_draft(self, value: str) -> None:
        self.draft = value

    async def _send(self, contact: str, field: Element, value: str) -> None:
        written = value.strip()
        if not written or len(written.encode()) > limits.MESSAGE_BYTES_MAX:
            return
        self.draft = ""
        self.client.run_javascript(f"getHtmlElement({field.id}).value = ''")
        await self._do("Say", contact=contact, text=written)

    # --- the right side -----------------------------------------------------------------------

    def _draw_aside(self) -> None:
        chat, customer = self.agent.chats.get(self.chosen), self.customer
        known = (customer.attributes, customer.earlier, self.opened)
        if not self._is_new("aside", self.chosen, known, chat.state if chat else ""):
            return
        self._left = None
        with cleared(self.aside_box):
            if chat is None:
                return
            draw_customer(self.looks, customer, chat, opened=self.opened, open_=self._open_earlier,
                          join=self._join)  # fmt: skip
            if chat.state in ("wrap_up", "left"):
                self._left = draw_wrap_up(self.looks, chat, self._do)

    async def _open_earlier(self, contact: str) -> None:
        self.opened = contact
        await self._show()

    async def _join(self, known_as: str) -> None:
        """The agent says that the customer is somebody known by another number."""
        contact, wanted = self.customer.contact, known_as.strip()
        if contact is None or not wanted:
            return
        customers = self.site.customers
        for identity in customers.identities_of(contact)[:1]:
            await customers.join(identity, f"number {wanted}")
        await self._show()
