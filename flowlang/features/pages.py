"""What there is to know of a thing, as Markdown: for hovers and beside completions."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator

from flowlang.block import Block, Outcome
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import Language, help_, message
from flowlang.edits import Flow
from flowlang.features.words import say
from flowlang.model import Declaration, Section
from flowlang.names import VALUE_WORDS, outside_name
from flowlang.parameters import Parameters, ParameterSpec, Wording, specs
from flowlang.syntax import spelling
from flowlang.syntax.units import spell_duration
from flowlang.types import DURATION, PERCENT
from flowlang.wiring import Wire

STEPS_SHOWN_MAX = 12
_TARGETS = {"connect": "Amazon Connect"}


def code(source: str) -> str:
    return f"```flow\n{source}\n```"


def join(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def said(wording: Wording, language: Language) -> str:
    return wording.get(language) or wording.get("en", "")


# --- blocks -----------------------------------------------------------------------------------


def block(found: type[Block[Parameters]], language: Language, *, is_short: bool = False) -> str:
    """The page of a block; the short one is for beside a list."""
    card = found.card
    title = f"**{said(card.title, language)}** `{found.kind}`"
    if is_short:
        return join((title, said(card.summary, language), _parameter_list(found, language)))
    return join(
        (
            title,
            said(card.summary, language),
            inspect.getdoc(found) or "",
            _headed("parameters", _parameter_list(found, language), language),
            _headed("outcomes", _outcome_list(found.outcomes, language), language),
            *_where(found, language),
        )
    )


def _headed(key: str, body: str, language: Language) -> str:
    return f"**{say(key, language)}**\n\n{body}" if body else ""


def _parameter_list(found: type[Block[Parameters]], language: Language) -> str:
    return "\n".join(
        f"- `{spec.key}`: {said(spec.title, language)} ({', '.join(_facts(spec, language))})"
        for spec in specs(found.Params)
        if not spec.callee
    )


def _outcome_list(outcomes: Iterable[Outcome], language: Language) -> str:
    return "\n".join(
        f"- `{item.name}`: {said(item.title, language)}; {way(item, language)}" for item in outcomes
    )


def where(found: type[Block[Parameters]], language: Language) -> tuple[str, ...]:
    """Where it does not work as everywhere."""
    return tuple(_where(found, language))


def _where(found: type[Block[Parameters]], language: Language) -> Iterator[str]:
    if not set(found.channels) >= {"voice", "chat"}:
        names = ", ".join(found.channels)
        yield say("only_on", language, channels=names, elsewhere=found.elsewhere)
    for target, day in found.retired:
        yield say("retired", language, target=_TARGETS.get(target, target), day=day)


# --- parameters and outcomes ------------------------------------------------------------------


def parameter(spec: ParameterSpec, language: Language) -> str:
    facts = "; ".join(_facts(spec, language))
    title = f"**{said(spec.title, language)}** `{spec.key}`"
    return join((title, said(spec.help, language), facts))


def _facts(spec: ParameterSpec, language: Language) -> Iterator[str]:
    """Its type, its bounds, and what holds when it is left out."""
    yield takes(spec, language)
    if bounds := limits(spec, language):
        yield bounds
    if spec.required:
        yield say("required", language)
    elif value := default(spec, language):
        yield say("default", language, value=value)


def takes(spec: ParameterSpec, language: Language) -> str:
    if spec.words:
        words = ", ".join(f"`{word}`" for word in spec.words)
        if spec.many:
            return say("takes_many", language, words=words)
        return say("takes_words", language, words=words)
    item = spec.resource or spelling.type_(spec.type)
    return say("list_of", language, item=item) if spec.many else item


def limits(spec: ParameterSpec, language: Language) -> str:
    match spec.minimum, spec.maximum:
        case None, None:
            return ""
        case low, None:
            return say("at_least", language, minimum=_value(spec, low))
        case None, high:
            return say("at_most", language, maximum=_value(spec, high))
        case low, high:
            return say("between", language, minimum=_value(spec, low), maximum=_value(spec, high))


def default(spec: ParameterSpec, language: Language) -> str:
    """What it is when it is left out; nothing, if there is nothing then."""
    if spec.required:
        return say("required", language)
    match spec.default:
        case None | "" | () | {}:
            return ""
        case tuple(values):
            return ", ".join(f"`{value}`" for value in values)
        case value:
            return f"`{_value(spec, value)}`"


def _value(spec: ParameterSpec, value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float() if spec.type == DURATION:
            return spell_duration(value)
        case int() | float():
            return spelling.spell_number(value, "percent" if spec.type == PERCENT else "number")
        case _:
            return str(value)


def outcome(found: Outcome, language: Language) -> str:
    key = "without.required" if found.unrouted == "required" and not found.like else "without"
    without = say(key, language, way=way(found, language))
    return join((f"`{found.name}` {said(found.title, language)}", without))


def way(found: Outcome, language: Language) -> str:
    if found.like == "otherwise":
        return say("unrouted.otherwise", language)
    key = "unrouted.like" if found.like else f"unrouted.{found.unrouted}"
    return say(key, language, like=found.like)


def leads(wire: Wire, language: Language) -> str:
    """Where an outcome of a step leads."""
    if wire.target is None:
        return say("ends", language) if wire.role == "end" else ""
    return say("leads_to", language, target=wire.target)


# --- what a flow declares ---------------------------------------------------------------------


def declaration(found: Declaration, language: Language) -> str:
    comments = " ".join(line for line in found.comments if line.strip())
    outside = outside_name(found)
    told = ""
    if found.word not in VALUE_WORDS and outside != found.name:
        told = say("outside", language, name=outside)
    return join((code(_spelled(found)), comments, told))


def _spelled(found: Declaration) -> str:
    type_ = f": {spelling.type_(found.type)}" if found.type is not None else ""
    value = f" = {spelling.value(found.value)}" if found.value is not None else ""
    signature = spelling.signature(found.takes, found.gives, found.gives_type)
    return f"{found.word} {found.name}{type_}{value}{f' {signature}' if signature else ''}"


def section(found: Section, flow: Flow, language: Language) -> str:
    """Its comments, its steps, and who leads to it."""
    title = f"**{found.name}**" + (f" {found.title}" if found.title else "")
    comments = " ".join(line for line in found.comments if line.strip())
    kinds = [f"`{step.kind}`" for step in found.steps[:STEPS_SHOWN_MAX]]
    if len(found.steps) > STEPS_SHOWN_MAX:
        kinds.append("…")
    return join((title, comments, " → ".join(kinds), led_from(found, flow, language)))


def led_from(found: Section, flow: Flow, language: Language) -> str:
    """From which other sections wires come."""
    sources = dict.fromkeys(
        source.section.name
        for source in flow.wiring.steps.values()
        for wire in source.wires
        if wire.target in found.step_ids and source.section.name != found.name
    )
    lines = []
    if flow.wiring.start in found.step_ids:
        lines.append(say("starts_here", language))
    if sources:
        items = ", ".join(f"`{name}`" for name in sources)
        lines.append(say("led_from", language, items=items))
    return " ".join(lines) or say("led_from_nowhere", language)


# --- problems ---------------------------------------------------------------------------------


def problem(found: Problem, language: Language) -> str:
    way_out = help_(found, language)
    return join((f"**{found.code}** {message(found, language)}", way_out))
