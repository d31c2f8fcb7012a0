"""What a Connect flow has to do before its first step: the language, and defaults of attributes.

Connect speaks English unless a voice is set, and an attribute has no default there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from flowlang import types
from flowlang.interchange.connect import facts, paths
from flowlang.interchange.connect.contract import Unsayable
from flowlang.interchange.connect.document import Action, ConditionBranch, ErrorBranch
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
        if not action.id.endswith(" value"):
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
            id=fresh("opening.voice"),
            type="UpdateContactTextToSpeechVoice",
            parameters={"TextToSpeechVoice": voice},
        )
    else:
        writer.warn("FL449", language=language)
    yield Action(
        id=fresh("opening.language"),
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
    named = f"opening.{item.name}"
    setting = _set(item.word, wire_name, value, fresh(f"{named} value" if tests else named))
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
