"""What the step at hand takes, and which of it is being written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flowlang.diagnostics.words import Language
from flowlang.edits import Flow
from flowlang.features import pages
from flowlang.features.cursor import cursor_at, sort_of
from flowlang.features.steps import StepAt, arguments_of, step_at
from flowlang.features.texts import offset_of
from flowlang.features.tokens import Token
from flowlang.parameters import ParameterSpec
from flowlang.places import Position
from flowlang.syntax import spelling

OUTCOMES = frozenset({"on", "when", "otherwise"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A parameter, as it is written."""

    label: str
    info: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    kind: str
    info: str
    parameters: tuple[Taken, ...]
    active: int | None

    @property
    def label(self) -> str:
        return f"{self.kind} {', '.join(item.label for item in self.parameters)}".rstrip()


def signature(flow: Flow, position: Position, language: Language = "en") -> Signature | None:
    """The signature of the step that the position is in the arguments of."""
    cursor = cursor_at(flow.tree, offset_of(flow.tree.source, position))
    if cursor.inside == "comment" or not cursor.above or sort_of(cursor.above[0]) != "section":
        return None
    if len(cursor.above) == 1:
        step = step_at(flow, cursor.tokens)
        given = arguments_of(cursor.tokens)
    else:
        step = step_at(flow, cursor.above[1].tokens)
        given = cursor.tokens if len(cursor.above) == 2 else cursor.above[2].tokens
        if not given or given[0].text in OUTCOMES:
            return None
    return _made(step, _active(step, given), language) if step else None


def _made(step: StepAt, active: str | None, language: Language) -> Signature:
    inputs = {
        key: Taken(label=f"{key}: {spelling.type_(type_)}", info="")
        for key, type_ in step.inputs.items()
    }
    own = {key: _taken(spec, language) for key, spec in step.specs.items()}
    taken = {**inputs, **own}
    keys = list(taken)
    return Signature(
        kind=step.kind,
        info=pages.said(step.block.card.summary, language),
        parameters=tuple(taken.values()),
        active=keys.index(active) if active in taken else None,
    )


def _taken(spec: ParameterSpec, language: Language) -> Taken:
    label = spec.key if spec.position is not None else f"{spec.key}: {pages.takes(spec, language)}"
    return Taken(label=label, info=pages.parameter(spec, language))


def _active(step: StepAt | None, given: Sequence[Token]) -> str | None:
    """The key of the argument behind the last comma, or of the one that has its place."""
    commas = [index for index, token in enumerate(given) if token.text == ","]
    last = given[commas[-1] + 1 :] if commas else given
    match [token.text for token in last[:2]]:
        case [key, ":"]:
            return key.strip("\"'")
        case _:
            spec = step.at_position(len(commas)) if step else None
            return spec.key if spec else None
