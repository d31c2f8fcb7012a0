"""What could be an argument of a step: on its line, and below it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from flowlang.features import pages
from flowlang.features.completion import values
from flowlang.features.completion.asked import Asked, Completion
from flowlang.features.cursor import CodeLine
from flowlang.features.steps import StepAt
from flowlang.features.tokens import Token, split_by_commas
from flowlang.names import VALUE_WORDS
from flowlang.parameters import ParameterSpec
from flowlang.syntax import spelling
from flowlang.types import Type


def behind_kind(asked: Asked, step: StepAt, line: tuple[Token, ...]) -> Iterable[Completion]:
    """Behind a kind, on its line."""
    groups = split_by_commas(line)
    *before, now = groups
    spec = _spec_of(step, now, before)
    if len(asked.cursor.frames) > 1:
        return _in_brackets(asked, spec, step, now)
    if not now:
        return [*_value(asked, spec, given=line), *keys(asked, step, _keys_of(step, before))]
    if _is_keyed(now):
        return _keyed_value(asked, step, spec, now)
    return values.expression(asked, wanted=spec.type if spec else None)


def _keyed_value(
    asked: Asked, step: StepAt, spec: ParameterSpec | None, words: tuple[Token, ...]
) -> Iterable[Completion]:
    """Behind `key:`."""
    if len(words) > 2:
        return values.expression(asked, wanted=spec.type if spec else None)
    return (
        _value(asked, spec)
        if spec
        else values.expression(asked, wanted=_wanted(asked, step, words[0]))
    )


def _wanted(asked: Asked, step: StepAt, key: Token) -> Type | None:
    """The type of a value whose key is no parameter: an input, or a value that is set."""
    name = unicodedata.normalize("NFC", key.text)
    declared = asked.flow.wiring.names.value(name)
    return step.inputs.get(name) or (declared.type if declared else None)


def _in_brackets(
    asked: Asked, spec: ParameterSpec | None, step: StepAt, now: tuple[Token, ...]
) -> Iterable[Completion]:
    frame = asked.cursor.frames[-1]
    if frame.opener == "[" and not frame.since_comma and spec is not None:
        return _value(asked, spec, given=frame.tokens)
    if frame.opener == "(" and not frame.since_comma and not asked.cursor.path:
        return ()
    return values.expression(asked)


def keys(asked: Asked, step: StepAt, given: Iterable[str]) -> Iterator[Completion]:
    for name, type_ in step.inputs.items():
        if name not in given:
            yield Completion(
                label=name, kind="parameter", detail=spelling.type_(type_), insert=f"{name}: "
            )
    for spec in step.specs.values():
        if not spec.rest and spec.key not in given:
            yield Completion(
                label=spec.key,
                kind="parameter",
                detail=spec.title[asked.language],
                info=pages.parameter(spec, asked.language),
                insert=f"{spec.key}: ",
            )
    if step.takes_any_key and step.callee is None:
        for name, declared in asked.flow.wiring.names.declarations.items():
            if declared.word in VALUE_WORDS and name not in given:
                yield Completion(
                    label=name,
                    kind="value",
                    detail=declared.word,
                    info=pages.declaration(declared, asked.language),
                    insert=f"{name}: ",
                )


def _value(
    asked: Asked, spec: ParameterSpec | None, given: Iterable[Token] = ()
) -> Iterator[Completion]:
    """What an argument may begin with."""
    if spec is None:
        return
    if asked.cursor.path:
        yield from values.expression(asked)
        return
    said = {token.text for token in given}
    for word in spec.words:
        if word not in said:
            yield Completion(label=word, kind="word", detail=spec.title[asked.language])
    if spec.is_outcome:
        header = asked.flow.document.header
        for word in header.outcomes if header else ():
            yield Completion(label=word, kind="outcome", detail=spec.title[asked.language])
        return
    if spec.resource:
        yield from _resources(asked, spec.resource, said)
    yield from asked.literals(spec.type)
    if not spec.words or spec.resource:
        yield from values.names(asked, None if spec.resource else spec.type, spec.resource or "")


def _resources(asked: Asked, word: str, given: Iterable[str]) -> Iterator[Completion]:
    resource = asked.catalogue.resources.get(word)
    for name, declared in asked.flow.wiring.names.declarations.items():
        if declared.word == word and name not in given:
            yield Completion(
                label=name,
                kind="resource",
                detail=resource.title[asked.language] if resource else word,
                info=pages.declaration(declared, asked.language),
            )


def entry(asked: Asked, step: StepAt, line: tuple[Token, ...]) -> Iterable[Completion]:
    spec = step.specs.get(line[0].text)
    if len(asked.cursor.frames) > 1:
        return _in_brackets(asked, spec, step, line)
    return _keyed_value(asked, step, spec, line)


def data(
    asked: Asked, step: StepAt, entry: CodeLine, line: tuple[Token, ...]
) -> Iterable[Completion]:
    """Lines of a list or a record."""
    spec = step.specs.get(entry.words[0])
    match [token.text for token in line]:
        case ["-"]:
            return _value(asked, spec) if spec else values.expression(asked)
        case [] if spec and spec.many:
            return [asked.keyword("-", "- ")]
        case [_, ":"] | ["-", _, ":"]:
            return values.names(asked)
        case _:
            return values.expression(asked) if asked.cursor.path else ()


def _is_keyed(group: tuple[Token, ...]) -> bool:
    return len(group) > 1 and group[1].text == ":"


def _spec_of(
    step: StepAt, now: tuple[Token, ...], before: Iterable[tuple[Token, ...]]
) -> ParameterSpec | None:
    """The parameter that the argument being typed is for."""
    if _is_keyed(now):
        return step.specs.get(now[0].text)
    return step.at_position(sum(not _is_keyed(group) for group in before))


def _keys_of(step: StepAt, groups: Iterable[tuple[Token, ...]]) -> set[str]:
    """The parameters that these arguments are for."""
    found = set()
    position = 0
    for group in groups:
        spec = None if _is_keyed(group) else step.at_position(position)
        position += spec is not None
        found.add(spec.key if spec else group[0].text)
    return found
