"""Promise to call back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from blocks.common import asking, flow_types, queueing
from flowlang.block import SERIOUS, SUCCESS, Block, Card, Leave, Move, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Whole
from flowlang.parameters import OurPhone, Parameters, Seconds, Text, parameter, resource

_NAMES = {"ko": "콜백 {number}", "en": "Call back {number}"}


class CallbackParams(Parameters):
    queue: Annotated[str, resource("queue")] = parameter(
        title={"en": "Queue", "ko": "대기열"},
        help={
            "en": "Whose agents call back; left out: the queue that was set before.",
            "ko": "이 대기열의 상담사가 전화합니다. 비워 두면 앞에서 정한 대기열입니다.",
        },
        default="",
        position=0,
    )
    agent: Text = parameter(
        title={"en": "One agent", "ko": "특정 상담사"},
        help={
            "en": "Only this agent calls back, in place of a queue.",
            "ko": "대기열 대신 이 상담사만 전화합니다.",
        },
        default="",
    )
    delay: Seconds = parameter(
        title={"en": "Not before", "ko": "첫 통화까지"},
        help={
            "en": "How long to wait before the first call.",
            "ko": "첫 통화를 걸기까지 기다리는 시간입니다.",
        },
        default=5,
        ge=0,
        le=259_200,
    )
    retry_after: Seconds = parameter(
        title={"en": "Between calls", "ko": "다시 걸 때까지"},
        help={
            "en": "How long to wait before calling somebody again who did not answer.",
            "ko": "받지 않으면 다시 걸기까지 기다리는 시간입니다.",
        },
        default=600,
        ge=1,
        le=259_200,
    )
    attempts: int = parameter(
        title={"en": "Calls at most", "ko": "최대 횟수"},
        help={
            "en": "How often to try.",
            "ko": "최대 몇 번 걸지 정합니다.",
        },
        default=1,
        ge=1,
        le=100,
    )
    flow: Annotated[str, resource("flow")] = parameter(
        title={"en": "Flow of the callback", "ko": "콜백의 흐름"},
        help={
            "en": "Begins at once and decides when to call. Only on Amazon Connect.",
            "ko": "바로 시작해 언제 전화할지 정합니다. Amazon Connect에서만 됩니다.",
        },
        default="",
    )
    caller_number: OurPhone = parameter(
        title={"en": "Number to show", "ko": "표시할 번호"},
        help={
            "en": "One of your own numbers; empty: that of the queue.",
            "ko": "보유한 번호 가운데 하나입니다. 비워 두면 대기열의 번호입니다.",
        },
        default="",
    )


class Callback(Block[CallbackParams]):
    """Puts a call to the customer on the list of a queue, so that nobody has to wait on the line:
    at the number of `set_callback_number`, else the one they call from. The flow goes on and can
    say goodbye. Here the call is a task of the queue, which an agent takes and dials.

    ```flow
    flow example
      on error -> hang_up

    queue billing = "Billing"

    start:
      play "We call you back as soon as somebody is free."
      callback billing, delay: 30s
      play "Goodbye."
      -> hang_up
    ```
    """

    kind = "callback"
    card = Card(
        category="transfer",
        icon="callback",
        title={"en": "Call back later", "ko": "콜백 예약"},
        summary={
            "en": "Has an agent call the customer back.",
            "ko": "상담사가 나중에 고객에게 전화하게 합니다.",
        },
        search=("Transfer to queue", "Create callback", "콜백 생성", "콜백 대기열로 전송"),
    )
    Params = CallbackParams
    waits = "service"
    channels = ("voice",)
    flow_types = flow_types.BEFORE_AN_AGENT
    outcomes = (SUCCESS, SERIOUS)

    @staticmethod
    def start(params: CallbackParams, view: View) -> Move:
        number = view.settings.get("callback_number") or view.address
        queue = queueing.target(view, params.queue, params.agent)
        if not number or not queue or params.flow:
            return Leave(outcome="error")
        name = _NAMES.get(view.language.partition("-")[0], _NAMES["en"])
        return asking.ask(
            "tasks",
            "create",
            name=name.format(number=number),
            queue=queue,
            delay_s=params.delay,
            references={
                "callback_number": number,
                "caller_number": params.caller_number,
                "attempts": params.attempts,
                "retry_after_s": params.retry_after,
            },
        )

    @staticmethod
    def resume(params: CallbackParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        if isinstance(event, ServiceAnswered):
            return Leave()
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="CreateCallbackContact",
        params=(
            Param("queue", "QueueId", unless="agent"),
            Param("agent", "AgentId", Whole()),
            Param("delay", "InitialCallDelaySeconds", always=True),
            Param("retry_after", "RetryDelaySeconds", always=True),
            Param("attempts", "MaximumConnectionAttempts", always=True),
            Param("flow", "ContactFlowId"),
            Param("caller_number", "CallerId.Number", Whole()),
        ),
    )
