"""Speech on this machine: the text itself. Channels that speak have voices of their own."""

from __future__ import annotations

import hashlib
import re

from runtime.services.asked import Question, Refused, Value
from runtime.services.local import fields as read

TEXT_CHARACTERS_MAX = 3_000
SSML_CHARACTERS_MAX = 6_000
_TAG = re.compile(r"<[^<>]*>")


class Speech:
    """The service `speech`."""

    def answer(self, question: Question) -> Value:
        text, ssml = spoken(question)
        plain = text or " ".join(_TAG.sub(" ", ssml).split())
        return {"text": plain, "file": "", "hash": content_hash(text or ssml), "content_type": ""}


def spoken(question: Question) -> tuple[str, str]:
    """The text, or the SSML."""
    if question.operation != "synthesize":
        raise Refused("unknown", f"speech has no operation {question.operation}")
    text = read.text(question, "text", needed=False, characters_max=TEXT_CHARACTERS_MAX)
    ssml = read.text(question, "ssml", needed=False, characters_max=SSML_CHARACTERS_MAX)
    if bool(text) == bool(ssml):
        raise Refused("invalid", "synthesize needs text or ssml, and not both")
    return text, ssml


def content_hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
