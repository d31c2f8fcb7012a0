"""What is known of the caller's voice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from blocks.common import asking, flow_types
from flowlang.block import SERIOUS, Block, Call, Card, Leave, Move, Outcome, Ports, Stay, View
from flowlang.events import Event, ServiceAnswered
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Words
from flowlang.parameters import Parameters, parameter

_OPTIONS = {
    "identity": "voiceAuthentication",
    "enrolment": "enrollmentStatus",
    "fraud": "fraudDetection",
}
_SPOKEN = {
    "Authenticated": "authenticated",
    "NotAuthenticated": "not_authenticated",
    "Inconclusive": "inconclusive",
    "Enrolled": "enrolled",
    "NotEnrolled": "not_enrolled",
    "OptedOut": "opted_out",
    "HighRisk": "high_risk",
    "LowRisk": "low_risk",
}
_STATES = {
    "identity": (
        "authenticated", "not_authenticated", "inconclusive", "not_enrolled", "opted_out"
    ),
    "enrolment": ("enrolled", "not_enrolled", "opted_out"),
    "fraud": ("high_risk", "low_risk", "inconclusive"),
}  # fmt: skip
_OUTCOMES = (
    Outcome(name="authenticated", title={"en": "recognised", "ko": "본인"}),
    Outcome(name="not_authenticated", title={"en": "somebody else", "ko": "본인 아님"}),
    Outcome(name="inconclusive", title={"en": "uncertain", "ko": "판단 불가"}),
    Outcome(name="enrolled", title={"en": "enrolled", "ko": "등록됨"}),
    Outcome(name="not_enrolled", title={"en": "not enrolled", "ko": "미등록"}),
    Outcome(name="opted_out", title={"en": "opted out", "ko": "등록 거부"}),
    Outcome(name="high_risk", title={"en": "high risk", "ko": "고위험"}),
    Outcome(name="low_risk", title={"en": "low risk", "ko": "저위험"}),
    SERIOUS,
)


class CheckVoiceParams(Parameters):
    what: Literal["identity", "enrolment", "fraud"] = parameter(
        title={"en": "What to look at", "ko": "확인할 것"},
        help={
            "en": "Whether it is the caller's own voice, is enrolled at all, or a known fraud's.",
            "ko": "본인 목소리인지, 등록되어 있는지, 알려진 사기범인지를 확인합니다.",
        },
        default="identity",
        position=0,
    )
    threshold: float = parameter(
        title={"en": "Threshold", "ko": "기준 점수"},
        help={
            "en": "From this score on, 0 to 100, it is the caller's own voice. Amazon Connect goes "
            "by the threshold of `voice_id`.",
            "ko": "0~100점 가운데 이 점수부터 본인으로 봅니다. Amazon Connect에서는 voice_id의 "
            "기준을 따릅니다.",
        },
        default=90,
        ge=0,
        le=100,
    )


class CheckVoice(Block[CheckVoiceParams]):
    """Asks what a `voice_id` step before it has found out by now: whether the caller speaks with
    the voice that is enrolled for them, whether there is one, or whether it is known from fraud.

    Amazon ended Connect Voice ID on 2026-05-20: there, the step takes its `error` outcome.

    ```flow
    flow example
      on error -> pin

    start:
      voice_id
      play "Please tell us in a few words why you are calling."
      check_voice identity
        on authenticated -> known
        on not_authenticated, inconclusive, not_enrolled, opted_out -> pin

    known:
      play "Welcome back."
      -> hang_up

    pin:
      play "Please have your PIN at hand."
      -> hang_up
    ```
    """

    kind = "check_voice"
    card = Card(
        category="decide",
        icon="ear",
        title={"en": "Check the voice", "ko": "목소리 확인"},
        summary={
            "en": "Chooses the way by what the voice tells.",
            "ko": "목소리 인증 결과에 따라 갈 곳을 정합니다.",
        },
        search=("Check Voice ID", "음성 ID 확인", "Check security status", "보안 상태 확인"),
    )
    Params = CheckVoiceParams
    waits = "service"
    outcomes = _OUTCOMES
    channels = ("voice",)
    retired = (("connect", "2026-05-20"),)
    flow_types = (*flow_types.BEFORE_AN_AGENT, *flow_types.WHISPERS)

    @classmethod
    def ports(cls, call: Call) -> Ports:
        """What the chosen question can be answered with."""
        what = getattr(call.arguments.get("what"), "root", "identity")
        states = _STATES.get(what, ())
        return Ports(words=tuple(item for item in _OUTCOMES if item.name in (*states, "error")))

    @staticmethod
    def start(params: CheckVoiceParams, view: View) -> Move:
        if params.what == "fraud":
            return Leave(outcome="error")
        return asking.ask("voice_identity", "check", threshold=params.threshold)

    @staticmethod
    def resume(
        params: CheckVoiceParams, memory: Mapping[str, Any], event: Event, view: View
    ) -> Move:
        if isinstance(event, ServiceAnswered):
            state = event.value.get("state")
            if params.what == "enrolment" and state not in _STATES["enrolment"]:
                state = "enrolled"
            return Leave(outcome=state if state in _STATES[params.what] else "error")
        return Leave(outcome="error") if asking.has_failed(event) else Stay()

    connect = OneAction(
        action="CheckVoiceId",
        params=(Param("what", "CheckVoiceIdOption", Words(_OPTIONS), always=True, shown=True),),
        words=_SPOKEN,
        next="",
        mirrors="error",
    )
