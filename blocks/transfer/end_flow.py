"""End this flow, and nothing but this flow."""

from __future__ import annotations

from blocks.common import flow_types
from flowlang.block import Block, Card, Move, Return, View
from flowlang.interchange.connect.mapping import OneAction
from flowlang.parameters import Parameters


class EndFlowParams(Parameters):
    """It needs nothing, so an outcome line may lead to it: `-> end_flow`."""


class EndFlow(Block[EndFlowParams]):
    """Ends a flow that accompanies the customer: one for the queue, a whisper, an outbound call.
    The customer stays where they are, waits on or is connected. `hang_up` would end the
    conversation itself.

    ```flow
    flow example
      type customer_whisper

    start:
      play "Your call may be recorded."
      -> end_flow
    ```
    """

    kind = "end_flow"
    card = Card(
        category="transfer",
        icon="check",
        title={"en": "End this flow", "ko": "흐름 마치기"},
        summary={
            "en": "Ends this flow; the customer waits on or is connected.",
            "ko": "이 흐름만 마치고 고객은 계속 기다리거나 연결됩니다.",
        },
        search=("End flow / Resume", "흐름 종료/재개", "resume", "재개"),
    )
    Params = EndFlowParams
    outcomes = ()
    ends_flow = True
    flow_types = (flow_types.CUSTOMER_QUEUE, *flow_types.WHISPERS, *flow_types.HOLDS)

    @staticmethod
    def start(params: EndFlowParams, view: View) -> Move:
        return Return()

    connect = OneAction(action="EndFlowExecution", errors={}, next="")
