"""Put somebody on hold."""

from __future__ import annotations

from typing import Literal

from blocks.common import flow_types
from flowlang.block import HARMLESS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Words
from flowlang.parameters import Parameters, parameter

_STATES = {"customer": "CustomerOnHold", "agent": "AgentOnHold", "nobody": "OffHold"}


class HoldParams(Parameters):
    who: Literal["customer", "agent", "nobody"] = parameter(
        title={"en": "Who", "ko": "대상"},
        help={
            "en": "`customer` or `agent`; `nobody` lets both talk again.",
            "ko": "고객 또는 상담원입니다. ‘없음’은 둘을 다시 통화하게 합니다.",
        },
        position=0,
    )


class Hold(Block[HoldParams]):
    """Puts one side of a call on hold in a transfer flow, so that the flow can talk with the other
    alone: the agent, say, while the customer keys in a card number. Here it is noted on the
    contact; the line itself is held where an agent stays on the call, on Amazon Connect.

    ```flow
    flow pay_by_card
      type queue_transfer
      on error -> hang_up

    start:
      hold agent
      card = collect "Please key in your card number.", digits: 16, sensitive: true
        on no_input -> back
      -> back

    back:
      hold nobody
      -> hang_up
    ```
    """

    kind = "hold"
    card = Card(
        category="transfer",
        icon="mute",
        title={"en": "Hold", "ko": "통화 보류"},
        summary={
            "en": "Puts the customer or the agent on hold.",
            "ko": "고객이나 상담사를 보류합니다.",
        },
        search=("Hold customer or agent", "고객 또는 에이전트 대기", "보류", "resume"),
    )
    Params = HoldParams
    channels = ("voice",)
    flow_types = (flow_types.INBOUND, "outbound_whisper", *flow_types.TRANSFERS)
    outcomes = (SUCCESS, HARMLESS)

    @staticmethod
    def start(params: HoldParams, view: View) -> Move:
        return Leave(settings={"hold": None if params.who == "nobody" else params.who})

    connect = OneAction(
        action="UpdatePreviousContactParticipantState",
        params=(Param("who", "PreviousContactParticipantState", Words(_STATES)),),
    )
