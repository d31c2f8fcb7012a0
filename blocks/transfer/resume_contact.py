"""Go on with a paused task."""

from __future__ import annotations

from flowlang.block import SERIOUS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import OneAction
from flowlang.parameters import Parameters


class ResumeContactParams(Parameters):
    """It needs nothing: the contact knows that it is paused."""


class ResumeContact(Block[ResumeContactParams]):
    """Goes on with a task that an agent has paused. Only tasks can be paused, and only Amazon
    Connect has them as contacts of their own: everywhere else the step takes `error`.

    ```flow
    flow example

    start:
      resume_contact
        on error -> hang_up
      -> hang_up
    ```
    """

    kind = "resume_contact"
    card = Card(
        category="transfer",
        icon="run",
        title={"en": "Resume a task", "ko": "작업 다시 시작"},
        summary={
            "en": "Goes on with a task that was paused.",
            "ko": "멈춰 둔 작업을 이어 갑니다.",
        },
        search=("Resume contact", "고객 응대 재개", "task", "작업"),
    )
    Params = ResumeContactParams
    outcomes = (SUCCESS, SERIOUS)

    @staticmethod
    def start(params: ResumeContactParams, view: View) -> Move:
        return Leave(outcome="error")

    connect = OneAction(action="ResumeContact")
