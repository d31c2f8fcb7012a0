"""The panel below the canvas: the flow as text beside its outline, and the list of problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nicegui.element import Element

from designer.canvas.sections import SectionList
from designer.html import button, icon, tag, text
from designer.page.folding import toggles, unfold
from designer.page.problems import draw_problems
from designer.page.values import Values
from designer.text import FlowText
from designer.words import Language
from flowlang.diagnostics import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One more tab, which draws what is in it by itself."""

    name: str
    symbol: str
    draw: Callable[[], object]
    """Into the current place, once."""
    opened: Callable[[], object]


class Panel:
    def __init__(
        self,
        language: Language,
        words: Mapping[str, str],
        *,
        text_view: Callable[[], FlowText],
        values: Callable[[Element], Values],
        dock: Callable[[bool], object],
        go_to_section: Callable[[str], object],
        go_to: Callable[[Problem], object],
        fix: Callable[[Problem], object],
        show_path: Callable[[Problem], object],
        more: Sequence[Tab] = (),
    ) -> None:
        self._language = language
        self._words = words
        self._dock = dock
        self._go_to = go_to
        self._fix = fix
        self._show_path = show_path
        self._more = {tab.name: tab for tab in more}
        self.tab = "text"
        self._problems: Sequence[Problem] = ()
        self._tabs_shown: tuple[str, int] | None = None
        with tag("div", "fl-panel"):
            self._tabs = tag("div", "fl-tabs")
            with tag("div", "fl-panel-in"):
                self._outline = SectionList(words["outline"], go_to=go_to_section)
                with tag("div", "fl-code") as self._code:
                    self.text = text_view()
                self._list = tag("div", "fl-list-box")
                self._values = tag("div", "fl-list-box")
                self.values = values(self._values)
                self._boxes = {name: self._box(tab) for name, tab in self._more.items()}
        self._show("text")

    @staticmethod
    def _box(tab: Tab) -> Element:
        with tag("div", "fl-list-box") as box:
            tab.draw()
        return box

    def open(self, tab: str) -> None:
        self._show(tab)
        unfold(self._tabs, "panel")

    def _show(self, tab: str) -> None:
        self.tab = tab
        for name, box in self._boxes.items():
            box.set_visibility(tab == name)
        if tab in self._more:
            self._more[tab].opened()
        self._code.set_visibility(tab == "text")
        self._list.set_visibility(tab == "problems")
        self._values.set_visibility(tab == "values")
        self._draw_tabs()
        self._draw_problems()
        self.show_values()

    def show_values(self) -> None:
        """Only while somebody looks: finding all uses goes over the whole flow."""
        if self.tab == "values":
            self.values.show()

    def show(
        self, sections: Sequence[tuple[str, int]], problems: Sequence[Problem], now: str | None
    ) -> None:
        """Names and lines of the sections, the problems, and the section of what is selected."""
        self._problems = problems
        self._outline.show(sections, now)
        self._draw_tabs()
        if self.tab == "problems":
            self._draw_problems()

    @property
    def _count(self) -> int:
        """As the bar counts them: a hint is no problem."""
        return sum(problem.severity != "hint" for problem in self._problems)

    def _draw_problems(self) -> None:
        self._list.clear()
        with self._list:
            draw_problems(
                self._problems, self._language, self._words, go_to=self._go_to, fix=self._fix,
                show_path=self._show_path,
            )  # fmt: skip

    def _draw_tabs(self) -> None:
        words, state = self._words, (self.tab, self._count)
        if state == self._tabs_shown:
            return  # a button that is redrawn while it is clicked would not hear of it
        self._tabs_shown = state
        self._tabs.clear()
        with self._tabs:
            with tag("div", "fl-row", role="tablist"):
                self._draw_tab("text", "text", words["text"], None)
                self._draw_tab("problems", "warn", words["problems"], self._count)
                self._draw_tab("values", "set", words["values_and_resources"], None)
                for tab in self._more.values():
                    self._draw_tab(tab.name, tab.symbol, words[tab.name], None)
            tag("span", "fl-grow")
            text(words["text_and_canvas"], "fl-dim fl-cut")
            button("", "fl-icon-btn small", symbol="dockb", title=words["dock_bottom"],
                   on_click=lambda: self._dock(False))  # fmt: skip
            button("", "fl-icon-btn small", symbol="dockr", title=words["dock_right"],
                   on_click=lambda: self._dock(True))  # fmt: skip
            made = button("", "fl-icon-btn small fl-fold-panel", symbol="down",
                          title=words["fold_panel"], data_role="fold-panel")  # fmt: skip
            toggles(made, "panel")

    def _draw_tab(self, tab: str, symbol: str, label: str, count: int | None) -> None:
        is_on = tab == self.tab
        made = tag("button", f"fl-tab {'on' if is_on else ''}", type="button", role="tab",
                   data_tab=tab)  # fmt: skip
        made._props["aria-selected"] = "true" if is_on else "false"
        with made:
            icon(symbol)
            text(label)
            if count is not None:
                text(str(count), f"fl-count {'warn' if count else 'ok'}")
        made.on("click", lambda _: self.open(tab))
