"""Write to somebody on another channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from blocks.common import messengers
from flowlang import expressions as ex
from flowlang.block import SUCCESS, Block, Card, Leave, Move, Outcome, Stay, View, Wait
from flowlang.effects import SendMessage
from flowlang.events import Delivered, Event, TimerFired, Undeliverable
from flowlang.interchange.connect import values
from flowlang.interchange.connect.contract import ReadScope, WriteScope
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Flag
from flowlang.parameters import Parameters, Phone, Prose, Text, parameter, resource

ANSWER_S = 30.0
TEXT_MAX = 1_024
_CUSTOMER = "$.CustomerEndpoint.Address"


@dataclass(frozen=True, slots=True)
class _Receiver(values.Text):
    """Whom it is for: the customer where the step does not say."""

    def read(self, value: Any, scope: ReadScope, path: str) -> ex.Expression | None:
        return values.Text.read(self, "" if value == _CUSTOMER else value, scope, path)

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Any:
        return values.Text.write(self, value, scope, key) or _CUSTOMER


class SendMessageParams(Parameters):
    text: Prose = parameter(
        title={"en": "Text", "ko": "내용"},
        help={"en": "What the message says.", "ko": "메시지의 내용입니다."},
        position=0,
        max_length=TEXT_MAX,
        default="",
    )
    to: Phone = parameter(
        title={"en": "To", "ko": "받는 번호"},
        help={
            "en": "A phone number; left out, that of the customer.",
            "ko": "전화번호입니다. 비워 두면 고객의 번호로 보냅니다.",
        },
        default="",
    )
    channel: Literal["sms", "whatsapp"] = parameter(
        title={"en": "Channel", "ko": "채널"},
        help={
            "en": "WhatsApp needs an approved template in the project file.",
            "ko": "왓츠앱은 프로젝트 파일에 승인된 템플릿이 있어야 합니다.",
        },
        default="sms",
    )
    flow: Annotated[str, resource("flow")] = parameter(
        title={"en": "Flow for the answer", "ko": "답장을 받을 흐름"},
        help={
            "en": "In Amazon Connect, the flow that receives what is answered.",
            "ko": "Amazon Connect에서 답장을 받을 흐름입니다.",
        },
        default="",
    )
    sender: Text = parameter(
        title={"en": "From", "ko": "보내는 번호"},
        help={
            "en": "In Amazon Connect, the number that it comes from.",
            "ko": "Amazon Connect에서 보내는 번호입니다.",
        },
        default="",
    )
    related: bool = parameter(
        title={"en": "Part of this conversation", "ko": "이 상담과 연결"},
        help={
            "en": "Amazon Connect notes that the two belong together.",
            "ko": "Amazon Connect에서 두 상담을 이어진 것으로 봅니다.",
        },
        default=False,
    )


class WriteTo(Block[SendMessageParams]):
    """Writes a text message or a WhatsApp message to the customer, or to another number, while the
    conversation goes on here. Without a number that can be written to it is `undeliverable`.

    ```flow
    flow example
      on error -> hang_up

    start:
      play "We send you the address."
      send_message "Acorn Clinic, 12 Oak Street"
        on undeliverable -> tell
      -> hang_up

    tell:
      play "It is 12 Oak Street."
      -> hang_up
    ```
    """

    kind = "send_message"
    card = Card(
        category="talk",
        icon="send",
        title={"en": "Send a message", "ko": "메시지 보내기"},
        summary={
            "en": "Writes to the customer on another channel.",
            "ko": "다른 채널로 고객에게 메시지를 보냅니다.",
        },
        search=("Send message", "메시지 전송", "SMS", "문자", "WhatsApp", "outbound chat"),
    )
    Params = SendMessageParams
    waits = "service"
    outcomes = (
        SUCCESS,
        Outcome(
            name="undeliverable",
            title={"en": "undeliverable", "ko": "전달 불가"},
            unrouted="next",
        ),
    )

    @staticmethod
    def start(params: SendMessageParams, view: View) -> Move:
        address = params.to or messengers.phone_of(view.address)
        if not address or not params.text:
            return Leave(outcome="undeliverable")
        message = SendMessage(channel=params.channel, address=address, text=params.text)
        return Wait(effects=(message,), timers={"answer": ANSWER_S})

    @staticmethod
    def resume(
        params: SendMessageParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        match event:
            case Delivered():
                return Leave()
            case Undeliverable() | TimerFired():
                return Leave(outcome="undeliverable")
            case _:
                return Stay()

    connect = OneAction(
        action="StartOutboundChatContact",
        params=(
            Param("text", "InitialSystemMessage.Content"),
            Param("to", "DestinationEndpoint.Address", _Receiver(), always=True),
            Param("sender", "SourceEndpoint.Address"),
            Param("flow", "ContactFlowArn"),
            Param("related", "RelatedContact", Flag("CURRENT", "")),
        ),
        fixed={
            "SourceEndpoint.Type": "CONNECT_PHONENUMBER_ARN",
            "DestinationEndpoint.Type": "TELEPHONE_NUMBER",
            "ContactSubtype": "connect:SMS",
        },
        errors={"NoMatchingError": "undeliverable"},
    )
