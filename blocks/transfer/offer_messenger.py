"""Offer to go on in a messenger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from blocks.common import answers, inviting, messengers
from flowlang.block import SERIOUS, Block, Card, Leave, Move, Outcome, Stay, View, Wait
from flowlang.effects import Invite, Say
from flowlang.events import Delivered, Event, Heard, TimerFired, Undeliverable
from flowlang.parameters import Parameters, Phone, Prose, Seconds, parameter, resource

DELIVERY_S = 60.0
"""How long the invitation may take before it counts as undeliverable."""
QUESTIONS_MAX = 2

MessengerName = Literal[
    "whatsapp", "sms", "messenger", "telegram", "line", "x", "kakao", "chat"
]  # fmt: skip


class OfferMessengerParams(Parameters):
    text: Prose = parameter(
        title={"en": "The offer", "ko": "제안하는 말"},
        help={
            "en": "The choices are read or shown behind it.",
            "ko": "선택지는 이 말 뒤에 이어서 안내됩니다.",
        },
        position=0,
        max_length=6000,
    )
    channels: tuple[MessengerName, ...] = parameter(
        title={"en": "Messengers", "ko": "메신저"},
        help={"en": "Offered in this order.", "ko": "적은 순서대로 제안합니다."},
        default=("sms",),
        min_length=1,
        max_length=8,
    )
    timeout: Seconds = parameter(
        title={"en": "Wait for an answer", "ko": "응답 대기 시간"},
        help={
            "en": "How long a caller may stay silent.",
            "ko": "통화에서 응답을 기다리는 시간입니다.",
        },
        default=10,
        gt=0,
        le=180,
    )
    number: Phone = parameter(
        title={"en": "Send to", "ko": "받을 번호"},
        help={
            "en": "Who gets the link by text message; the caller's own number if nothing is said.",
            "ko": "링크를 받을 번호입니다. 비워 두면 발신 번호로 보냅니다.",
        },
        default="",
    )
    message: Prose = parameter(
        title={"en": "The invitation", "ko": "초대 메시지"},
        help={
            "en": "Stands before the link in the message.",
            "ko": "메시지에서 링크 앞에 놓이는 말입니다.",
        },
        default="",
        max_length=1000,
    )
    queue: Annotated[str, resource("queue")] = parameter(
        title={"en": "Go on in queue", "ko": "이어질 대기열"},
        help={
            "en": "Where the conversation goes on; else the queue that was tried last.",
            "ko": "대화가 이어질 대기열입니다. 비워 두면 마지막으로 시도한 대기열입니다.",
        },
        default="",
    )
    valid: Seconds = parameter(
        title={"en": "Link is valid for", "ko": "링크 유효 시간"},
        help={"en": "It works once, and no longer than this.", "ko": "한 번만 쓸 수 있습니다."},
        default=86_400,
        gt=0,
        le=604_800,
    )


class OfferMessenger(Block[OfferMessengerParams]):
    """Offers a customer who waits, or would wait, to go on in a messenger. Whoever accepts gets a
    one-time link; behind it the conversation goes on with everything that is known, at the same
    place in the queue.

    ```flow
    flow example
      on error -> hang_up

    queue support = "Support"

    start:
      transfer support
        on full -> deflect

    deflect:
      offer_messenger "All lines are busy. Shall we go on in writing?", channels: [whatsapp, sms]
        on accepted -> hang_up
        on declined, undeliverable, timeout -> sorry

    sorry:
      play "Please try again later."
      -> hang_up
    ```
    """

    kind = "offer_messenger"
    card = Card(
        category="transfer",
        icon="messenger",
        title={"en": "Offer messenger", "ko": "메신저로 이어 가기"},
        summary={
            "en": "Sends a one-time link to go on in a messenger.",
            "ko": "메신저에서 이어 갈 수 있는 일회용 링크를 보냅니다.",
        },
        search=("deflection", "디플렉션", "WhatsApp", "왓츠앱", "SMS", "문자", "카카오톡", "chat"),
    )
    Params = OfferMessengerParams
    waits = "customer"
    at_once = ("error", "undeliverable")
    outcomes = (
        Outcome(name="accepted", title={"en": "accepted", "ko": "수락"}),
        Outcome(name="declined", title={"en": "declined", "ko": "거절"}),
        Outcome(name="undeliverable", title={"en": "could not be sent", "ko": "전송 실패"}),
        Outcome(name="timeout", title={"en": "no answer", "ko": "무응답"}),
        SERIOUS,
    )

    @staticmethod
    def start(params: OfferMessengerParams, view: View) -> Move:
        if view.channel.medium == "voice" and not (params.number or view.address):
            return Leave(outcome="undeliverable")
        return _ask(params, view, asked=1)

    @staticmethod
    def resume(
        params: OfferMessengerParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        if memory["stage"] == "choice":
            if isinstance(event, Heard):
                return _chosen(params, view, event.text, asked=memory["asked"])
            return Leave(outcome="timeout") if answers.is_silence(event) else Stay()
        match event:
            case Delivered(link=""):
                return Leave(outcome="accepted")
            case Delivered(link=link):
                shown = messengers.words(view.language).link.format(link=link)
                return Leave(outcome="accepted", effects=(Say(text=shown, language=view.language),))
            case Undeliverable() | TimerFired():
                return Leave(outcome="undeliverable")
            case _:
                return Stay()

    connect = inviting.Inviting()


def _ask(params: OfferMessengerParams, view: View, *, asked: int) -> Move:
    words = messengers.words(view.language)
    voice = view.channel.medium == "voice"
    choices = () if voice else (*(words.names[name] for name in params.channels), words.no)
    text = f"{params.text} {messengers.spoken_choices(words, params.channels)}"
    return Wait(
        effects=answers.prompt(
            view,
            text if voice else params.text,
            choices=choices,
            digits_max=1,
            timeout_s=params.timeout,
        ),
        timers=answers.silence_timer(view, params.timeout),
        memory={"stage": "choice", "asked": asked},
    )


def _chosen(params: OfferMessengerParams, view: View, answer: str, *, asked: int) -> Move:
    choice = messengers.understand(answer, params.channels)
    if choice == "no":
        return Leave(outcome="declined")
    if choice is None:
        return (
            _ask(params, view, asked=asked + 1)
            if asked < QUESTIONS_MAX
            else Leave(outcome="declined")
        )
    words = messengers.words(view.language)
    return Wait(
        effects=(
            Invite(
                channel=choice,
                address=params.number or messengers.phone_of(view.address),
                text=params.message or words.invitation,
                queue=params.queue or view.target_queue,
                valid_s=params.valid,
            ),
        ),
        timers={"delivery": DELIVERY_S},
        memory={"stage": "invited"},
    )
