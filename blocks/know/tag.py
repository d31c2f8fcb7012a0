"""Put labels on a conversation."""

from __future__ import annotations

from typing import Annotated

from flowlang.block import HARMLESS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import AnyOf, OneAction, Param
from flowlang.interchange.connect.values import Many, Pairs
from flowlang.interchange.connect.values import Text as AsText
from flowlang.parameters import Parameters, Speaks, Text, parameter
from flowlang.types import TEXT

TAGS_MAX = 6
LENGTH_MAX = 256


class TagParams(Parameters):
    tags: dict[str, Annotated[str, Speaks(TEXT)]] = parameter(
        title={"en": "Tags", "ko": "태그"},
        help={
            "en": "At most six names, each with its value.",
            "ko": "이름과 값을 여섯 개까지 적습니다.",
        },
        default_factory=dict,
        free=True,
        max_length=TAGS_MAX,
    )
    remove: tuple[Text, ...] = parameter(
        title={"en": "Remove", "ko": "뗄 태그"},
        help={
            "en": "Names of tags to take away.",
            "ko": "떼어 낼 태그의 이름입니다.",
        },
        default=(),
    )


class Tag(Block[TagParams]):
    """Puts labels on the conversation, by which it is counted and found later, or takes some
    away.

    ```flow
    flow example
      on error -> hang_up

    start:
      tag reason: "claim", product: "car"
      tag remove: ["product"]
      play "Thank you."
      -> hang_up
    ```
    """

    kind = "tag"
    card = Card(
        category="know",
        icon="clip",
        title={"en": "Tag", "ko": "태그 달기"},
        summary={
            "en": "Puts labels on the conversation.",
            "ko": "상담에 태그를 답니다.",
        },
        search=("Contact tags", "고객 응대 태그", "Tag contact", "Untag contact", "label", "분류"),
    )
    Params = TagParams
    outcomes = (SUCCESS, HARMLESS)

    @staticmethod
    def start(params: TagParams, view: View) -> Move:
        before = view.settings.get("tags") or {}
        tags = {key: value for key, value in before.items() if key not in params.remove}
        tags |= params.tags
        texts = (*tags, *tags.values())
        if len(tags) > TAGS_MAX or any(not text or len(text) > LENGTH_MAX for text in texts):
            return Leave(outcome="error")
        return Leave(settings={"tags": tags})

    connect = AnyOf(
        ways=(
            (
                "remove",
                OneAction(
                    action="UntagContact", params=(Param("remove", "TagKeys", Many(AsText())),)
                ),
            ),
            ("", OneAction(action="TagContact", params=(Param("tags", "Tags", Pairs()),))),
        )
    )
