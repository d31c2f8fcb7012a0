"""Feelings, as Amazon Comprehend reads them."""

from __future__ import annotations

from runtime.services.asked import Question, Refused, Value
from runtime.services.aws.clients import Clients, Trouble
from runtime.services.aws.refusals import refused
from runtime.services.local import fields as read

TEXT_BYTES_MAX = 5_000
LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "pt", "zh", "zh-TW")


class Comprehend:
    """The service `sentiment`."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients

    async def answer(self, question: Question) -> Value:
        if question.operation != "detect":
            raise Refused("unknown", f"sentiment has no operation {question.operation}")
        text = read.text(question, "text", characters_max=TEXT_BYTES_MAX)
        language = read.text(question, "language", needed=False) or "en"
        family = language if language in LANGUAGES else language.partition("-")[0]
        if family not in LANGUAGES:
            raise Refused("invalid", f"Comprehend reads no feelings in {language}")
        try:
            found = await self.clients.call(
                "comprehend",
                lambda client: client.detect_sentiment(Text=_cut(text), LanguageCode=family),
                timeout_s=question.timeout_s,
                repeatable=True,
            )
        except Trouble as trouble:
            raise refused(trouble) from trouble
        scores, label = found["SentimentScore"], found["Sentiment"].lower()
        return {
            "sentiment": label,
            "score": round(scores.get("Positive", 0.0) - scores.get("Negative", 0.0), 3),
            "confidence": round(scores.get(label.capitalize(), 0.0), 3),
        }


def _cut(text: str) -> str:
    return text.encode()[:TEXT_BYTES_MAX].decode(errors="ignore")
