"""Call a function: the way to every system that is not a flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from blocks.common import calling
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Move, View
from flowlang.events import Event
from flowlang.interchange.connect.mapping import Param
from flowlang.parameters import Anything, Parameters, Seconds, parameter, resource


class FunctionParams(Parameters):
    function: Annotated[str, resource("function")] = parameter(
        title={"en": "Function", "ko": "함수"},
        help={
            "en": "Declared at the top of the flow, with what it takes and gives.",
            "ko": "흐름 맨 위에 받는 값과 주는 값을 함께 선언합니다.",
        },
        callee=True,
    )
    arguments: dict[str, Anything] = calling.arguments()
    timeout: Seconds = calling.timeout()


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
        return calling.call(params.function, params.arguments, params.timeout)

    @staticmethod
    def resume(params: FunctionParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        return calling.settle(event)

    connect = calling.action(Param("function", "LambdaFunctionARN"), callee="function")
