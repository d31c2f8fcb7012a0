"""What is spoken: words, speech markup, or a prompt that stands outside of the flow.

A declared prompt in a text's place reaches a block as `prompt:` and its name: what it says, and
which recording says it, the project knows. The address of a recording may stand there too.
"""

from __future__ import annotations

import html
import re
from typing import Any

from flowlang.block import PROMPT, View
from flowlang.effects import Say
from flowlang.parameters import Wording, parameter

LENGTH_MAX = 6000
_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"\s+")
_RECORDING = re.compile(r"(?:s3|https)://\S+\.(?:wav|mp3|ogg|ulaw)")


def plain(ssml: str) -> str:
    """What speech markup says, for whoever reads instead of listening."""
    return _BLANKS.sub(" ", html.unescape(_TAG.sub(" ", ssml))).strip()


def is_markup(text: str) -> bool:
    return text.startswith("<speak")


def is_recording(text: str) -> bool:
    """Whether it is the address of a recording."""
    return _RECORDING.fullmatch(text) is not None


def said(view: View, text: str, ssml: str = "", choices: tuple[str, ...] = ()) -> Say | None:
    """What a customer on this channel hears or reads; None if there is nothing for them."""
    on_call = view.channel.medium == "voice"
    audio = ""
    if text.startswith(PROMPT):
        prompt = view.prompt(text.removeprefix(PROMPT))
        text, audio = (prompt.text, prompt.audio) if prompt else ("", "")
    elif is_recording(text):
        text, audio = "", text
    text = text or plain(ssml)
    if not text and not (audio and on_call):
        return None
    return Say(
        text=text,
        ssml=ssml if on_call else "",
        audio=audio if on_call else "",
        language=view.language,
        choices=choices,
    )


def spoken(help: Wording) -> Any:
    """The parameter that holds what the customer hears: the first argument of a step."""
    return parameter(
        title={"en": "What the customer hears", "ko": "고객에게 들려줄 말"},
        help=help,
        default="",
        position=0,
        max_length=LENGTH_MAX,
    )


def markup(help: Wording | None = None) -> Any:
    """The parameter that holds speech markup in place of the text."""
    usual = {"en": "Spoken on calls in place of the text.", "ko": "통화에서 위 문장 대신 읽습니다."}
    return parameter(
        title={"en": "Speech markup (SSML)", "ko": "음성 마크업(SSML)"},
        help=help or usual,
        default="",
        max_length=LENGTH_MAX,
        markup=True,
    )
