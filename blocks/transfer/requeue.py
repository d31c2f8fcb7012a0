"""Move a waiting customer to another queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from blocks.common import flow_types, queueing
from flowlang.block import SERIOUS, Block, Card, Move, Outcome, View, Wait
from flowlang.events import Event
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Whole
from flowlang.parameters import Parameters, Text, parameter, resource


class RequeueParams(Parameters):
    queue: Annotated[str, resource("queue")] = parameter(
        title={"en": "Queue", "ko": "대기열"},
        help={
            "en": "Where the customer goes on waiting.",
            "ko": "고객이 옮겨 가서 기다릴 대기열입니다.",
        },
        default="",
        position=0,
    )
    agent: Text = queueing.agent_alone()


class Requeue(Block[RequeueParams]):
    """Moves a customer who is waiting in one queue to another, in a flow that runs meanwhile. The
    time already waited counts. If the other queue is `full`, the customer keeps the place in the
    old one.

    ```flow
    flow waiting
      type customer_queue
      on error -> hang_up

    queue overflow = "Overflow"

    start:
      play "We look for somebody else."
      requeue overflow
        on full -> hang_up
    ```
    """

    kind = "requeue"
    card = Card(
        category="transfer",
        icon="redo",
        title={"en": "To another queue", "ko": "다른 대기열로 옮기기"},
        summary={
            "en": "Moves a waiting customer to another queue.",
            "ko": "기다리는 고객을 다른 대기열로 옮깁니다.",
        },
        search=("Transfer to queue", "대기열로 전송", "dequeue", "overflow", "대기열 변경"),
    )
    Params = RequeueParams
    waits = "service"
    may_end = True
    flow_types = (flow_types.CUSTOMER_QUEUE,)
    outcomes = (Outcome(name="full", title={"en": "full", "ko": "만석"}), SERIOUS)

    @staticmethod
    def start(params: RequeueParams, view: View) -> Move:
        move = queueing.join(view, queueing.target(view, params.queue, params.agent))
        return replace(move, memory={"from": view.target_queue}) if isinstance(move, Wait) else move

    @staticmethod
    def resume(params: RequeueParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        queue = queueing.target(view, params.queue, params.agent)
        return queueing.settle(event, queue, before=memory["from"])

    connect = OneAction(
        action="DequeueContactAndTransferToQueue",
        params=(Param("queue", "QueueId", unless="agent"), Param("agent", "AgentId", Whole())),
        errors={"QueueAtCapacity": "full", "NoMatchingError": "error"},
        next="",
        mirrors="error",
    )
