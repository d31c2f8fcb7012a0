"""Place the call that an agent has begun."""

from __future__ import annotations

from flowlang.block import SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Whole
from flowlang.parameters import OurPhone, Parameters, parameter


class CompleteCallParams(Parameters):
    caller_number: OurPhone = parameter(
        title={"en": "Number to show", "ko": "표시할 번호"},
        help={
            "en": "One of your own numbers; empty: that of the queue.",
            "ko": "보유한 번호 가운데 하나입니다. 비워 두면 대기열의 번호입니다.",
        },
        default="",
    )


class CompleteCall(Block[CompleteCallParams]):
    """Places the call that an agent has begun, in the whisper that runs before: whatever stands in
    front of it happens before the customer's telephone rings. Without it the first step that the
    customer would hear places the call.

    ```flow
    flow before_we_call
      type outbound_whisper

    start:
      log on
      complete_call caller_number: "+8225550100"
      play "This call is recorded."
      -> end_flow
    ```
    """

    kind = "complete_call"
    card = Card(
        category="transfer",
        icon="send",
        title={"en": "Place the call", "ko": "발신 통화 걸기"},
        summary={
            "en": "Rings the customer whom an agent calls.",
            "ko": "상담사가 시작한 통화를 고객에게 겁니다.",
        },
        search=("Call phone number", "전화 번호로 전화", "outbound", "발신"),
    )
    Params = CompleteCallParams
    channels = ("voice",)
    elsewhere = "next"
    flow_types = ("outbound_whisper",)
    outcomes = (SUCCESS,)

    @staticmethod
    def start(params: CompleteCallParams, view: View) -> Move:
        return Leave(settings={"caller_number": params.caller_number or None})

    connect = OneAction(
        action="CompleteOutboundCall",
        params=(Param("caller_number", "CallerId.Number", Whole()),),
        errors={},
    )
