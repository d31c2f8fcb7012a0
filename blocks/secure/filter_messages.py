"""Pass the messages of a chat through a function."""

from __future__ import annotations

from typing import Annotated

from flowlang.block import SERIOUS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.parameters import Parameters, parameter, resource

_CHAT = "ChatProcessor"


class FilterMessagesParams(Parameters):
    function: Annotated[str, resource("function")] = parameter(
        title={"en": "Function", "ko": "함수"},
        help={
            "en": "Gets each message and gives back the one that the other side reads.",
            "ko": "메시지마다 받아서 상대가 읽을 메시지를 돌려주는 함수입니다.",
        },
        default="",
        position=0,
    )
    enabled: bool = parameter(
        title={"en": "Filter", "ko": "필터 사용"},
        help={
            "en": "Off stops what an earlier step began.",
            "ko": "끄면 앞에서 시작한 필터를 멈춥니다.",
        },
        default=True,
    )
    deliver_unfiltered: bool = parameter(
        title={"en": "If the function fails", "ko": "함수가 실패하면"},
        help={
            "en": "Whether the message is delivered as it was; else it is not delivered.",
            "ko": "켜면 원래 메시지를 전달하고, 끄면 전달하지 않습니다.",
        },
        default=False,
    )


class FilterMessages(Block[FilterMessagesParams]):
    """Passes what both sides of a chat write through a function before the other reads it, to take
    out card numbers or to translate. Amazon Connect does it; everywhere else the step takes
    `error`, so that nothing goes out unfiltered by mistake.

    ```flow
    flow example
      channels chat
      on error -> hang_up

    function redactor = "redact-messages"
    queue support = "Support"

    start:
      filter_messages redactor
      transfer support
        on full -> hang_up
    ```
    """

    kind = "filter_messages"
    card = Card(
        category="secure",
        icon="consent",
        title={"en": "Filter messages", "ko": "채팅 메시지 처리"},
        summary={
            "en": "Passes chat messages through a function.",
            "ko": "채팅 메시지를 함수로 걸러 전달합니다.",
        },
        search=("Set recording, analytics and processing behavior", "메시지 처리", "redact"),
    )
    Params = FilterMessagesParams
    channels = ("chat",)
    outcomes = (SUCCESS, SERIOUS)

    @staticmethod
    def start(params: FilterMessagesParams, view: View) -> Move:
        return Leave(outcome="error" if params.enabled else "next")

    connect = OneAction(
        action="UpdateContactMediaProcessing",
        params=(
            Param("function", f"{_CHAT}.LambdaProcessorARN"),
            Param("enabled", f"{_CHAT}.ProcessingEnabled", always=True),
            Param(
                "deliver_unfiltered",
                f"{_CHAT}.ChatProcessorSettings.DeliverUnprocessedMessages",
                always=True,
            ),
        ),
    )
