"""Choose the voice that speaks."""

from __future__ import annotations

from typing import Any, Literal

from flowlang.block import HARMLESS, SUCCESS, Block, Card, Leave, Move, View
from flowlang.interchange.connect.mapping import InARow, OneAction, Param, Stage
from flowlang.interchange.connect.values import Whole, Words
from flowlang.parameters import Parameters, Text, parameter

_ENGINES = {"standard": "Standard", "neural": "Neural", "generative": "Generative"}
_STYLES = {"none": "None", "conversational": "Conversational", "newscaster": "Newscaster"}


class SetVoiceParams(Parameters):
    voice: Text = parameter(
        title={"en": "Voice", "ko": "목소리"},
        help={
            "en": 'Its name, such as "Seoyeon" or "Joanna".',
            "ko": '"Seoyeon"이나 "Joanna" 같은 목소리 이름입니다.',
        },
        position=0,
        min_length=1,
        max_length=100,
    )
    engine: Literal["usual", "standard", "neural", "generative"] = parameter(
        title={"en": "Engine", "ko": "음성 엔진"},
        help={
            "en": "How lifelike it sounds; not every voice has every engine.",
            "ko": "목소리가 얼마나 자연스러운지 정합니다. 목소리마다 지원하는 엔진이 다릅니다.",
        },
        default="usual",
    )
    style: Literal["none", "conversational", "newscaster"] = parameter(
        title={"en": "Style", "ko": "말투"},
        help={
            "en": "The manner of speaking, where the voice has several.",
            "ko": "목소리에 여러 말투가 있을 때 고릅니다.",
        },
        default="none",
    )
    language: Text = parameter(
        title={"en": "Language", "ko": "언어"},
        help={
            "en": 'Such as "ko-KR": from here on the language of the contact.',
            "ko": '"ko-KR"처럼 적습니다. 여기서부터 이 고객의 언어가 됩니다.',
        },
        default="",
        pattern=r"^([a-z]{2,3}(-[A-Z]{2})?)?$",
    )


class SetVoice(Block[SetVoiceParams]):
    """Chooses the voice in which texts are spoken from here on, and with `language` also the
    language that prompts, bots and analysis go by. In a chat the voice means nothing, the
    language does.

    ```flow
    flow example
      language ko-KR

    start:
      set_voice "Joanna", engine: neural, language: "en-US"
      play "Thank you for calling."
      -> hang_up
    ```
    """

    kind = "set_voice"
    card = Card(
        category="secure",
        icon="globe",
        title={"en": "Choose the voice", "ko": "목소리 고르기"},
        summary={
            "en": "Sets the voice and the language that are spoken.",
            "ko": "안내에 쓸 목소리와 언어를 정합니다.",
        },
        search=("Set voice", "음성 설정", "Polly", "TTS", "language", "언어"),
    )
    Params = SetVoiceParams
    outcomes = (SUCCESS, HARMLESS)

    @staticmethod
    def start(params: SetVoiceParams, view: View) -> Move:
        voice = {"voice": params.voice}
        if params.engine != "usual":
            voice["engine"] = params.engine
        if params.style != "none":
            voice["style"] = params.style
        settings: dict[str, Any] = {"voice": voice}
        if params.language:
            settings["language"] = params.language
        return Leave(settings=settings)

    connect = InARow(
        stages=(
            Stage(
                says=OneAction(
                    action="UpdateContactTextToSpeechVoice",
                    params=(
                        Param("voice", "TextToSpeechVoice", Whole()),
                        Param("engine", "TextToSpeechEngine", Words(_ENGINES)),
                        Param("style", "TextToSpeechStyle", Words(_STYLES)),
                    ),
                )
            ),
            Stage(
                says=OneAction(
                    action="UpdateContactData", params=(Param("language", "LanguageCode"),)
                ),
                only_with="language",
            ),
        )
    )
