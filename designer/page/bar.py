"""The bar at the top: which flow this is, how it stands, and what can be done with all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from designer.bar import top
from designer.html import button, icon, tag, text
from designer.session import Session
from designer.source_file import State
from designer.visitor import Visitor, initials
from designer.words import Language
from designer.workspace import Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class BarActions:
    undo: Callable[[], object]
    redo: Callable[[], object]
    try_it: Callable[[], object]
    problems: Callable[[], object]
    speak: Callable[[Language], object]
    keys: Callable[[], object]
    settings: Callable[[], object]
    download: Callable[[], object]
    publish: Callable[[], object] | None = None
    """None where nothing runs live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarState:
    title: str
    file: State
    errors: int
    warnings: int
    can_undo: bool
    can_redo: bool
    is_trying: bool


class Bar:
    """Its buttons stay in place while what they say changes: a quick second click counts too."""

    def __init__(
        self,
        listed: Listed,
        visitor: Visitor,
        language: Language,
        words: Mapping[str, str],
        actions: BarActions,
    ) -> None:
        self._words = words
        self._actions = actions
        self.file: State = "saved"
        with top("designer", visitor, language, speak=actions.speak):
            self._title = draw_name(listed)
            button("", "fl-icon-btn", symbol="sliders", title=words["flow_settings"],
                   data_role="flow-settings", on_click=actions.settings)  # fmt: skip
            self._state = tag("span", "fl-row")
            tag("span", "fl-grow")
            self._others = tag("span", "fl-row fl-others", role="status")
            self._undo = self._draw_history("undo", actions.undo, "Ctrl+Z")
            self._redo = self._draw_history("redo", actions.redo, "Ctrl+Shift+Z")
            tag("span", "fl-rule")
            button("", "fl-icon-btn", symbol="download", title=words["download"],
                   data_role="download", on_click=actions.download)  # fmt: skip
            button("", "fl-icon-btn", symbol="help", title=f"{words['keyboard']} (?)",
                   data_role="keys", on_click=actions.keys)  # fmt: skip
            self._try = button(words["try_it"], "fl-btn", symbol="run", on_click=actions.try_it,
                               data_role="try-it")  # fmt: skip
            self._draw_publish()

    def show(self, state: BarState) -> None:
        self.file = state.file
        self._title.set_text(state.title)
        self._state.clear()
        with self._state:
            self._draw_state(state)
        for made, can in ((self._undo, state.can_undo), (self._redo, state.can_redo)):
            made._props["disabled"] = not can
            made.update()
        self._try.classes(replace=self._try_look(state))

    def show_others(self, names: Sequence[str]) -> None:
        """Who works on this flow besides."""
        self._others.clear()
        with self._others:
            for name in names:
                with tag("span", "fl-row fl-other", title=self._words["is_here_too"].format(
                    name=name)):  # fmt: skip
                    text(initials(name), "fl-avatar small", aria_hidden="true")
                    text(name, "fl-cut")

    def _try_look(self, state: BarState) -> str:
        """The main thing to do is to publish, where that is possible; else to try."""
        if state.is_trying:
            return "fl-btn on"
        return "fl-btn" if self._actions.publish else "fl-btn primary"

    def _draw_publish(self) -> None:
        if publish := self._actions.publish:
            made = button(self._words["publish"], "fl-btn primary", on_click=publish)
            made._props["data-role"] = "publish"

    def _draw_state(self, state: BarState) -> None:
        words = self._words
        with tag("span", "fl-saved"):
            icon("check" if state.file == "saved" else "warn")
            text(words["file_" + state.file.replace(" ", "_")])
        count = state.errors + state.warnings
        if count:
            level = "bad" if state.errors else "warn"
            label = words["problems_count_one" if count == 1 else "problems_count"].format(n=count)
            made = button(label, f"fl-pill {level}", symbol="warn", on_click=self._actions.problems)
        else:
            made = button(words["problems_none"], "fl-pill ok", symbol="check",
                          on_click=self._actions.problems)  # fmt: skip
        made._props["data-role"] = "problem-count"

    def _draw_history(self, name: str, act: Callable[[], object], keys: str) -> Element:
        return button("", "fl-icon-btn", symbol=name, title=f"{self._words[name]} ({keys})",
                      data_role=name, on_click=act)  # fmt: skip


def draw_name(listed: Listed) -> TextElement:
    """Of a flow, in its project; the answer is its title."""
    text(listed.project, "fl-soft fl-cut fl-of-project")
    text("/", "fl-dim", aria_hidden="true")
    return text(listed.title, "fl-cut", tag="h1")


def title_of(session: Session, listed: Listed) -> str:
    """What the flow is called now."""
    header = session.flow.document.header
    return (header.title or header.name) if header else listed.title
