"""Count visits."""

from __future__ import annotations

from flowlang.block import Block, Card, Leave, Move, Outcome, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.parameters import Parameters, parameter


class RepeatParams(Parameters):
    count: int = parameter(
        title={"en": "Times", "ko": "횟수"},
        help={
            "en": "How often the flow goes back before it goes on.",
            "ko": "다음으로 넘어가기 전에 되돌아갈 횟수입니다.",
        },
        position=0,
        ge=0,
        le=100,
    )


class Repeat(Block[RepeatParams]):
    """Counts how often the conversation came by: `again` so many times, then `done` once, and
    the count begins anew. Put it behind a question to ask it again, but not for ever.

    ```flow
    flow example
      on error -> hang_up

    menu:
      ask "Press 1 for opening hours."
        on "1" -> hours_told
        on timeout, no_match -> retry

    retry:
      repeat 2
        on again -> menu
        on done -> hang_up

    hours_told:
      play "We are open from nine to six."
      -> hang_up
    ```
    """

    kind = "repeat"
    card = Card(
        category="decide",
        icon="repeat",
        title={"en": "Repeat", "ko": "반복"},
        summary={
            "en": "Goes back a few times, then goes on.",
            "ko": "정해진 횟수만큼 되돌아간 뒤 다음으로 넘어갑니다.",
        },
        search=("Loop", "루프", "retry", "재시도", "count"),
    )
    Params = RepeatParams
    counts = "again"
    outcomes = (
        Outcome(name="again", title={"en": "again", "ko": "다시"}),
        Outcome(name="done", title={"en": "used up", "ko": "끝남"}),
    )

    @staticmethod
    def start(params: RepeatParams, view: View) -> Move:
        visits = view.kept or 0
        if visits < params.count:
            return Leave(outcome="again", kept=visits + 1)
        return Leave(outcome="done", kept=0)

    connect = OneAction(
        action="Loop",
        params=(Param("count", "LoopCount"),),
        words={"ContinueLooping": "again", "DoneLooping": "done"},
        errors={},
        next="",
        mirrors="done",
    )
