"""Lists and maps, row by row: added, removed and put in another order, by mouse and keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from nicegui.element import Element

from designer.forms.contract import Field, FieldContext, offer_values, on_typed
from designer.forms.source import Widget, shown, written
from designer.html import button, on_value, set_value, tag, text
from designer.scripts import call
from flowlang import expressions as ex
from flowlang import types
from flowlang.syntax import spelling

MOVE_KEYS = """(e) => {
  const by = e.altKey && {ArrowUp: -1, ArrowDown: 1}[e.key];
  if (!by) return;
  e.preventDefault();
  emit(by);
}"""
"""Alt with an arrow moves the row that somebody is in."""
Items = Sequence[str]
EMPTY = '""'


# --- lists --------------------------------------------------------------------------------------


def draw_list(field: Field, context: FieldContext) -> None:
    """Each item in a row of its own. What is no list is shown as the text spells it."""
    if field.value is not None and not isinstance(field.value, ex.ListOf):
        draw_source(field, context)
        return
    key, widget = field.spec.key, _widget_of_items(field)
    found = field.value.items if field.value else ()
    items = [spelling.value(item.value) for item in found]

    def write(changed: Items) -> None:
        context.change(key, f"[{', '.join(changed)}]" if changed else None)

    with tag("div", "fl-rows", role="group", aria_labelledby=f"label-{key}"):
        for index, item in enumerate(found):
            with tag("div", "fl-row fl-item"):
                said = shown(widget, item.value)
                entry = _draw_item(key, index, said, widget, context)
                on_typed(entry, said, partial(_put, items, index, widget, write))
                row = Row(order=items, index=index, entry=entry, write=write,
                          remove=partial(write, _without(items, index)),
                          key_at=lambda at: f"{key} {at}")  # fmt: skip
                row.draw(context)


def draw_add(key: str, context: FieldContext) -> None:
    """It stays while the rows change, so that it can be pressed as soon as something was typed."""

    def add() -> None:
        value = context.now().value
        if value is None or isinstance(value, ex.ListOf):
            items = [spelling.value(item.value) for item in value.items] if value else []
            source = f"[{', '.join([*items, EMPTY])}]"
            _focused(made, f"{key} {len(items)}", lambda: context.change(key, source))

    made = button(context.words["add_item"], "fl-btn small fl-add-item", symbol="plus",
                  on_click=add, data_role=f"add-{key}")  # fmt: skip


def _widget_of_items(field: Field) -> Widget:
    match field.spec.type:
        case types.Named(name="text" | "phone" | "email"):
            return "text"
        case _:
            return "source"


def _draw_item(
    key: str, index: int, said: str, widget: Widget, context: FieldContext
) -> Element:  # fmt: skip
    with tag("div", "fl-field fl-grow"):
        entry = tag("input", "" if widget == "text" else "fl-mono", type="text",
                    spellcheck="false", aria_label=context.words["item"].format(n=index + 1),
                    data_key=f"{key} {index}")  # fmt: skip
        set_value(entry, said)
        offer_values(entry, key, widget, context)
    return entry


def _put(
    items: Items, index: int, widget: Widget, write: Callable[[Items], object], typed: str
) -> None:
    made = written(widget, typed)
    write([*items[:index], *([made] if made else []), *items[index + 1 :]])


# --- maps ---------------------------------------------------------------------------------------


def draw_map(field: Field, context: FieldContext) -> None:
    """Values by key: those that are expected, and, where they are open, others."""
    entries = dict(field.entries)
    for key, type_ in field.keys.items():
        _draw_expected(key, type_, entries.get(key, ""), context)
    expected = [key for key in entries if key in field.keys]
    own = [key for key in entries if key not in field.keys]

    def write(order: Items) -> None:
        context.change(field.spec.key, record({it: entries[it] for it in (*expected, *order)}))

    for index, key in enumerate(own):
        with tag("div", "fl-row fl-map fl-item"):
            text(key, "fl-mono fl-cut", title=key)
            entry = _draw_value(key, key, entries[key], partial(_changed, key, context), context)
            row = Row(order=own, index=index, entry=entry, write=write,
                      remove=partial(context.change, key, None),
                      key_at=partial(_same, key))  # fmt: skip
            row.draw(context)
    if field.more is not None:
        _draw_new(field, field.more, context.change, context)


def _changed(key: str, context: FieldContext, typed: str) -> None:
    context.change(key, typed or None)


def _draw_expected(key: str, type_: types.Type | None, value: str, context: FieldContext) -> None:
    spelt = spelling.type_(type_) if type_ else ""
    with tag("div", "fl-row fl-map"):
        with tag("span", "fl-cut", title=f"{key}: {spelt}" if spelt else key):
            text(key, "fl-mono")
            if spelt:
                text(spelt, "fl-dim fl-of-type fl-cut", tag="div")
        _draw_value(key, key, value, partial(_changed, key, context), context)


def draw_record(field: Field, context: FieldContext) -> None:
    """A record that is one value. What is none is shown as the text spells it."""
    if field.value is not None and not isinstance(field.value, ex.Record):
        draw_source(field, context)
        return
    key = field.spec.key
    fields = field.value.fields if field.value else ()
    entries = {it.key: spelling.value(it.value) for it in fields}
    names = list(entries)

    def write(changed: Mapping[str, str]) -> None:
        kept = {name: said for name, said in changed.items() if said}
        context.change(key, record(kept) if kept else None)

    def put(name: str, said: str) -> None:
        write({**entries, name: said})

    for index, name in enumerate(names):
        with tag("div", "fl-row fl-map fl-item"):
            text(name, "fl-mono fl-cut", title=name)
            entry = _draw_value(f"{key} {name}", key, entries[name], partial(put, name), context)
            row = Row(order=names, index=index, entry=entry,
                      write=lambda order: write({it: entries[it] for it in order}),
                      remove=partial(put, name, ""),
                      key_at=partial(_same, f"{key} {name}"))  # fmt: skip
            row.draw(context)
    _draw_new(field, (), put, context)


def _same(key: str, at: int) -> str:
    """A key that tells its row wherever that stands."""
    return key


def record(entries: Mapping[str, str]) -> str:
    """As the text spells it."""
    return f"({', '.join(f'{spelling.key(key)}: {said}' for key, said in entries.items())})"


def draw_source(field: Field, context: FieldContext) -> None:
    key, said = field.spec.key, shown("source", field.value)
    _draw_value(key, key, said, lambda typed: context.change(key, typed or None), context)


def _draw_value(
    data_key: str, key: str, value: str, take: Callable[[str], object], context: FieldContext
) -> Element:
    with tag("div", "fl-field fl-grow"):
        entry = tag("input", "fl-mono", type="text", spellcheck="false", aria_label=data_key,
                    data_key=data_key)  # fmt: skip
        set_value(entry, value)
        offer_values(entry, key, "source", context)
        on_typed(entry, value, lambda typed: take(typed.strip()))
    return entry


def _draw_new(
    field: Field, known: Items, take: Callable[[str, str], object], context: FieldContext
) -> None:
    """A row for one more key; it counts once it has both a name and a value."""
    words, key = context.words, field.spec.key
    typed = {"name": "", "value": ""}

    def put(part: str, value: str) -> None:
        typed[part] = value.strip()
        if all(typed.values()):
            take(typed["name"], typed["value"])

    with tag("div", "fl-row fl-map"):
        for part, label in (("name", "new_key"), ("value", "new_value")):
            with tag("div", "fl-field" if part == "name" else "fl-field fl-grow"):
                entry = tag("input", "fl-mono", type="text", spellcheck="false",
                            placeholder=words[part], aria_label=words[label],
                            list=f"known-{key}" if part == "name" else "",
                            data_key=label.replace("_", "-"))  # fmt: skip
                if part == "value":
                    offer_values(entry, key, "source", context)
            on_value(entry, "change", partial(put, part))
        with tag("datalist", id=f"known-{key}"):
            for name in known:
                tag("option", value=name)


# --- the order of rows --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of several that can go, and stand elsewhere."""

    order: Items
    index: int
    entry: Element
    """The field that the row is for."""
    write: Callable[[Items], object]
    """Say them in another order."""
    remove: Callable[[], object]
    key_at: Callable[[int], str]
    """The `data-key` of this row, once it stands there."""

    def draw(self, context: FieldContext) -> None:
        words = context.words
        if len(self.order) > 1:
            self.entry.on("keydown", lambda told: self._move(int(told.args)),
                          js_handler=MOVE_KEYS)  # fmt: skip
            self.entry._props["aria-keyshortcuts"] = "Alt+ArrowUp Alt+ArrowDown"
            self._button("up", words["move_up"], -1)
            self._button("down", words["move_down"], 1)
        button("", "fl-icon-btn small", symbol="x", title=words["remove"], on_click=self.remove,
               tabindex="-1")  # fmt: skip

    def _button(self, symbol: str, title: str, by: int) -> None:
        button("", "fl-icon-btn small", symbol=symbol, title=title, tabindex="-1",
               disabled=not self._can(by), on_click=lambda: self._move(by))  # fmt: skip

    def _can(self, by: int) -> bool:
        return 0 <= self.index + by < len(self.order)

    def _move(self, by: int) -> None:
        if self._can(by):
            order = moved(self.order, self.index, by)
            _focused(self.entry, self.key_at(self.index + by), lambda: self.write(order))


def moved(order: Items, index: int, by: int) -> list[str]:
    """With one of them further up or down."""
    rest = _without(order, index)
    return [*rest[: index + by], order[index], *rest[index + by :]]


def _without(items: Items, index: int) -> list[str]:
    return [*items[:index], *items[index + 1 :]]


def _focused(element: Element, key: str, act: Callable[[], object]) -> None:
    """Do something after which the form is drawn anew, and go on in one of its fields."""
    client = element.client
    act()
    call(client, "flowlangFocus", f"[data-key={json.dumps(key)}]")
