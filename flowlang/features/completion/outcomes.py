"""What could stand below a step: its outcomes and where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from flowlang.features import pages
from flowlang.features.completion import arguments, targets, values
from flowlang.features.completion.asked import Asked, Completion
from flowlang.features.cursor import CodeLine
from flowlang.features.scope import spelled_literals
from flowlang.features.steps import StepAt, step_at
from flowlang.features.tokens import Token, split_by_commas
from flowlang.inference import Typist
from flowlang.model import ComparePort, OtherwisePort, ValuePort, WordPort
from flowlang.presence import subject_of
from flowlang.types import OneOf, Type
from flowlang.wiring import spell

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "contains", "starts_with", "ends_with")


def below_step(asked: Asked, above: tuple[CodeLine, ...]) -> Iterable[Completion]:
    line = asked.cursor.tokens
    words = [token.text for token in line]
    if "->" in words and words[0] in ("on", "when", "otherwise"):
        return targets.behind_arrow(asked)
    step = step_at(asked.flow, above[1].tokens)
    if step is None:
        return values.expression(asked) if asked.cursor.path else ()
    if len(above) > 2:
        return arguments.data(asked, step, above[2], line)
    match words:
        case []:
            return [*_outcome_lines(asked, step), *arguments.keys(asked, step, _keys_given(step))]
        case ["on", *_]:
            return _ports(asked, step, line[1:])
        case ["when", *_]:
            return values.expression(asked)
        case [_, ":", *_]:
            return arguments.entry(asked, step, line)
        case _:
            return ()


def _outcome_lines(asked: Asked, step: StepAt) -> Iterator[Completion]:
    taken = _taken(asked, step)
    for port in _all_ports(asked, step):
        if port.label not in taken:
            yield replace(port, label=f"on {port.label}", insert=f"on {port.label} -> ")
    ports = step.ports
    if ports.conditions:
        yield asked.keyword("when", "when ")
    if (ports.values or ports.conditions) and "otherwise" not in taken:
        yield asked.keyword("otherwise", "otherwise -> ")
    if ports.values or ports.conditions:
        yield asked.keyword("on", "on ")


def _ports(asked: Asked, step: StepAt, line: tuple[Token, ...]) -> Iterable[Completion]:
    now = split_by_commas(line)[-1]
    if now:
        is_compared = now[-1].text in COMPARISONS
        return asked.literals(_subject_type(asked, step)) if is_compared else _arrow(asked)
    taken = {*_taken(asked, step), *(token.text for token in line)}
    found = [port for port in _all_ports(asked, step) if port.label not in taken]
    if step.ports.conditions:
        found += [asked.keyword(word, f"{word} ") for word in COMPARISONS]
    return found


def _arrow(asked: Asked) -> list[Completion]:
    return [asked.keyword("->", "-> ")]


def _all_ports(asked: Asked, step: StepAt) -> Iterator[Completion]:
    """Intents and words that the block declares, and values that can be counted."""
    for value in spelled_literals(_subject_type(asked, step)):
        yield Completion(label=value, kind="literal")
    for outcome in step.ports.words:
        if outcome.name != "next":
            yield Completion(
                label=outcome.name,
                kind="outcome",
                detail=outcome.title[asked.language],
                info=pages.outcome(outcome, asked.language),
            )
    if step.ports.word("next"):
        yield Completion(label="next", kind="outcome")


def _subject_type(asked: Asked, step: StepAt) -> Type | None:
    subject = subject_of(step.wired) if step.wired else None
    if subject is not None:
        return Typist(environment=asked.environment).type_of(subject)
    values = step.ports.values
    return values if isinstance(values, OneOf) or step.ports.exhaustive else None


def _taken(asked: Asked, step: StepAt) -> set[str]:
    """The outcomes that other lines of this step route."""
    found = set()
    for route in step.wired.step.routes if step.wired else ():
        if route.at and route.at.offsets[0] == asked.cursor.line_start:
            continue
        for port in route.ports:
            match port:
                case WordPort() | ValuePort() | OtherwisePort() | ComparePort():
                    found.add(spell(port))
                case _:
                    pass
    return found


def _keys_given(step: StepAt) -> set[str]:
    arguments = step.wired.step.arguments if step.wired else ()
    placed = set(step.wired.bound.given) if step.wired else set()
    return placed | {argument.key for argument in arguments if argument.key}
