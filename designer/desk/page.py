"""The desk: what rings, the conversations in hand, and the one that is open."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from nicegui import background_tasks, ui
from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from designer.desk.board import Board, Passage, Waiting
from designer.desk.words import WORDS
from designer.html import button, icon, on_value, tag, text
from designer.pages import open_page
from designer.words import LANGUAGES, Language
from flowlang.project import said
from runtime import limits
from runtime.desk.agent import Agent, Chat, Ringing
from runtime.desk.queue import RING_S
from runtime.http.access import people_of
from runtime.serving import Site
from runtime.transcript import Line

HOME = "/desk"
ASSETS = "/_flowlang-desk"
RING_ROUND = 94
"""The length of the countdown's circle."""
ICONS = {"voice": "phone", "chat": "web", "whatsapp": "wa", "sms": "messenger"}


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
        self.profile = site.project.agents[person]
        self.zone = ZoneInfo(site.project.timezone)
        self.agent = Agent()
        self.waiting = Waiting()
        self.chosen = ""
        self.passages: list[Passage] = []
        self.draft = ""
        self.client = ui.context.client
        self._changed = asyncio.Event()
        self._drawn: dict[str, str] = {}
        """What each part shows, so that a button is not replaced under somebody's finger."""
        self._clock: Countdown | None = None

    # --- life ---------------------------------------------------------------------------------

    async def open(self) -> None:
        client = self.client
        self._frame()
        await self._load()
        self._draw()
        self.board.listeners.add(self._heard_of)
        client.on_delete(lambda: self.board.listeners.discard(self._heard_of))
        task = background_tasks.create(self._follow(), name="desk")
        client.on_delete(task.cancel)
        ui.timer(1.0, self._tick)

    def _heard_of(self, entity: str) -> None:
        mine = {
            f"agent/{self.person}",
            *(f"contact/{contact}" for contact in self.agent.chats),
            *(f"queue/{queue}" for queue in self.profile.queues),
        }
        if entity in mine:
            self._changed.set()

    async def _follow(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._load()
            self._draw()

    async def _load(self) -> None:
        self.agent = await self.board.agent(self.person)
        self.waiting = await self.board.waiting(self.profile.queues)
        if self.chosen not in self.agent.chats:
            self.chosen = next(reversed(self.agent.chats), "")
        self.passages = await self.board.passages(self.chosen) if self.chosen else []

    def _tick(self) -> None:
        """Only clocks move by themselves."""
        if self._clock is not None and self.agent.ringing is not None:
            self._clock.show(self._left_s(self.agent.ringing))

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
                text(_initials(self.profile.name), "fl-avatar")
                text(self.profile.name, "fl-strong")
                with tag("form", method="post", action="/sign-out"):
                    tag_button = tag("button", "fl-icon-btn", title=self.words["sign_out"],
                                     aria_label=self.words["sign_out"])  # fmt: skip
                    with tag_button:
                        icon("x")
            with tag("aside", "desk-side"):
                self.presence_box = tag("div", "desk-presence")
                self.ringing_box = tag("div", "desk-ringing", role="alert")
                self.chats_box = tag("nav", "desk-chats", aria_label=self.words["in_progress"])
            with tag("main", "desk-main"):
                self.head_box = tag("div")
                self.log_box = tag("div", "desk-log", role="log", tabindex="0")
                self.reply_box = tag("div")

    def _draw(self) -> None:
        self._draw_bar()
        self._draw_presence()
        self._draw_ringing()
        self._draw_chats()
        self._draw_conversation()

    def _draw_bar(self) -> None:
        if not self._is_new("bar", self.waiting):
            return
        with _cleared(self.queue_box):
            text(f"{self.words['waiting']} ")
            text(str(self.waiting.count), "fl-strong desk-count", tag="b")
            if self.waiting.count:
                text(f"{self.words['longest']} {_minutes(self.waiting.longest_s)}")

    def _draw_presence(self) -> None:
        agent = self.agent
        if not self._is_new("presence", agent.presence, agent.notice, len(agent.chats)):
            return
        with _cleared(self.presence_box):
            with tag("div", "fl-seg wide"):
                for presence in ("available", "away"):
                    is_on = agent.presence == presence
                    button(
                        self.words[presence],
                        "",
                        on_click=lambda state=presence: self._do("SetState", state=state),
                        aria_pressed="true" if is_on else "false",
                    )
            counts = self.words["chats"].format(open=len(agent.chats), most=self.profile.chats_max)
            text(counts, "fl-dim desk-counts")
            if agent.presence == "missed" or agent.notice in ("left", "taken_back"):
                reason = "missed" if agent.presence == "missed" else agent.notice
                with tag("div", "fl-note warn", role="status"):
                    icon("bell")
                    text(self.words[f"{reason}_help"])

    def _draw_ringing(self) -> None:
        if not self._is_new("ringing", self.agent.ringing):
            return
        self._clock = None
        with _cleared(self.ringing_box):
            if self.agent.ringing is not None:
                self._draw_offer(self.agent.ringing)

    def _left_s(self, offer: Ringing) -> float:
        until = datetime.fromisoformat(offer.until)
        return max(0.0, (until - self.site.host.clock()).total_seconds())

    def _draw_offer(self, offer: Ringing) -> None:
        now = self.site.host.clock()
        waited_s = (now - datetime.fromisoformat(offer.since)).total_seconds()
        queue = self.site.project.queues.get(offer.queue)
        with tag("div", "desk-offer"):
            with tag("div", "fl-row"):
                with tag("span", "desk-offer-icon"):
                    icon(ICONS.get(offer.channel, "messenger"), "")
                with tag("div", "fl-grow"):
                    text(self._name(offer.channel, offer.name), "fl-strong desk-name", tag="div")
                    where = f"{self._queue(offer.queue)} · {self._channel(offer.channel)}"
                    text(where, "fl-soft fl-cut", tag="div")
                    text(self.words["waited"].format(time=_minutes(waited_s)), "fl-dim", tag="div")
                self._clock = Countdown(queue.ring_s if queue else RING_S)
                self._clock.show(self._left_s(offer))
            with tag("div", "fl-two"):
                button(
                    self.words["accept"],
                    "fl-btn primary",
                    on_click=lambda: self._do("Accept", f"accept/{offer.offer}", offer=offer.offer),
                )
                button(
                    self.words["decline"],
                    on_click=lambda: self._do(
                        "Decline", f"decline/{offer.offer}", offer=offer.offer
                    ),
                )

    def _draw_chats(self) -> None:
        if not self._is_new("chats", self.agent.chats, self.chosen):
            return
        with _cleared(self.chats_box):
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
            name = self._name(chat.channel, chat.name)
            text(_initials(name), "fl-avatar")
            with tag("span", "fl-grow"):
                text(name, "fl-strong fl-cut", tag="span")
                text(chat.last or self._queue(chat.queue), "fl-soft fl-cut", tag="span")
                state = {"left": self.words["customer_left"], "joining": self.words["joining"]}
                text(state.get(chat.state, self._channel(chat.channel)), "fl-dim", tag="span")
            if chat.unread and not is_on:
                text(str(chat.unread), "fl-count desk-unread")
        row.on("click", lambda _, contact=chat.contact: self._choose(contact))

    async def _choose(self, contact: str) -> None:
        self.chosen = contact
        if self.agent.chats[contact].unread:
            await self._do("Read", contact=contact)
        await self._load()
        self._draw()

    # --- the conversation ---------------------------------------------------------------------

    def _draw_conversation(self) -> None:
        chat = self.agent.chats.get(self.chosen)
        state = chat.state if chat else ""
        if self._is_new("head", self.chosen, state, tuple(chat.whispers) if chat else ()):
            self._draw_head(chat)
        if self._is_new("log", self.chosen, [passage.lines for passage in self.passages]):
            self._draw_log(chat)
        # The field stays as it is while lines come in: somebody may be writing there.
        if self._is_new("reply", self.chosen, state == "left"):
            self._draw_reply(chat)

    def _draw_head(self, chat: Chat | None) -> None:
        with _cleared(self.head_box):
            if chat is None:
                return
            name = self._name(chat.channel, chat.name)
            with tag("div", "desk-head"):
                text(_initials(name), "fl-avatar")
                with tag("div", "fl-grow"):
                    text(name, "fl-strong desk-name", tag="div")
                    text(
                        f"{self._channel(chat.channel)} · {self._queue(chat.queue)}",
                        "fl-soft",
                        tag="div",
                    )
                    for whisper in chat.whispers:
                        text(whisper, "desk-whisper", tag="div")
                button(
                    self.words["done" if chat.state == "left" else "close"],
                    on_click=lambda: self._do("Close", contact=chat.contact),
                )

    def _draw_log(self, chat: Chat | None) -> None:
        with _cleared(self.log_box):
            if chat is None:
                text(self.words["none_chosen"], "fl-empty", tag="p")
                return
            for passage in self.passages[:-1]:
                channel = self._channel(passage.contact.channel)
                self._draw_box(self.words["earlier"].format(channel=channel), passage.lines)
            if self.passages:
                self._draw_passage(self.passages[-1].lines)
        self.client.run_javascript(f"const log = getHtmlElement({self.log_box.id}); "
                          "log.scrollTop = log.scrollHeight")  # fmt: skip

    def _draw_passage(self, lines: list[Line]) -> None:
        joined = next((n for n, line in enumerate(lines) if line["what"] == "joined"), len(lines))
        if before := lines[:joined]:
            self._draw_box(self.words["before"], before)
        for line in lines[joined:]:
            self._draw_line(line)

    def _draw_box(self, title: str, lines: list[Line]) -> None:
        with tag("section", "desk-before"):
            with tag("div", "fl-row"):
                icon("bot")
                text(title, "fl-strong fl-grow")
                if lines:
                    text(f"{self._time(lines[0])}–{self._time(lines[-1])}", "fl-dim")
            for line in lines:
                self._draw_line(line)

    def _draw_line(self, line: Line) -> None:
        if line["who"] == "event":
            told = {
                "joined": self.words["agent_joined"].format(name=line["name"]),
                "left": self.words["customer_left"],
                "queued": self.words["queued"],
                "ended": self.words["ended"],
                "undelivered": self.words["undelivered"].format(reason=line["text"]),
            }
            text(f"{self._time(line)} · {told[line['what']]}", "desk-event", tag="div")
            return
        with tag("div", f"desk-line {line['who']}"):
            text(line["text"], "desk-bubble", tag="div", dir="auto")
            text(self._time(line), "desk-time")

    def _draw_reply(self, chat: Chat | None) -> None:
        self.draft = ""
        with _cleared(self.reply_box):
            if chat is None or chat.state == "left":
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

    # --- words --------------------------------------------------------------------------------

    def _queue(self, name: str) -> str:
        queue = self.site.project.queues.get(name)
        return (said(queue.title, self.language) if queue else "") or name

    def _channel(self, channel: str) -> str:
        return self.words.get(f"channel_{channel}", channel)

    def _name(self, channel: str, name: str) -> str:
        """A visitor of the chat has no name that anybody would want to read."""
        return self.words["customer"] if channel == "chat" and _is_id(name) else name

    def _time(self, line: Line | Mapping[str, str]) -> str:
        return datetime.fromisoformat(line["at"]).astimezone(self.zone).strftime("%H:%M")


def _cleared(box: Element) -> Element:
    box.clear()
    return box


class Countdown:
    """A circle that empties around the seconds that are left."""

    def __init__(self, all_s: float) -> None:
        self.all_s = all_s
        with tag("span", "desk-countdown"):
            with tag("svg", width="36", height="36", viewBox="0 0 36 36", aria_hidden="true"):
                tag("circle", "round", cx="18", cy="18", r="15")
                self.circle = tag(
                    "circle", "left", cx="18", cy="18", r="15", stroke_dasharray=str(RING_ROUND)
                )
            self.number = TextElement(tag="b", text="")

    def show(self, left_s: float) -> None:
        self.circle.props["stroke-dashoffset"] = str(round(RING_ROUND * (1 - left_s / self.all_s)))
        self.number.set_text(str(round(left_s)))
        self.circle.update()


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _initials(name: str) -> str:
    if any("가" <= character <= "힣" for character in name):
        return name[-2:]
    return "".join(part[0] for part in name.split()[:2]).upper()


def _is_id(name: str) -> bool:
    return len(name) == 24 and all(character in "0123456789abcdef" for character in name)
