"""End the conversation."""

from __future__ import annotations

from blocks.common import flow_types
from flowlang.block import Block, Card, Finish, Move, View
from flowlang.effects import HangUp as HangUpEffect
from flowlang.interchange.connect.mapping import OneAction
from flowlang.parameters import Parameters


class HangUpParams(Parameters):
    """It needs nothing, so an outcome line may lead to it: `-> hang_up`."""


class HangUp(Block[HangUpParams]):
    """Ends the conversation: hangs up a call, closes a chat. It needs no step of its own, any
    outcome line can lead to it.

    ```flow
    flow example

    start:
      play "Thank you, goodbye."
      -> hang_up
    ```
    """

    kind = "hang_up"
    card = Card(
        category="transfer",
        icon="hangup",
        title={"en": "Hang up", "ko": "연결 끊기"},
        summary={
            "en": "Ends the conversation.",
            "ko": "대화를 마칩니다.",
        },
        search=("Disconnect / hang up", "연결 해제/끊기", "end", "종료", "끊기"),
    )
    Params = HangUpParams
    outcomes = ()
    ends_flow = True
    flow_types = flow_types.BEFORE_AN_AGENT

    @staticmethod
    def start(params: HangUpParams, view: View) -> Move:
        return Finish(reason="flow", effects=(HangUpEffect(reason="flow"),))

    connect = OneAction(action="DisconnectParticipant", errors={}, next="")
