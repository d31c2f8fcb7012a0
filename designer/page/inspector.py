"""The inspector: what the selected block does, and where each of its outcomes goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from designer.forms import Field, FieldContext, draw_field
from designer.forms.source import widget_of
from designer.html import button, icon, on_value, tag, text, tile
from designer.words import Language, said
from flowlang import expressions as ex
from flowlang.model import Argument
from flowlang.parameters import ParameterSpec, specs
from flowlang.syntax import spelling
from flowlang.wiring import Wire, WiredStep, Wiring


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorActions:
    """What a person can ask for in the inspector."""

    change: Callable[[str, str | None], object]
    """Set or clear an argument of the selected step."""
    route: Callable[[str, str], object]
    """Lead an outcome to a target."""
    unroute: Callable[[str], object]
    rename: Callable[[str], object]
    delete: Callable[[], object]
    duplicate: Callable[[], object]
    close: Callable[[], object]
    go_to: Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorModel:
    """The selected block as the inspector shows it."""

    wired: WiredStep
    wiring: Wiring
    title: str
    field_problems: Mapping[str, Sequence[str]]
    """Messages by parameter key; those of the block as a whole under the empty key."""


def draw_inspector(
    model: InspectorModel | None,
    actions: InspectorActions,
    language: Language,
    words: Mapping[str, str],
) -> None:
    if model is None:
        _draw_empty(words)
        return
    block = model.wired.block
    with tag("div", f"fl-inspector-top c-{block.card.category if block else 'integrate'}"):
        if block:
            tile(block.card.category, block.card.icon)
        with tag("div", "fl-grow"):
            text(said(block.card.title, language) if block else model.wired.step.kind, "fl-caps",
                 tag="div")  # fmt: skip
            text(model.title, "fl-inspector-name fl-cut", tag="div")
        button("", "fl-icon-btn", symbol="x", title=words["close"], on_click=actions.close)
    _draw_block_problems(model)
    _draw_fields(model, actions, language, words)
    _draw_outcomes(model, actions, language, words)
    _draw_about(model, actions, language, words)


def _draw_empty(words: Mapping[str, str]) -> None:
    with tag("section"), tag("div", "fl-empty"):
        text(words["empty_inspector_title"], "fl-strong", tag="div")
        text(words["empty_inspector"], tag="div")


def _draw_block_problems(model: InspectorModel) -> None:
    if problems := model.field_problems.get(""):
        with tag("section"):
            for problem in problems:
                with tag("div", "fl-note warn", role="alert"):
                    icon("warn", "")
                    text(problem)


# --- fields -----------------------------------------------------------------------------------


def _draw_fields(
    model: InspectorModel, actions: InspectorActions, language: Language, words: Mapping[str, str]
) -> None:
    block = model.wired.block
    if block is None:
        return
    context = FieldContext(
        language=language,
        words=words,
        resources=lambda word: _resources(model.wiring, word),
        change=actions.change,
    )
    for spec in specs(block.Params):
        if not spec.callee:
            draw_field(_field(spec, model), context)


def _resources(wiring: Wiring, word: str) -> list[str]:
    return [name for name, found in wiring.names.declarations.items() if found.word == word]


def _field(spec: ParameterSpec, model: InspectorModel) -> Field:
    wired = model.wired
    argument = wired.bound.given.get(spec.key)
    is_map = widget_of(spec) == "map"
    entries = (
        [(a.key, spelling.value(a.value)) for a in _free_arguments(spec, wired) if a.key]
        if is_map
        else []
    )
    takes = wired.call.callee.takes if wired.call.callee else None
    return Field(
        spec=spec,
        value=_value_of(spec, wired, argument.value if argument else None),
        problems=model.field_problems.get(spec.key, ()),
        entries=entries,
        keys=[item.name for item in takes or ()] if is_map else [],
    )


def _value_of(
    spec: ParameterSpec, wired: WiredStep, given: ex.Expression | None
) -> ex.Expression | None:
    """As the text spells it; of bare arguments that are collected, the collection."""
    return wired.bound.values.get(spec.key) if spec.rest else given


def _free_arguments(spec: ParameterSpec, wired: WiredStep) -> list[Argument]:
    """The arguments that no other parameter takes."""
    known = {key for key in wired.bound.given if key != spec.key}
    return [item for item in wired.step.arguments if item.key and item.key not in known]


# --- outcomes ---------------------------------------------------------------------------------


def _draw_outcomes(
    model: InspectorModel, actions: InspectorActions, language: Language, words: Mapping[str, str]
) -> None:
    if not model.wired.wires:
        return
    with tag("section"):
        with tag("div", "fl-label"):
            text(words["outcomes"])
        with tag("table", "fl-ports"), tag("tbody"):
            with tag("tr"):
                text(words["when"], tag="th")
                text(words["go_to"], tag="th")
                tag("th")
            for wire in model.wired.wires:
                _draw_outcome(wire, model, actions, language, words)


def _draw_outcome(
    wire: Wire,
    model: InspectorModel,
    actions: InspectorActions,
    language: Language,
    words: Mapping[str, str],
) -> None:
    with tag("tr", data_port=wire.port):
        with tag("td"):
            _draw_port(wire, model.wired, language, words)
        with tag("td"):
            _draw_target(wire, model, actions, words)
        with tag("td"):
            if wire.role == "routed" and wire.route in model.wired.step.routes:
                button("", "fl-icon-btn small", symbol="x", title=words["remove_route"],
                       on_click=lambda: actions.unroute(wire.port))  # fmt: skip


def _draw_port(wire: Wire, wired: WiredStep, language: Language, words: Mapping[str, str]) -> None:
    if wire.port.startswith('"') and len(wire.port) == 3:
        text(wire.port.strip('"'), "fl-key")
        return
    outcome = wired.ports.word(wire.port)
    if wire.port == "error":
        text(words["something_fails"], "fl-soft")
    elif wire.port == "next":
        text(words["next"])
    else:
        text(said(outcome.title, language) if outcome else wire.port, title=wire.port)


def _draw_target(
    wire: Wire, model: InspectorModel, actions: InspectorActions, words: Mapping[str, str]
) -> None:
    """A list of where this could lead; what is only a default says so."""
    current = wire.route.target.spelling if wire.role == "routed" and wire.route else ""
    names = [*model.wiring.document.sections, *model.wiring.endings, "nowhere"]
    if "hang_up" not in names:
        names.insert(-1, "hang_up")
    with tag("div", "fl-field small"):
        with tag("select", "fl-mono", aria_label=words["choose_target"]) as select:
            default = f"{words['default_route']} → {_named(wire.target, words)}"
            if current not in names:
                text(current or default, tag="option", value=current, selected=True)
            for name in names:
                label = words["nowhere"] if name == "nowhere" else name
                text(label, tag="option", value=name, selected=name == current)
        on_value(select, "change", lambda name: actions.route(wire.port, name) if name else None)


def _named(target: str | None, words: Mapping[str, str]) -> str:
    return target if target else words["nowhere"]


# --- about ------------------------------------------------------------------------------------


def _draw_about(
    model: InspectorModel, actions: InspectorActions, language: Language, words: Mapping[str, str]
) -> None:
    block = model.wired.block
    with tag("section"):
        with tag("div", "fl-label"):
            text(words["name"], id="label-step-name")
            text(f"{words['section']} {model.wired.section.name}")
        with tag("div", "fl-field"):
            entry = tag("input", "fl-mono", type="text", spellcheck="false",
                        aria_labelledby="label-step-name", data_key="step-name")  # fmt: skip
            entry._props["value"] = model.wired.step.name or ""
            entry._props["placeholder"] = model.wired.id
            on_value(entry, "change", actions.rename)
        if block:
            with tag("div", "fl-note fl-gap-above"):
                icon("help", "")
                text(said(block.card.summary, language))
        with tag("div", "fl-tools"):
            button(words["duplicate"], "fl-btn small", symbol="plus", on_click=actions.duplicate)
            button(words["delete"], "fl-btn small danger", symbol="x", on_click=actions.delete)
