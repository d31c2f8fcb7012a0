"""Who speaks: a provider compares the caller's voice with the enrolled one and gives a score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from runtime.services.asked import Question, Refused, Value

State = Literal[
    "authenticated", "not_authenticated", "inconclusive", "not_enrolled", "opted_out"
]  # fmt: skip
STATES: tuple[State, ...] = (
    "authenticated", "not_authenticated", "inconclusive", "not_enrolled", "opted_out",
)  # fmt: skip
THRESHOLD = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a provider knows of a voice: a score from 0 to 100, or why there is none."""

    score: float | None = None
    state: State | None = None


class VoiceProvider(Protocol):
    async def compare(self, contact: str) -> Heard:
        """Compare the voice of a contact, or raise `Refused`."""
        ...


class NoVoices:
    """This machine compares no voices, and says so."""

    async def compare(self, contact: str) -> Heard:
        raise Refused("failed", "no provider of voice identity is set up")


class VoiceIdentity:
    """The service `voice_identity`."""

    def __init__(self, provider: VoiceProvider) -> None:
        self.provider = provider

    async def answer(self, question: Question) -> Value:
        threshold = threshold_of(question)
        return decide(await self.provider.compare(question.contact), threshold)


def threshold_of(question: Question) -> float:
    if question.operation != "check":
        raise Refused("unknown", f"voice_identity has no operation {question.operation}")
    threshold: Any = question.arguments.get("threshold", THRESHOLD)
    if isinstance(threshold, bool) or not isinstance(threshold, int | float):
        raise Refused("invalid", "threshold is a number")
    if not 0 <= threshold <= 100:
        raise Refused("invalid", "threshold is 0 to 100")
    return float(threshold)


def decide(heard: Heard, threshold: float) -> Value:
    if heard.state is not None:
        return {"state": heard.state, "score": heard.score}
    if heard.score is None:
        return {"state": "inconclusive", "score": None}
    state: State = "authenticated" if heard.score >= threshold else "not_authenticated"
    return {"state": state, "score": heard.score}
