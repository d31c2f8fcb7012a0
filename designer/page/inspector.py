"""The inspector: what the selected block does, and where each of its outcomes goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nicegui.element import Element

from designer.canvas.sections import TargetSelect
from designer.drawing import note_of
from designer.forms import Field, FieldBox, FieldContext, draw_wrong
from designer.forms.condition_field import draw_condition
from designer.forms.conditions import condition_of
from designer.forms.known import known_values
from designer.forms.ports import (
    can_be_named,
    is_text,
    proposed_port,
    shown_port,
    written_port,
)
from designer.forms.source import Widget, widget_of
from designer.html import button, icon, on_value, set_value, tag, text, tile
from designer.page.adopting import Adoptable
from designer.words import Language, said
from flowlang import expressions as ex
from flowlang.diagnostics import Problem
from flowlang.model import Argument, ComparePort, WhenPort
from flowlang.parameters import ParameterSpec, first_key, specs
from flowlang.syntax import spelling
from flowlang.types import Type
from flowlang.wiring import Wire, WiredStep, Wiring, result_names


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorActions:
    """What a person can ask for in the inspector."""

    change: Callable[[str, str | None], object]
    """Set or clear an argument of the selected step."""
    route: Callable[[str, str], object]
    """Lead an outcome to a target."""
    unroute: Callable[[str], object]
    adopt: Callable[[Adoptable], object]
    """Give these outcomes a line each."""
    rename_port: Callable[[str, str], object]
    """Let an outcome line answer to another key or value."""
    fix: Callable[[Problem], object]
    rename: Callable[[str], object]
    annotate: Callable[[str], object]
    declare: Callable[[str, str], object]
    """Ask for what a field is to name: its key, and the word to declare it with."""
    complete: Callable[[Element, str, Widget, str], object]
    """Offer what could stand at the cursor of a field."""
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
    field_problems: Mapping[str, Sequence[Problem]]
    """By parameter key; those of the block as a whole under the empty key."""
    endings: Mapping[str, str]
    """What ends the flow without settings of its own: kind and title."""
    adoptable: Adoptable | None = None
    """Outcomes that one click adds."""
    numbers: Sequence[str] = ()
    """The telephone numbers of the project."""

    def problems_of(self, port: str) -> list[Problem]:
        return [item for item in self.field_problems.get("", ()) if item.outcome == port]


class Inspector:
    """The form of one block. While that stays chosen only what changed of it is drawn anew, so
    that nothing goes that somebody is pressing or writing in."""

    def __init__(
        self,
        model: InspectorModel,
        actions: InspectorActions,
        language: Language,
        words: Mapping[str, str],
    ) -> None:
        self._model = model
        self._actions = actions
        self._words = words
        self._context = FieldContext(
            language=language,
            words=words,
            resources=lambda word: _resources(self._model.wiring, word),
            change=actions.change,
            fix=actions.fix,
            declare=actions.declare,
            now=lambda: _field(_specs(self._model.wired)[0], self._model),
            known=lambda spec: known_values(spec, self._model.wiring, self._model.numbers),
            complete=actions.complete,
        )
        self._states: dict[str, object] = {}
        self._parts = {"top": _part(), "problems": _part()}
        self._fields = [
            FieldBox(_field(spec, model), self._context) for spec in _specs(model.wired)
        ]
        is_call = model.wired.call.callee is not None
        if is_call:
            self._parts["results"] = _part()
        with tag("section", data_part="outcomes"):
            self._parts |= {"more": _part(), "outcomes": _part()}
        if not is_call:
            self._parts["results"] = _part()
        self._parts["about"] = _part()
        self.show(model)

    def fits(self, model: InspectorModel) -> bool:
        """Whether it is the same form, perhaps with other things in it."""
        old, new = self._model.wired, model.wired
        return (old.id, old.step.kind, old.block) == (new.id, new.step.kind, new.block)

    def show(self, model: InspectorModel) -> None:
        self._model = model
        for field in self._fields:
            field.show(_field(field.field.spec, model))
        for name, (state, draw) in self._drawn(model).items():
            if name not in self._states or self._states[name] != state:
                self._states[name] = state
                self._parts[name].clear()
                with self._parts[name]:
                    draw()

    def _drawn(self, model: InspectorModel) -> dict[str, tuple[object, Callable[[], object]]]:
        """Of each part, all that it shows, and how it is drawn."""
        wired, words, context = model.wired, self._words, self._context
        about = (wired.step.name, wired.id, wired.section.name, wired.step.comments)
        return {
            "top": (model.title, lambda: _draw_top(model, self._actions, context)),
            "problems": (
                _told(_of_the_block(model)), lambda: _draw_block_problems(model, context)
            ),
            "more": (_more_of(model), lambda: _draw_more(model, self._actions, context)),
            "outcomes": (
                _outcomes_state(model), lambda: _draw_outcomes(model, self._actions, context)
            ),
            "results": (_results(model), lambda: _draw_results(model, words)),
            "about": (
                about, lambda: _draw_about(model, self._actions, context.language, words)
            ),
        }  # fmt: skip


def _part() -> Element:
    return tag("div", "fl-part")


def _draw_top(model: InspectorModel, actions: InspectorActions, context: FieldContext) -> None:
    block, language = model.wired.block, context.language
    with tag("div", f"fl-inspector-top c-{block.card.category if block else 'integrate'}"):
        if block:
            tile(block.card.category, block.card.icon)
        with tag("div", "fl-grow"):
            text(said(block.card.title, language) if block else model.wired.step.kind, "fl-caps",
                 tag="div")  # fmt: skip
            text(model.title, "fl-inspector-name fl-cut", tag="div")
        button("", "fl-icon-btn", symbol="x", title=context.words["close"],
               on_click=actions.close)  # fmt: skip


def _told(problems: Iterable[Problem]) -> object:
    return [(it.code, it.arguments, it.fix, it.outcome) for it in problems]


def _of_the_block(model: InspectorModel) -> list[Problem]:
    """The problems of the block as a whole, and those of what no field stands for."""
    fields = {spec.key for spec in _specs(model.wired)}
    ports = {wire.port for wire in model.wired.wires}
    return [
        problem
        for field, found in model.field_problems.items()
        for problem in found
        if field not in fields and (field or problem.outcome not in ports)
    ]


def _draw_block_problems(model: InspectorModel, context: FieldContext) -> None:
    if problems := _of_the_block(model):
        with tag("section"):
            for problem in problems:
                draw_wrong(problem, context)


# --- fields -----------------------------------------------------------------------------------


def _specs(wired: WiredStep) -> list[ParameterSpec]:
    """The parameters that have a field."""
    found = specs(wired.block.Params) if wired.block else ()
    return [spec for spec in found if not spec.callee]


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
    takes = wired.block.takes(wired.call) if wired.block else None
    return Field(
        spec=spec,
        value=_value_of(spec, wired, argument.value if argument else None),
        problems=model.field_problems.get(spec.key, ()),
        entries=entries,
        keys={item.name: item.type for item in takes or ()} if is_map else {},
        more=_values(model.wiring) if is_map and takes is None else None,
    )


def _values(wiring: Wiring) -> list[str]:
    """The names that can be given a value."""
    declared = wiring.names.declarations.items()
    return [name for name, found in declared if found.word in ("attribute", "variable")]


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


def _outcomes_state(model: InspectorModel) -> object:
    """Everything on which the list of outcomes depends."""
    wired = model.wired
    return (
        [(wire.port, wire.role, wire.target, wire.route and wire.route.target.spelling)
         for wire in wired.wires],
        _told(model.field_problems.get("", ())),
        wired.ports,
        wired.call.subject,
        [(name, declared.type, declared.value)
         for name, declared in model.wiring.names.declarations.items()],
        [section.step_ids[:1] for section in model.wiring.document.sections.values()],
    )  # fmt: skip


def _more_of(model: InspectorModel) -> tuple[str | None, tuple[str, ...]]:
    """Outcomes that can be added: one by one, and several at once."""
    wired = model.wired
    one = proposed_port(wired.ports, [wire.port for wire in wired.wires])
    return one, model.adoptable.names if model.adoptable else ()


def _draw_more(model: InspectorModel, actions: InspectorActions, context: FieldContext) -> None:
    words, (more, _) = context.words, _more_of(model)
    if not model.wired.wires and more is None:
        return
    with tag("div", "fl-label"):
        text(words["outcomes"])
        if more is not None:
            button(words["add_outcome"], "fl-btn bare small fl-add", symbol="plus",
                   on_click=lambda: actions.route(more, "nowhere"),
                   data_role="add-outcome")  # fmt: skip
    if found := model.adoptable:
        label = words["adopt_outcomes"].format(names=", ".join(found.names))
        button(label, "fl-btn small fl-adopt", symbol="plus",
               on_click=lambda: actions.adopt(found), data_role="adopt")  # fmt: skip


def _draw_outcomes(model: InspectorModel, actions: InspectorActions, context: FieldContext) -> None:
    wired, words = model.wired, context.words
    if not wired.wires:
        return
    with tag("table", "fl-ports"), tag("tbody"):
        with tag("tr"):
            text(words["when"], tag="th")
            text(words["go_to"], tag="th")
            text(words["remove"], "fl-hidden", tag="th")
        for wire in wired.wires:
            _draw_outcome(wire, model, actions, context)


def _draw_outcome(
    wire: Wire,
    model: InspectorModel,
    actions: InspectorActions,
    context: FieldContext,
) -> None:
    with tag("tr", data_port=wire.port):
        if isinstance(wire.spoken, ComparePort | WhenPort):
            with tag("td", "fl-when", colspan="3"):
                _draw_condition(wire, model, actions, context)
                with tag("div", "fl-row"):
                    _draw_target(wire, model, actions, context)
                    _draw_unroute(wire, model, actions, context)
        else:
            with tag("td"):
                _draw_port(wire, model.wired, actions, context)
            with tag("td"):
                _draw_target(wire, model, actions, context)
            with tag("td"):
                _draw_unroute(wire, model, actions, context)
    for problem in model.problems_of(wire.port):
        with tag("tr"), tag("td", "fl-of-outcome", colspan="3"):
            draw_wrong(problem, context)


def _draw_unroute(
    wire: Wire, model: InspectorModel, actions: InspectorActions, context: FieldContext
) -> None:
    if wire.role == "routed" and wire.route in model.wired.step.routes:
        button("", "fl-icon-btn small", symbol="x", title=context.words["remove_route"],
               on_click=lambda: actions.unroute(wire.port))  # fmt: skip


def _draw_condition(
    wire: Wire, model: InspectorModel, actions: InspectorActions, context: FieldContext
) -> None:
    wired = model.wired
    compared = wired.ports.values if wired.ports.measured else wired.call.subject
    draw_condition(
        condition_of(wire.spoken, compared, model.wiring),
        wire.port,
        (first_key(wired.block.Params) if wired.block else None) or "",
        model.wiring,
        context,
        lambda typed: actions.rename_port(wire.port, written_port(typed, wired.ports)),
    )


def _draw_port(
    wire: Wire,
    wired: WiredStep,
    actions: InspectorActions,
    context: FieldContext,
) -> None:
    if can_be_named(wire.spoken):
        shown = shown_port(wire.port)
        is_key = is_text(wire.port) and len(shown) == 1
        entry = tag("input", f"fl-port-name {'key' if is_key else ''}", type="text",
                    spellcheck="false", aria_label=context.words["when"],
                    data_key=f"port {wire.port}")  # fmt: skip
        set_value(entry, shown)
        on_value(entry, "change", lambda typed: actions.rename_port(
            wire.port, written_port(typed, wired.ports)))  # fmt: skip
        return
    outcome = wired.ports.word(wire.port)
    if wire.port == "error":
        text(context.words["something_fails"], "fl-soft")
    elif wire.port in ("next", "otherwise"):
        text(context.words[wire.port])
    else:
        text(said(outcome.title, context.language) if outcome else wire.port, title=wire.port)


def _draw_target(
    wire: Wire,
    model: InspectorModel,
    actions: InspectorActions,
    context: FieldContext,
) -> None:
    """A list of where this could lead; what is only a default says so."""
    words = context.words
    current = wire.route.target.spelling if wire.role == "routed" and wire.route else ""
    default = "" if current else f"{words['default_route']} → {_place(wire, model, words)}"
    with tag("div", f"fl-field small {'default' if default else ''}"):
        select = TargetSelect(current, {**model.endings, "nowhere": words["nowhere"]}, default)
        select.classes("fl-mono")
        select._props |= {"aria-label": words["choose_target"], "data-key": f"target {wire.port}"}
        on_value(select, "change", lambda name: actions.route(wire.port, name) if name else None)


def _place(wire: Wire, model: InspectorModel, words: Mapping[str, str]) -> str:
    """Where a wire leads, in words: a section by its name if it leads to its beginning."""
    if wire.target is None:
        return words["flow_ends" if wire.role == "end" else "nowhere"]
    step = model.wiring.steps.get(wire.target)
    if step is None:
        return model.endings.get(wire.target, wire.target)
    return step.section.name if step.section.step_ids[0] == wire.target else wire.target


# --- results ------------------------------------------------------------------------------------


def _results(model: InspectorModel) -> tuple[str, Mapping[str, Type]]:
    """What can be read of the step behind it, under which name; with types."""
    wired = model.wired
    found = wired.block.results(wired.call) if wired.block else {}
    return next(iter(result_names(wired)), ""), found


def _draw_results(model: InspectorModel, words: Mapping[str, str]) -> None:
    name, found = _results(model)
    if not found:
        return
    with tag("section", data_part="results"):
        text(words["results"], "fl-label", tag="div")
        with tag("table", "fl-values fl-results"), tag("tbody"):
            for field, type_ in found.items():
                with tag("tr"):
                    text(f"{name}.{field}" if name else field, "fl-mono", tag="td")
                    text(spelling.type_(type_), "fl-dim fl-mono", tag="td")
        if not name:
            text(words["name_to_read"], "fl-help", tag="div")


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
            set_value(entry, model.wired.step.name or "")
            entry._props["placeholder"] = model.wired.id
            on_value(entry, "change", actions.rename)
        text(words["note"], "fl-label fl-gap-above", tag="div", id="label-note")
        area = tag("textarea", "fl-area", rows="2", spellcheck="false",
                   aria_labelledby="label-note", data_key="note")  # fmt: skip
        set_value(area, note_of(model.wired))
        on_value(area, "change", actions.annotate)
        if block:
            with tag("div", "fl-note fl-gap-above"):
                icon("help", "")
                text(said(block.card.summary, language))
        with tag("div", "fl-tools"):
            button(words["duplicate"], "fl-btn small", symbol="plus", on_click=actions.duplicate)
            button(words["delete"], "fl-btn small danger", symbol="x", on_click=actions.delete)
