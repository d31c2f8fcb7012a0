"""Who answered a call of ours."""

from __future__ import annotations

from flowlang.block import SERIOUS, Block, Card, Leave, Move, Outcome, View
from flowlang.interchange.connect.mapping import OneAction
from flowlang.parameters import Parameters

_ANSWERS = {
    "CallAnswered": "answered",
    "VoicemailBeep": "voicemail_beep",
    "VoicemailNoBeep": "voicemail",
    "NotDetected": "not_detected",
}


class CheckCallParams(Parameters):
    """It needs nothing: the channel knows who answered."""


class CheckCall(Block[CheckCallParams]):
    """Asks whether a person or a machine answered a call that a campaign placed. The channel says
    so when the call begins; a channel that cannot tell takes `error`.

    ```flow
    flow example
      on error -> person

    start:
      check_call
        on answered, not_detected -> person
        on voicemail_beep, voicemail -> machine

    person:
      play "Hello, your order has arrived."
      -> hang_up

    machine:
      play "This is a message: your order has arrived."
      -> hang_up
    ```
    """

    kind = "check_call"
    card = Card(
        category="decide",
        icon="phone",
        title={"en": "Check who answered", "ko": "응답자 확인"},
        summary={
            "en": "Tells persons from answering machines.",
            "ko": "사람이 받았는지 자동 응답기가 받았는지 가립니다.",
        },
        search=("Check call progress", "통화 진행 상황 확인", "voicemail", "음성 사서함", "AMD"),
    )
    Params = CheckCallParams
    outcomes = (
        Outcome(name="answered", title={"en": "a person", "ko": "사람"}),
        Outcome(name="voicemail_beep", title={"en": "machine, after the tone",
                                              "ko": "응답기, 신호음 뒤"}),
        Outcome(name="voicemail", title={"en": "machine, no tone", "ko": "응답기, 신호음 없음"}),
        Outcome(name="not_detected", title={"en": "unknown", "ko": "알 수 없음"}),
        SERIOUS,
    )  # fmt: skip
    channels = ("voice",)

    @staticmethod
    def start(params: CheckCallParams, view: View) -> Move:
        answer = view.settings.get("answered_by", "")
        return Leave(outcome=answer if answer in _ANSWERS.values() else "error")

    connect = OneAction(action="CheckOutboundCallStatus", words=_ANSWERS, next="", mirrors="error")
