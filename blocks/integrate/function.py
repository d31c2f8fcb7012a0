"""Call a function: the way to every system that is not a flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Stay, View, Wait
from flowlang.effects import CallFunction
from flowlang.events import Event, FunctionFailed, FunctionReturned, TimerFired
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Pairs
from flowlang.parameters import Anything, Parameters, Seconds, parameter, resource

ANSWER_GRACE_S = 5.0
"""The service keeps the limit; this much later the flow goes on without its word."""


class FunctionParams(Parameters):
    function: Annotated[str, resource("function")] = parameter(
        title={"en": "Function", "ko": "함수"},
        help={
            "en": "Declared at the top of the flow, with what it takes and gives.",
            "ko": "흐름 맨 위에 받는 값과 주는 값을 함께 선언합니다.",
        },
        callee=True,
    )
    arguments: dict[str, Anything] = parameter(
        title={"en": "What it is told", "ko": "전달할 값"},
        help={"en": "One value for each input.", "ko": "입력마다 값을 하나씩 적습니다."},
        default_factory=dict,
        free=True,
    )
    timeout: Seconds = parameter(
        title={"en": "Time limit", "ko": "제한 시간"},
        help={
            "en": "After this the outcome is `error`. Amazon Connect allows 1 to 8 s.",
            "ko": "이 시간이 지나면 error로 갑니다. Amazon Connect에서는 1~8초입니다.",
        },
        default=3,
        gt=0,
        le=8,
    )


class Function(Block[FunctionParams]):
    """Calls a function that the flow declares, and waits for its answer. The caller hears nothing
    meanwhile, so keep the time limit short and say where an error leads.

    ```flow
    flow example
      on error -> hang_up

    function crm = "crm-lookup" (phone: phone) -> (name: text)

    start:
      crm phone: caller.number, timeout: 2s
        on error -> hang_up
      play "Hello {crm.name}."
      -> hang_up
    ```
    """

    kind = "function"
    card = Card(
        category="integrate",
        icon="http",
        title={"en": "Call a function", "ko": "함수 호출"},
        summary={
            "en": "Asks another system and reads its answer.",
            "ko": "다른 시스템에 묻고 그 답을 씁니다.",
        },
        search=("Invoke AWS Lambda function", "AWS Lambda 함수 호출", "Lambda", "CRM", "API"),
    )
    Params = FunctionParams
    outcomes = (SUCCESS, SERIOUS)
    declares = "function"
    slot = "function"
    waits = "service"

    @classmethod
    def results(cls, call: Call) -> Mapping[str, types.Type]:
        gives = call.callee.results if call.callee else None
        return {item.name: item.type or types.ANY for item in gives or ()}

    @staticmethod
    def start(params: FunctionParams, view: View) -> Move:
        return Wait(
            effects=(
                CallFunction(
                    function=params.function,
                    arguments=params.arguments,
                    timeout_s=params.timeout,
                ),
            ),
            timers={"answer": params.timeout + ANSWER_GRACE_S},
        )

    @staticmethod
    def resume(params: FunctionParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        match event:
            case FunctionReturned():
                return Leave(results=event.value)
            case FunctionFailed() | TimerFired():
                return Leave(outcome="error")
            case _:
                return Stay()

    connect = OneAction(
        action="InvokeLambdaFunction",
        params=(
            Param("function", "LambdaFunctionARN"),
            Param("timeout", "InvocationTimeLimitSeconds", always=True),
            Param("arguments", "LambdaInvocationAttributes", via=Pairs()),
        ),
        variants={
            "InvocationType": (None, "SYNCHRONOUS"),
            "ResponseValidation.ResponseType": ("JSON", "STRING_MAP", None),
        },
        results={"*": "External"},
        callee="function",
    )
