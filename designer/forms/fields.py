"""One field of the inspector: label, widget, help, and its problem right under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from nicegui.element import Element

from designer.forms.contract import Field, FieldContext, named, offer_values, on_typed
from designer.forms.durations import OFFERED, default_amount, duration_of, written_duration
from designer.forms.markup import is_markup, what_is_wrong
from designer.forms.rows import draw_add, draw_list, draw_map, draw_record
from designer.forms.source import Widget, shown, widget_of, written
from designer.forms.spoken import seconds
from designer.html import button, icon, on_value, prose, set_value, tag, text
from designer.words import said
from designer.words.choices import choice
from flowlang import expressions as ex
from flowlang import types
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import fix_title, help_, message
from flowlang.parameters import ParameterSpec
from flowlang.syntax import spelling

NAMES_ITS_DEFAULT = ("words", "chips", "resource", "prose", "markup")
"""Widgets that cannot show what holds while nothing is set."""
KEEPS = ("prose", "markup", "text", "source", "number", "phone", "zone")
"""Widgets that show what was typed there as it was typed."""
NEW = "+"
"""The choice that is no name."""


class FieldBox:
    """A field that stays while what it shows does: of it too only what changed is drawn anew, and
    nothing that a person has just written there themselves."""

    def __init__(self, field: Field, context: FieldContext) -> None:
        self.field = field
        self._widget = widget_of(field.spec)
        self._told: str | None = None
        """The source that was written here last."""
        self._context = replace(context, change=self._change, now=lambda: self.field)
        self._write = context.change
        self._states: dict[str, object] = {}
        spec = field.spec
        with tag("section", "fl-form-field", data_field=spec.key):
            self._boxes = {"head": tag("div", "fl-label"), "body": tag("div")}
            if self._widget == "list":
                draw_add(spec.key, self._context)
            self._boxes["foot"] = tag("div")
            if help_text := said(spec.help, context.language):
                prose(help_text, "fl-help", tag="div")
        self.show(field)

    def show(self, field: Field) -> None:
        self.field = field
        source = spelling.value(field.value) if field.value is not None else None
        is_own = self._widget in KEEPS and source == self._told and self._told is not None
        values = (source, *self._around())
        if is_own:
            self._states["body"] = values  # it stands there already, as it was written
        self._draw("head", (_default_shown(field, self._context), _length(field)), self._head)
        self._draw("body", values, self._body)
        problems = [(it.code, it.arguments, it.fix) for it in field.problems]
        self._draw("foot", (problems, _markup_problem(field, self._context)), self._foot)

    def _around(self) -> tuple[object, ...]:
        """What a field shows besides its value."""
        field, spec = self.field, self.field.spec
        resources = self._context.resources(spec.resource) if spec.resource else ()
        return (list(field.entries), dict(field.keys), field.more, list(resources),
                list(self._context.known(spec)))  # fmt: skip

    def _change(self, key: str, source: str | None) -> None:
        self._told = source if key == self.field.spec.key else None
        self._write(key, source)

    def _draw(self, part: str, state: object, draw: Callable[[], object]) -> None:
        if part in self._states and self._states[part] == state:
            return
        self._states[part] = state
        self._boxes[part].clear()
        with self._boxes[part]:
            draw()

    def _head(self) -> None:
        field, context = self.field, self._context
        text(said(field.spec.title, context.language), id=f"label-{field.spec.key}")
        if default := _default_shown(field, context):
            text(default, "fl-dim")
        if length := _length(field):
            text(context.words["about_seconds"].format(n=length), "fl-dim", data_role="duration")
        if self._widget == "text" and context.complete:
            _draw_braces(field.spec.key, "{ }", context)

    def _body(self) -> None:
        _DRAW[self._widget](self.field, self._context)

    def _foot(self) -> None:
        if told := _markup_problem(self.field, self._context):
            with tag("div", "fl-wrong", role="alert", data_role="markup-problem"):
                icon("warn")
                prose(told, "fl-grow", tag="div")
        for problem in self.field.problems:
            draw_wrong(problem, self._context)


def _default_shown(field: Field, context: FieldContext) -> str:
    """What holds while nothing is set, where the field cannot show it."""
    is_shown = widget_of(field.spec) in NAMES_ITS_DEFAULT
    if field.value is None and not field.spec.required and is_shown:
        return _default(field.spec, context)
    return ""


def _length(field: Field) -> int:
    """About how many seconds it takes to say."""
    if field.value is None or widget_of(field.spec) not in ("prose", "markup"):
        return 0
    return max(1, round(seconds(shown("prose", field.value))))


def _markup_problem(field: Field, context: FieldContext) -> str:
    said = shown("prose", field.value)
    is_one = field.spec.markup or (field.spec.multiline and is_markup(said))
    return what_is_wrong(said, context.words) if said and is_one else ""


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


NEAREST = "closest('section').querySelector('textarea, input')"


def _draw_braces(key: str, label: str, context: FieldContext) -> None:
    """A way to a value for those who do not know of braces."""
    is_sign = label == "{ }"
    made = button(label, f"fl-btn small {'bare fl-mono fl-add' if is_sign else ''}",
                  symbol="" if is_sign else "plus", title=context.words["put_in_value"],
                  tabindex="-1", data_role=f"braces-{key}")  # fmt: skip
    # The field keeps the focus, so that what is half written is no edit yet.
    made.on("mousedown", js_handler="(e) => e.preventDefault()")
    made.on("click", js_handler=f"(e) => flowlangBraces(e.currentTarget.{NEAREST}.id)")


def _draw_listen(key: str, context: FieldContext) -> None:
    """Shown where the browser has a voice on this machine: nothing is sent anywhere."""
    made = button(context.words["listen"], "fl-btn small", symbol="play", hidden="",
                  data_role=f"listen-{key}")  # fmt: skip
    made._props["hidden"] = True
    made.on("click", js_handler=f"(e) => flowlangSay(e.currentTarget.{NEAREST}.value, "
                                f"'{context.language}')")  # fmt: skip


# --- widgets ----------------------------------------------------------------------------------


def _prose(field: Field, context: FieldContext) -> None:
    area = tag("textarea", "fl-area", **named(field.spec), rows="3", spellcheck="false")
    set_value(area, shown("prose", field.value))
    offer_values(area, field.spec.key, "prose", context)
    _on_change(area, "prose", field, context)
    with tag("div", "fl-row fl-prose-tools"):
        if context.complete:
            _draw_braces(field.spec.key, context.words["value"], context)
        _draw_listen(field.spec.key, context)


def _duration(field: Field, context: FieldContext) -> None:
    """An amount and a unit; what is more than that, such as a value, as the text spells it."""
    spec, now = field.spec, duration_of(field.value, field.spec.default)

    def tell(amount: str, unit: str) -> None:
        said = written_duration(amount, unit) if amount.strip() else None
        if said is not None or not spec.required:
            context.change(spec.key, said)

    with tag("div", "fl-row fl-duration"):
        with tag("div", "fl-field fl-grow"):
            entry = tag("input", "", **named(spec), type="text", spellcheck="false")
            set_value(entry, now.amount)
            entry._props["placeholder"] = default_amount(spec.default)
            offer_values(entry, spec.key, "source", context)
            on_typed(entry, now.amount, lambda typed: tell(typed, now.unit))
        if now.unit:
            with tag("div", "fl-field fl-unit"):
                select = tag("select", "", aria_label=context.words["unit"],
                             data_key=f"{spec.key} unit")  # fmt: skip
            with select:
                for unit in dict.fromkeys((*OFFERED, now.unit)):
                    text(context.words[f"unit_of_{unit}"], tag="option", value=unit,
                         selected=unit == now.unit)  # fmt: skip
            amount = now.amount or default_amount(spec.default)
            on_value(select, "change", lambda unit: tell(amount, unit))


def _picked(widget: Widget) -> Callable[[Field, FieldContext], None]:
    """A field with what people often put there."""

    def draw(field: Field, context: FieldContext) -> None:
        spec = field.spec
        before = shown(widget, field.value)
        with tag("div", "fl-field"):
            entry = tag("input", "", **named(spec), type="text", spellcheck="false",
                        list=f"known-{spec.key}")  # fmt: skip
            set_value(entry, before)
            entry._props["placeholder"] = _default(spec, context)
            with tag("datalist", id=f"known-{spec.key}"):
                for said in context.known(spec):
                    tag("option", value=said)
            _on_change(entry, widget, field, context)

    return draw


def _line(widget: Widget) -> Callable[[Field, FieldContext], None]:
    def draw(field: Field, context: FieldContext) -> None:
        with tag("div", "fl-field"):
            entry = tag("input", "", **named(field.spec), type="text", spellcheck="false")
            set_value(entry, shown(widget, field.value))
            entry._props["placeholder"] = _default(field.spec, context)
            offer_values(entry, field.spec.key, widget, context)
            _on_change(entry, widget, field, context)

    return draw


STEP = """(e) => {{
  const entry = e.currentTarget.parentElement.querySelector('input');
  const wanted = Number(entry.value || entry.placeholder) + ({by});
  if (Number.isNaN(wanted) || wanted < {low} || wanted > {high}) return;
  entry.value = wanted;
  emit(String(wanted));
}}"""
"""At once, so that it can be pressed quickly."""


def _number(field: Field, context: FieldContext) -> None:
    spec = field.spec
    low = "-Infinity" if spec.minimum is None else spec.minimum
    high = "Infinity" if spec.maximum is None else spec.maximum

    def draw_step(symbol: str, title: str, by: int) -> None:
        made = button("", "", symbol=symbol, title=title)
        made.on("click", lambda told: context.change(spec.key, str(told.args)),
                js_handler=STEP.format(by=by, low=low, high=high))  # fmt: skip

    with tag("div", "fl-stepper"):
        draw_step("minus", "−1", -1)
        entry = tag("input", "", **named(spec), type="text", inputmode="numeric")
        set_value(entry, shown("number", field.value))
        entry._props["placeholder"] = _default(spec, context)
        _on_change(entry, "number", field, context)
        draw_step("plus", "+1", 1)


def _switch(field: Field, context: FieldContext) -> None:
    value = field.value.value if isinstance(field.value, ex.Literal) else field.spec.default
    is_on = value is True
    toggle = tag("button", "fl-toggle", **named(field.spec), type="button", role="switch")
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
        with tag("div", "fl-field"), tag("select", "", **named(field.spec)) as select:
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


def _on_change(entry: Element, widget: Widget, field: Field, context: FieldContext) -> None:
    """`change` fires when a person leaves the field or presses Enter: one edit, one undo step."""
    key, is_required = field.spec.key, field.spec.required

    def tell(typed: str) -> None:
        if typed != shown(widget, context.now().value):
            is_empty = not typed.strip() and not is_required
            context.change(key, None if is_empty else written(widget, typed))

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
    "duration": _duration,
    "phone": _picked("phone"),
    "zone": _picked("zone"),
    "markup": _prose,
    "list": draw_list,
    "record": draw_record,
    "map": draw_map,
}
