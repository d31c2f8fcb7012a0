"""A condition of an outcome line as fields: a subject, an operator, a value."""

from __future__ import annotations

from collections.abc import Callable

from designer.forms.conditions import WORDS, Condition
from designer.forms.contract import FieldContext, offer_values
from designer.html import button, on_value, set_value, tag, text
from flowlang.wiring import Wiring

AS_TEXT = "(e) => e.currentTarget.closest('.fl-condition').classList.toggle('as-text')"


def draw_condition(
    condition: Condition | None,
    port: str,
    key: str,
    wiring: Wiring,
    context: FieldContext,
    change: Callable[[str], object],
) -> None:
    """`key` is a parameter whose values are written where the condition is."""
    with tag("div", f"fl-condition{'' if condition else ' as-text'}", role="group",
             aria_label=context.words["when"]):  # fmt: skip
        if condition:
            with tag("div", "fl-condition-parts"):
                _Parts(condition, port, key, wiring, context, change).draw()
        with tag("div", "fl-row fl-condition-text"), tag("div", "fl-field small fl-grow"):
            entry = tag("input", "fl-mono", type="text", spellcheck="false",
                        aria_label=context.words["when"], data_key=f"port {port}")  # fmt: skip
            set_value(entry, port)
            on_value(entry, "change", change)
        if condition:
            made = button("", "fl-icon-btn small", symbol="text",
                          title=context.words["as_text"])  # fmt: skip
            made.on("click", js_handler=AS_TEXT)


class _Parts:
    """Says the whole condition once it is whole."""

    def __init__(
        self,
        condition: Condition,
        port: str,
        key: str,
        wiring: Wiring,
        context: FieldContext,
        change: Callable[[str], object],
    ) -> None:
        self._now = condition
        self._port = port
        self._key = key
        self._wiring = wiring
        self._context = context
        self._change = change

    def draw(self) -> None:
        if self._now.subject is not None:
            self._draw_line("subject", self._now.subject, "condition_subject")
        self._draw_operator()
        if self._now.choices:
            self._draw_choices()
        else:
            self._draw_line("value", self._now.value, "value")

    def _put(self, part: str, said: str) -> None:
        now = self._now
        self._now = now.changed(self._wiring, **{part: said.strip()})
        if self._now.is_whole and (self._now.port() != now.port() or not now.is_whole):
            self._change(self._now.port())

    def _draw_line(self, part: str, said: str, word: str) -> None:
        with tag("div", "fl-field small fl-grow"):
            label = self._context.words[word]
            entry = tag("input", "fl-mono", type="text", spellcheck="false", placeholder=label,
                        aria_label=label, data_key=f"{part} {self._port}")  # fmt: skip
            set_value(entry, said)
            offer_values(entry, self._key, "source", self._context)
            on_value(entry, "change", lambda typed: self._put(part, typed))

    def _draw_operator(self) -> None:
        words = self._context.words
        with tag("div", "fl-field small fl-operator"):
            select = tag("select", "", aria_label=words["condition_operator"],
                         data_key=f"operator {self._port}")  # fmt: skip
        with select:
            for sign in self._now.operators:
                text(words[WORDS[sign]], tag="option", value=sign,
                     selected=sign == self._now.operator)  # fmt: skip
        on_value(select, "change", lambda sign: self._put("operator", sign))

    def _draw_choices(self) -> None:
        now, words = self._now, self._context.words
        with tag("div", "fl-field small fl-grow"):
            select = tag("select", "", aria_label=words["value"],
                         data_key=f"value {self._port}")  # fmt: skip
        with select:
            for choice in dict.fromkeys((now.value, *now.choices)):
                text(choice, tag="option", value=choice, selected=choice == now.value)
        on_value(select, "change", lambda choice: self._put("value", choice))
