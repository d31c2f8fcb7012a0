"""How busy a queue is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from blocks.common import asking, flow_types
from flowlang import types
from flowlang.block import SERIOUS, Block, Call, Card, Leave, Move, Ports, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import AnyOf, OneAction, Param
from flowlang.interchange.connect.values import Seconds, Whole, Words
from flowlang.parameters import Parameters, Text, parameter, resource


class CheckQueueParams(Parameters):
    queue: Annotated[str, resource("queue")] = parameter(
        title={"en": "Queue", "ko": "대기열"},
        help={
            "en": "Left out: the queue that was set before.",
            "ko": "비워 두면 앞에서 정한 대기열을 봅니다.",
        },
        default="",
        position=0,
    )
    measure: Literal["waiting", "longest_wait"] = parameter(
        title={"en": "What to look at", "ko": "확인할 것"},
        help={
            "en": "How many are `waiting`, or the `longest_wait` of them, such as 5min.",
            "ko": "기다리는 고객 수, 또는 가장 오래 기다린 시간입니다.",
        },
        default="waiting",
    )
    agent: Text = parameter(
        title={"en": "Queue of one agent", "ko": "특정 상담사의 대기열"},
        help={
            "en": "Looks at who waits for this agent alone.",
            "ko": "이 상담사만 기다리는 고객을 봅니다.",
        },
        default="",
    )


_WAITING = OneAction(
    action="CheckMetricData",
    params=(
        Param("measure", "MetricType", Words({"waiting": "NumberOfContactsInQueue"}), always=True),
        Param("queue", "QueueId", unless="agent"),
        Param("agent", "AgentId", Whole()),
    ),
    values=True,
    errors={"NoMatchingCondition": "otherwise", "NoMatchingError": "error"},
    next="",
    mirrors="error",
)
_LONGEST_WAIT = replace(
    _WAITING,
    params=(
        Param("measure", "MetricType", Words({"longest_wait": "OldestContactInQueueAgeSeconds"})),
        *_WAITING.params[1:],
    ),
    operands=Seconds(per_second=1000),
)


class CheckQueue(Block[CheckQueueParams]):
    """Looks at a queue before the customer is sent there: how many are waiting, or for how long
    the first of them has been. Its outcome lines compare that, from the top.

    ```flow
    flow example
      on error -> hang_up

    queue billing = "Billing"

    start:
      play "One moment."
      check_queue billing, measure: longest_wait
        on > 10min -> busy
        otherwise -> desk

    desk:
      transfer billing
        on full -> busy

    busy:
      play "Everybody is busy. Please call again later."
      -> hang_up
    ```
    """

    kind = "check_queue"
    card = Card(
        category="decide",
        icon="bag",
        title={"en": "Check a queue", "ko": "대기열 확인"},
        summary={
            "en": "Chooses the way by how busy a queue is.",
            "ko": "대기열이 얼마나 밀렸는지에 따라 갈 곳을 정합니다.",
        },
        search=("Check queue status", "대기열 상태 확인", "waiting", "대기 인원", "대기 시간"),
    )
    Params = CheckQueueParams
    waits = "service"
    flow_types = flow_types.BEFORE_AN_AGENT
    outcomes = (SERIOUS,)

    @classmethod
    def ports(cls, call: Call) -> Ports:
        is_time = getattr(call.arguments.get("measure"), "root", "") == "longest_wait"
        return Ports(
            words=cls.outcomes,
            values=types.DURATION if is_time else types.INTEGER,
            conditions=True,
            exhaustive=True,
            measured=True,
        )

    @staticmethod
    def start(params: CheckQueueParams, view: View) -> Move:
        return asking.metrics(view, params.queue, params.agent)

    @staticmethod
    def resume(
        params: CheckQueueParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        if isinstance(event, ServiceAnswered):
            found = event.value.get("oldest_s" if params.measure == "longest_wait" else "size")
            if isinstance(found, (int, float)):
                return Leave(outcome="otherwise", value=found)
            return Leave(outcome="error")
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = AnyOf(ways=(("measure", _LONGEST_WAIT), ("", _WAITING)))
