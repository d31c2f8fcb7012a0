"""The bar at the top: which flow this is, how it stands, and what can be done with all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from designer.html import button, icon, tag, text
from designer.pages import is_dark
from designer.source_file import State
from designer.words import LANGUAGES, Language
from designer.workspace import Listed

LANGUAGE_NAMES: Mapping[Language, str] = {"en": "EN", "ko": "한국어"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BarActions:
    undo: Callable[[], object]
    redo: Callable[[], object]
    try_it: Callable[[], object]
    problems: Callable[[], object]
    home: Callable[[], object]
    speak: Callable[[Language], object]
    shade: Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarState:
    file: State
    errors: int
    warnings: int
    can_undo: bool
    can_redo: bool
    is_trying: bool


class Bar:
    def __init__(
        self, listed: Listed, language: Language, words: Mapping[str, str], actions: BarActions
    ) -> None:
        self._listed = listed
        self._language = language
        self._words = words
        self._actions = actions
        self._box = tag("header", "fl-bar")

    def show(self, state: BarState) -> None:
        self._box.clear()
        with self._box:
            self._draw_name()
            self._draw_state(state)
            tag("span", "fl-grow")
            self._draw_history(state)
            tag("span", "fl-rule")
            self._draw_choices()
            made = button(self._words["try_it"], f"fl-btn {'on' if state.is_trying else 'primary'}",
                          symbol="run", on_click=self._actions.try_it)  # fmt: skip
            made._props["data-role"] = "try-it"

    def _draw_name(self) -> None:
        logo = button("", "fl-logo", symbol="split", title=self._words["flows"],
                      on_click=self._actions.home)  # fmt: skip
        logo.style("border: 0")
        text(self._listed.project, "fl-soft fl-cut")
        text("/", "fl-dim", aria_hidden="true")
        text(self._listed.title, "fl-cut", tag="h1")

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

    def _draw_history(self, state: BarState) -> None:
        for name, can, act, keys in (
            ("undo", state.can_undo, self._actions.undo, "Ctrl+Z"),
            ("redo", state.can_redo, self._actions.redo, "Ctrl+Shift+Z"),
        ):
            button("", "fl-icon-btn", symbol=name, title=f"{self._words[name]} ({keys})",
                   disabled=not can, data_role=name, on_click=act)  # fmt: skip

    def _draw_choices(self) -> None:
        words = self._words
        dark = is_dark()
        button("", "fl-icon-btn", symbol="globe" if dark else "pen", title=words["theme"],
               data_role="theme",
               on_click=lambda: self._actions.shade("light" if dark else "dark"))  # fmt: skip
        with tag("span", "fl-seg", role="group", aria_label=words["language"]):
            for language in LANGUAGES:
                made = button(
                    LANGUAGE_NAMES[language],
                    "on" if language == self._language else "",
                    on_click=lambda language=language: self._actions.speak(language),
                )
                made._props["aria-pressed"] = "true" if language == self._language else "false"
