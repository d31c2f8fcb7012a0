"""Run a module: a part of a flow that has a file of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Enter, Move, Outcome, Ports, View
from flowlang.interchange.connect.invoking import Invocation
from flowlang.interchange.connect.mapping import Param
from flowlang.interchange.connect.values import Data, Pairs
from flowlang.parameters import Anything, Parameters, parameter, resource


class ModuleParams(Parameters):
    module: Annotated[str, resource("module")] = parameter(
        title={"en": "Module", "ko": "모듈"},
        help={
            "en": "Declared at the top of the flow, with the file that it is in.",
            "ko": "흐름 맨 위에 모듈이 든 파일과 함께 선언합니다.",
        },
        callee=True,
    )
    arguments: dict[str, Anything] = parameter(
        title={"en": "What it is told", "ko": "전달할 값"},
        help={
            "en": "One value for each input of the module.",
            "ko": "모듈의 입력마다 값을 하나씩 적습니다.",
        },
        default_factory=dict,
        free=True,
    )


class Module(Block[ModuleParams]):
    """Runs a module, a part of a flow that many flows share, and goes on where it returns. What
    the module takes, gives and returns besides `next` stands in its own first lines:

        module verify "Is it really them?" (pin: text) -> (verified: boolean)
          outcomes locked

    Attributes are those of the contact, the module sees and sets them too. Variables and results
    of this flow it does not see, nor this flow those of the module: it is told its inputs and
    gives its results. Where there is no such module, the outcome is `error`.

    ```flow
    flow example
      on error -> hang_up

    module verify = "verify.flow"

    start:
      verify pin: "1234"
        on locked -> hang_up
      play "Thank you."
      -> hang_up
    ```
    """

    kind = "module"
    card = Card(
        category="integrate",
        icon="fold",
        title={"en": "Run a module", "ko": "모듈 실행"},
        summary={
            "en": "Runs a part that several flows share, then goes on.",
            "ko": "여러 흐름이 함께 쓰는 부분을 실행하고 이어 갑니다.",
        },
        search=("Invoke module", "모듈 호출", "Invoke flow module", "subroutine", "공통 흐름"),
    )
    Params = ModuleParams
    outcomes = (SUCCESS, SERIOUS)
    declares = "module"
    slot = "module"
    waits = "customer"

    @classmethod
    def ports(cls, call: Call) -> Ports:
        if call.called is None:
            return Ports(words=cls.outcomes, any_word=True)
        own = tuple(
            Outcome(name=name, title={"en": name, "ko": name}) for name in call.called.outcomes
        )
        return Ports(words=(SUCCESS, *own, SERIOUS))

    @classmethod
    def results(cls, call: Call) -> Mapping[str, types.Type]:
        gives = call.callee.results if call.callee else None
        return {item.name: item.type or types.ANY for item in gives or ()}

    @classmethod
    def results_at(cls, call: Call, outcome: str) -> Mapping[str, types.Type]:
        return cls.results(call) if outcome == "next" else {}

    @staticmethod
    def start(params: ModuleParams, view: View) -> Move:
        return Enter(module=params.module, inputs=params.arguments)

    connect = Invocation(
        action="InvokeFlowModule",
        params=(Param("module", "FlowModuleId"), Param("arguments", "Input", via=Pairs(Data()))),
        intents=True,
        results={"*": "Modules.ResultData"},
        callee="module",
    )
