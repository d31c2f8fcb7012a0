"""The services and the world that the `given` lines of a test make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flowlang import effects as out
from flowlang.block import HoursTable
from flowlang.effects import Effect
from runtime.engine import World
from runtime.happenings import service_name
from runtime.services.asked import Question
from runtime.services.simulated import service_reply
from runtime.services.voice_identity import Heard, decide, threshold_of
from runtime.simulator import Reply
from runtime.testing.given import Answer, Given

BOT_LIMIT_S = 10.0


class GivenServices:
    """Answers what the test gives, and nothing else."""

    def __init__(self, given: Given) -> None:
        self.given = given

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        answers = self._answers_of(effect)
        if not answers:
            return self._voice(effect)
        place = min(asked_before, len(answers) - 1)
        return reply_to(effect, answers[place], answers[place + 1 :])

    def _answers_of(self, effect: Effect) -> tuple[Answer, ...]:
        """Those of one table, say, go before those of all tables."""
        answers = self.given.answers.get(service_name(effect), ())
        if not answers and isinstance(effect, out.AskService):
            return self.given.answers.get(effect.service, ())
        return answers

    def _voice(self, effect: Effect) -> Reply | None:
        """What comparing the voice says, if the test says it."""
        known = self.given.values.get("voice")
        if not (
            isinstance(effect, out.AskService) and effect.service == "voice_identity" and known
        ):
            return None
        asked = Question(
            operation=effect.operation, arguments=effect.arguments, at=self.given.at(World())
        )
        return service_reply(lambda: decide(Heard(**known), threshold_of(asked)))


def reply_to(effect: Effect, answer: Answer, following: tuple[Answer, ...] = ()) -> Reply | None:
    """What a service replies that is to answer so, now and the next times. None: as usual."""
    match effect:
        case out.CallFunction():
            return _from_function(answer, effect.timeout_s)
        case out.AskService():
            return _from_service(answer, effect.timeout_s)
        case out.AskBot():
            return _from_bot(answer, following)
        case out.Enqueue() if answer.what == "full":
            return Reply(body={"event": "QueueRefused", "reason": "full"})
        case out.Invite() | out.SendMessage() if answer.what == "fails":
            return Reply(body={"event": "Undeliverable", "reason": "failed"})
        case _:
            return None


def _from_service(answer: Answer, limit_s: float) -> Reply | None:
    if answer.what == "times out" or answer.takes_s > limit_s:
        return Reply(body={"event": "ServiceRefused", "reason": "timeout"}, after_s=limit_s)
    if answer.what == "nothing":
        return None
    body: dict[str, Any]
    if answer.what == "returns":
        body = {"event": "ServiceAnswered", "value": answer.value}
    else:
        body = {"event": "ServiceRefused", "reason": answer.text or "failed"}
    return Reply(body=body, after_s=answer.takes_s)


def _from_function(answer: Answer, limit_s: float) -> Reply | None:
    if answer.what == "times out" or answer.takes_s > limit_s:
        return Reply(body={"event": "FunctionFailed", "reason": "timeout"}, after_s=limit_s)
    if answer.what == "fails":
        return Reply(body={"event": "FunctionFailed"}, after_s=answer.takes_s)
    if answer.what == "returns":
        body = {"event": "FunctionReturned", "value": answer.value}
        return Reply(body=body, after_s=answer.takes_s)
    return None


def _from_bot(answer: Answer, following: tuple[Answer, ...]) -> Reply | None:
    body: dict[str, Any]
    match answer.what:
        case "times out":
            return Reply(body={"event": "BotFailed", "detail": "timeout"}, after_s=BOT_LIMIT_S)
        case "fails":
            body = {"event": "BotFailed"}
        case "misses":
            body = {"event": "BotAnswered", "ready": False}
        case "asks":
            # A bot asks because it knows what is wanted and lacks a detail of it.
            intent = next((item.text for item in following if item.what == "understands"), "?")
            body = {"event": "BotAnswered", "ready": False, "intent": intent,
                    "messages": [answer.text]}  # fmt: skip
        case "understands":
            body = {"event": "BotAnswered", "ready": True, "intent": answer.text,
                    "slots": answer.value, "confidence": 1.0,
                    "sentiment": answer.feeling}  # fmt: skip
        case _:
            return None
    return Reply(body=body, after_s=answer.takes_s)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Opening hours that a test says."""

    open: bool

    def is_open(self, at: datetime) -> bool:
        return self.open


class GivenWorld(World):
    """The project's world, with what the test says instead."""

    def __init__(self, given: Given, world: World) -> None:
        self.given = given
        self.world = world
        self.zone = given.zone or world.zone
        self.missing: list[str] = []
        """Opening hours that the flow asked for and nobody knows."""

    def hours(self, name: str) -> HoursTable | None:
        if name in self.given.hours:
            return Fixed(self.given.hours[name])
        found = self.world.hours(name)
        if found is None:
            self.missing.append(name)
        return found
