"""Go on with an earlier chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from blocks.common import asking
from flowlang.block import HARMLESS, SUCCESS, Block, Card, Leave, Move, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Words
from flowlang.parameters import Parameters, Text, parameter


class ContinueChatParams(Parameters):
    source: Text = parameter(
        title={"en": "Earlier conversation", "ko": "이전 상담"},
        help={
            "en": "Its id, from a profile or from whoever began this chat.",
            "ko": "프로필이나 이 채팅을 시작한 쪽에서 받은 상담의 id입니다.",
        },
        position=0,
    )
    take: Literal["everything", "last_part"] = parameter(
        title={"en": "Take over", "ko": "가져올 범위"},
        help={
            "en": "`everything` that was ever said, or from that conversation on.",
            "ko": "지금까지의 모든 대화, 또는 그 상담부터입니다.",
        },
        default="everything",
    )


class ContinueChat(Block[ContinueChatParams]):
    """Makes this chat the continuation of an earlier one: agents see what was said there.

    ```flow
    flow example
      on error -> hang_up

    attribute earlier: text = "contact-4711"

    start:
      play "Welcome back."
      continue_chat earlier
      play "Let us go on."
      -> hang_up
    ```
    """

    kind = "continue_chat"
    card = Card(
        category="know",
        icon="undo",
        title={"en": "Continue a chat", "ko": "이전 채팅 잇기"},
        summary={
            "en": "Joins this chat to an earlier one.",
            "ko": "이 채팅을 이전 채팅과 잇습니다.",
        },
        search=(
            "Create persistent contact association",
            "영구 고객 응대 연결 생성",
            "persistent chat",
        ),
    )
    Params = ContinueChatParams
    waits = "service"
    channels = ("chat",)
    outcomes = (SUCCESS, HARMLESS)

    @staticmethod
    def start(params: ContinueChatParams, view: View) -> Move:
        return asking.ask("history", "join", contact=params.source, take=params.take)

    @staticmethod
    def resume(
        params: ContinueChatParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        if isinstance(event, ServiceAnswered):
            return Leave(settings={"earlier": params.source})
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="CreatePersistentContactAssociation",
        params=(
            Param("source", "SourceContactId"),
            Param(
                "take",
                "RehydrationType",
                Words({"everything": "ENTIRE_PAST_SESSION", "last_part": "FROM_SEGMENT"}),
                always=True,
            ),
        ),
    )
