"""The page of supervisors: the floor now, one conversation read along, contacts of before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from os.path import commonpath
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.staticfiles import StaticFiles
from nicegui import ui

from designer.bar import draw_told, top
from designer.desk.board import Board
from designer.desk.looks import Log, Looks, cleared, minutes
from designer.entrance import visitor_of
from designer.html import button, icon, on_value, tag, text
from designer.kept import Memory, Row, Rows
from designer.pages import open_page
from designer.supervisor.floor import AgentRow, Floor, Found, InHand, QueueRow, Wanted
from designer.supervisor.tables import BELOW, Table
from designer.supervisor.way import Way
from designer.supervisor.words import WORDS
from designer.visitor import Visitor
from designer.words import Language
from flowlang.channels import CHANNELS
from runtime.contact import Contact
from runtime.http.access import address_of, who_may
from runtime.serving import Site

HOME = "/supervisor"
ASSETS = "/_flowlang-supervisor"
DESK_ASSETS = "/_flowlang-desk"
LOOK_S = 2.0
QUEUE_HEADS = ("queue", "waiting", "oldest", "free", "in_time", "answered", "left_s_count")
AGENT_HEADS = ("agent", "state", "since", "in_hand", "count", "average", "available_s")


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
        ui.add_head_html(f'<script src="{DESK_ASSETS}/desk.js" defer></script>')
        found = await who_may(request, sites, "queues.view")
        visitor = await visitor_of(request, language, sites)
        if found is None:
            draw_told(WORDS[language]["closed_to_you"], "supervisor", visitor, language)
            return
        site, person = found
        prefix = site.folder.relative_to(root).as_posix()
        board, address = boards[id(site)], address_of(request)
        page = SupervisorPage(site, board, person, language, address, visitor)
        page.flows = "/designer/" + ("" if prefix == "." else f"{prefix}/")
        await page.open()


class SupervisorPage:
    def __init__(
        self, site: Site, board: Board, person: str, language: Language, address: str,
        visitor: Visitor,
    ) -> None:  # fmt: skip
        self.visitor = visitor
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
        self.queues: list[QueueRow] = []
        self.agents: list[AgentRow] = []
        self._asked = ""
        """The conversation that is to be followed, before the audit log has it."""
        self._searched = 0
        self._opened = ""
        self._changed = True
        self._looking = asyncio.Lock()
        self._memory = Memory()
        self._in_hand: dict[str, Rows] = {}

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
        """Clocks go on by themselves; the store is asked only when something happened. One look at
        a time: an older one would be drawn over a newer one."""
        async with self._looking:
            if self.tab != "now":
                return
            if self._changed:
                self._changed = False
                self.queues, self.agents = await self.floor.queues(), await self.floor.agents()
                await self._draw_followed()
            self._draw_floor()

    def _note(self, did: str, to: str) -> Any:
        """On the disk before anything is shown."""
        return asyncio.to_thread(self.site.audit.note, self.person, did, to, address=self.address)

    # --- the frame ----------------------------------------------------------------------------

    def _frame(self) -> None:
        with tag("div", "fl-page sup"):
            with top("supervisor", self.visitor, self.language):
                self.tabs_box = tag("nav", "fl-seg", aria_label=self.words["title"])
                tag("span", "fl-grow")
            with tag("main", "sup-main"):
                self.now_box = tag("div", "sup-now")
                with self.now_box:
                    self.floor_box = tag("div", "sup-floor")
                    self._frame_followed()
                self.find_box = tag("div", "sup-find")

    def _frame_followed(self) -> None:
        with tag("section", "sup-follow", aria_label=self.words["follow"]) as self.follow_box:
            self.followed_head = tag("div", "fl-row")
            text(self.words["following"], "fl-help", tag="p")
            log = tag("div", "sup-log", role="log", tabindex="0",
                      aria_label=self.words["conversation"])  # fmt: skip
        self.followed_log = Log(self.looks, log)
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
            self._changed = True
            await self._look()
        else:
            self._draw_find()

    # --- now ----------------------------------------------------------------------------------

    def _draw_floor(self) -> None:
        queues = [row.name for row in self.queues]
        agents = [row.name for row in self.agents]
        if self._memory.is_new("floor", queues, agents):
            self._draw_tables(queues, agents)
        for queue in self.queues if queues else ():
            self.queue_table.show(queue.name, self._queue_words(queue))
        now = self.site.host.clock()
        for agent in self.agents if agents else ():
            self.agent_table.show(agent.name, self._agent_words(agent, now))
            self._in_hand[agent.name].show(self._in_hand_rows(agent))

    def _draw_tables(self, queues: list[str], agents: list[str]) -> None:
        with cleared(self.floor_box):
            self.queue_table = self._draw_table("queues", QUEUE_HEADS, queues)
            self.agent_table = self._draw_table("agents", AGENT_HEADS, agents)
        self._in_hand = {name: Rows(self.agent_table.box(name, "in_hand")) for name in agents}

    def _draw_table(self, title: str, heads: tuple[str, ...], rows: list[str]) -> Table:
        text(self.words[title], "fl-caps", tag="h2")
        if not rows:
            text(self.words["no_queues"], "fl-empty", tag="p")
        titles = {head: self.words[head] for head in heads}
        return Table(titles if rows else {}, rows, boxes=("in_hand",))

    def _queue_words(self, row: QueueRow) -> dict[str, str]:
        level = "–"
        if row.service_level is not None:
            level = self.words["in_time_help"].format(
                level=f"{row.service_level:.0%}", seconds=f"{row.within_s:g}",
                target=f"{row.target:.0%}",
            )  # fmt: skip
        is_low = row.service_level is not None and row.service_level < row.target
        oldest_s = self.floor.waited_s(row.oldest_since)
        return {
            "queue": self.looks.queue(row.name), "waiting": str(row.size),
            "oldest": minutes(oldest_s) if row.size else "–", "free": str(row.free),
            "in_time": f"{BELOW} {level}" if is_low else level, "answered": str(row.answered),
            "left_s_count": str(row.left),
        }  # fmt: skip

    def _agent_words(self, row: AgentRow, now: datetime) -> dict[str, str]:
        lasted = now - datetime.fromisoformat(row.since) if row.since else None
        return {
            "agent": self.looks.agent(row.name), "state": self.looks.state(row.presence),
            "since": minutes(max(0.0, lasted.total_seconds())) if lasted else "–",
            "count": str(row.contacts), "average": minutes(row.average_s),
            "available_s": minutes(row.available_s),
        }  # fmt: skip

    def _in_hand_rows(self, row: AgentRow) -> list[Row]:
        rings = Row(key="rings", shown="", make=lambda: tag("div"),
                    fill=lambda: text(self.words["rings"], "fl-pill accent"))  # fmt: skip
        nothing = Row(key="nothing", shown="", make=lambda: tag("div"), fill=lambda: text("–"))
        found = [*([rings] if row.ringing else []), *map(self._in_hand_row, row.in_hand)]
        return found or [nothing]

    def _in_hand_row(self, each: InHand) -> Row:
        is_on = each.contact == self.followed

        def fill() -> None:
            name = self.looks.name(each.channel, each.name)
            told = {
                "wrap_up": self.words["wrap_up"],
                "dialling": self.words["dialling_short"],
                "left": self.words["customer_left"],
            }
            where = told.get(each.state, self.looks.channel(each.channel))
            text(f"{name} · {where}", "fl-grow fl-cut")
            if each.may_follow and each.channel != "voice":
                button(self.words["follow"], "fl-btn small on" if is_on else "fl-btn small",
                       aria_pressed="true" if is_on else "false",
                       on_click=lambda: self._follow(each.contact))  # fmt: skip

        return Row(key=each.contact, shown=(each, is_on), fill=fill,
                   make=lambda: tag("div", "fl-row sup-one"))  # fmt: skip

    # --- reading along ------------------------------------------------------------------------

    async def _follow(self, contact_id: str) -> None:
        """Whoever asked for another one meanwhile gets that one."""
        self._asked = contact_id
        contact = await self.floor.contact(contact_id, "contacts.monitor")
        if contact is None or self._asked != contact_id:
            return
        if contact_id != self.followed:
            await self._note("contact.followed", contact_id)
        if self._asked == contact_id:
            self.followed, self._changed = contact_id, True
            await self._look()

    async def _draw_followed(self) -> None:
        wanted = self.followed
        contact = await self.floor.contact(wanted, "contacts.monitor") if wanted else None
        passages = await self.board.passages(wanted) if contact else []
        if wanted != self.followed:
            return
        self.follow_box.set_visibility(bool(passages))
        if contact is None or not passages:
            return
        if self._memory.is_new("followed", wanted, contact.name, contact.agent_name):
            with cleared(self.followed_head):
                name = self.looks.name(contact.channel, contact.name)
                text(f"{name} · {contact.agent_name}", "fl-strong fl-grow", tag="h2")
                button(self.words["leave"], on_click=self._leave)
        self.followed_log.show(wanted, lambda: None, passages[-1].lines)

    async def _leave(self) -> None:
        left, self.followed, self._asked = self.followed, "", ""
        self.follow_box.set_visibility(False)
        self._draw_floor()
        await self._note("contact.left-alone", left)

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
        self._searched += 1
        self._opened = ""
        asked = self._searched
        found = await self.floor.search(Wanted(**said))
        if asked != self._searched:
            return
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
        self._opened = contact_id
        contact = await self.floor.contact(contact_id, "contacts.view")
        if contact is None or self._opened != contact_id:
            return
        await self._note("contact.read", contact_id)
        passages = await self.board.passages(contact_id)
        attributes = await self.board.attributes(contact)
        noted = await self.floor.wrap_up(contact_id)
        way = await self.floor.way(contact)
        if self._opened != contact_id:
            return
        self.record_box.set_visibility(True)
        shown = Way(self.site, self.language, contact, way, self._link)
        with cleared(self.record_box):
            text(f"{self.words['contact']} {contact.id}", "fl-strong desk-big", tag="h2")
            with tag("div", "sup-columns"):
                with tag("div", "sup-log", role="log", tabindex="0",
                         aria_label=self.words["conversation"]):  # fmt: skip
                    for line in passages[-1].lines if passages else ():
                        self.looks.draw_line(line)
                with tag("div"):
                    self._draw_facts(contact, attributes, noted)
                    shown.draw_list()
            flow_box = tag("div")
        await shown.draw_flow(flow_box)

    @property
    def _link(self) -> str:
        """Where somebody who may change flows finds them."""
        return self.flows if self.site.people.may_somewhere(self.person, "flows.edit") else ""

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
