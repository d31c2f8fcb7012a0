"""Let a knowledge base follow the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blocks.common import asking
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.parameters import Parameters, Text, parameter
from flowlang.types import Type


class KnowledgeParams(Parameters):
    assistant: Text = parameter(
        title={"en": "Assistant", "ko": "도우미"},
        help={
            "en": "Its name, or in Amazon Connect its ARN.",
            "ko": "도우미의 이름, Amazon Connect에서는 ARN입니다.",
        },
        position=0,
        min_length=1,
    )


class Knowledge(Block[KnowledgeParams]):
    """Lets an assistant follow the conversation and show the agent what a knowledge base has on
    it. Its session is read as `knowledge.session`, and `set_contact` hands it to the agent. A
    project without such a service takes `error`.

    ```flow
    flow example
      on error -> hang_up

    start:
      play "One moment."
      knowledge "support-articles"
        on error -> desk
      set_contact session: knowledge.session
      -> desk

    desk:
      play "Somebody will be with you."
      -> hang_up
    ```
    """

    kind = "knowledge"
    card = Card(
        category="integrate",
        icon="help",
        title={"en": "Assist the agent", "ko": "상담 도우미 연결"},
        summary={
            "en": "Shows the agent what is known about the matter.",
            "ko": "상담사에게 관련 지식을 보여 줍니다.",
        },
        search=("Amazon Q in Connect", "Wisdom", "Connect assistant", "지식", "Create session"),
    )
    Params = KnowledgeParams
    slot = "knowledge"
    waits = "service"
    outcomes = (SUCCESS, SERIOUS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return {"session": types.TEXT}

    @staticmethod
    def start(params: KnowledgeParams, view: View) -> Move:
        return asking.ask("knowledge", "begin", assistant=params.assistant)

    @staticmethod
    def resume(
        params: KnowledgeParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        if isinstance(event, ServiceAnswered):
            return Leave(results={"session": str(event.value.get("session", ""))})
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="CreateWisdomSession",
        params=(Param("assistant", "WisdomAssistantArn"),),
        results={"session": "Wisdom.SessionArn"},
    )
