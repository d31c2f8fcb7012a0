"""Say something to the customer."""

from __future__ import annotations

from blocks.common import flow_types, prompting, speech
from flowlang.block import HARMLESS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import OneAction, Param
from flowlang.interchange.connect.values import Flag
from flowlang.parameters import Parameters, Prose, Text, parameter


class PlayParams(Parameters):
    text: Prose = speech.spoken(
        {
            "en": "Spoken on a call, written in a chat. Values stand in {braces}.",
            "ko": "통화에서는 읽고 채팅에서는 글로 보냅니다. 값은 {중괄호}로 넣습니다.",
        }
    )
    ssml: Text = speech.markup(
        {
            "en": "Spoken on calls in place of the text. A chat without a text shows its words.",
            "ko": "통화에서 위 문장 대신 읽습니다. 문장이 없으면 채팅에는 그 내용만 보입니다.",
        }
    )
    skip_if_typed: bool = parameter(
        title={"en": "Skip for the hurried", "ko": "먼저 누르면 생략"},
        help={
            "en": "Says nothing to a customer who has already pressed keys for the next question.",
            "ko": "다음 질문의 번호를 이미 누른 고객에게는 들려주지 않습니다.",
        },
        default=False,
    )


class Play(Block[PlayParams]):
    """Says something and goes on: a voice reads it on a call, a chat shows it. Use it for
    greetings, news and goodbyes; to get an answer, use `ask`, `collect` or `talk`.

    A message that cannot be played keeps nobody from going on: unless `error` has an outcome
    line, the flow goes to the next step.

    ```flow
    flow example
      on error -> hang_up

    start:
      play "Hello {caller.name else 'and welcome'}, good to hear from you."
      play "One moment.", ssml: "<speak>One <break time='300ms'/> moment.</speak>"
      -> hang_up
    ```
    """

    kind = "play"
    card = Card(
        category="talk",
        icon="play",
        title={"en": "Play a message", "ko": "안내 멘트 들려주기"},
        summary={
            "en": "Says something and goes on.",
            "ko": "안내 멘트를 들려주고 다음으로 넘어갑니다.",
        },
        search=("Play prompt", "프롬프트 재생", "say", "message", "안내", "인사말", "TTS"),
    )
    Params = PlayParams
    outcomes = (SUCCESS, HARMLESS)
    flow_types = (*flow_types.BEFORE_AN_AGENT, *flow_types.WHISPERS)

    @staticmethod
    def start(params: PlayParams, view: View) -> Move:
        if params.skip_if_typed and view.has_typed_ahead:
            return Leave()
        said = speech.said(view, params.text, params.ssml)
        return Leave(effects=(said,)) if said else Leave(outcome="error")

    connect = OneAction(
        action="MessageParticipant",
        params=(
            *prompting.SAID,
            Param("skip_if_typed", "SkipWhenDTMFBufferEnabled", Flag("true", "false")),
        ),
        gathered=prompting.GATHERED,
    )
