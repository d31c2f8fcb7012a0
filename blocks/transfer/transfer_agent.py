"""Hand the customer over to the agent who was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import flow_types, queueing
from flowlang.block import Block, Card, Leave, Move, View
from flowlang.events import Event
from flowlang.interchange.connect.mapping import OneAction
from flowlang.parameters import Parameters


class TransferAgentParams(Parameters):
    """It needs nothing: the agent was chosen by whoever transferred, or by `set_queue`."""


class TransferAgent(Block[TransferAgentParams]):
    """Hands the customer over to the agent who was chosen before, and this flow is over. It
    stands at the end of a transfer flow; in other flows `transfer agent: …` does the same. If the
    agent cannot be asked, the flow's `on error` goes on.

    ```flow
    flow to_agent
      type agent_transfer
      on error -> sorry

    start:
      set_queue agent: "minji"
      play "We connect you."
      -> transfer_agent

    sorry:
      play "Nobody can be reached."
      -> hang_up
    ```
    """

    kind = "transfer_agent"
    card = Card(
        category="transfer",
        icon="user",
        title={"en": "To the agent", "ko": "정한 상담사 연결"},
        summary={
            "en": "Connects the customer to the chosen agent.",
            "ko": "앞에서 정한 상담사에게 고객을 연결합니다.",
        },
        search=("Transfer to agent", "에이전트로 전송", "상담원에게 전송", "quick connect"),
    )
    Params = TransferAgentParams
    outcomes = ()
    waits = "service"
    ends_flow = True
    flow_types = flow_types.TRANSFERS

    @staticmethod
    def start(params: TransferAgentParams, view: View) -> Move:
        return queueing.join(view, view.target_queue)

    @staticmethod
    def resume(
        params: TransferAgentParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        move = queueing.settle(event, view.target_queue)
        # Nothing follows it here: whoever cannot be connected is the flow's `on error`.
        return Leave(outcome="error") if isinstance(move, Leave) else move

    connect = OneAction(action="TransferContactToAgent", errors={}, next="")
