"""What a Connect flow has to do before its first step: the language, and defaults of attributes.

Connect speaks English unless a voice is set, and an attribute has no default there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from flowlang import expressions as ex
from flowlang import types
from flowlang.interchange.connect import facts, paths
from flowlang.interchange.connect.contract import Unsayable
from flowlang.interchange.connect.document import (
    Action,
    ConditionBranch,
    ConnectFlow,
    ErrorBranch,
)
from flowlang.interchange.connect.names import is_name
from flowlang.interchange.connect.values import number_literal, read_text
from flowlang.interchange.connect.writing import ROOTS, Writer
from flowlang.model import Declaration
from flowlang.wiring import Wiring

VOICES: Mapping[str, str] = {
    "ar-AE": "Hala", "cmn-CN": "Zhiyu", "da-DK": "Sofie", "de-DE": "Vicki", "en-AU": "Olivia",
    "en-GB": "Amy", "en-IN": "Kajal", "en-US": "Joanna", "es-ES": "Lucia", "es-MX": "Mia",
    "es-US": "Lupe", "fi-FI": "Suvi", "fr-CA": "Gabrielle", "fr-FR": "Lea", "hi-IN": "Kajal",
    "it-IT": "Bianca", "ja-JP": "Takumi", "ko-KR": "Seoyeon", "nb-NO": "Ida", "nl-NL": "Laura",
    "pl-PL": "Ola", "pt-BR": "Camila", "pt-PT": "Ines", "sv-SE": "Elin", "zh-CN": "Zhiyu",
}  # fmt: skip
VOICE, LANGUAGE, DEFAULT, VALUE = "opening.voice", "opening.language", "opening.", " value"
"""Identifiers by which an import knows these actions; of a default the name, then the value."""


def actions(
    wiring: Wiring, writer: Writer, start: str | None, fresh: Callable[[str], str]
) -> list[Action]:
    """The actions in front of `start`, in order; each goes on to the next whatever happens."""
    if start is None:
        return []
    made: list[Action] = []
    after = start
    for action in reversed([*_language(writer, fresh), *_defaults(wiring, writer, fresh)]):
        action = _leading_to(action, after)
        made.insert(0, action)
        if not action.id.endswith(VALUE):
            after = action.id
    return made


def _leading_to(action: Action, after: str) -> Action:
    if action.type == "Compare":
        conditions = tuple(replace(branch, target=after) for branch in action.conditions)
        return replace(action, conditions=conditions)
    errors = tuple(replace(branch, target=after) for branch in action.errors)
    return replace(action, next=after, errors=errors)


def _language(writer: Writer, fresh: Callable[[str], str]) -> Iterator[Action]:
    language = writer.language
    if not language:
        return
    if voice := VOICES.get(language):
        yield Action(
            id=fresh(VOICE),
            type="UpdateContactTextToSpeechVoice",
            parameters={"TextToSpeechVoice": voice},
            errors=(ErrorBranch(type=facts.NO_MATCHING_ERROR, target=""),),
        )
    else:
        writer.warn("FL449", language=language)
    yield Action(
        id=fresh(LANGUAGE),
        type="UpdateContactData",
        parameters={"LanguageCode": language},
        errors=(ErrorBranch(type=facts.NO_MATCHING_ERROR, target=""),),
    )


def _defaults(wiring: Wiring, writer: Writer, fresh: Callable[[str], str]) -> Iterator[Action]:
    for item in wiring.names.declarations.values():
        if item.word in ROOTS and item.value is not None:
            try:
                value = writer.text(item.value)
            except Unsayable as reason:
                writer.warn(reason.code, name=item.name, kind=item.word)
                continue
            if item.word == "attribute" and value and not _tests(item):
                writer.warn("FL444", reason="default", name=item.name)
            if value:
                yield from _default(item, value, fresh)


def _default(item: Declaration, value: str, fresh: Callable[[str], str]) -> Iterator[Action]:
    wire_name = item.wire_name or item.name
    tests = _tests(item) if item.word == "attribute" else ()
    named = DEFAULT + item.name
    setting = _set(item.word, wire_name, value, fresh(named + VALUE if tests else named))
    if tests:
        yield Action(
            id=fresh(named),
            type="Compare",
            parameters={"ComparisonValue": paths.spell(("Attributes", wire_name))},
            next=setting.id,
            conditions=tuple(
                ConditionBranch(operator=operator, operands=(operand,), target="")
                for operator, operand in tests
            ),
            errors=(ErrorBranch(type=facts.NO_MATCHING_CONDITION, target=setting.id),),
        )
    yield setting


def _tests(item: Declaration) -> tuple[tuple[str, str], ...]:
    """What holds of an attribute that an earlier flow has given a value, and only then."""
    match item.type:
        case types.OneOf(values=values):
            return tuple(("Equals", value) for value in values)
        case types.Named(name="boolean"):
            return (("Equals", "true"), ("Equals", "false"))
        case types.Named(name="number" | "integer"):
            return (("NumberGreaterOrEqualTo", "0"), ("NumberLessThan", "0"))
        case _:
            return ()


def _set(word: str, name: str, value: str, id_: str) -> Action:
    errors = (ErrorBranch(type=facts.NO_MATCHING_ERROR, target=""),)
    if word == "variable":
        return Action(id=id_, type="UpdateFlowAttributes", errors=errors,
                      parameters={"FlowAttributes": {name: {"Value": value}}})  # fmt: skip
    return Action(id=id_, type="UpdateContactAttributes", errors=errors,
                  parameters={"Attributes": {name: value}})  # fmt: skip


# --- from Connect -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    word: str
    name: str
    wire_name: str
    type: types.Type
    value: ex.Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an export has put in front of the first step."""

    language: ex.Expression | None = None
    defaults: tuple[Default, ...] = ()
    ids: tuple[str, ...] = ()
    start: str | None = None

    def behind(self, flow: ConnectFlow) -> ConnectFlow:
        """The flow without it."""
        if not self.ids:
            return flow
        rest = tuple(action for action in flow.actions if action.id not in self.ids)
        return replace(flow, start=self.start, actions=rest)


def read(flow: ConnectFlow, opaque: frozenset[str]) -> Opening:
    """The opening that an export gave the flow, as long as nothing else leads into it."""
    known = flow.by_id()
    found = _read_language(known, flow.start)
    while (more := _read_default(known, found.start)) and more.ids[0] not in found.ids:
        found = replace(
            found,
            defaults=(*found.defaults, *more.defaults),
            ids=(*found.ids, *more.ids),
            start=more.start,
        )
    inside = frozenset(found.ids)
    entered = {
        target
        for action in flow.actions
        if action.id not in inside
        for target in (*action.targets, action.next)
    }
    if inside & (opaque | entered) or found.start not in known or found.start in inside:
        return Opening(start=flow.start)
    return found


def _read_language(known: Mapping[str, Action], start: str | None) -> Opening:
    first = known.get(start or "")
    voice = first if first and first.id == VOICE else None
    last = known.get((voice.next or "") if voice else (start or ""))
    language = last.parameters.get("LanguageCode") if last and last.id == LANGUAGE else None
    if last is None or not isinstance(language, str):
        return Opening(start=start)
    said = voice.parameters.get("TextToSpeechVoice") if voice else None
    if said != VOICES.get(language):
        return Opening(start=start)
    made = (*((voice.id,) if voice else ()), last.id)
    return Opening(language=ex.Literal(language, "language", language), ids=made, start=last.next)


def _read_default(known: Mapping[str, Action], start: str | None) -> Opening | None:
    first = known.get(start or "")
    name = first.id.removeprefix(DEFAULT) if first else ""
    if first is None or name == first.id or not is_name(name):
        return None
    is_tested = first.type == "Compare"
    setting = known.get(first.id + VALUE) if is_tested else first
    given = _read_set(setting) if setting else None
    if setting is None or given is None:
        return None
    word, wire_name, value = given
    type_ = _read_tests(first.conditions)
    default = Default(
        word=word, name=name, wire_name=wire_name, type=type_, value=read_value(value, type_)
    )
    ids = tuple(dict.fromkeys((first.id, setting.id)))
    return Opening(defaults=(default,), ids=ids, start=setting.next)


def _read_set(action: Action) -> tuple[str, str, str] | None:
    """Word, wire name and value of the one constant that an action sets."""
    attributes = action.parameters.get("Attributes")
    variables = action.parameters.get("FlowAttributes")
    word, values = ("attribute", attributes) if attributes else ("variable", variables)
    if not isinstance(values, Mapping) or len(values) != 1 or len(action.parameters) != 1:
        return None
    name, value = next(iter(values.items()))
    if isinstance(value, Mapping):
        value = value.get("Value")
    if not isinstance(value, str) or not isinstance(read_text(value), ex.Literal):
        return None
    return word, name, value


def _read_tests(conditions: tuple[ConditionBranch, ...]) -> types.Type:
    operands = tuple(branch.operands[0] for branch in conditions)
    if not operands:
        return types.ANY
    if conditions[0].operator != "Equals":
        return types.NUMBER
    return types.BOOLEAN if operands == ("true", "false") else types.OneOf(operands)


def read_value(text: str, type_: types.Type | None) -> ex.Expression:
    """A constant of Connect as the value of an attribute of that type."""
    if type_ == types.BOOLEAN and text in ("true", "false"):
        return ex.Literal(text == "true", "boolean")
    number = number_literal(text) if type_ == types.NUMBER else None
    return number or ex.Literal(text, "text")
