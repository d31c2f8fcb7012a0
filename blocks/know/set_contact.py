"""Say what a conversation is about."""

from __future__ import annotations

from typing import Any

from flowlang.block import HARMLESS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Data
from flowlang.parameters import Anything, Parameters, Prose, Text, parameter


class SetContactParams(Parameters):
    name: Text = parameter(
        title={"en": "Name", "ko": "이름"},
        help={"en": "What agents see it called.", "ko": "상담사에게 보이는 이름입니다."},
        default="",
        max_length=512,
    )
    description: Prose = parameter(
        title={"en": "Description", "ko": "설명"},
        help={"en": "What agents read about it.", "ko": "상담사가 읽는 설명입니다."},
        default="",
        max_length=4096,
    )
    language: Text = parameter(
        title={"en": "Language", "ko": "언어"},
        help={
            "en": "From here on, such as en-US: prompts and bots follow it.",
            "ko": "여기서부터 쓸 언어입니다. en-US처럼 적으며 안내와 챗봇이 따릅니다.",
        },
        default="",
    )
    customer_id: Text = parameter(
        title={"en": "Customer", "ko": "고객 번호"},
        help={
            "en": "Who the customer is in a system of yours.",
            "ko": "다른 시스템에서 쓰는 고객 번호입니다.",
        },
        default="",
    )
    references: Anything = parameter(
        title={"en": "References", "ko": "참고 자료"},
        help={
            "en": "Names with links or other values for the agent.",
            "ko": "상담사가 볼 링크나 값을 이름과 함께 적습니다.",
        },
        default=None,
    )
    session: Text = parameter(
        title={"en": "Assistant's session", "ko": "상담 도우미 세션"},
        help={
            "en": "What `knowledge` gave, for the agent's assistant.",
            "ko": "knowledge 단계가 준 값으로, 상담 도우미가 씁니다.",
        },
        default="",
    )


class SetContact(Block[SetContactParams]):
    """Notes what agents and later steps shall know of this conversation: its name, what it is
    about, who the customer is, in which language to go on. What is left out stays as it is.

    ```flow
    flow example
      on error -> hang_up

    start:
      set_contact name: "Claim", customer_id: "C-1001"
      play "We found your claim."
      -> hang_up
    ```
    """

    kind = "set_contact"
    card = Card(
        category="know",
        icon="pen",
        title={"en": "Describe the contact", "ko": "고객 응대 정보 정하기"},
        summary={
            "en": "Notes what the conversation is about.",
            "ko": "상담의 이름, 설명, 고객 번호, 언어를 정합니다.",
        },
        search=("Set contact data", "고객 응대 데이터 설정", "name", "language", "고객 번호"),
    )
    Params = SetContactParams
    outcomes = (SUCCESS, HARMLESS)

    @staticmethod
    def start(params: SetContactParams, view: View) -> Move:
        given: dict[str, Any] = {
            key: value for key, value in params.model_dump().items() if value not in ("", None)
        }
        return Leave(settings=given) if given else Leave(outcome="error")

    connect = OneAction(
        action="UpdateContactData",
        params=(
            Param("name", "Name"),
            Param("description", "Description"),
            Param("language", "LanguageCode"),
            Param("customer_id", "CustomerId"),
            Param("references", "References", Data()),
            Param("session", "WisdomSessionArn"),
        ),
        variants={"TargetContact": (None, "Current")},
    )
