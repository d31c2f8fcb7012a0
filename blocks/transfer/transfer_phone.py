"""Connect the customer to a telephone number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from blocks.common import asking, flow_types
from flowlang import expressions as ex
from flowlang.block import (
    SERIOUS,
    SUCCESS,
    Block,
    Call,
    Card,
    Finish,
    Leave,
    Move,
    Outcome,
    Ports,
    Stay,
    View,
)
from flowlang.events import Event, ServiceAnswered, ServiceRefused
from flowlang.interchange.connect.mapping import AnyOf, OneAction, Param
from flowlang.interchange.connect.values import Flag, Whole
from flowlang.parameters import OurPhone, Parameters, Phone, Seconds, Text, parameter

CALL_S_MAX = 4 * 3600.0
"""No call goes on longer; then the flow takes over again."""
_REASONS = {"failed": "failed", "timeout": "timeout"}
_OUTCOMES = (
    SUCCESS,
    Outcome(name="failed", title={"en": "no connection", "ko": "연결 실패"}),
    Outcome(name="timeout", title={"en": "no answer", "ko": "무응답"}, like="failed"),
    SERIOUS,
)


class TransferPhoneParams(Parameters):
    number: Phone = parameter(
        title={"en": "Number", "ko": "전화번호"},
        help={
            "en": "With its country code, such as +8225550100.",
            "ko": "+8225550100처럼 국가 번호까지 적습니다.",
        },
        position=0,
        min_length=1,
    )
    timeout: Seconds = parameter(
        title={"en": "Let it ring", "ko": "신호 대기 시간"},
        help={
            "en": "How long the other side has to answer.",
            "ko": "상대가 받을 때까지 기다리는 시간입니다.",
        },
        default=30,
        ge=0,
        le=600,
    )
    come_back: bool = parameter(
        title={"en": "Come back afterwards", "ko": "통화 뒤 돌아오기"},
        help={
            "en": "When the other side hangs up the flow goes on; else the call is over for us.",
            "ko": "상대가 끊으면 흐름이 이어집니다. 아니면 우리 쪽 통화는 끝납니다.",
        },
        default=True,
    )
    keys: Text = parameter(
        title={"en": "Keys to press", "ko": "누를 번호"},
        help={
            "en": "Pressed once the other side answers: digits, * and #, and a comma for a pause.",
            "ko": "상대가 받으면 누릅니다. 숫자와 *, #, 그리고 쉼표로 잠시 멈춤을 씁니다.",
        },
        default="",
        max_length=50,
        pattern=r"^[0-9*#,]*$",
    )
    caller_number: OurPhone = parameter(
        title={"en": "Number to show", "ko": "표시할 번호"},
        help={
            "en": "One of your own numbers; empty: that of the queue.",
            "ko": "보유한 번호 가운데 하나입니다. 비워 두면 대기열의 번호입니다.",
        },
        default="",
    )
    caller_name: Text = parameter(
        title={"en": "Name to show", "ko": "표시할 이름"},
        help={
            "en": "Where the network carries names.",
            "ko": "통신망이 이름을 전달할 때 표시됩니다.",
        },
        default="",
    )


_COMING_BACK = OneAction(
    action="TransferParticipantToThirdParty",
    params=(
        Param("number", "ThirdPartyPhoneNumber"),
        Param("timeout", "ThirdPartyConnectionTimeLimitSeconds", always=True),
        Param("come_back", "ContinueFlowExecution", Flag(), always=True),
        Param("keys", "ThirdPartyDTMFDigits", Whole()),
        Param("caller_number", "CallerId.Number", Whole()),
        Param("caller_name", "CallerId.Name"),
    ),
    errors={
        "CallFailed": "failed",
        "ConnectionTimeLimitExceeded": "timeout",
        "NoMatchingError": "error",
    },
)
_GOING = replace(
    _COMING_BACK,
    params=(
        *(param for param in _COMING_BACK.params if param.key != "come_back"),
        Param("come_back", "ContinueFlowExecution", Flag(yes="")),
    ),
    errors={"NoMatchingError": "error"},
    next="",
    mirrors="error",
)


class TransferPhone(Block[TransferPhoneParams]):
    """Calls somebody else and connects the customer with them: another company, a mobile phone.
    When they hang up, the flow goes on here, unless `come_back` is false. A channel that cannot
    place calls takes `error`.

    ```flow
    flow example
      on error -> hang_up

    start:
      play "We connect you to our partner."
      transfer_phone "+8225550100", timeout: 20s
        on failed -> sorry
      play "Thank you for your call."
      -> hang_up

    sorry:
      play "Nobody answers there. Please try again later."
      -> hang_up
    ```
    """

    kind = "transfer_phone"
    card = Card(
        category="transfer",
        icon="phone",
        title={"en": "To a phone number", "ko": "전화번호로 연결"},
        summary={
            "en": "Connects the customer to another number.",
            "ko": "고객을 다른 전화번호로 연결합니다.",
        },
        search=("Transfer to phone number", "전화번호로 전송", "Call phone number", "외부 전화"),
    )
    Params = TransferPhoneParams
    waits = "service"
    may_end = True
    channels = ("voice",)
    flow_types = flow_types.BEFORE_AN_AGENT
    outcomes = _OUTCOMES

    @classmethod
    def ports(cls, call: Call) -> Ports:
        """A call that never comes back has no news of how it went."""
        if _comes_back(call.arguments.get("come_back")):
            return Ports(words=_OUTCOMES)
        return Ports(words=(SERIOUS,))

    @staticmethod
    def start(params: TransferPhoneParams, view: View) -> Move:
        asked = asking.ask(
            "telephony",
            "transfer",
            timeout_s=params.timeout,
            number=params.number,
            keys=params.keys,
            caller_number=params.caller_number,
            caller_name=params.caller_name,
            come_back=params.come_back,
        )
        return replace(asked, timers={"answer": CALL_S_MAX})

    @staticmethod
    def resume(
        params: TransferPhoneParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        match event:
            case ServiceAnswered() if not params.come_back:
                return Finish(reason="transferred")
            case ServiceAnswered():
                return Leave()
            case ServiceRefused(reason=reason) if params.come_back:
                return Leave(outcome=_REASONS.get(reason, "error"))
            case _:
                return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = AnyOf(ways=(("come_back", _GOING), ("", _COMING_BACK)))


def _comes_back(value: ex.Expression | None) -> bool:
    return not (isinstance(value, ex.Literal) and value.value is False)
