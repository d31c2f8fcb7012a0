"""Choose a queue for later steps."""

from __future__ import annotations

from typing import Annotated

from blocks.common import flow_types, queueing
from flowlang.block import SERIOUS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Whole
from flowlang.parameters import Parameters, Text, parameter, resource


class SetQueueParams(Parameters):
    queue: Annotated[str, resource("queue")] = parameter(
        title={"en": "Queue", "ko": "대기열"},
        help={
            "en": "What later steps mean when they name no queue.",
            "ko": "뒤의 단계가 대기열을 적지 않으면 이 대기열을 씁니다.",
        },
        default="",
        position=0,
    )
    agent: Text = queueing.agent_alone()


class SetQueue(Block[SetQueueParams]):
    """Chooses the queue that later steps mean: its hours, how busy it is, and where `transfer`
    takes the customer. Nobody is put in the queue yet.

    ```flow
    flow example
      on error -> hang_up

    queue billing = "Billing"

    start:
      set_queue billing
      play "We connect you to {queue.name}."
      transfer
        on full -> hang_up
    ```
    """

    kind = "set_queue"
    card = Card(
        category="transfer",
        icon="jump",
        title={"en": "Choose a queue", "ko": "대기열 정하기"},
        summary={
            "en": "Sets the queue that later steps mean.",
            "ko": "뒤의 단계가 쓸 대기열을 정합니다.",
        },
        search=("Set working queue", "작업 대기열 설정", "target queue", "대기열"),
    )
    Params = SetQueueParams
    outcomes = (SUCCESS, SERIOUS)
    flow_types = (flow_types.INBOUND, *flow_types.TRANSFERS)

    @staticmethod
    def start(params: SetQueueParams, view: View) -> Move:
        queue = queueing.target(view, params.queue, params.agent)
        return Leave(settings={"queue": queue}) if queue else Leave(outcome="error")

    connect = OneAction(
        action="UpdateContactTargetQueue",
        params=(Param("queue", "QueueId", unless="agent"), Param("agent", "AgentId", Whole())),
    )
