"""An invitation to a messenger as Amazon Connect can send it: a question, and a function.

Connect has no action for it, so the function `offer_messenger` of the name map does the sending.
"""

from __future__ import annotations

from typing import Any

from blocks.common import messengers
from flowlang import expressions as ex
from flowlang.block import Block
from flowlang.interchange.connect.contract import (
    Draft,
    Part,
    ReadScope,
    Translation,
    WriteScope,
)
from flowlang.interchange.connect.document import Action
from flowlang.interchange.connect.values import number_text
from flowlang.model import Step
from flowlang.parameters import Parameters, specs
from flowlang.wiring import WiredStep

FUNCTION = "offer_messenger"
SENDING_LIMIT_S = "8"


class Inviting(Translation):
    """`1` for the first messenger, `2` for the second, …, `0` for none."""

    def read(
        self, action: Action, scope: ReadScope, block: type[Block[Parameters]]
    ) -> Draft | None:
        return None

    def write(self, step: WiredStep, scope: WriteScope) -> tuple[Part, ...]:
        channels = _channels(step)
        function = scope.resource("function", ex.Literal(FUNCTION, "text"))
        question = Part(
            type="GetParticipantInput",
            parameters={
                "Text": self._offer(step, scope, channels),
                "StoreInput": "False",
                "InputTimeLimitSeconds": number_text(_number(step, "timeout")),
            },
            next="declined",
            errors=(
                ("NoMatchingCondition", "declined"),
                ("NoMatchingError", "error"),
                ("InputTimeLimitExceeded", "timeout"),
            ),
            conditions=(
                *(("Equals", str(key), key) for key in range(1, len(channels) + 1)),
                ("Equals", "0", "declined"),
            ),
        )
        sending = tuple(
            Part(
                type="InvokeLambdaFunction",
                parameters={
                    "LambdaFunctionARN": function,
                    "InvocationTimeLimitSeconds": SENDING_LIMIT_S,
                    "LambdaInvocationAttributes": self._message(step, scope, channel),
                    "ResponseValidation": {"ResponseType": "JSON"},
                },
                next="accepted",
                errors=(("NoMatchingError", "undeliverable"),),
            )
            for channel in channels
        )
        return (question, *sending)

    def _offer(self, step: WiredStep, scope: WriteScope, channels: list[str]) -> str:
        spoken = messengers.spoken_choices(messengers.words(scope.language), channels)
        offer = step.bound.values["text"]
        parts = offer.parts if isinstance(offer, ex.Template) else (offer,)
        return scope.text(ex.Template((*parts, f" {spoken}")), "text")

    def _message(self, step: WiredStep, scope: WriteScope, channel: str) -> dict[str, Any]:
        values = step.bound.values
        words = messengers.words(scope.language)
        message = {
            "channel": channel,
            "address": scope.text(values.get("number", ex.Name("caller", ("number",))), "number"),
            "message": scope.text(values["message"]) if "message" in values else words.invitation,
            "valid_s": number_text(_number(step, "valid")),
        }
        if "queue" in values:
            message["queue"] = scope.resource("queue", values["queue"], "queue")
        return message

    def fills(self, step: Step) -> frozenset[str]:
        return frozenset(("External",))


def _channels(step: WiredStep) -> list[str]:
    given = step.bound.values.get("channels")
    if isinstance(given, ex.ListOf):
        return [str(item.value.value) for item in given.items if isinstance(item.value, ex.Literal)]
    return [str(item) for item in _default(step, "channels")]


def _number(step: WiredStep, key: str) -> float:
    match step.bound.values.get(key):
        case ex.Literal(value=int() | float() as number):
            return number
        case _:
            return float(_default(step, key))


def _default(step: WiredStep, key: str) -> Any:
    assert step.block is not None
    return next(spec.default for spec in specs(step.block.Params) if spec.key == key)
