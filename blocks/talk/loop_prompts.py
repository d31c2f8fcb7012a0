"""Keep a customer company who waits for an agent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from blocks.common import flow_types, prompting, speech
from flowlang.block import Block, Call, Card, Leave, Move, Outcome, Ports, Stay, View, Wait
from flowlang.effects import Say
from flowlang.events import Event, TimerFired
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Flag, Many
from flowlang.parameters import Parameters, Prose, Seconds, parameter

AGAIN_S = 30.0
"""How long after the messages began they begin again."""
_INTERRUPTED = Outcome(name="interrupted", title={"en": "interruption", "ko": "중단"})
_ERROR = Outcome(name="error", title={"en": "error", "ko": "오류"}, unrouted="end")


class LoopPromptsParams(Parameters):
    messages: tuple[Prose, ...] = parameter(
        title={"en": "Messages", "ko": "안내 멘트"},
        help={
            "en": "Said one after the other, over and over: texts, SSML, or declared prompts.",
            "ko": "차례로 되풀이해 들려줍니다. 문장, SSML, 선언한 멘트를 쓸 수 있습니다.",
        },
        rest=True,
        min_length=1,
        max_length=20,
    )
    interrupt: Seconds = parameter(
        title={"en": "Interrupt after", "ko": "중단 간격"},
        help={
            "en": "Leaves by `interrupted` after this time; 0: never.",
            "ko": "이 시간이 지나면 ‘중단’으로 갑니다. 0이면 끊지 않습니다.",
        },
        default=0,
        ge=0,
        le=604_800,
    )
    keep_playing: bool = parameter(
        title={"en": "Play on meanwhile", "ko": "중단 중에도 재생"},
        help={
            "en": "The messages go on while the steps behind `interrupted` run. Only on Amazon "
            "Connect.",
            "ko": "중단 뒤의 단계가 도는 동안에도 들려줍니다. Amazon Connect에서만 됩니다.",
        },
        default=False,
    )


class LoopPrompts(Block[LoopPromptsParams]):
    """Says messages over and over to a customer who waits in a queue or on hold, until an agent
    is there. With `interrupt` the flow now and then does something else, and comes back.

    ```flow
    flow waiting
      type customer_queue

    start:
      loop_prompts "All our agents are busy.", "Please stay on the line."
        interrupt: 60s
        on interrupted -> news

    news:
      play "You find answers to many questions on our web site."
      -> start
    ```
    """

    kind = "loop_prompts"
    card = Card(
        category="talk",
        icon="repeat",
        title={"en": "Keep company", "ko": "대기 멘트 반복"},
        summary={
            "en": "Repeats messages to whoever waits for an agent.",
            "ko": "상담사를 기다리는 동안 멘트를 되풀이합니다.",
        },
        search=("Loop prompts", "루프 프롬프트", "프롬프트 반복", "music", "대기 음악", "hold"),
    )
    Params = LoopPromptsParams
    waits = "customer"
    channels = ("voice",)
    flow_types = (flow_types.CUSTOMER_QUEUE, *flow_types.HOLDS)
    outcomes = (_INTERRUPTED, _ERROR)

    @classmethod
    def ports(cls, call: Call) -> Ports:
        return Ports(words=cls.outcomes if "interrupt" in call.arguments else (_ERROR,))

    @staticmethod
    def start(params: LoopPromptsParams, view: View) -> Move:
        return _round(params, view, view.now)

    @staticmethod
    def resume(
        params: LoopPromptsParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        match event:
            case TimerFired(timer="interrupt"):
                return Leave(outcome="interrupted")
            case TimerFired(timer="again"):
                return _round(params, view, datetime.fromisoformat(memory["began"]))
            case _:
                return Stay()

    connect = OneAction(
        action="MessageParticipantIteratively",
        params=(
            Param("messages", "Messages", Many(prompting.Spoken(in_list=True))),
            Param("interrupt", "InterruptFrequencySeconds"),
            Param("keep_playing", "ContinueMessagingDuringInterrupt", Flag("true", "false")),
        ),
        words={"MessagesInterrupted": "interrupted"},
        next="",
        mirrors="error",
    )


def _round(params: LoopPromptsParams, view: View, began: datetime) -> Move:
    """Say everything once, and wait for the next round or the interruption."""
    said = tuple(item for text in params.messages if (item := _said(view, text)))
    if not said:
        return Leave(outcome="error")
    timers = {"again": AGAIN_S}
    if params.interrupt:
        waited_s = (view.now - began).total_seconds()
        left_s = max(params.interrupt - waited_s, 0)
        # No round begins that the interruption would cut off at once.
        timers = {"interrupt": left_s, **(timers if left_s > AGAIN_S else {})}
    return Wait(effects=said, timers=timers, memory={"began": began.isoformat()})


def _said(view: View, text: str) -> Say | None:
    is_markup = speech.is_markup(text)
    return speech.said(view, "" if is_markup else text, text if is_markup else "")
