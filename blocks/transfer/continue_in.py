"""Go on in another flow."""

from __future__ import annotations

from typing import Annotated

from blocks.common import flow_types
from flowlang.block import SERIOUS, Block, Card, Jump, Move, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.parameters import Parameters, parameter, resource


class ContinueInParams(Parameters):
    flow: Annotated[str, resource("flow")] = parameter(
        title={"en": "Flow", "ko": "흐름"},
        help={
            "en": "Declared at the top of this flow, with the file that it is in.",
            "ko": "이 흐름 맨 위에 그 흐름이 든 파일과 함께 선언합니다.",
        },
        position=0,
    )


class ContinueIn(Block[ContinueInParams]):
    """Goes on in another flow, from its beginning and for good. Attributes stay with the contact;
    variables, results and what `repeat` counted end with this flow. To come back afterwards, make
    the other flow a module. Where there is no such flow, or it is of a type that has no place
    here, the outcome is `error`.

    ```flow
    flow example
      on error -> hang_up

    flow evening = "evening.flow"
    hours office = "Office hours"

    start:
      check_hours office
        on closed -> after_hours
      play "We are here for you."
      -> hang_up

    after_hours:
      play "Good evening."
      continue_in evening
    ```
    """

    kind = "continue_in"
    card = Card(
        category="transfer",
        icon="jump",
        title={"en": "Continue in a flow", "ko": "다른 흐름으로"},
        summary={
            "en": "Goes on in another flow, for good.",
            "ko": "다른 흐름으로 넘어가 거기서 이어 갑니다.",
        },
        search=("Transfer to flow", "흐름으로 전송", "go to", "이동"),
    )
    Params = ContinueInParams
    outcomes = (SERIOUS,)
    may_end = True
    flow_types = (flow_types.INBOUND, *flow_types.TRANSFERS)

    @staticmethod
    def start(params: ContinueInParams, view: View) -> Move:
        return Jump(flow=params.flow)

    connect = OneAction(
        action="TransferToFlow",
        params=(Param("flow", "ContactFlowId"),),
        next="",
        mirrors="error",
    )
