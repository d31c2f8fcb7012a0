"""One field of the inspector: label, widget, help, and its problem right under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nicegui.element import Element

from designer.forms.source import Widget, shown, widget_of, written
from designer.forms.spoken import seconds
from designer.html import button, icon, on_value, prose, set_value, tag, text
from designer.words import Language, said
from designer.words.choices import choice
from flowlang import expressions as ex
from flowlang import types
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import fix_title, help_, message
from flowlang.parameters import ParameterSpec
from flowlang.syntax import spelling

NAMES_ITS_DEFAULT = ("words", "chips", "resource", "prose")
"""Widgets that cannot show what holds while nothing is set."""
WITH_BRACES = ("prose", "text")
"""Widgets of sentences, in which values stand in braces."""
NEW = "+"
"""The choice that is no name."""
Change = Callable[[str, str | None], object]
"""Tell the new source text of an argument by its key; None takes the argument away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter and what the step at hand says of it."""

    spec: ParameterSpec
    value: ex.Expression | None
    problems: Sequence[Problem] = ()
    entries: Sequence[tuple[str, str]] = ()
    """Of a map: key and source of each entry."""
    keys: Sequence[str] = ()
    """Of a map: the keys that are expected."""
    more: Sequence[str] | None = None
    """Of a map: keys that may be added; None: only those that are expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldContext:
    """What all fields of a form share."""

    language: Language
    words: Mapping[str, str]
    resources: Callable[[str], Sequence[str]]
    """Names of the declared resources of a word."""
    change: Change
    fix: Callable[[Problem], object]
    declare: Callable[[str, str], object]
    """Ask for something that is not declared yet: key of the field, and word."""
    complete: Callable[[Element, str, Widget, str], object] | None = None
    """Offer, below a field, what could stand where the cursor is: its key, how it is filled in, and
    what is in front of the cursor."""


def draw_field(field: Field, context: FieldContext) -> None:
    """Draw a field into the current element."""
    spec = field.spec
    widget = widget_of(spec)
    with tag("section", "fl-form-field", data_field=spec.key):
        with tag("div", "fl-label"):
            text(said(spec.title, context.language), id=f"label-{spec.key}")
            if field.value is None and not spec.required and widget in NAMES_ITS_DEFAULT:
                text(_default(spec, context), "fl-dim")
            if widget == "prose" and field.value is not None:
                _draw_duration(field, context)
            if widget == "text" and context.complete:
                _draw_braces(spec.key, "{ }", context)
        _DRAW[widget](field, context)
        for problem in field.problems:
            draw_wrong(problem, context)
        if help_text := said(spec.help, context.language):
            prose(help_text, "fl-help", tag="div")


def draw_wrong(problem: Problem, context: FieldContext) -> None:
    """A problem right where it is, with its way out."""
    level = "" if problem.severity == "error" else "warn"
    with tag("div", f"fl-wrong {level}", role="alert", data_code=problem.code):
        icon("warn")
        with tag("div", "fl-grow"):
            prose(message(problem, context.language), tag="div")
            if helping := help_(problem, context.language):
                prose(helping, "fl-soft", tag="div")
            if problem.fix:
                button(fix_title(problem.fix, context.language), "fl-btn small",
                       on_click=lambda: context.fix(problem), data_role="fix")  # fmt: skip


def _default(spec: ParameterSpec, context: FieldContext) -> str:
    match spec.default:
        case None | "" | () | {}:
            return ""
        case bool(value):
            return context.words["yes" if value else "no"]
        case tuple(values) | list(values):
            return ", ".join(map(str, values))
        case int(value) | float(value):
            is_duration = spec.type == types.Named("duration")
            return spelling.spell_number(value, "duration" if is_duration else "number")
        case value:
            return str(value)


# Whether braces are open is seen in the browser, so that plain words ask nobody.
ASK_IN_BRACES = """(e) => {
  const before = e.target.value.slice(0, e.target.selectionStart);
  if (/\\{[^{}]*$/.test(before)) emit(before); else flowlangOffers(e.target.id, []);
}"""
NEAREST = "closest('section').querySelector('textarea, input')"
ASK = "(e) => emit(e.target.value.slice(0, e.target.selectionStart))"


def _draw_braces(key: str, label: str, context: FieldContext) -> None:
    """A way to a value for those who do not know of braces."""
    is_sign = label == "{ }"
    made = button(label, f"fl-btn small {'bare fl-mono fl-add' if is_sign else ''}",
                  symbol="" if is_sign else "plus", title=context.words["put_in_value"],
                  tabindex="-1", data_role=f"braces-{key}")  # fmt: skip
    # The field keeps the focus, so that what is half written is no edit yet.
    made.on("mousedown", js_handler="(e) => e.preventDefault()")
    made.on("click", js_handler=f"(e) => flowlangBraces(e.currentTarget.{NEAREST}.id)")


def _draw_duration(field: Field, context: FieldContext) -> None:
    said_s = max(1, round(seconds(shown("prose", field.value))))
    text(context.words["about_seconds"].format(n=said_s), "fl-dim", data_role="duration")


def _draw_listen(key: str, context: FieldContext) -> None:
    """Shown where the browser has a voice on this machine: nothing is sent anywhere."""
    made = button(context.words["listen"], "fl-btn small", symbol="play", hidden="",
                  data_role=f"listen-{key}")  # fmt: skip
    made._props["hidden"] = True
    made.on("click", js_handler=f"(e) => flowlangSay(e.currentTarget.{NEAREST}.value, "
                                f"'{context.language}')")  # fmt: skip


def _offering(entry: Element, key: str, widget: Widget, context: FieldContext) -> None:
    """While somebody types, offer what the text editor would."""
    complete = context.complete
    if complete is None:
        return
    has_braces = widget in WITH_BRACES
    entry._props["data-offers"] = context.words["what_could_stand_here"]
    if has_braces:
        entry._props["data-braces"] = "true"
    entry.on(
        "input",
        lambda told: complete(entry, key, widget, str(told.args)),
        js_handler=ASK_IN_BRACES if has_braces else ASK,
    )


# --- widgets ----------------------------------------------------------------------------------


def _prose(field: Field, context: FieldContext) -> None:
    area = tag("textarea", "fl-area", **_named(field), rows="3", spellcheck="false")
    set_value(area, shown("prose", field.value))
    _offering(area, field.spec.key, "prose", context)
    _on_change(area, "prose", field, context)
    with tag("div", "fl-row fl-prose-tools"):
        if context.complete:
            _draw_braces(field.spec.key, context.words["value"], context)
        _draw_listen(field.spec.key, context)


def _line(widget: Widget) -> Callable[[Field, FieldContext], None]:
    def draw(field: Field, context: FieldContext) -> None:
        with tag("div", "fl-field"):
            entry = tag("input", "", **_named(field), type="text", spellcheck="false")
            set_value(entry, shown(widget, field.value))
            entry._props["placeholder"] = _default(field.spec, context)
            _offering(entry, field.spec.key, widget, context)
            _on_change(entry, widget, field, context)

    return draw


def _number(field: Field, context: FieldContext) -> None:
    spec = field.spec
    value = field.value
    current = value.value if isinstance(value, ex.Literal) else spec.default or 0

    def step(by: int) -> None:
        if isinstance(current, int | float):
            wanted = current + by
            low, high = spec.minimum, spec.maximum
            if (low is None or wanted >= low) and (high is None or wanted <= high):
                context.change(spec.key, str(int(wanted)))

    with tag("div", "fl-stepper"):
        button("", "", symbol="minus", title="−1", on_click=lambda: step(-1))
        entry = tag("input", "", **_named(field), type="text", inputmode="numeric")
        set_value(entry, shown("number", value))
        entry._props["placeholder"] = _default(spec, context)
        _on_change(entry, "number", field, context)
        button("", "", symbol="plus", title="+1", on_click=lambda: step(1))


def _switch(field: Field, context: FieldContext) -> None:
    value = field.value.value if isinstance(field.value, ex.Literal) else field.spec.default
    is_on = value is True
    toggle = tag("button", "fl-toggle", **_named(field), type="button", role="switch")
    toggle._props["aria-checked"] = "true" if is_on else "false"
    toggle.on("click", lambda _: context.change(field.spec.key, "false" if is_on else "true"))


def _choice(options: Callable[[Field, FieldContext], Sequence[str]], widget: Widget) -> Callable[
    [Field, FieldContext], None
]:  # fmt: skip
    def draw(field: Field, context: FieldContext) -> None:
        current = _choice_of(field, widget)
        names = list(options(field, context))
        if current and current not in names:
            names.insert(0, current)
        with tag("div", "fl-field"), tag("select", "", **_named(field)) as select:
            if not field.spec.required or not current:
                text(context.words["not_set"], tag="option", value="", selected=not current)
            for name in names:
                label = choice(name, context.language) if widget == "words" else name
                text(label, tag="option", value=name, selected=name == current)
            if widget == "resource":
                text(context.words["new_one"], tag="option", value=NEW)
        on_value(select, "change", _taking(field, context))

    return draw


def _taking(field: Field, context: FieldContext) -> Callable[[str], object]:
    """What a choice from a list does; the last one asks for what is not in it."""
    key, word = field.spec.key, field.spec.resource or ""
    return lambda name: (
        context.declare(key, word) if name == NEW else context.change(key, name or None)
    )


def _choice_of(field: Field, widget: Widget) -> str:
    """Resources are chosen by the name in this flow, not by what they are called outside."""
    if widget == "resource" and field.value is not None:
        return spelling.value(field.value)
    return shown(widget, field.value)


def _chips(field: Field, context: FieldContext) -> None:
    value = field.value
    chosen = (
        [spelling.value(item.value).strip('"') for item in value.items]
        if isinstance(value, ex.ListOf)
        else list(field.spec.default or ())
    )

    def flip(word: str) -> None:
        picked = [*chosen, word] if word not in chosen else [w for w in chosen if w != word]
        context.change(field.spec.key, f"[{', '.join(picked)}]" if picked else None)

    with tag("div", "fl-row fl-wrap", role="group", aria_labelledby=f"label-{field.spec.key}"):
        for word in field.spec.words:
            is_on = word in chosen
            made = button(choice(word, context.language), f"fl-btn small{' on' if is_on else ''}",
                          on_click=lambda word=word: flip(word))  # fmt: skip
            made._props["aria-pressed"] = "true" if is_on else "false"


def _map(field: Field, context: FieldContext) -> None:
    entries = dict(field.entries)
    for key in dict.fromkeys((*field.keys, *entries)):
        with tag("div", "fl-row fl-map"):
            text(key, "fl-mono fl-cut", title=key)
            with tag("div", "fl-field fl-grow"):
                entry = tag("input", "fl-mono", type="text", spellcheck="false", aria_label=key,
                            data_key=key)  # fmt: skip
                set_value(entry, entries.get(key, ""))
                _offering(entry, key, "source", context)
                on_value(entry, "change", _changing(key, context))
    if field.more is not None:
        _draw_new_entry([key for key in field.more if key not in entries], context)


def _changing(key: str, context: FieldContext) -> Callable[[str], object]:
    return lambda typed: context.change(key, typed.strip() or None)


def _draw_new_entry(known: Sequence[str], context: FieldContext) -> None:
    """A row for one more key; it counts once it has both a name and a value."""
    words = context.words
    typed = {"key": "", "value": ""}

    def take(part: str, value: str) -> None:
        typed[part] = value.strip()
        if all(typed.values()):
            context.change(typed["key"], typed["value"])

    with tag("div", "fl-row fl-map"):
        with tag("div", "fl-field"):
            key = tag("input", "fl-mono", type="text", spellcheck="false", list="known-keys",
                      placeholder=words["name"], aria_label=words["new_key"],
                      data_key="new-key")  # fmt: skip
        with tag("div", "fl-field fl-grow"):
            value = tag("input", "fl-mono", type="text", spellcheck="false",
                        placeholder=words["value"], aria_label=words["new_value"],
                        data_key="new-value")  # fmt: skip
        with tag("datalist", id="known-keys"):
            for name in known:
                tag("option", value=name)
    on_value(key, "change", lambda said: take("key", said))
    on_value(value, "change", lambda said: take("value", said))


def _named(field: Field) -> dict[str, str]:
    return {"aria_labelledby": f"label-{field.spec.key}", "data_key": field.spec.key}


def _on_change(entry: Element, widget: Widget, field: Field, context: FieldContext) -> None:
    """`change` fires when a person leaves the field or presses Enter: one edit, one undo step."""
    key = field.spec.key

    def tell(typed: str) -> None:
        if typed == shown(widget, field.value):
            return
        is_empty = not typed.strip()
        context.change(
            key, None if is_empty and not field.spec.required else written(widget, typed)
        )

    on_value(entry, "change", tell)


_DRAW: Mapping[Widget, Callable[[Field, FieldContext], None]] = {
    "prose": _prose,
    "text": _line("text"),
    "source": _line("source"),
    "number": _number,
    "switch": _switch,
    "chips": _chips,
    "words": _choice(lambda field, _: field.spec.words, "words"),
    "resource": _choice(
        lambda field, context: context.resources(field.spec.resource or ""), "resource"
    ),
    "map": _map,
}
