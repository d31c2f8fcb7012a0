"""Whether anybody is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from blocks.common import asking, flow_types
from flowlang.block import SERIOUS, Block, Card, Leave, Move, Outcome, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Whole, Words
from flowlang.parameters import Parameters, Text, parameter, resource

_METRICS = {
    "available": "NumberOfAgentsAvailable",
    "staffed": "NumberOfAgentsStaffed",
    "online": "NumberOfAgentsOnline",
}


class CheckStaffingParams(Parameters):
    queue: Annotated[str, resource("queue")] = parameter(
        title={"en": "Queue", "ko": "대기열"},
        help={
            "en": "Left out: the queue that was set before.",
            "ko": "비워 두면 앞에서 정한 대기열을 봅니다.",
        },
        default="",
        position=0,
    )
    agents: Literal["available", "staffed", "online"] = parameter(
        title={"en": "Agents who are", "ko": "상담사 상태"},
        help={
            "en": "`available` are free now, `staffed` also busy, `online` also on a break.",
            "ko": "‘상담 가능’은 지금 비어 있는 사람만, ‘근무 중’은 통화 중인 사람도, "
            "‘접속 중’은 쉬는 사람도 셉니다.",
        },
        default="staffed",
    )
    agent: Text = parameter(
        title={"en": "One agent", "ko": "특정 상담사"},
        help={
            "en": "Looks at this agent alone.",
            "ko": "이 상담사 한 명만 봅니다.",
        },
        default="",
    )


class CheckStaffing(Block[CheckStaffingParams]):
    """Asks whether there is anybody in a queue before the customer is sent there. If somebody is,
    the flow goes on; `nobody` says where to go if not.

    ```flow
    flow example
      on error -> hang_up

    queue billing = "Billing"

    start:
      play "One moment."
      check_staffing billing, agents: available
        on nobody -> busy
      transfer billing
        on full -> busy

    busy:
      play "Everybody is busy. Please call again later."
      -> hang_up
    ```
    """

    kind = "check_staffing"
    card = Card(
        category="decide",
        icon="user",
        title={"en": "Check staffing", "ko": "상담사 확인"},
        summary={
            "en": "Goes on if agents are there, elsewhere if nobody is.",
            "ko": "상담사가 있으면 이어 가고, 없으면 다른 곳으로 보냅니다.",
        },
        search=("Check staffing", "인력 확인", "agents available", "상담사"),
    )
    Params = CheckStaffingParams
    waits = "service"
    flow_types = flow_types.BEFORE_AN_AGENT
    outcomes = (
        Outcome(name="next", title={"en": "somebody there", "ko": "있음"}, unrouted="next"),
        Outcome(name="nobody", title={"en": "nobody", "ko": "없음"}),
        SERIOUS,
    )

    @staticmethod
    def start(params: CheckStaffingParams, view: View) -> Move:
        return asking.metrics(view, params.queue, params.agent)

    @staticmethod
    def resume(
        params: CheckStaffingParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        if isinstance(event, ServiceAnswered):
            return Leave(outcome="next" if event.value.get(params.agents) else "nobody")
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="CheckMetricData",
        params=(
            Param("agents", "MetricType", Words(_METRICS), always=True, shown=True),
            Param("queue", "QueueId", unless="agent"),
            Param("agent", "AgentId", Whole()),
        ),
        operator="NumberGreaterThan",
        words={"0": "next"},
        errors={"NoMatchingCondition": "nobody", "NoMatchingError": "error"},
        next="",
        mirrors="error",
    )
