"""Let time pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from blocks.common import flow_types
from flowlang import expressions as ex
from flowlang.block import (
    HARMLESS,
    Block,
    Call,
    Card,
    Leave,
    Move,
    Outcome,
    Ports,
    Stay,
    View,
    Wait,
)
from flowlang.events import Event, Heard, TimerFired
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Many, Words
from flowlang.parameters import Parameters, Seconds, parameter

_TIMER = "time"
_EVENTS = {"customer_returned": "CustomerReturned", "bot_left": "BotParticipantDisconnected"}
_OUTCOMES = (
    Outcome(name="next", title={"en": "time is up", "ko": "시간 종료"}, unrouted="next"),
    Outcome(name="customer_returned", title={"en": "customer is back", "ko": "고객 돌아옴"}),
    Outcome(name="bot_left", title={"en": "bot has left", "ko": "챗봇 나감"}),
    HARMLESS,
    Outcome(name="no_bot", title={"en": "no bot there", "ko": "챗봇 없음"}, like="error"),
)


class WaitParams(Parameters):
    time: Seconds = parameter(
        title={"en": "How long", "ko": "대기 시간"},
        help={
            "en": "Such as 20s or 8h; a week at most.",
            "ko": "20s나 8h처럼 적습니다. 최대 일주일입니다.",
        },
        position=0,
        gt=0,
        le=604_800,
    )
    until: tuple[Literal["customer_returned", "bot_left"], ...] = parameter(
        title={"en": "Or sooner, when", "ko": "더 일찍 끝나는 때"},
        help={
            "en": "What ends the wait before its time; each has an outcome of its own.",
            "ko": "시간이 되기 전에 대기를 끝내는 일입니다. 저마다 결과가 있습니다.",
        },
        default=(),
        max_length=2,
    )


class WaitBlock(Block[WaitParams]):
    """Lets time pass before the flow goes on. What the customer says meanwhile is kept for the
    next question, or ends the wait with `until: customer_returned`.

    ```flow
    flow example

    start:
      play "Please look for your order number."
      wait 20s
      play "Thank you for waiting."
      -> hang_up
    ```
    """

    kind = "wait"
    card = Card(
        category="talk",
        icon="pause",
        title={"en": "Wait", "ko": "기다리기"},
        summary={
            "en": "Lets time pass, or waits for the customer to come back.",
            "ko": "시간을 두거나 고객이 돌아오기를 기다립니다.",
        },
        search=("Wait", "대기", "pause", "delay", "지연"),
    )
    Params = WaitParams
    waits = "customer"
    flow_types = (flow_types.INBOUND, flow_types.CUSTOMER_QUEUE, *flow_types.TRANSFERS)
    outcomes = _OUTCOMES

    @classmethod
    def ports(cls, call: Call) -> Ports:
        events = _said(call.arguments.get("until"))
        known = {"next", "error", *events, *(("no_bot",) if "bot_left" in events else ())}
        return Ports(words=tuple(item for item in _OUTCOMES if item.name in known))

    @staticmethod
    def start(params: WaitParams, view: View) -> Move:
        return Wait(timers={_TIMER: params.time})

    @staticmethod
    def resume(params: WaitParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        match event:
            case TimerFired(timer=timer) if timer == _TIMER:
                return Leave()
            case Heard() if "customer_returned" in params.until:
                return Leave(outcome="customer_returned")
            case _:
                return Stay()

    connect = OneAction(
        action="Wait",
        params=(
            Param("time", "TimeLimitSeconds"),
            Param("until", "Events", Many(Words(_EVENTS))),
        ),
        words={"WaitCompleted": "next", **{theirs: ours for ours, theirs in _EVENTS.items()}},
        errors={"NoMatchingError": "error", "ParticipantNotFound": "no_bot"},
        next="",
        mirrors="error",
    )


def _said(value: ex.Expression | None) -> tuple[str, ...]:
    items = tuple(item.value for item in value.items) if isinstance(value, ex.ListOf) else (value,)
    return tuple(
        str(getattr(item, "root", None) or getattr(item, "value", "")) for item in items if item
    )
