"""Call a function that is known only when the flow runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from blocks.common import calling
from flowlang import expressions as ex
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Move, View
from flowlang.events import Event
from flowlang.interchange.connect.contract import ReadScope, WriteScope
from flowlang.interchange.connect.mapping import Param
from flowlang.interchange.connect.values import Conversion, Reference, Resource
from flowlang.parameters import Anything, Parameters, Seconds, parameter, resource


class CallParams(Parameters):
    function: Annotated[str, resource("function")] = parameter(
        title={"en": "Function", "ko": "함수"},
        help={
            "en": "An attribute that holds the function's name; one that is always the same is "
            "declared and called by its own name.",
            "ko": "함수 이름이 든 속성입니다. 늘 같은 함수라면 선언해 그 이름으로 부르세요.",
        },
        position=0,
    )
    arguments: dict[str, Anything] = calling.arguments()
    timeout: Seconds = calling.timeout()


class _Held(Conversion):
    """A function that a reference names, never a constant."""

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        return Reference().read(value, scope, path)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        return Resource("function").write(value, scope, key)


class CallFunctionBlock(Block[CallParams]):
    """Calls a function whose name stands in an attribute, and waits for its answer. Nobody can
    check what such a function takes and gives, so declare the functions that you know and call
    them by their names.

    ```flow
    flow example
      on error -> hang_up

    attribute lookup: function
    function crm = "crm-lookup"

    start:
      set lookup: crm
      found = call lookup, phone: caller.number
        on error -> hang_up
      play "Hello {found.name}."
      -> hang_up
    ```
    """

    kind = "call"
    card = Card(
        category="integrate",
        icon="http",
        title={"en": "Call a function by value", "ko": "값에 든 함수 호출"},
        summary={
            "en": "Calls the function that an attribute names.",
            "ko": "속성에 이름이 든 함수를 부릅니다.",
        },
        search=("Invoke AWS Lambda function", "AWS Lambda 함수 호출", "dynamic", "동적"),
    )
    Params = CallParams
    outcomes = (SUCCESS, SERIOUS)
    slot = "function"
    waits = "service"

    @classmethod
    def results(cls, call: Call) -> Mapping[str, types.Type]:
        """Whatever it gives."""
        return {"*": types.ANY}

    @staticmethod
    def start(params: CallParams, view: View) -> Move:
        return calling.call(params.function, params.arguments, params.timeout)

    @staticmethod
    def resume(params: CallParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        return calling.settle(event)

    connect = calling.action(Param("function", "LambdaFunctionARN", _Held()))
