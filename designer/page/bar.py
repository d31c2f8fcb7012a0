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
    keys: Callable[[], object]
    publish: Callable[[], object] | None = None
    """None where nothing runs live."""


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
        self.file: State = "saved"

    def show(self, state: BarState) -> None:
        self.file = state.file
        self._box.clear()
        with self._box:
            self._draw_name()
            self._draw_state(state)
            tag("span", "fl-grow")
            self._draw_history(state)
            tag("span", "fl-rule")
            button("", "fl-icon-btn", symbol="help", title=f"{self._words['keyboard']} (?)",
                   data_role="keys", on_click=self._actions.keys)  # fmt: skip
            draw_choices(self._language, self._words, speak=self._actions.speak,
                         shade=self._actions.shade)  # fmt: skip
            made = button(self._words["try_it"], self._try_look(state),
                          symbol="run", on_click=self._actions.try_it)  # fmt: skip
            made._props["data-role"] = "try-it"
            self._draw_publish()

    def _try_look(self, state: BarState) -> str:
        """The main thing to do is to publish, where that is possible; else to try."""
        if state.is_trying:
            return "fl-btn on"
        return "fl-btn" if self._actions.publish else "fl-btn primary"

    def _draw_publish(self) -> None:
        if publish := self._actions.publish:
            made = button(self._words["publish"], "fl-btn primary", on_click=publish)
            made._props["data-role"] = "publish"

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


def draw_choices(
    language: Language,
    words: Mapping[str, str],
    *,
    speak: Callable[[Language], object],
    shade: Callable[[str], object],
) -> None:
    """Theme and language, on every page."""
    other = "light" if is_dark() else "dark"
    button("", "fl-icon-btn", symbol="sun" if is_dark() else "moon", title=words[other],
           data_role="theme", on_click=lambda: shade(other))  # fmt: skip
    with tag("span", "fl-seg", role="group", aria_label=words["language"]):
        for offered in LANGUAGES:
            made = button(
                LANGUAGE_NAMES[offered],
                "on" if offered == language else "",
                on_click=lambda offered=offered: speak(offered),
                lang=offered,
            )
            made._props["aria-pressed"] = "true" if offered == language else "false"
