"""The end of a module."""  # noqa: N999

from __future__ import annotations

from typing import Annotated

from blocks.common import flow_types
from flowlang.block import Block, Call, Card, Move, View
from flowlang.block import Return as ReturnMove
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Data, Pairs
from flowlang.model import Parameter
from flowlang.parameters import Anything, ModuleOutcome, Parameters, parameter


class ReturnParams(Parameters):
    outcome: Annotated[str, ModuleOutcome()] = parameter(
        title={"en": "Outcome", "ko": "결과"},
        help={
            "en": "One of the `outcomes` of the module; without it the caller just goes on.",
            "ko": "모듈의 outcomes 가운데 하나입니다. 없으면 부른 흐름이 그대로 이어집니다.",
        },
        default="next",
        position=0,
    )
    results: dict[str, Anything] = parameter(
        title={"en": "Results", "ko": "돌려줄 값"},
        help={
            "en": "One value for each result that the module promises.",
            "ko": "모듈이 약속한 값마다 하나씩 적습니다.",
        },
        default_factory=dict,
        free=True,
    )


class Return(Block[ReturnParams]):
    """Ends a module: the flow that ran it goes on there, at the outcome named here, and reads the
    results. Results are given wherever the caller just goes on; with another outcome nobody reads
    them.

    ```flow
    module verify "Is it really them?" (pin: text) -> (verified: boolean)
      outcomes locked

    attribute tries: integer = 0

    start:
      branch tries
        on > 3 -> too_many
        otherwise -> compare

    compare:
      play "Thank you."
      return verified: pin == "1234"

    too_many:
      return locked
    ```
    """

    kind = "return"
    card = Card(
        category="transfer",
        icon="undo",
        title={"en": "Return", "ko": "모듈 마치기"},
        summary={
            "en": "Ends the module; the flow that ran it goes on.",
            "ko": "모듈을 마치고 부른 흐름으로 돌아갑니다.",
        },
        search=("Return from module", "모듈에서 반환", "end", "종료", "결과"),
    )
    Params = ReturnParams
    outcomes = ()
    ends_flow = True
    returns = True
    flow_types = (flow_types.MODULE,)

    @classmethod
    def takes(cls, call: Call) -> tuple[Parameter, ...] | None:
        gives = call.header.gives if call.header else None
        return gives or ()

    @classmethod
    def needs(cls, call: Call) -> tuple[str, ...]:
        return () if "outcome" in call.arguments else super().needs(call)

    @staticmethod
    def start(params: ReturnParams, view: View) -> Move:
        return ReturnMove(outcome=params.outcome, results=params.results)

    connect = OneAction(
        action="EndFlowModuleExecution",
        params=(
            Param("outcome", "Result"),
            Param("results", "ResultData", via=Pairs(Data(), named=True)),
        ),
        errors={},
        next="",
    )
