"""Who answers in a try-out, drawn: for each service its modes, and what is answered by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from nicegui.element import Element

from designer.html import button, on_value, set_value, tag, text
from designer.trying.answers import Answerer, Entry
from designer.trying.tryout import TryOut


class AnswersBox:
    """One part for each answerer; a part stays while its answerer does."""

    def __init__(
        self,
        box: Element,
        tryout: TryOut,
        words: Mapping[str, str],
        do: Callable[[Callable[[], object]], object],
    ) -> None:
        self._box = box
        self._tryout = tryout
        self._words = words
        self._do = do
        self._parts: dict[str, _Part] = {}

    def show(self) -> None:
        wanted = {it.outside: it for it in self._tryout.answers}
        for outside, part in tuple(self._parts.items()):
            if wanted.get(outside) is not part.answerer or part.name != part.answerer.name:
                self._parts.pop(outside).box.delete()
        with self._box:
            for outside, answerer in wanted.items():
                if outside not in self._parts:
                    self._parts[outside] = _Part(answerer, self._tryout, self._words, self._do)
        for part in self._parts.values():
            part.show()


class _Part:
    def __init__(
        self,
        answerer: Answerer,
        tryout: TryOut,
        words: Mapping[str, str],
        do: Callable[[Callable[[], object]], object],
    ) -> None:
        self.answerer = answerer
        self.name = answerer.name
        self._tryout = tryout
        self._words = words
        self._do = do
        self._shown: object = None
        self.box = tag("div", "fl-try-part", data_service=answerer.name)
        with self.box:
            text(words["with_service"].format(name=answerer.name), "fl-label", tag="div")
            with tag("div", "fl-seg wide", role="group", aria_label=answerer.name):
                self._modes = {mode: self._draw_mode(mode) for mode in answerer.modes}
            self._entries = tag("div")

    def show(self) -> None:
        """A field that a person writes in says by itself what is in it."""
        answerer = self.answerer
        entries = answerer.entries
        state = (answerer.mode, [(it.key, it.choices) for it in entries], answerer.is_open)
        if state == self._shown:
            return
        self._shown = state
        for mode, made in self._modes.items():
            is_on = mode == answerer.mode
            made.classes(add="on" if is_on else "", remove="" if is_on else "on")
            made._props["aria-pressed"] = "true" if is_on else "false"
            made.update()
        self._entries.clear()
        with self._entries:
            for entry in entries:
                self._draw_entry(entry)
            if answerer.is_open:
                self._draw_more()

    def _draw_mode(self, mode: str) -> Element:
        return button(self._words[f"mode_{mode}"],
                      on_click=lambda: self._do(
                          lambda: self._tryout.answer(self.answerer, mode=mode)))  # fmt: skip

    def _draw_entry(self, entry: Entry) -> None:
        label = self._words[entry.word] if entry.word else entry.key
        with tag("div", "fl-row fl-map"):
            text(label, "fl-cut" if entry.word else "fl-mono fl-cut", title=label)
            with tag("div", "fl-field fl-grow"):
                if entry.choices:
                    with tag("select", "", aria_label=label) as field:
                        for choice in entry.choices:
                            text(choice, tag="option", value=choice,
                                 selected=choice == entry.value)  # fmt: skip
                else:
                    field = tag("input", "", type="text", aria_label=label, autocomplete="off")
                    set_value(field, entry.value)
            field._props["data-key"] = f"answer {self.name} {entry.key}"
            on_value(field, "change", lambda typed: self._put(entry.key, typed))

    def _draw_more(self) -> None:
        """A row for one more value; it counts once it has a name and a value."""
        words = self._words
        typed = {"key": "", "value": ""}

        def take(part: str, value: str) -> None:
            typed[part] = value.strip()
            if all(typed.values()):
                self._put(typed["key"], typed["value"])

        with tag("div", "fl-row fl-map"):
            for part, label in (("key", "new_key"), ("value", "new_value")):
                with tag("div", "fl-field" + (" fl-grow" if part == "value" else "")):
                    field = tag("input", "", type="text", autocomplete="off",
                                placeholder=words["name" if part == "key" else "value"],
                                aria_label=words[label],
                                data_key=f"answer {self.name} new {part}")  # fmt: skip
                on_value(field, "change", partial(take, part))

    def _put(self, key: str, typed: str) -> None:
        self._do(lambda: self._tryout.put(self.answerer, key, typed))
