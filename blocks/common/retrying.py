"""Questions that are asked again before the flow goes on without an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flowlang import expressions as ex
from flowlang.block import Block
from flowlang.interchange.connect.contract import (
    Draft,
    Label,
    Part,
    ReadScope,
    Segments,
    Translation,
    WriteScope,
)
from flowlang.interchange.connect.document import Action
from flowlang.interchange.connect.values import Number
from flowlang.model import Step
from flowlang.parameters import Parameters, parameter
from flowlang.wiring import WiredStep

KEY = "retries"


def retries() -> Any:
    """The parameter."""
    return parameter(
        title={"en": "Ask again", "ko": "다시 묻기"},
        help={
            "en": "How often it is asked again after silence, and after an answer that has no way, "
            "before the flow goes on there.",
            "ko": "무응답이나 갈 곳이 없는 답일 때, 그 결과로 가기 전에 저마다 몇 번 더 물을지 "
            "정합니다.",
        },
        default=0,
        ge=0,
        le=10,
    )


def again(memory: Mapping[str, Any], outcome: str, times_max: int) -> Mapping[str, Any] | None:
    """The memory of the next try; None if the outcome has had all of its tries."""
    times = memory.get(outcome, 0)
    return {**memory, outcome: times + 1} if times < times_max else None


@dataclass(frozen=True, slots=True)
class Retrying(Translation):
    """The actions of the question, and for each of the outcomes a `Loop` that leads back."""

    once: Translation
    outcomes: tuple[str, ...]

    @property
    def actions(self) -> tuple[str, ...]:  # type: ignore[override]
        return self.once.actions

    @property
    def is_long(self) -> bool:  # type: ignore[override]
        return self.once.is_long

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        return self.once.read(action, scope, block)

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        values = dict(step.bound.values)
        times = values.pop(KEY, ex.Literal(0, "integer"))
        once = replace(step, bound=replace(step.bound, values=values))
        parts = self.once.write(once, scope)
        if times == ex.Literal(0, "integer"):
            return parts
        led_to = {label for part in parts for label in _labels(part)}
        counted = [name for name in self.outcomes if name in led_to]
        loops = {name: len(parts) + number for number, name in enumerate(counted)}
        count = Number().write(times, scope, KEY)
        return (*(_leading(part, loops) for part in parts), *(_loop(name, count) for name in loops))

    def fills(self, step: Step) -> frozenset[str]:
        return self.once.fills(step)

    def reference(self, result: Segments, step: Step) -> Segments | None:
        return self.once.reference(result, step)

    def result(self, reference: Segments) -> Segments | None:
        return self.once.result(reference)


def _labels(part: Part) -> tuple[Label, ...]:
    return (*(label for _, label in part.errors), *(label for *_, label in part.conditions))


def _leading(part: Part, loops: Mapping[str, int]) -> Part:
    """The part with every branch of those outcomes at its loop."""

    def at(label: Label) -> Label:
        return loops.get(label, label) if isinstance(label, str) else label

    return replace(
        part,
        next=None if part.next is None else at(part.next),
        errors=tuple((type_, at(label)) for type_, label in part.errors),
        conditions=tuple((sign, operand, at(label)) for sign, operand, label in part.conditions),
    )


def _loop(outcome: str, count: str) -> Part:
    return Part(
        type="Loop",
        parameters={"LoopCount": count},
        next=outcome,
        conditions=(("Equals", "ContinueLooping", 0), ("Equals", "DoneLooping", outcome)),
    )
