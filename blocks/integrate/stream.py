"""Hand the sound of a call to another system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from blocks.common import asking, flow_types
from flowlang import expressions as ex
from flowlang import types
from flowlang.block import SERIOUS, SUCCESS, Block, Call, Card, Leave, Move, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.contract import Json, ReadScope, WriteScope
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Words
from flowlang.parameters import Parameters, parameter
from flowlang.types import Type

RESULTS: Mapping[str, str] = {
    "address": "StreamARN",
    "started": "StartTimestamp",
    "stopped": "StopTimestamp",
    "fragment": "StartFragmentNumber",
}


class Directions:
    """Who is listened to, as Connect lists participants: it is always the customer."""

    def read(self, value: Json, scope: ReadScope, path: str) -> ex.Expression | None:
        match value:
            case [{"ParticipantType": "Customer", "MediaDirections": list(found), **rest}] if (
                not rest and found and set(found) <= {"From", "To"}
            ):
                words = [ex.Item(ex.Name(str(direction).lower())) for direction in found]
                return ex.ListOf(tuple(words))
            case _:
                return None

    def write(self, value: ex.Expression, scope: WriteScope, key: str) -> Json:
        items = [item.value for item in value.items] if isinstance(value, ex.ListOf) else [value]
        words = [
            str(item.value if isinstance(item, ex.Literal) else getattr(item, "root", ""))
            for item in items
        ]
        directions = [word.capitalize() for word in words]
        return [{"ParticipantType": "Customer", "MediaDirections": directions}]


class StreamParams(Parameters):
    state: Literal["on", "off"] = parameter(
        title={"en": "Stream", "ko": "전송"},
        help={
            "en": "`on` begins to hand over the sound, `off` ends it.",
            "ko": "켜면 소리를 보내기 시작하고, 끄면 멈춥니다.",
        },
        default="on",
        position=0,
    )
    directions: tuple[Literal["from", "to"], ...] = parameter(
        title={"en": "Directions", "ko": "방향"},
        help={
            "en": "What comes `from` the customer, what goes `to` them, or both.",
            "ko": "고객이 말하는 소리와 고객이 듣는 소리 가운데 보낼 것을 고릅니다.",
        },
        default=("from", "to"),
    )


class Stream(Block[StreamParams]):
    """Hands the sound of the call to another system while it goes on, for instance to one that
    writes down what is said. Where that can be fetched is read as `stream.address`. A project
    without such a system takes `error`, and so does a chat.

    ```flow
    flow example
      on error -> hang_up

    start:
      play "We write down what you say."
      stream on
        on error -> plain
      play "Please go ahead."
      stream off
      -> hang_up

    plain:
      play "Please go ahead."
      -> hang_up
    ```
    """

    kind = "stream"
    card = Card(
        category="integrate",
        icon="ear",
        title={"en": "Stream the call", "ko": "통화 소리 전송"},
        summary={
            "en": "Hands the sound of the call to another system.",
            "ko": "통화의 소리를 다른 시스템으로 보냅니다.",
        },
        search=(
            "Start media streaming",
            "Stop media streaming",
            "미디어 스트리밍 시작",
            "미디어 스트리밍 중지",
            "Kinesis",
        ),
    )
    Params = StreamParams
    slot = "stream"
    waits = "service"
    channels = ("voice",)
    outcomes = (SUCCESS, SERIOUS)
    flow_types = (*flow_types.BEFORE_AN_AGENT, *flow_types.WHISPERS)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        return dict.fromkeys(RESULTS, types.ANY)

    @staticmethod
    def start(params: StreamParams, view: View) -> Move:
        if params.state == "off":
            return asking.ask("streaming", "stop")
        return asking.ask("streaming", "start", directions=list(params.directions))

    @staticmethod
    def resume(params: StreamParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        if isinstance(event, ServiceAnswered):
            return Leave(results={name: event.value.get(name) for name in RESULTS})
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="UpdateContactMediaStreamingBehavior",
        params=(
            Param(
                "state",
                "MediaStreamingState",
                Words({"on": "Enabled", "off": "Disabled"}),
                always=True,
                shown=True,
            ),
            Param("directions", "Participants", Directions(), always=True),
        ),
        fixed={"MediaStreamType": "Audio"},
        results={name: f"MediaStreams.Customer.Audio.{theirs}" for name, theirs in RESULTS.items()},
    )
