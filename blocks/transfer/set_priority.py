"""Say how urgent a customer is."""

from __future__ import annotations

from blocks.common import flow_types
from blocks.common.queueing import USUAL_PRIORITY
from flowlang.block import SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import AnyOf, OneAction, Param
from flowlang.interchange.connect.values import Seconds as SecondsSpelled
from flowlang.parameters import Parameters, Seconds, parameter

DAY_S = 86_400


class SetPriorityParams(Parameters):
    priority: int = parameter(
        title={"en": "Priority", "ko": "우선순위"},
        help={
            "en": "1 comes first; everybody else has 5.",
            "ko": "1이 가장 먼저입니다. 정하지 않으면 5입니다.",
        },
        default=USUAL_PRIORITY,
        position=0,
        ge=1,
        le=100,
    )
    ahead: Seconds = parameter(
        title={"en": "Put ahead by", "ko": "앞당길 시간"},
        help={
            "en": "As if the customer had waited this much longer; below zero: shorter.",
            "ko": "고객이 이만큼 더 기다린 것으로 봅니다. 음수면 덜 기다린 것으로 봅니다.",
        },
        default=0,
        ge=-DAY_S,
        le=DAY_S,
    )


class SetPriority(Block[SetPriorityParams]):
    """Says how urgent the customer is, before they come to a queue: by a priority that comes before
    all lower ones, or by a head start in the same line. Say one of the two.

    ```flow
    flow example
      on error -> hang_up

    queue billing = "Billing"

    start:
      set_priority ahead: 5min
      play "We connect you."
      transfer billing
        on full -> hang_up
    ```
    """

    kind = "set_priority"
    card = Card(
        category="transfer",
        icon="up",
        title={"en": "Set the priority", "ko": "우선순위 정하기"},
        summary={
            "en": "Says how urgent the customer is in queues.",
            "ko": "대기열에서 얼마나 급한 고객인지 정합니다.",
        },
        search=("Change routing priority / age", "라우팅 우선 순위/수명 변경", "priority", "VIP"),
    )
    Params = SetPriorityParams
    flow_types = (*flow_types.BEFORE_AN_AGENT, "outbound_whisper")
    outcomes = (SUCCESS,)

    @staticmethod
    def start(params: SetPriorityParams, view: View) -> Move:
        if params.ahead:
            return Leave(settings={"ahead_s": params.ahead, "priority": USUAL_PRIORITY})
        return Leave(settings={"priority": params.priority, "ahead_s": 0})

    connect = AnyOf(
        ways=(
            (
                "ahead",
                OneAction(
                    action="UpdateContactRoutingBehavior",
                    params=(
                        Param("ahead", "QueueTimeAdjustmentSeconds", SecondsSpelled(signed=True)),
                    ),
                    errors={},
                ),
            ),
            (
                "",
                OneAction(
                    action="UpdateContactRoutingBehavior",
                    params=(Param("priority", "QueuePriority", always=True, shown=True),),
                    errors={},
                ),
            ),
        )
    )
