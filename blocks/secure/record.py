"""Record and analyse the conversation."""

from __future__ import annotations

from typing import Literal

from blocks.common import flow_types
from blocks.common.recording_one import RECORDING
from flowlang.block import HARMLESS, SUCCESS, Block, Call, Card, Leave, Move, Outcome, Ports, View
from flowlang.effects import Record as RecordEffect
from flowlang.parameters import Parameters, Text, parameter

Participant = Literal["agent", "customer", "nobody"]
Entity = Literal[
    "name", "phone", "email", "address", "age", "card_number", "card_expiry", "card_cvv", "pin",
    "bank_account", "bank_routing", "passport", "driver_id", "ssn", "username", "password",
    "url", "ip_address", "mac_address", "vehicle_id", "licence_plate", "date_time", "all",
]  # fmt: skip


class RecordParams(Parameters):
    participants: tuple[Participant, ...] = parameter(
        title={"en": "Whom to record", "ko": "녹음 대상"},
        help={
            "en": "`agent`, `customer` or both; `nobody` switches recording off.",
            "ko": "상담원, 고객 또는 둘 다 고릅니다. ‘없음’은 녹음을 끕니다.",
        },
        default=("agent", "customer"),
        rest=True,
        max_length=2,
    )
    ivr: bool = parameter(
        title={"en": "The automated part too", "ko": "자동 응답 구간도 녹음"},
        help={
            "en": "Also records what happens before an agent joins.",
            "ko": "상담사가 연결되기 전의 구간도 녹음합니다.",
        },
        default=False,
    )
    screen: tuple[Literal["agent"], ...] = parameter(
        title={"en": "Screens", "ko": "화면 녹화"},
        help={"en": "Whose screen is recorded too.", "ko": "화면까지 녹화할 대상입니다."},
        default=(),
        max_length=1,
    )
    analytics: Literal["off", "after", "realtime", "both"] = parameter(
        title={"en": "Analytics", "ko": "대화 분석"},
        help={
            "en": "`after` the conversation, in `realtime`, or `both`.",
            "ko": "대화가 끝난 뒤에, 대화 중에 실시간으로, 또는 두 번 다 분석합니다.",
        },
        default="off",
    )
    language: Text = parameter(
        title={"en": "Language of the analysis", "ko": "분석 언어"},
        help={
            "en": 'Such as "ko-KR"; empty: the language of the contact.',
            "ko": '"ko-KR"처럼 적습니다. 비워 두면 상담 언어를 따릅니다.',
        },
        default="",
        pattern=r"^([a-z]{2,3}(-[A-Z]{2})?)?$",
    )
    redact: tuple[Entity, ...] = parameter(
        title={"en": "Redact", "ko": "가릴 정보"},
        help={
            "en": "What is removed from transcripts and recordings; `all` for everything known.",
            "ko": "기록과 녹음에서 지울 정보입니다. ‘모두’는 알려진 모든 항목입니다.",
        },
        default=(),
    )
    mask: Literal["kind", "stars"] = parameter(
        title={"en": "What stands in its place", "ko": "대신 표시할 것"},
        help={
            "en": "The `kind` of what was removed, such as [NAME], or `stars`.",
            "ko": "지운 자리에 [NAME]처럼 정보의 종류를, 또는 별표를 남깁니다.",
        },
        default="kind",
    )
    keep: Literal["redacted", "original", "both"] = parameter(
        title={"en": "Keep", "ko": "보관할 것"},
        help={
            "en": "With `redact`: the redacted version alone, or the original as well.",
            "ko": "정보를 가릴 때 가린 것만 둘지, 원본도 둘지 정합니다.",
        },
        default="redacted",
    )
    sentiment: bool = parameter(
        title={"en": "Sentiment", "ko": "감정 분석"},
        help={
            "en": "Whether the analysis tells how both sides feel.",
            "ko": "양쪽의 감정을 함께 분석합니다.",
        },
        default=True,
    )
    summary: bool = parameter(
        title={"en": "Summary", "ko": "요약"},
        help={
            "en": "Issue, outcome and what is to be done, after the conversation.",
            "ko": "대화가 끝나면 문제와 결과, 할 일을 요약합니다.",
        },
        default=False,
    )
    only: Literal["all", "voice", "chat", "screen"] = parameter(
        title={"en": "Only for", "ko": "적용 대상"},
        help={
            "en": "Settings for calls, chats or screens alone; the others stay as they were.",
            "ko": "통화나 채팅, 화면에만 적용합니다. 나머지는 그대로 둡니다.",
        },
        default="all",
    )
    redact_live: tuple[Entity, ...] = parameter(
        title={"en": "Redact while chatting", "ko": "채팅 중에 가릴 정보"},
        help={
            "en": "With `only: chat`: removed before the other side reads it. Only on Amazon "
            "Connect.",
            "ko": "채팅만 기록할 때 상대가 읽기 전에 지웁니다. Amazon Connect에서만 됩니다.",
        },
        default=(),
    )


class Record(Block[RecordParams]):
    """Decides what is recorded from here on and what is analysed. A conversation is recorded
    once an agent is there; with `ivr: true` from this step on. Decide it before any agent hears
    the caller, and say so in the greeting. `record nobody` in front of a question, and who is
    recorded again behind it, keeps a card number out of the recording.

    ```flow
    flow example
      on error -> hang_up

    start:
      record agent, customer
        analytics: realtime
        redact: [name, card_number]
      play "This call is recorded."
      -> hang_up
    ```
    """

    kind = "record"
    card = Card(
        category="secure",
        icon="record",
        title={"en": "Record the conversation", "ko": "녹음과 분석"},
        summary={
            "en": "Decides what is recorded and analysed.",
            "ko": "무엇을 녹음하고 분석할지 정합니다.",
        },
        search=(
            "Set recording and analytics behavior",
            "레코딩 및 분석 동작 설정",
            "기록 및 분석 동작 설정",
            "Contact Lens",
            "녹취",
            "redaction",
        ),
    )
    Params = RecordParams
    outcomes = (
        SUCCESS,
        HARMLESS,
        Outcome(
            name="wrong_channel", title={"en": "not this channel", "ko": "다른 채널"}, like="error"
        ),
        Outcome(
            name="redaction_failed",
            title={"en": "cannot be redacted", "ko": "가릴 수 없음"},
            like="error",
        ),
    )
    flow_types = (*flow_types.BEFORE_AN_AGENT, "outbound_whisper")

    @classmethod
    def ports(cls, call: Call) -> Ports:
        """Settings for one kind of conversation can meet another."""
        only = getattr(call.arguments.get("only"), "root", "all")
        more = {"voice": 1, "screen": 1, "chat": 2}.get(only, 0)
        names = ("next", "error", "wrong_channel", "redaction_failed")[: 2 + more]
        return Ports(words=tuple(item for item in cls.outcomes if item.name in names))

    @staticmethod
    def start(params: RecordParams, view: View) -> Move:
        if params.only in ("voice", "chat") and params.only != view.channel.medium:
            return Leave(outcome="wrong_channel")
        if params.redact_live:
            return Leave(outcome="redaction_failed")
        recorded = tuple(name for name in params.participants if name != "nobody")
        if len(recorded) < len(params.participants) > 1:
            return Leave(outcome="error")
        effect = RecordEffect(
            participants=recorded,
            ivr=params.ivr,
            screen=params.screen,
            analytics=params.analytics,
            language=params.language or view.language,
            redact=params.redact,
            mask=params.mask if params.redact else "",
            keep=params.keep if params.redact else "original",
            sentiment=params.sentiment,
            summary=params.summary,
        )
        return Leave(effects=(effect,))

    connect = RECORDING
