"""The page of supervisors: the floor now, one conversation read along, contacts of before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from os.path import commonpath
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from nicegui import ui

from designer.desk.board import Board
from designer.desk.looks import Looks, cleared, minutes
from designer.html import button, icon, on_value, tag, text
from designer.pages import open_page
from designer.supervisor.floor import AgentRow, Floor, Found, InHand, QueueRow, Wanted
from designer.supervisor.words import WORDS
from designer.words import LANGUAGES, Language
from flowlang.channels import CHANNELS
from runtime.contact import Contact
from runtime.http.access import address_of, who_may
from runtime.serving import Site

HOME = "/supervisor"
ASSETS = "/_flowlang-supervisor"
DESK_ASSETS = "/_flowlang-desk"
LOOK_S = 2.0
WAY_SHOWN_MAX = 200
NOTHING: Mapping[int, Callable[[], None]] = MappingProxyType({})


def mount(server: FastAPI, sites: Sequence[Site]) -> None:
    """Put the page on a server. The caller serves the bundle's assets and runs NiceGUI."""
    boards = {id(site): Board(site) for site in sites}
    server.mount(ASSETS, StaticFiles(directory=Path(__file__).parent / "assets"), name="supervisor")
    folders = [site.folder for site in sites]
    root = folders[0] if len(folders) == 1 else Path(commonpath(folders))

    @ui.page(HOME)
    async def supervisor(request: Request, lang: str = "", theme: str = "") -> None:
        language = open_page(WORDS["en"]["title"], lang, theme)
        for assets, name in ((DESK_ASSETS, "desk"), (ASSETS, "supervisor")):
            ui.add_head_html(f'<link rel="stylesheet" href="{assets}/{name}.css">')
        found = await who_may(request, sites, "queues.view")
        if found is None:
            with tag("div", "fl-page"), tag("main", "fl-home"):
                text(WORDS[language]["closed_to_you"], "fl-empty", tag="p")
            return
        site, person = found
        prefix = site.folder.relative_to(root).as_posix()
        page = SupervisorPage(site, boards[id(site)], person, language, address_of(request))
        page.flows = "/designer/" + ("" if prefix == "." else f"{prefix}/")
        await page.open()


class SupervisorPage:
    def __init__(
        self, site: Site, board: Board, person: str, language: Language, address: str
    ) -> None:
        self.site = site
        self.board = board
        self.person = person
        self.address = address
        self.language = language
        self.words = WORDS[language]
        self.looks = Looks(site, language, self.words)
        self.floor = Floor(site, person)
        self.flows = "/designer/"
        self.tab = "now"
        self.followed = ""
        self.wanted = Wanted()
        self._seen = ""
        self._changed = True

    async def open(self) -> None:
        client = ui.context.client
        self._frame()
        await self._show_tab("now")
        self.board.listeners.add(self._heard_of)
        client.on_delete(lambda: self.board.listeners.discard(self._heard_of))
        ui.timer(LOOK_S, self._look)

    def _heard_of(self, entity: str) -> None:
        self._changed = True

    async def _look(self) -> None:
        """Clocks go on by themselves; the store is asked only when something happened."""
        if self.tab != "now":
            return
        if self._changed:
            self._changed = False
            self.queues, self.agents = await self.floor.queues(), await self.floor.agents()
            if self.followed:
                await self._draw_followed()
        self._draw_floor()

    def _note(self, did: str, to: str) -> Any:
        """On the disk before anything is shown."""
        return asyncio.to_thread(self.site.audit.note, self.person, did, to, address=self.address)

    # --- the frame ----------------------------------------------------------------------------

    def _frame(self) -> None:
        with tag("div", "fl-page sup"):
            with tag("header", "desk-bar"):
                icon("ear", "s20")
                text(self.words["title"], tag="h1")
                self.tabs_box = tag("nav", "fl-seg", aria_label=self.words["title"])
                tag("span", "fl-grow")
                with tag("span", "fl-seg"):
                    for name, label in zip(LANGUAGES, ("EN", "한국어"), strict=True):
                        pressed = "true" if name == self.language else "false"
                        with tag("a", "on" if name == self.language else "",
                                 href=f"{HOME}?lang={name}", aria_current=pressed):  # fmt: skip
                            text(label)
                text(self.site.people.persons[self.person].title, "fl-strong")
            with tag("main", "sup-main"):
                self.now_box = tag("div", "sup-now")
                with self.now_box:
                    self.floor_box = tag("div", "sup-floor")
                    self.follow_box = tag("section", "sup-follow", aria_label=self.words["follow"])
                self.find_box = tag("div", "sup-find")
        self.follow_box.set_visibility(False)

    async def _show_tab(self, tab: str) -> None:
        self.tab = tab
        with cleared(self.tabs_box):
            for name in ("now", "contacts"):
                pressed = "true" if name == tab else "false"
                button(self.words[name], "", aria_pressed=pressed,
                       on_click=lambda which=name: self._show_tab(which))  # fmt: skip
        self.now_box.set_visibility(tab == "now")
        self.find_box.set_visibility(tab == "contacts")
        if tab == "now":
            self._changed, self._seen = True, ""
            await self._look()
        else:
            self._draw_find()

    # --- now ----------------------------------------------------------------------------------

    def _draw_floor(self) -> None:
        now = self.site.host.clock()
        queues = [self._queue_cells(row) for row in self.queues]
        agents = [self._agent_cells(row, now) for row in self.agents]
        shown = repr((queues, agents, self.followed))
        if shown == self._seen:
            return
        self._seen = shown
        with cleared(self.floor_box):
            self._table("queues", ("queue", "waiting", "oldest", "free", "in_time", "answered",
                                   "left_s_count"), queues)  # fmt: skip
            names = ("agent", "state", "since", "in_hand", "count", "average", "available_s")
            extra = {
                number: partial(self._draw_in_hand, row)
                for number, row in enumerate(self.agents)
                if row.in_hand or row.ringing
            }
            self._table("agents", names, agents, extra)

    def _queue_cells(self, row: QueueRow) -> list[str]:
        level = "–"
        if row.service_level is not None:
            level = self.words["in_time_help"].format(
                level=f"{row.service_level:.0%}", seconds=f"{row.within_s:g}",
                target=f"{row.target:.0%}",
            )  # fmt: skip
        is_low = row.service_level is not None and row.service_level < row.target
        return [
            self.looks.queue(row.name), str(row.size), minutes(row.oldest_s) if row.size else "–",
            str(row.free), f"{'↓ ' if is_low else ''}{level}", str(row.answered), str(row.left),
        ]  # fmt: skip

    def _agent_cells(self, row: AgentRow, now: datetime) -> list[str]:
        lasted = now - datetime.fromisoformat(row.since) if row.since else None
        names = ", ".join(f"{each.contact} {each.state} {each.name}" for each in row.in_hand)
        return [
            self.looks.agent(row.name), self.looks.state(row.presence),
            minutes(max(0.0, lasted.total_seconds())) if lasted else "–",
            names or (self.words["rings"] if row.ringing else "–"), str(row.contacts),
            minutes(row.average_s), minutes(row.available_s),
        ]  # fmt: skip

    def _draw_in_hand(self, row: AgentRow) -> None:
        if row.ringing:
            text(self.words["rings"], "fl-pill accent")
        for each in row.in_hand:
            self._draw_one(each)

    def _draw_one(self, each: InHand) -> None:
        with tag("div", "fl-row sup-one"):
            name = self.looks.name(each.channel, each.name)
            told = {
                "wrap_up": self.words["wrap_up"],
                "dialling": self.words["dialling_short"],
                "left": self.words["customer_left"],
            }
            where = told.get(each.state, self.looks.channel(each.channel))
            text(f"{name} · {where}", "fl-grow fl-cut")
            if each.may_follow and each.channel != "voice":
                is_on = each.contact == self.followed
                button(self.words["follow"], "fl-btn small on" if is_on else "fl-btn small",
                       aria_pressed="true" if is_on else "false",
                       on_click=lambda: self._follow(each.contact))  # fmt: skip

    def _table(
        self,
        title: str,
        names: Sequence[str],
        rows: Sequence[Sequence[str]],
        in_hand: Mapping[int, Callable[[], None]] = NOTHING,
    ) -> None:
        text(self.words[title], "fl-caps", tag="h2")
        if not rows:
            text(self.words["no_queues"], "fl-empty", tag="p")
            return
        with tag("table", "sup-table"):
            with tag("thead"), tag("tr"):
                for name in names:
                    text(self.words[name], tag="th", scope="col")
            with tag("tbody"):
                for number, row in enumerate(rows):
                    with tag("tr"):
                        for name, value in zip(names, row, strict=True):
                            draw = in_hand.get(number) if name == "in_hand" else None
                            self._cell(value, draw)

    def _cell(self, value: str, draw: Callable[[], None] | None) -> None:
        if draw is None:
            text(value, "bad" if value.startswith("↓") else "", tag="td")
            return
        with tag("td"):
            draw()

    # --- reading along ------------------------------------------------------------------------

    async def _follow(self, contact_id: str) -> None:
        contact = await self.floor.contact(contact_id, "contacts.monitor")
        if contact is None:
            return
        if contact_id != self.followed:
            await self._note("contact.followed", contact_id)
        self.followed = contact_id
        await self._draw_followed()
        self._draw_floor()

    async def _draw_followed(self) -> None:
        contact = await self.floor.contact(self.followed, "contacts.monitor")
        passages = await self.board.passages(self.followed) if contact else []
        self.follow_box.set_visibility(bool(passages))
        with cleared(self.follow_box):
            if contact is None or not passages:
                return
            with tag("div", "fl-row"):
                name = self.looks.name(contact.channel, contact.name)
                text(f"{name} · {contact.agent_name}", "fl-strong fl-grow", tag="h2")
                button(self.words["leave"], on_click=self._leave)
            text(self.words["following"], "fl-help", tag="p")
            with tag("div", "sup-log", role="log", tabindex="0",
                     aria_label=self.words["conversation"]):  # fmt: skip
                for line in passages[-1].lines:
                    self.looks.draw_line(line)

    async def _leave(self) -> None:
        await self._note("contact.left-alone", self.followed)
        self.followed = ""
        self.follow_box.set_visibility(False)
        self._draw_floor()

    # --- contacts of before -------------------------------------------------------------------

    def _draw_find(self) -> None:
        said: dict[str, str] = {}
        project = self.site.project
        with cleared(self.find_box):
            with tag("div", "sup-form", role="search"):
                with tag("label", "fl-field fl-grow"):
                    icon("search")
                    field = tag("input", type="search", placeholder=self.words["find_help"],
                                aria_label=self.words["find_help"])  # fmt: skip
                    on_value(field, "input", lambda value: said.update(text=value))
                    field.on("keydown.enter", lambda _: self._find(said))
                self._choice("channel", said, {name: self.looks.channel(name) for name in CHANNELS})
                queues = {name: self.looks.queue(name) for name in project.queues}
                self._choice("queue", said, queues)
                agents = {name: agent.name for name, agent in project.agents.items()}
                self._choice("agent", said, agents)
                for key, name in (("since", "from"), ("until", "to")):
                    with tag("label", "fl-field"):
                        text(self.words[name], "fl-soft")
                        day = tag("input", type="date", aria_label=self.words[name])
                        on_value(day, "input", partial(said.__setitem__, key))
                button(self.words["find"], "fl-btn primary", on_click=lambda: self._find(said))
            self.results_box = tag("div", "sup-results")
            self.record_box = tag("section", "sup-record", aria_label=self.words["contact"])
        self.record_box.set_visibility(False)

    def _choice(self, key: str, said: dict[str, str], choices: dict[str, str]) -> None:
        with tag("label", "fl-field"):
            text(self.words[key], "fl-soft")
            field = tag("select", aria_label=self.words[key])
            on_value(field, "change", lambda value: said.update({key: value.strip("*")}))
            with field:
                text(self.words["all"], tag="option", value="*")
                for name, title in choices.items():
                    text(title, tag="option", value=name)

    async def _find(self, said: dict[str, str]) -> None:
        found = await self.floor.search(Wanted(**said))
        self.record_box.set_visibility(False)
        with cleared(self.results_box):
            if not found:
                text(self.words["nobody_found"], "fl-empty", tag="p")
                return
            names = ("customer_of", "channel", "queue", "agent", "began", "ended_at", "disposition")
            with tag("table", "sup-table"):
                with tag("thead"), tag("tr"):
                    for name in names:
                        text(self.words[name], tag="th", scope="col")
                with tag("tbody"):
                    for each in found:
                        self._draw_found(each)

    def _draw_found(self, each: Found) -> None:
        address = each.address if each.channel != "chat" else ""
        name = self.looks.name(each.channel, each.name or address)
        with tag("tr"):
            with tag("td"):
                button(name, "fl-btn small", on_click=lambda: self._open(each.contact))
            text(self.looks.channel(each.channel), tag="td")
            text(self.looks.queue(each.queue) if each.queue else "–", tag="td")
            text(self.looks.agent(each.agent) if each.agent else "–", tag="td")
            text(self.looks.day(each.began), tag="td")
            ended = self.looks.day(each.ended) if each.ended else self.words["under_way"]
            text(ended, tag="td")
            text(self.looks.disposition(each.how) if each.how else "–", tag="td")

    async def _open(self, contact_id: str) -> None:
        contact = await self.floor.contact(contact_id, "contacts.view")
        if contact is None:
            return
        await self._note("contact.read", contact_id)
        passages = await self.board.passages(contact_id)
        attributes = await self.board.attributes(contact)
        noted = await self.floor.wrap_up(contact_id)
        way = await self.floor.way(contact_id)
        self.record_box.set_visibility(True)
        with cleared(self.record_box):
            text(f"{self.words['contact']} {contact.id}", "fl-strong desk-big", tag="h2")
            with tag("div", "sup-columns"):
                with tag("div", "sup-log", role="log", tabindex="0",
                         aria_label=self.words["conversation"]):  # fmt: skip
                    for line in passages[-1].lines if passages else ():
                        self.looks.draw_line(line)
                with tag("div"):
                    self._draw_facts(contact, attributes, noted)
                    self._draw_way(contact, way)

    def _draw_facts(self, contact: Contact, attributes: dict[str, str], noted: Any) -> None:
        facts = {
            self.words["channel"]: self.looks.channel(contact.channel),
            self.words["address"]: contact.address if contact.channel != "chat" else "",
            self.words["queue"]: self.looks.queue(contact.queue) if contact.queue else "",
            self.words["agent"]: contact.agent_name,
            self.words["began"]: self.looks.day(contact.started_at),
            self.words["disposition"]: self.looks.disposition(noted.get("disposition", "")),
            self.words["notes"]: noted.get("notes", ""),
            **attributes,
        }
        with tag("dl", "desk-attributes"):
            for name, value in facts.items():
                if value:
                    text(name, "fl-soft", tag="dt")
                    text(value, tag="dd", dir="auto")

    def _draw_way(self, contact: Contact, way: list[tuple[str, str, str]]) -> None:
        program = self.site.versions(contact.program)
        first = program.path if program else ""
        text(self.words["way"], "fl-label", tag="h3")
        with tag("ol", "sup-way"):
            for flow, step, outcome in way[-WAY_SHOWN_MAX:]:
                path = flow or first
                with tag("li"):
                    with tag("a", "fl-mono", href=f"{self.flows}{path}", target="_blank",
                             title=self.words["open_flow"]):  # fmt: skip
                        text(f"{path.removesuffix('.flow')} · {step}")
                    text(f" → {outcome}", "fl-soft")
