"""Show something to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from blocks.common import answers
from flowlang import types
from flowlang.block import SERIOUS, Block, Call, Card, Leave, Move, Outcome, Ports, Stay, View, Wait
from flowlang.events import Event, Heard
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Data, Flag
from flowlang.parameters import Anything, Parameters, Prose, Seconds, Text, parameter, resource
from flowlang.types import Type

TEXT_MAX = 3_000


class Hidden(Flag):
    """Whether the answer stays out of the transcript, as Connect lists it."""

    def read(self, value: Any, scope: Any, path: str) -> Any:
        return super().read("True", scope, path) if value == ["TRANSCRIPT"] else None

    def write(self, value: Any, scope: Any, key: str) -> Any:
        return ["TRANSCRIPT"] if super().write(value, scope, key) == self.yes else []


class ShowParams(Parameters):
    view: Annotated[str, resource("view")] = parameter(
        title={"en": "View", "ko": "화면"},
        help={
            "en": "What is shown, declared at the top of the flow.",
            "ko": "보여 줄 화면입니다. 흐름 맨 위에 선언합니다.",
        },
        position=0,
    )
    text: Prose = parameter(
        title={"en": "Text", "ko": "문구"},
        help={
            "en": "What is said above the choices; left out, the texts of the data.",
            "ko": "선택지 위에 보일 문구입니다. 비워 두면 데이터의 글을 씁니다.",
        },
        default="",
        max_length=TEXT_MAX,
    )
    data: Anything = parameter(
        title={"en": "Data", "ko": "데이터"},
        help={
            "en": "What the view shows, by its own names.",
            "ko": "화면에 넣을 값을 화면의 이름으로 적습니다.",
        },
        default=None,
    )
    version: Text = parameter(
        title={"en": "Version", "ko": "버전"},
        help={"en": "Of the view, in Amazon Connect.", "ko": "Amazon Connect의 화면 버전입니다."},
        default="",
    )
    timeout: Seconds = parameter(
        title={"en": "Time limit", "ko": "제한 시간"},
        help={
            "en": "How long to wait for a choice.",
            "ko": "선택을 기다리는 시간입니다.",
        },
        default=400,
        gt=0,
        le=604_800,
    )
    hidden: bool = parameter(
        title={"en": "Keep out of transcripts", "ko": "기록에서 숨기기"},
        help={
            "en": "Nobody reads the answer later.",
            "ko": "나중에 답을 읽을 수 없게 합니다.",
        },
        default=False,
    )


class Show(Block[ShowParams]):
    """Shows a view with things to choose from, and goes on by the choice. A chat shows its texts
    with the choices as buttons; Amazon Connect shows the whole view. What was chosen is read as
    `view.action`. A call has nothing to show on, and takes `error`.

    ```flow
    flow example
      on error -> hang_up

    view menu = "Menu"

    start:
      play "Hello."
      show menu, text: "What would you like to do?"
        on "Book" -> book
        on timeout, no_match, error -> hang_up

    book:
      play "We book it."
      -> hang_up
    ```
    """

    kind = "show"
    card = Card(
        category="talk",
        icon="web",
        title={"en": "Show a view", "ko": "화면 보여 주기"},
        summary={
            "en": "Shows something to choose from.",
            "ko": "고를 수 있는 화면을 보여 줍니다.",
        },
        search=("Show view", "보기 표시", "quick replies", "빠른 답장", "form", "양식"),
    )
    Params = ShowParams
    slot = "view"
    waits = "customer"
    channels = ("chat",)
    outcomes = (
        Outcome(name="no_match", title={"en": "something else", "ko": "그 밖의 선택"},
                like="otherwise"),
        Outcome(name="timeout", title={"en": "no choice", "ko": "선택 없음"}),
        SERIOUS,
    )  # fmt: skip

    @classmethod
    def ports(cls, call: Call) -> Ports:
        return Ports(words=cls.outcomes, values=types.TEXT)

    @classmethod
    def results(cls, call: Call) -> Mapping[str, Type]:
        """The form of a view that does not say what it gives may have any field."""
        view = call.declared("view")
        if view is None or view.results is None:
            return {"action": types.TEXT, "*": types.ANY}
        return {**{item.name: item.type or types.ANY for item in view.results},
                "action": types.TEXT}  # fmt: skip

    @classmethod
    def results_at(cls, call: Call, outcome: str) -> Mapping[str, Type]:
        return {} if outcome in ("timeout", "error") else cls.results(call)

    @staticmethod
    def start(params: ShowParams, view: View) -> Move:
        text = params.text or "\n".join(_texts(params.data))[:TEXT_MAX]
        if not text and not view.choices:
            return Leave(outcome="error")
        return Wait(
            effects=answers.prompt(
                view, text, choices=view.choices, timeout_s=params.timeout, sensitive=params.hidden
            ),
            timers=answers.silence_timer(view, params.timeout),
        )

    @staticmethod
    def resume(params: ShowParams, memory: Mapping[str, Any], event: Event, view: View) -> Move:
        if isinstance(event, Heard):
            action = event.text.strip()
            return Leave(outcome="no_match", value=action, results={"action": action})
        return Leave(outcome="timeout") if answers.is_silence(event) else Stay()

    connect = OneAction(
        action="ShowView",
        params=(
            Param("view", "ViewResource.Id"),
            Param("version", "ViewResource.Version"),
            Param("timeout", "InvocationTimeLimitSeconds", always=True),
            Param("data", "ViewData", Data()),
            Param("hidden", "SensitiveDataConfiguration.HideResponseOn", Hidden()),
        ),
        local=frozenset(("text",)),
        values=True,
        errors={
            "NoMatchingCondition": "no_match",
            "NoMatchingError": "error",
            "TimeLimitExceeded": "timeout",
        },
        next="",
        mirrors="error",
        results={"action": "Views.Action", "*": "Views.ViewResultData"},
    )


def _texts(data: Any) -> list[str]:
    """The texts of a view's data, in their order: what it says, without its pictures and forms."""
    match data:
        case str() if data.strip():
            return [data.strip()]
        case Mapping():
            return [text for value in data.values() for text in _texts(value)]
        case list():
            return [text for value in data for text in _texts(value)]
        case _:
            return []
