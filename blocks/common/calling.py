"""What blocks that call a function share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowlang.block import Leave, Move, Stay, Wait
from flowlang.effects import CallFunction
from flowlang.events import Event, FunctionFailed, FunctionReturned, TimerFired
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Pairs
from flowlang.parameters import parameter

ANSWER_GRACE_S = 5.0
"""The service keeps the limit; this much later the flow goes on without its word."""


def arguments() -> Any:
    return parameter(
        title={"en": "What it is told", "ko": "전달할 값"},
        help={"en": "One value for each input.", "ko": "입력마다 값을 하나씩 적습니다."},
        default_factory=dict,
        free=True,
    )


def timeout() -> Any:
    return parameter(
        title={"en": "Time limit", "ko": "제한 시간"},
        help={
            "en": "After this the outcome is `error`. Amazon Connect allows 1 to 8 s.",
            "ko": "이 시간이 지나면 오류로 갑니다. Amazon Connect에서는 1~8초입니다.",
        },
        default=3,
        gt=0,
        le=8,
    )


def call(function: str, given: Mapping[str, Any], timeout_s: float) -> Wait:
    question = CallFunction(function=function, arguments=given, timeout_s=timeout_s)
    return Wait(effects=(question,), timers={"answer": timeout_s + ANSWER_GRACE_S})


def settle(event: Event) -> Move:
    """What its answer means."""
    match event:
        case FunctionReturned():
            return Leave(results=event.value)
        case FunctionFailed() | TimerFired():
            return Leave(outcome="error")
        case _:
            return Stay()


def action(function: Param, callee: str = "") -> OneAction:
    """What a call is in Amazon Connect."""
    return OneAction(
        action="InvokeLambdaFunction",
        params=(
            function,
            Param("timeout", "InvocationTimeLimitSeconds", always=True),
            Param("arguments", "LambdaInvocationAttributes", via=Pairs()),
        ),
        variants={
            "InvocationType": (None, "SYNCHRONOUS"),
            "ResponseValidation.ResponseType": ("JSON", "STRING_MAP", None),
        },
        results={"*": "External"},
        callee=callee,
    )
