"""Text that is spoken."""

from __future__ import annotations

import html
import re
from typing import Any

from flowlang.parameters import Wording, parameter

LENGTH_MAX = 6000
_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"\s+")


def plain(ssml: str) -> str:
    """What speech markup says, for whoever reads instead of listening."""
    return _BLANKS.sub(" ", html.unescape(_TAG.sub(" ", ssml))).strip()


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
    )
