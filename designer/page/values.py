"""The panel of values and resources: all that a flow declares, and where it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from nicegui.element import Element

from designer.forms.source import Widget, shown, written
from designer.html import button, on_value, set_value, tag, text
from designer.words import Language, said
from flowlang import expressions as ex
from flowlang import types
from flowlang.edits import Fields, Flow
from flowlang.edits.declaring import fields_of
from flowlang.edits.mentions import Mention, mentions_of_value
from flowlang.model import Argument, Declaration
from flowlang.names import VALUE_WORDS
from flowlang.syntax import spelling


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueActions:
    declare: Callable[[str, str], bool]
    """Word and name; whether it could be declared."""
    say: Callable[[str, dict[str, object]], object]
    """Change fields of a declaration."""
    rename: Callable[[str, str], bool]
    remove: Callable[[str], object]
    go_to: Callable[[Mention], object]


class Values:
    """A list at the left; at the right what is chosen in it."""

    def __init__(
        self,
        box: Element,
        flow: Callable[[], Flow],
        actions: ValueActions,
        language: Language,
        words: Mapping[str, str],
    ) -> None:
        self._box = box
        self._flow = flow
        self._actions = actions
        self._language = language
        self._words = words
        self._open = ""
        self._new = {"word": "", "name": ""}
        self._shown: object = None

    def show(self) -> None:
        """Draw it, if anything that it shows has changed."""
        flow = self._flow()
        declared = flow.document.declarations
        if self._open not in declared:
            self._open = next(iter(declared), "")
        uses = list(mentions_of_value(flow, self._open))
        state = (self._open, [fields_of(it) for it in declared.values()], list(declared),
                 [(use.block, use.manner, use.place.first) for use in uses])  # fmt: skip
        if state == self._shown:
            return
        self._shown = state
        self._box.clear()
        with self._box:
            with tag("div", "fl-values"):
                self._draw_new(flow)
                with tag("nav", "", aria_label=self._words["values"]):
                    for word, resource in flow.catalogue.resources.items():
                        found = [it for it in declared.values() if it.word == word]
                        if found:
                            text(said(resource.title, self._language), "fl-caps", tag="h3")
                        for item in found:
                            self._draw_row(flow, item)
            with tag("div", "fl-value-form"):
                if self._open:
                    self._draw_form(flow, declared[self._open], uses)
                else:
                    text(self._words["nothing_declared"], "fl-empty", tag="div")

    def forget(self) -> None:
        """Draw it afresh the next time: a field shows what was refused."""
        self._shown = None

    # --- the list -----------------------------------------------------------------------------

    def _draw_new(self, flow: Flow) -> None:
        words = self._words
        titles = {
            word: said(resource.title, self._language)
            for word, resource in flow.catalogue.resources.items()
        }
        self._new["word"] = self._new["word"] or next(iter(titles), "")

        def add() -> None:
            name = self._new["name"].strip()
            if name and self._actions.declare(self._new["word"], name):
                self._new["name"] = ""
                self.choose(name)

        with tag("div", "fl-row fl-value-new"):
            with tag("div", "fl-field small"):
                select = tag("select", "", aria_label=words["what_is_declared"],
                             data_role="new-word")  # fmt: skip
                with select:
                    for word, title in titles.items():
                        text(title, tag="option", value=word, selected=word == self._new["word"])
            with tag("div", "fl-field small fl-grow"):
                entry = tag("input", "fl-mono", type="text", spellcheck="false",
                            placeholder=words["name"], aria_label=words["new_key"],
                            data_role="new-name")  # fmt: skip
            button("", "fl-icon-btn small", symbol="plus", title=words["declare"], on_click=add,
                   data_role="declare")  # fmt: skip
        on_value(select, "change", lambda word: self._new.update(word=word))
        on_value(entry, "input", lambda name: self._new.update(name=name))
        entry.on("keydown.enter", lambda _: add())

    def _draw_row(self, flow: Flow, item: Declaration) -> None:
        is_on = item.name == self._open
        row = tag("button", f"fl-value {'on' if is_on else ''}", type="button",
                  data_value=item.name, aria_current="true" if is_on else None)  # fmt: skip
        with row:
            text(item.name, "fl-mono fl-cut")
            text(_short(item), "fl-dim fl-cut")
        row.on("click", lambda _: self.choose(item.name))

    def choose(self, name: str) -> None:
        self._open = name
        self.show()

    # --- what is chosen -----------------------------------------------------------------------

    def _draw_form(self, flow: Flow, item: Declaration, uses: list[Mention]) -> None:
        words = self._words
        fields = fields_of(item)
        with tag("div", "fl-two"):
            self._line(words["name"], item.name, lambda name: self._rename(item, name),
                       "declared-name")  # fmt: skip
            for key, label in self._fields(flow, item, fields):
                self._line(words[label], _shown_as(key, item, fields), _saying(self, item, key),
                           f"declared-{key}")  # fmt: skip
        if _has_lines(flow, item):
            self._draw_lines(item, fields)
        self._draw_uses(flow, item, uses)

    def _fields(self, flow: Flow, item: Declaration, fields: Fields) -> list[tuple[str, str]]:
        """What can be said of it: keys, each with its label."""
        if item.word in VALUE_WORDS:
            found = [("type", "type"), ("source", "default"), ("wire_name", "outside_name")]
            return found if item.word == "attribute" or fields.wire_name else found[:2]
        found = [("value", "outside_name")]
        if fields.signature or flow.catalogue.resources[item.word].call:
            found.append(("signature", "signature"))
        return found

    def _line(
        self, label: str, value: str, take: Callable[[str], object], role: str
    ) -> None:  # fmt: skip
        with tag("div"):
            text(label, "fl-label", tag="div", id=f"label-{role}")
            with tag("div", "fl-field"):
                entry = tag("input", "fl-mono", type="text", spellcheck="false",
                            aria_labelledby=f"label-{role}", data_key=role)  # fmt: skip
                set_value(entry, value)
            on_value(entry, "change", lambda typed: take(typed) if typed != value else None)

    def _rename(self, item: Declaration, name: str) -> None:
        self._open = name.strip()
        if not self._actions.rename(item.name, name.strip()):
            self._open = item.name

    def _draw_lines(self, item: Declaration, fields: Fields) -> None:
        """Its lines, and a row for one more; texts without their quotes."""
        words = self._words
        typed = {"key": "", "value": ""}

        def change(key: str, source: str) -> None:
            entries = {**fields.entries, key: source}
            kept = {name: it for name, it in entries.items() if it}
            self._actions.say(item.name, {"entries": kept})

        def take(part: str, said: str) -> None:
            typed[part] = said.strip()
            if all(typed.values()):
                change(typed["key"], written("prose", typed["value"]))

        text(words["lines"], "fl-label fl-gap-above", tag="div")
        for line in item.entries:
            self._draw_entry(line, partial(change, line.key or ""))
        with tag("div", "fl-row fl-map"):
            for part, label, placeholder in (
                ("key", "new_key", "name"),
                ("value", "new_value", "value"),
            ):
                with tag("div", "fl-field" if part == "key" else "fl-field fl-grow"):
                    entry = tag("input", "fl-mono", type="text", spellcheck="false",
                                placeholder=words[placeholder], aria_label=words[label],
                                data_key=f"line-{part}")  # fmt: skip
                on_value(entry, "change", partial(take, part))

    def _draw_entry(self, line: Argument, change: Callable[[str], object]) -> None:
        is_text = isinstance(line.value, ex.Template) or (
            isinstance(line.value, ex.Literal) and line.value.type == "text"
        )
        widget: Widget = "prose" if is_text else "source"
        with tag("div", "fl-row fl-map"):
            text(line.key or "", "fl-mono fl-cut", title=line.key)
            with tag("div", "fl-field fl-grow"):
                entry = tag("input", "", type="text", spellcheck="false", aria_label=line.key,
                            data_key=f"line {line.key}")  # fmt: skip
                set_value(entry, shown(widget, line.value))
        on_value(entry, "change", lambda typed: change(written(widget, typed) if typed else ""))

    def _draw_uses(self, flow: Flow, item: Declaration, uses: list[Mention]) -> None:
        words = self._words
        with tag("div", "fl-row fl-wrap fl-gap-above", data_part="uses"):
            text(words["used_in" if uses else "not_used"], "fl-soft")
            seen: set[str] = set()
            for use in uses:
                where = use.block or words["line"].format(n=use.place.first.line)
                if where not in seen:
                    seen.add(where)
                    button(where, "fl-btn small fl-mono",
                           on_click=lambda use=use: self._actions.go_to(use))  # fmt: skip
            tag("span", "fl-grow")
            button(words["delete"], "fl-btn small danger", symbol="x",
                   on_click=lambda: self._actions.remove(item.name),
                   data_role="remove-declaration")  # fmt: skip


def _short(item: Declaration) -> str:
    """A few words of what it is."""
    if item.word in VALUE_WORDS and item.type is not None:
        return spelling.type_(item.type)
    match item.value:
        case None:
            return ", ".join(entry.key or "" for entry in item.entries)
        case ex.Literal(value=str(name), type="text"):
            return name
        case value:
            return spelling.value(value)


def _shown_as(key: str, item: Declaration, fields: Fields) -> str:
    if key == "value":
        return _short(item) if item.value is not None else ""
    return getattr(fields, key) or ""


def _saying(values: Values, item: Declaration, key: str) -> Callable[[str], object]:
    def say(typed: str) -> None:
        given: object = typed.strip() or None
        is_text = key == "source" and given and item.type == types.TEXT
        if is_text and not str(given).startswith(('"', "'")):
            values._actions.say(item.name, {"value": given})
        else:
            values._actions.say(item.name, {key: given})

    return say


def _has_lines(flow: Flow, item: Declaration) -> bool:
    """Whether lines below it may say more: where nothing behind its name does."""
    if item.entries:
        return True
    is_callee = bool(flow.catalogue.resources[item.word].call)
    return item.word not in VALUE_WORDS and item.value is None and not is_callee
