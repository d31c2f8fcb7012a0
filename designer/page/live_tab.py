"""Live contacts of a flow on its page: how many are where, and the way of one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import get_args

from nicegui import ui
from nicegui.element import Element

from designer.faces import face_of
from designer.html import button, icon, tag, text
from designer.kept import Row, Rows
from designer.live.lens import LiveLens
from designer.live.watching import Turn, Watching
from designer.page.lens import Lenses
from designer.page.paths import ShownPath
from designer.words import Language
from runtime.flow_counts import Range, Standing

REFRESH_S = 1.0
SHORT_ID = 8
EVENTS: Mapping[str, str] = {
    "Started": "event_started",
    "Heard": "event_heard",
    "Silent": "event_silent",
    "TimerFired": "event_timer",
    "CustomerLeft": "event_left",
    "FunctionReturned": "event_answered",
    "ServiceAnswered": "event_answered",
    "Moved": "event_moved",
}
"""Words for what happens most; the rest is told by its name."""


class LiveTab:
    def __init__(
        self,
        watching: Watching,
        language: Language,
        words: Mapping[str, str],
        lenses: Lenses,
        selected: Callable[[], str | None],
    ) -> None:
        self.watching = watching
        self.language = language
        self.words = words
        self.lenses = lenses
        self._selected = selected
        self._range: Range = "15m"
        self._lens: LiveLens | None = None
        self._standing: Mapping[str, Standing] = {}
        self._contact: Standing | None = None
        self._opening: Standing | None = None
        """Whose way is read just now."""
        self._turns: list[Turn] = []

    def draw(self) -> None:
        with tag("div", "fl-list"):
            self._head = tag("div", "fl-row fl-list-head")
            self._list = tag("div", "", role="list", aria_label=self.words["live"])
            self._way = tag("div", "", role="list", aria_label=self.words["live"])
            self._nobody = text(self.words["live_nobody"], "fl-empty", tag="p")
        self._rows = Rows(self._list)
        self._timer = ui.timer(REFRESH_S, self._refresh)
        self._draw_head()

    def opened(self) -> None:
        """To open it is to want to see."""
        self._show(self._range)

    @property
    def is_shown(self) -> bool:
        return self._lens is not None and self._lens.is_open

    def _show(self, range_: Range) -> None:
        self._range = range_
        self._lens = LiveLens(self.watching, self.words, range_)
        self._contact = self._opening = None
        self._way.clear()
        self._list.set_visibility(True)
        self.lenses.look(self._lens)
        self._draw_head()
        self._refresh()

    def _refresh(self) -> None:
        if not self.is_shown:
            return
        self.lenses.show()
        if self._opening or self._contact is not None:
            return
        found = self.watching.standing(self._selected())
        self._standing = {each.contact: each for each in found}
        self._rows.show([self._row(each) for each in found])
        self._nobody.set_visibility(not found)

    # --- drawing ------------------------------------------------------------------------------

    def _draw_head(self) -> None:
        self._head.clear()
        with self._head, tag("span", "fl-seg", role="group", aria_label=self.words["live_range"]):
            for offered in get_args(Range):
                is_on = offered == self._range
                made = button(
                    self.words[f"range_{offered}"], "on" if is_on else "",
                    on_click=lambda offered=offered: self._show(offered), data_range=offered,
                )  # fmt: skip
                made._props["aria-pressed"] = "true" if is_on else "false"
        with self._head:
            text(self.words["live_help"], "fl-dim")

    def _row(self, standing: Standing) -> Row:
        contact, since = standing.contact, _clock(standing.since)
        step = self.watching.step(standing)
        title = self._title(step) if step else self.words["live_gone"]

        def make() -> Element:
            made = tag("div", "fl-problem", role="listitem", tabindex="0", data_contact=contact)
            for event in ("click", "keydown.enter"):
                made.on(event, lambda _: self._open(self._standing[contact]))
            return made

        def fill() -> None:
            icon("user", "")
            text(contact[:SHORT_ID], "fl-mono")
            text(title, "fl-grow fl-cut")
            text(since, "fl-dim fl-mono")

        return Row(key=contact, shown=(title, since), make=make, fill=fill)

    def _title(self, step: str) -> str:
        wired = self.watching.session.wiring.steps.get(step)
        return face_of(wired, self.language).title if wired else step

    # --- one contact --------------------------------------------------------------------------

    async def _open(self, standing: Standing) -> None:
        """Its way on the canvas, and what happened at each step."""
        self._opening = standing
        turns = await self.watching.turns(standing.contact, standing.spot.flow)
        if self._opening is not standing:
            return  # something else is to be looked at meanwhile
        self._opening, self._turns = None, turns
        steps = [step for turn in self._turns for step in turn.steps]
        if now := self.watching.step(standing):
            steps.append(now)
        title = self.words["live_way"].format(name=standing.contact[:SHORT_ID])
        session = self.watching.session
        self.lenses.look(ShownPath(session, self.language, self.words, steps, title, "user"))
        self._contact = standing
        self._list.set_visibility(False)
        self._nobody.set_visibility(False)
        self._way.clear()
        with self._way:
            button(self.words["live_back"], "fl-btn small", symbol="user",
                   on_click=lambda: self._show(self._range), data_role="live-back")  # fmt: skip
            for turn in self._turns:
                self._draw_turn(turn)

    def _draw_turn(self, turn: Turn) -> None:
        with tag("div", "fl-problem", role="listitem", data_role="turn"):
            text(_clock(turn.at), "fl-dim fl-mono")
            with tag("div", "fl-grow"):
                word = EVENTS.get(turn.happened)
                happened = self.words[word] if word else turn.happened
                text(f"{happened} “{turn.said}”" if turn.said else happened, tag="div")
                way = " → ".join(self._title(step) for step in turn.steps)
                text(way, "fl-soft", tag="div")


def _clock(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone():%H:%M:%S}"
