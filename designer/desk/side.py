"""The left side of the desk: whether one is there, what rings, what is in hand, calls, the day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nicegui.element import Element

from designer.desk.calling import draw_callbacks, draw_dialled, draw_dialler
from designer.desk.looks import ICONS, Countdown, Looks, cleared, minutes
from designer.desk.state import Hands, State
from designer.html import button, icon, tag, text
from designer.kept import Memory, Row, Rows
from designer.visitor import initials
from runtime.desk.agent import AVAILABLE, AWAY, MISSED, Agent, Chat, Ringing
from runtime.desk.load import KINDS, kind_of
from runtime.desk.queue import RING_S

NOTICES = ("left", "taken_back", "not_free")
TODAY = ("today_contacts", "today_average", "today_available")


class Side:
    def __init__(
        self,
        looks: Looks,
        hands: Hands,
        queues: Sequence[str],
        *,
        choose: Callable[[str], Any],
        accept: Callable[[Ringing], Any],
    ) -> None:
        self.looks = looks
        self.words = looks.words
        self.hands = hands
        self.queues = queues
        self._choose = choose
        self._accept = accept
        self._memory = Memory()
        self._clock: Countdown | None = None

    # --- the frame ----------------------------------------------------------------------------

    def frame(self) -> None:
        with tag("aside", "desk-side", aria_label=self.words["in_progress"]):
            self._frame_presence()
            self.ringing_box = tag("div", "desk-ringing", role="alert")
            with tag("nav", "desk-chats", aria_label=self.words["in_progress"]):
                with tag("div", "desk-heading"):
                    text(self.words["in_progress"], "fl-caps")
                    self.count = text("0", "fl-count")
                self.chats = Rows(tag("div"))
                self.nothing = text(self.words["no_chats"], "fl-empty", tag="p")
            with tag("div", "desk-calls"):
                self.callbacks_box = tag("div")
                self.dialler_box = tag("div")
                self.dialled_box = tag("div")
            with tag("div", "desk-today"):
                with tag("div", "desk-heading"):
                    text(self.words["today"], "fl-caps")
                self._frame_today()

    def _frame_presence(self) -> None:
        with tag("div", "desk-presence"):
            with tag("div", "fl-seg wide desk-states"):
                self.states = {
                    presence: self._draw_state(presence)
                    for presence in (AVAILABLE, AWAY, *self.looks.site.project.states)
                }
            with tag("div", "fl-row desk-counts fl-soft"):
                self.room = text("")
                tag("span", "fl-grow")
                self.since = text("")
            self.notice_box = tag("div")

    def _draw_state(self, presence: str) -> Element:
        return button(
            self.looks.state(presence), "", aria_pressed="false",
            on_click=lambda: self.hands.do("SetState", state=presence),
        )  # fmt: skip

    def _frame_today(self) -> None:
        with tag("div", "desk-numbers"):
            self.today = []
            for name in TODAY:
                with tag("div"):
                    self.today.append(text("0", tag="b"))
                    text(self.words[name], "fl-soft desk-small")

    # --- drawing ------------------------------------------------------------------------------

    def draw(self, state: State) -> None:
        agent = state.agent
        self._draw_presence(agent)
        if self._memory.is_new("ringing", agent.ringing):
            self._draw_ringing(agent.ringing)
        self._draw_chats(agent, state.chosen)
        self._draw_calls(state)
        today = agent.today
        average_s = today.handled_s / today.contacts if today.contacts else 0
        available_s = today.spent_s.get(AVAILABLE, 0)
        told = (str(today.contacts), minutes(average_s), minutes(available_s))
        for box, value in zip(self.today, told, strict=True):
            box.set_text(value)

    def tick(self, agent: Agent) -> None:
        if self._clock is not None and agent.ringing is not None:
            self._clock.show(self.looks.left_s(agent.ringing.until))
        if agent.presence_since:
            self.since.set_text(minutes(self.looks.lasted_s(agent.presence_since)))

    def _draw_presence(self, agent: Agent) -> None:
        if self._memory.is_new("states", agent.presence):
            for presence, made in self.states.items():
                made.props["aria-pressed"] = "true" if presence == agent.presence else "false"
                made.update()
        self.room.set_text(self._room([chat.channel for chat in agent.chats.values()]))
        notice = MISSED if agent.presence == MISSED else agent.notice
        if self._memory.is_new("notice", notice):
            with cleared(self.notice_box):
                if notice in (MISSED, *NOTICES):
                    with tag("div", "fl-note warn", role="status"):
                        icon("bell")
                        text(self.words[f"{notice}_help"])

    def _room(self, channels: Sequence[str]) -> str:
        most = self.looks.site.project.concurrency_of(self.hands.person)
        room = {"voice": most.voice, "chat": most.chat, "task": most.task}
        kinds = [kind_of(channel) for channel in channels]
        return " · ".join(
            f"{self.words[f'kind_{kind}']} {kinds.count(kind)}/{room[kind]}"
            for kind in ("chat", "voice", "task")
            if room[kind] and kind in KINDS
        )

    def _draw_ringing(self, offer: Ringing | None) -> None:
        self._clock = None
        with cleared(self.ringing_box):
            if offer is not None:
                self._draw_offer(offer)

    def _draw_offer(self, offer: Ringing) -> None:
        queue = self.looks.site.project.queues.get(offer.queue)
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
                    waited = minutes(self.looks.lasted_s(offer.since))
                    text(self.words["waited"].format(time=waited), "fl-dim", tag="div")
                self._clock = Countdown(queue.ring_s if queue else RING_S)
                self._clock.show(self.looks.left_s(offer.until))
            with tag("div", "fl-two"):
                accept = button(self.words["accept"], "fl-btn primary",
                                on_click=lambda: self._accept(offer))  # fmt: skip
                with accept:
                    text("F2", "fl-kbd desk-key", aria_hidden="true")
                button(self.words["decline"], on_click=lambda: self.hands.decline(offer))

    # --- conversations ------------------------------------------------------------------------

    def _draw_chats(self, agent: Agent, chosen: str) -> None:
        self.count.set_text(str(len(agent.chats)))
        self.nothing.set_visibility(not agent.chats)
        latest_first = reversed(agent.chats.values())
        self.chats.show([self._row(c, is_on=c.contact == chosen) for c in latest_first])
        if self._memory.is_new("chosen", chosen, list(agent.chats)):
            for contact, row in self.chats:
                row.props["aria-current"] = "true" if contact == chosen else "false"
                row.update()

    def _row(self, chat: Chat, *, is_on: bool) -> Row:
        name = self.looks.name(chat.channel, chat.name)
        last = chat.last or self.looks.queue(chat.queue)
        unread = 0 if is_on else chat.unread

        def make() -> Element:
            row = tag("button", "desk-chat", type="button")
            row.on("click", lambda _: self._choose(chat.contact))
            return row

        def fill() -> None:
            with tag("span", "desk-face"):
                text(initials(name), "fl-avatar", aria_hidden="true")
                with tag("span", f"desk-channel {chat.channel}"):
                    icon(ICONS.get(chat.channel, "messenger"))
            with tag("span", "fl-grow"):
                text(name, "fl-strong fl-cut", tag="span")
                text(last, "fl-soft fl-cut", tag="span")
                text(self._told(chat), "fl-soft desk-small", tag="span")
            if chat.state == "wrap_up":
                text(self.words["wrap_up"], "fl-pill warn")
            elif unread:
                text(str(unread), "fl-count desk-unread")

        shown = (name, last, chat.state, chat.held, unread)
        return Row(key=chat.contact, shown=shown, make=make, fill=fill)

    def _told(self, chat: Chat) -> str:
        told = {
            "left": self.words["customer_left"],
            "joining": self.words["joining"],
            "dialling": self.words["dialling"],
        }
        on_hold = self.words["on_hold"] if chat.held else self.looks.channel(chat.channel)
        return told.get(chat.state, on_hold)

    # --- calls --------------------------------------------------------------------------------

    def _draw_calls(self, state: State) -> None:
        agent, may_call = state.agent, self.hands.may_call(state.agent)
        if self._memory.is_new("callbacks", state.callbacks):
            with cleared(self.callbacks_box):
                if state.callbacks:
                    draw_callbacks(self.looks, state.callbacks)
        if self._memory.is_new("dialler", may_call):
            with cleared(self.dialler_box):
                if self.hands.has_phone and self.queues:
                    draw_dialler(self.looks, self.queues[0], self.hands.dial, may=may_call)
        if self._memory.is_new("dialled", agent.dialled, may_call):
            with cleared(self.dialled_box):
                draw_dialled(self.looks, agent.dialled, self.hands.dial, may=may_call)
