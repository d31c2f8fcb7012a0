"""What the fields of a form share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nicegui.element import Element

from designer.forms.source import SENTENCES, Widget
from designer.html import on_value
from designer.words import Language
from flowlang import expressions as ex
from flowlang.diagnostics import Problem
from flowlang.parameters import ParameterSpec
from flowlang.types import Type

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
    keys: Mapping[str, Type | None] = field(default_factory=dict)
    """Of a map: the keys that are expected, with their types."""
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
    now: Callable[[], Field]
    """The field as it is by now."""
    known: Callable[[ParameterSpec], Sequence[str]] = lambda spec: ()
    """What people often put into a field of that kind, as the text spells it."""
    complete: Callable[[Element, str, Widget, str], object] | None = None
    """Offer, below a field, what could stand where the cursor is: its key, how it is filled in, and
    what is in front of the cursor."""


# Whether braces are open is seen in the browser, so that plain words ask nobody.
ASK_IN_BRACES = """(e) => {
  const before = e.target.value.slice(0, e.target.selectionStart);
  if (/\\{[^{}]*$/.test(before)) emit(before); else flowlangOffers(e.target.id, []);
}"""
ASK = "(e) => emit(e.target.value.slice(0, e.target.selectionStart))"


def offer_values(entry: Element, key: str, widget: Widget, context: FieldContext) -> None:
    """While somebody types, offer what the text editor would."""
    complete = context.complete
    if complete is None:
        return
    has_braces = widget in SENTENCES
    entry._props["data-offers"] = context.words["what_could_stand_here"]
    if has_braces:
        entry._props["data-braces"] = "true"
    entry.on(
        "input",
        lambda told: complete(entry, key, widget, str(told.args)),
        js_handler=ASK_IN_BRACES if has_braces else ASK,
    )


def on_typed(entry: Element, before: str, take: Callable[[str], object]) -> None:
    """`change` fires when a person leaves the field or presses Enter: one edit, one undo step."""
    on_value(entry, "change", lambda typed: take(typed) if typed != before else None)


def named(spec: ParameterSpec) -> dict[str, str]:
    return {"aria_labelledby": f"label-{spec.key}", "data_key": spec.key}
