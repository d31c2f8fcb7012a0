"""Hand the customer over to a queue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from blocks.common import flow_types, queueing
from flowlang.block import SERIOUS, Block, Card, Move, Outcome, View
from flowlang.events import Event
from flowlang.interchange.connect.mapping import InARow, OneAction, Param, Stage
from flowlang.interchange.connect.values import Whole
from flowlang.parameters import Parameters, Text, parameter, resource


class TransferParams(Parameters):
    queue: Annotated[str, resource("queue")] = parameter(
        title={"en": "Queue", "ko": "대기열"},
        help={
            "en": "Whose agents take the conversation; left out: the queue that was set before.",
            "ko": "이 대기열의 상담사가 이어받습니다. 비워 두면 앞에서 정한 대기열입니다.",
        },
        default="",
        position=0,
    )
    agent: Text = parameter(
        title={"en": "One agent", "ko": "특정 상담사"},
        help={
            "en": "Only this agent takes the conversation, in place of a queue.",
            "ko": "대기열 대신 이 상담사만 이어받습니다.",
        },
        default="",
    )
    priority: int = parameter(
        title={"en": "Priority", "ko": "우선순위"},
        help={
            "en": "1 comes first; everybody else has 5.",
            "ko": "1이 가장 먼저입니다. 정하지 않으면 5입니다.",
        },
        default=queueing.USUAL_PRIORITY,
        ge=1,
        le=100,
    )


class Transfer(Block[TransferParams]):
    """Hands the customer over to the agents of a queue. There the customer waits, with the place
    and the priority given here, and this flow is over. Only a queue that is `full` sends the
    customer back, so say where to go then.

    ```flow
    flow example
      on error -> hang_up

    queue billing = "Billing"

    start:
      play "We connect you."
      transfer billing, priority: 1
        on full -> sorry

    sorry:
      play "All lines are taken. Please call again later."
      -> hang_up
    ```
    """

    kind = "transfer"
    card = Card(
        category="transfer",
        icon="transfer",
        title={"en": "To a queue", "ko": "상담사 연결"},
        summary={
            "en": "Puts the customer in a queue for an agent.",
            "ko": "고객을 대기열에 넣어 상담사에게 연결합니다.",
        },
        search=(
            "Transfer to queue",
            "대기열로 전송",
            "Set working queue",
            "작업 대기열 설정",
            "agent",
        ),
    )
    Params = TransferParams
    waits = "service"
    may_end = True
    flow_types = (flow_types.INBOUND, *flow_types.TRANSFERS)
    outcomes = (
        Outcome(name="full", title={"en": "full", "ko": "만석"}),
        SERIOUS,
    )

    @staticmethod
    def start(params: TransferParams, view: View) -> Move:
        queue = queueing.target(view, params.queue, params.agent)
        return queueing.join(view, queue, params.priority)

    @staticmethod
    def resume(params: TransferParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        return queueing.settle(event, queueing.target(view, params.queue, params.agent))

    connect = InARow(
        stages=(
            Stage(
                says=OneAction(
                    action="UpdateContactRoutingBehavior",
                    params=(Param("priority", "QueuePriority"),),
                    errors={},
                ),
                only_with="priority",
            ),
            Stage(
                says=OneAction(
                    action="UpdateContactTargetQueue", params=(Param("agent", "AgentId", Whole()),)
                ),
                only_with="agent",
            ),
            Stage(
                says=OneAction(
                    action="UpdateContactTargetQueue", params=(Param("queue", "QueueId"),)
                ),
                only_with="queue",
            ),
            Stage(
                says=OneAction(
                    action="TransferContactToQueue",
                    errors={"QueueAtCapacity": "full", "NoMatchingError": "error"},
                    next="",
                    mirrors="error",
                )
            ),
        )
    )
