"""A block's page in the manual, as Markdown, from what its class says of itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator

from flowlang.block import Block, Outcome
from flowlang.parameters import Parameters, ParameterSpec, specs
from flowlang.syntax.units import spell_duration
from flowlang.types import DURATION, ListType, Named, OneOf, Type

_WORDS = {
    "en": {
        "parameters": "Parameters",
        "parameter_row": "| parameter | takes | if left out | meaning |",
        "outcomes": "Outcomes",
        "outcome_row": "| outcome | meaning | without an outcome line |",
        "where": "Where it works",
        "channels": "Channels: {channels}. Elsewhere the outcome is `{elsewhere}`.",
        "all_channels": "Channels: voice, chat.",
        "flow_types": "Types of flow: {flow_types}.",
        "all_flow_types": "In every type of flow.",
        "retired": "On {target} its service ended on {day}: there it takes `error`.",
        "also": "Also known as: {names}.",
        "required": "required",
        "nothing": "nothing",
        "list": "list of {item}",
        "unrouted.required": "must have one",
        "unrouted.next": "goes to the next step",
        "unrouted.serious": "goes to the nearest `on error`",
        "unrouted.end": "ends the flow",
        "unrouted.like": "goes where `{like}` goes",
    },
    "ko": {
        "parameters": "매개변수",
        "parameter_row": "| 매개변수 | 값 | 생략하면 | 뜻 |",
        "outcomes": "결과",
        "outcome_row": "| 결과 | 뜻 | 결과 줄이 없으면 |",
        "where": "쓸 수 있는 곳",
        "channels": "채널: {channels}. 다른 채널에서는 `{elsewhere}`로 갑니다.",
        "all_channels": "채널: voice, chat.",
        "flow_types": "흐름 유형: {flow_types}.",
        "all_flow_types": "모든 흐름 유형에서 쓸 수 있습니다.",
        "retired": "{target}에서는 {day}에 서비스가 끝나 `error`로 갑니다.",
        "also": "다른 이름: {names}.",
        "required": "필수",
        "nothing": "없음",
        "list": "{item} 목록",
        "unrouted.required": "반드시 있어야 합니다",
        "unrouted.next": "다음 단계로 갑니다",
        "unrouted.serious": "가장 가까운 `on error`로 갑니다",
        "unrouted.end": "흐름이 끝납니다",
        "unrouted.like": "`{like}` 결과를 따라갑니다",
    },
}


def page(block: type[Block[Parameters]], language: str = "en") -> str:
    """The page of one block. (The text above its example is English in every language.)"""
    words = _WORDS[language]
    parts = [
        f"# {block.card.title[language]}: `{block.kind}`",
        block.card.summary[language],
        inspect.getdoc(block) or "",
    ]
    if rows := [_parameter(spec, language) for spec in specs(block.Params)]:
        parts += [f"## {words['parameters']}", _table(words["parameter_row"], rows)]
    if rows := [_outcome(outcome, language) for outcome in block.outcomes]:
        parts += [f"## {words['outcomes']}", _table(words["outcome_row"], rows)]
    parts += [f"## {words['where']}", "\n".join(_where(block, language))]
    return "\n\n".join(parts) + "\n"


def _table(header: str, rows: Iterable[str]) -> str:
    return "\n".join((header, "| --- " * (header.count("|") - 1) + "|", *rows))


def _parameter(spec: ParameterSpec, language: str) -> str:
    meaning = f"{spec.title[language]}. {spec.help.get(language, '')}".rstrip()
    return f"| `{spec.key}` | {_takes(spec, language)} | {_default(spec, language)} | {meaning} |"


def _takes(spec: ParameterSpec, language: str) -> str:
    item = ", ".join(f"`{word}`" for word in spec.words) or _type(spec.type)
    return _WORDS[language]["list"].format(item=item) if spec.many else item


def _type(type_: Type) -> str:
    match type_:
        case Named(name=name):
            return name
        case OneOf(values=values):
            return ", ".join(f"`{value}`" for value in values)
        case ListType(item=item):
            return _type(item)
        case _:
            return "any"


def _default(spec: ParameterSpec, language: str) -> str:
    words = _WORDS[language]
    if spec.required:
        return words["required"]
    match spec.default:
        case None | "" | () | {}:
            return words["nothing"]
        case bool(value):
            return f"`{str(value).lower()}`"
        case tuple(values):
            return ", ".join(f"`{value}`" for value in values)
        case value if spec.type == DURATION:
            return f"`{spell_duration(value)}`"
        case value:
            return f"`{value}`"


def _outcome(outcome: Outcome, language: str) -> str:
    words = _WORDS[language]
    way = f"unrouted.{'like' if outcome.like else outcome.unrouted}"
    without = words[way].format(like=outcome.like)
    return f"| `{outcome.name}` | {outcome.title[language]} | {without} |"


def _where(block: type[Block[Parameters]], language: str) -> Iterator[str]:
    words = _WORDS[language]
    if set(block.channels) >= {"voice", "chat"}:
        yield words["all_channels"]
    else:
        names = ", ".join(block.channels)
        yield words["channels"].format(channels=names, elsewhere=block.elsewhere)
    if block.flow_types:
        yield words["flow_types"].format(flow_types=", ".join(block.flow_types))
    else:
        yield words["all_flow_types"]
    for target, day in block.retired:
        yield words["retired"].format(target=target, day=day)
    if block.card.search:
        yield words["also"].format(names=", ".join(block.card.search))
