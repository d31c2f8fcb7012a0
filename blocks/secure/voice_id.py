"""Recognise a caller by the voice."""

from __future__ import annotations

from blocks.common import flow_types
from flowlang.block import HARMLESS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.effects import IdentifyVoice
from flowlang.interchange.connect.mapping import InARow, OneAction, Param, Stage
from flowlang.interchange.connect.values import Flag
from flowlang.parameters import Parameters, Seconds, parameter


class VoiceIdParams(Parameters):
    threshold: float = parameter(
        title={"en": "Threshold", "ko": "기준 점수"},
        help={
            "en": "From this score on, 0 to 100, the caller counts as recognised.",
            "ko": "0~100점 가운데 이 점수부터 본인으로 봅니다.",
        },
        default=90,
        ge=0,
        le=100,
    )
    answer_after: Seconds = parameter(
        title={"en": "Listen for", "ko": "듣는 시간"},
        help={
            "en": "How much speech it takes before there is a score; 5s to 10s.",
            "ko": "점수를 내기까지 듣는 시간입니다. 5s에서 10s까지입니다.",
        },
        default=10,
        ge=5,
        le=10,
    )
    fraud: bool = parameter(
        title={"en": "Known fraud too", "ko": "사기 목소리도 확인"},
        help={
            "en": "Also compares with voices that are known from fraud.",
            "ko": "알려진 사기범의 목소리와도 비교합니다.",
        },
        default=False,
    )
    fraud_threshold: float = parameter(
        title={"en": "Threshold of fraud", "ko": "사기 기준 점수"},
        help={
            "en": "From this score on, 0 to 100, the risk counts as high.",
            "ko": "0~100점 가운데 이 점수부터 고위험으로 봅니다.",
        },
        default=50,
        ge=0,
        le=100,
    )
    enabled: bool = parameter(
        title={"en": "Listen to the voice", "ko": "목소리 인증 사용"},
        help={
            "en": "Off stops what an earlier step began.",
            "ko": "끄면 앞에서 시작한 인증을 멈춥니다.",
        },
        default=True,
    )


class VoiceId(Block[VoiceIdParams]):
    """Starts comparing the caller's voice with what is enrolled for them, while the conversation
    goes on; put it early, so that there is something to listen to. In a chat there is no voice,
    and the flow simply goes on.

    Amazon ended Connect Voice ID on 2026-05-20: there, the step takes its `error` outcome. No
    voices of known fraud are kept here, so with `fraud` it does that here too.

    ```flow
    flow example
      on error -> hang_up

    start:
      voice_id threshold: 90
      play "Please tell us in a few words why you are calling."
      -> hang_up
    ```
    """

    kind = "voice_id"
    card = Card(
        category="secure",
        icon="voice",
        title={"en": "Recognise the voice", "ko": "목소리 인증"},
        summary={
            "en": "Compares the caller's voice with the enrolled one.",
            "ko": "고객의 목소리를 등록된 목소리와 비교합니다.",
        },
        search=(
            "Set Voice ID",
            "Voice ID 설정",
            "Set security behavior",
            "보안 동작 설정",
            "화자 인증",
        ),
    )
    Params = VoiceIdParams
    outcomes = (SUCCESS, HARMLESS)
    channels = ("voice",)
    elsewhere = "next"
    retired = (("connect", "2026-05-20"),)
    flow_types = (*flow_types.BEFORE_AN_AGENT, *flow_types.WHISPERS)

    @staticmethod
    def start(params: VoiceIdParams, view: View) -> Move:
        if params.fraud:
            return Leave(outcome="error")
        return Leave(effects=(IdentifyVoice(on=params.enabled, threshold=params.threshold),))

    connect = InARow(
        stages=(
            Stage(
                says=OneAction(
                    action="UpdateContactData",
                    params=(
                        Param(
                            "enabled",
                            "IsVoiceAuthenticationEnabled",
                            via=Flag("true", "false"),
                            always=True,
                        ),
                        Param("threshold", "VoiceAuthenticationThreshold", always=True),
                        Param("answer_after", "VoiceAuthenticationResponseTime", always=True),
                        Param(
                            "fraud",
                            "IsFraudDetectionEnabled",
                            via=Flag("true", "false"),
                            always=True,
                        ),
                        Param("fraud_threshold", "FraudDetectionThreshold"),
                    ),
                    fixed={"IsVoiceIdStreamingEnabled": "true"},
                )
            ),
            Stage(says=OneAction(action="StartVoiceIdStream")),
        )
    )
