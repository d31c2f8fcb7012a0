"""The desk: what rings, the conversations in hand, and the one that is open."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from nicegui import background_tasks, ui
from nicegui.events import KeyEventArguments

from designer.bar import draw_told, top
from designer.desk.aside import Aside
from designer.desk.board import Board, Customer
from designer.desk.conversation import ConversationView
from designer.desk.looks import Looks, cleared, minutes
from designer.desk.side import Side
from designer.desk.state import Hands, State
from designer.desk.words import WORDS
from designer.entrance import visitor_of
from designer.html import tag, text
from designer.kept import Memory
from designer.pages import open_page
from designer.visitor import Visitor
from designer.words import Language
from runtime.channels.webchat import Side as Writer
from runtime.desk.agent import Ringing
from runtime.http.access import people_of
from runtime.serving import Site

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
        ui.add_head_html(f'<script src="{ASSETS}/desk.js" defer></script>')
        people = await people_of(request, sites)
        found = next(((s, person) for s, person in people if person in s.project.agents), None)
        visitor = await visitor_of(request, language, sites)
        if found is None:
            draw_told(WORDS[language]["sign_in"], "desk", visitor, language)
            return
        site, person = found
        await DeskPage(site, boards[id(site)], person, language, visitor).open()


class DeskPage:
    def __init__(
        self, site: Site, board: Board, person: str, language: Language, visitor: Visitor
    ) -> None:
        self.visitor = visitor
        self.site = site
        self.board = board
        self.person = person
        self.language = language
        self.words = WORDS[language]
        self.queues = tuple(site.project.queues_of(person))
        self.state = State()
        self.hands = Hands(site, person, self._show)
        looks = Looks(site, language, self.words)
        self.side = Side(looks, self.hands, self.queues, choose=self._choose, accept=self._accept)
        self.conversation = ConversationView(looks, self.hands, self.state)
        self.aside = Aside(looks, self.hands, self.state)
        self._changed = asyncio.Event()
        self._showing = asyncio.Lock()
        self._memory = Memory()

    # --- life ---------------------------------------------------------------------------------

    async def open(self) -> None:
        client = ui.context.client
        self._frame()
        typing = self.site.chat.typing.watchers
        # Before anything is loaded: what changes meanwhile is shown as well.
        self.board.listeners.add(self._heard_of)
        await self._show()
        typing.append(self._writes)
        task = background_tasks.create(self._follow(), name="desk")
        client.on_delete(lambda: self.board.listeners.discard(self._heard_of))
        client.on_delete(lambda: typing.remove(self._writes))
        client.on_delete(task.cancel)
        ui.timer(1.0, self._tick)
        ui.keyboard(on_key=self._press, ignore=[])

    async def _press(self, key: KeyEventArguments) -> None:
        ringing = self.state.agent.ringing
        if key.action.keydown and key.key.name == "F2" and ringing is not None:
            await self._accept(ringing)

    async def _accept(self, offer: Ringing) -> None:
        """Whoever takes a conversation goes on in it."""
        await self.hands.accept(offer)
        await self._choose(offer.contact)

    def _heard_of(self, entity: str) -> None:
        mine = {
            f"agent/{self.person}",
            *(f"contact/{contact}" for contact in self.state.agent.chats),
            *(f"queue/{queue}" for queue in self.queues),
        }
        if entity in mine or (self.state.is_handing and entity.startswith("agent/")):
            self._changed.set()

    def _writes(self, contact: str, side: Writer) -> None:
        if side == "customer" and contact == self.state.chosen:
            self.conversation.customer_types()

    async def _follow(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._show()

    async def _load(self) -> bool:
        """Whether what was loaded is still what is looked at."""
        board, state = self.board, self.state
        state.agent = await board.agent(self.person)
        state.waiting = await board.waiting(self.queues)
        state.callbacks = await board.callbacks(self.queues)
        state.available = await board.available(but=self.person) if state.is_handing else []
        if state.chosen not in state.agent.chats:
            state.chosen, state.opened, state.is_handing = "", "", False
            state.chosen = next(reversed(state.agent.chats), "")
        chosen, opened = state.chosen, state.opened
        passages = await board.passages(chosen) if chosen else []
        customer = await board.customer(chosen, opened) if chosen else Customer()
        if (chosen, opened) != (state.chosen, state.opened):
            return False
        state.passages, state.customer = passages, customer
        return True

    async def _show(self) -> None:
        """One at a time: what was asked for before would be drawn over what is asked for now."""
        async with self._showing:
            if await self._load():
                self._draw()

    async def _choose(self, contact: str) -> None:
        state = self.state
        state.chosen, state.opened, state.is_handing = contact, "", False
        chat = state.agent.chats.get(contact)
        if chat is not None and chat.unread:
            await self.hands.do("Read", contact=contact)
        await self._show()

    # --- drawing ------------------------------------------------------------------------------

    def _frame(self) -> None:
        with tag("div", "fl-page desk"):
            with top(
                "desk",
                self.visitor.known_as(self.site.project.agents[self.person].name),
                self.language,
            ):
                self.queue_box = tag("span", "fl-soft desk-waiting")
                tag("span", "fl-grow")
            self.side.frame()
            self.conversation.frame()
            self.aside.frame()

    def _draw(self) -> None:
        self._draw_bar()
        self.side.draw(self.state)
        self.conversation.draw()
        self.aside.draw()
        self._tick()

    def _draw_bar(self) -> None:
        waiting = self.state.waiting
        if not self._memory.is_new("bar", waiting):
            return
        with cleared(self.queue_box):
            text(f"{self.words['waiting']} ")
            text(str(waiting.count), "fl-strong desk-count", tag="b")
            if waiting.count:
                text(f"{self.words['longest']} {minutes(waiting.longest_s)}")

    def _tick(self) -> None:
        """Only clocks move by themselves."""
        self.side.tick(self.state.agent)
        self.conversation.tick()
        self.aside.tick()
