"""Read how a queue does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from blocks.common import asking
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Whole, Words
from flowlang.parameters import Parameters, Text, parameter, resource
from flowlang.types import Type

MEASURES: Mapping[str, str] = {
    "waiting": "size",
    "longest_wait": "oldest_s",
    "estimated_wait": "estimated_wait_s",
    "online": "online",
    "available": "available",
    "staffed": "staffed",
    "busy": "busy",
    "missed": "missed",
}
"""What is read, and what the service calls it."""
TIMES = ("longest_wait", "estimated_wait")


class QueueMetricsParams(Parameters):
    queue: Annotated[str, resource("queue")] = parameter(
        title={"en": "Queue", "ko": "대기열"},
        help={
            "en": "Left out: the queue that was set before.",
            "ko": "비워 두면 앞에서 정한 대기열을 봅니다.",
        },
        default="",
        position=0,
    )
    agent: Text = parameter(
        title={"en": "Queue of one agent", "ko": "특정 상담사의 대기열"},
        help={
            "en": "Looks at who waits for this agent alone.",
            "ko": "이 상담사만 기다리는 고객을 봅니다.",
        },
        default="",
    )
    channel: Literal["any", "voice", "chat"] = parameter(
        title={"en": "Channel", "ko": "채널"},
        help={
            "en": "Amazon Connect counts only this channel.",
            "ko": "Amazon Connect에서는 이 채널만 셉니다.",
        },
        default="any",
    )


class QueueMetrics(Block[QueueMetricsParams]):
    """Reads how many wait in a queue, for how long, and how many agents there are. Later steps
    read the numbers as `metrics`; nobody waits for them longer than a moment.

    ```flow
    flow example
      on error -> hang_up

    queue billing = "Billing"

    start:
      queue_metrics billing
      play "There are {metrics.waiting} callers before you."
      transfer billing
        on full -> hang_up
    ```
    """

    kind = "queue_metrics"
    card = Card(
        category="know",
        icon="bag",
        title={"en": "Read queue metrics", "ko": "대기열 지표 읽기"},
        summary={
            "en": "Reads how many wait, for how long, and who is there.",
            "ko": "대기 인원과 시간, 상담사 수를 읽습니다.",
        },
        search=("Get queue metrics", "대기열 지표 가져오기", "Get metrics", "대기 인원", "EWT"),
    )
    Params = QueueMetricsParams
    slot = "metrics"
    waits = "service"
    outcomes = (SUCCESS, SERIOUS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        numbers = dict.fromkeys((*MEASURES, "after_work", "non_productive"), types.INTEGER)
        return {
            **numbers,
            **dict.fromkeys(TIMES, types.DURATION),
            "name": types.TEXT,
            "position": types.ANY,
        }

    @staticmethod
    def start(params: QueueMetricsParams, view: View) -> Move:
        return asking.metrics(view, params.queue, params.agent)

    @staticmethod
    def resume(
        params: QueueMetricsParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        if isinstance(event, ServiceAnswered):
            found = {ours: event.value.get(theirs) or 0 for ours, theirs in MEASURES.items()}
            about = {"name": str(event.value.get("name", "")), "after_work": 0, "non_productive": 0}
            return Leave(results={**about, **found, "position": event.value.get("position")})
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="GetMetricData",
        params=(
            Param("queue", "QueueId", unless="agent"),
            Param("agent", "AgentId", Whole()),
            Param("channel", "QueueChannel", Words({"voice": "Voice", "chat": "Chat"})),
        ),
        results={
            "name": "Metrics.Queue.Name",
            "waiting": "Metrics.Queue.Size",
            "longest_wait": "Metrics.Queue.OldestContactAge",
            "estimated_wait": "Metrics.Queue.EstimatedWaitTime",
            "online": "Metrics.Agents.Online.Count",
            "available": "Metrics.Agents.Available.Count",
            "staffed": "Metrics.Agents.Staffed.Count",
            "busy": "Metrics.Agents.Busy.Count",
            "missed": "Metrics.Agents.Missed.Count",
            "after_work": "Metrics.Agents.AfterContactWork.Count",
            "non_productive": "Metrics.Agents.NonProductive.Count",
            "position": "Metrics.Contact.PositionInQueue",
        },
    )
