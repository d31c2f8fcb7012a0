"""A conversation between a customer and a bot, until the bot knows what is wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from blocks.common import answers, speech
from flowlang.block import Leave, Move, Stay, View, Wait
from flowlang.effects import AskBot, Say
from flowlang.events import BotAnswered, BotFailed, Event, Heard, TimerFired

ANSWER_S = 10.0
"""How long a bot may think before it counts as failed."""
TURNS_MAX = 12
MISSES_MAX = 2
SESSION_BYTES_MAX = 2_048
SAID_CHARACTERS_MAX = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """What is known between two turns, small enough for a block's memory."""

    bot_thinks: bool = False
    """It is the bot's turn; else the customer's."""
    turns: int = 0
    misses: int = 0
    silences: int = 0
    said: str = ""
    """What was said last, for a customer who did not hear it."""
    session: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talker:
    """Moves a dialogue on."""

    view: View
    bot: str
    opening: str
    timeout_s: float
    ssml: str = ""
    """The opening in speech markup."""
    first: str = ""
    """What the customer is taken to have said already."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What the bot is told besides what the customer says."""

    def open(self) -> Move:
        if not self.first:
            return self._listen(Dialogue(), self._opening())
        asked = self._ask(Dialogue(), self.first)
        opening = self._opening()
        if isinstance(asked, Wait) and opening:
            return replace(asked, effects=(opening, *asked.effects))
        return asked

    def resume(self, memory: Mapping[str, Any], event: Event) -> Move:
        dialogue = Dialogue(**memory)
        if dialogue.bot_thinks:
            match event:
                case BotAnswered():
                    return self._answered(dialogue, event)
                case BotFailed() | TimerFired():
                    return Leave(outcome="error")
                case _:
                    return Stay()
        if isinstance(event, Heard):
            return self._ask(dialogue, event.text.strip())
        return self._silent(dialogue) if answers.is_silence(event) else Stay()

    def _listen(self, dialogue: Dialogue, *said: Say | None) -> Wait:
        return Wait(
            effects=(
                *(item for item in said if item),
                *answers.prompt(self.view, "", timeout_s=self.timeout_s),
            ),
            timers=answers.silence_timer(self.view, self.timeout_s),
            memory=asdict(replace(dialogue, bot_thinks=False)),
        )

    def _opening(self) -> Say | None:
        return speech.said(self.view, self.opening, self.ssml)

    def _again(self, dialogue: Dialogue) -> Say | None:
        """What was said last, by the flow if the bot has not said anything yet."""
        if not dialogue.said:
            return self._opening()
        return Say(text=dialogue.said, language=self.view.language)

    def _by_bot(self, texts: tuple[str, ...]) -> tuple[Say, ...]:
        language = self.view.language
        return tuple(Say(text=text, language=language, sender="bot") for text in texts if text)

    def _ask(self, dialogue: Dialogue, text: str) -> Move:
        if dialogue.turns >= TURNS_MAX:
            return Leave(outcome="no_match")
        language = self.view.language
        question = AskBot(
            bot=self.bot,
            text=text,
            session=dialogue.session,
            attributes=self.attributes,
            language=language,
        )
        dialogue = replace(dialogue, bot_thinks=True, turns=dialogue.turns + 1, silences=0)
        return Wait(effects=(question,), timers={"answer": ANSWER_S}, memory=asdict(dialogue))

    def _answered(self, dialogue: Dialogue, answer: BotAnswered) -> Move:
        session = json.dumps(answer.session, ensure_ascii=False, default=str)
        if len(session.encode()) > SESSION_BYTES_MAX:
            return Leave(outcome="error")
        dialogue = replace(dialogue, session=answer.session)
        if not answer.intent:
            return self._not_understood(dialogue, answer.messages)
        if answer.ready:
            return self._understood(answer)
        said = " ".join(answer.messages)
        said = said if len(said) <= SAID_CHARACTERS_MAX else ""
        dialogue = replace(dialogue, misses=0, said=said)
        return self._listen(dialogue, *self._by_bot(answer.messages))

    def _understood(self, answer: BotAnswered) -> Move:
        """Leave by the intent; one that the flow does not know is as good as not understood."""
        known = answer.intent in self.view.outcomes
        about = {
            "intent": answer.intent,
            "sentiment": answer.sentiment or None,
            "confidence": answer.confidence,
            "session": {**self.attributes, **answer.session.get("attributes", {})},
        }
        return Leave(
            outcome=answer.intent if known else "no_match",
            value=answer.intent,
            results={**answer.slots, **about},
            effects=self._by_bot(answer.messages),
        )

    def _not_understood(self, dialogue: Dialogue, messages: tuple[str, ...]) -> Move:
        if dialogue.misses >= MISSES_MAX:
            return Leave(outcome="no_match")
        dialogue = replace(dialogue, misses=dialogue.misses + 1)
        said = self._by_bot(messages) if messages else (self._again(dialogue),)
        return self._listen(dialogue, *said)

    def _silent(self, dialogue: Dialogue) -> Move:
        """Ask once more, then give up."""
        if dialogue.silences:
            return Leave(outcome="timeout")
        return self._listen(replace(dialogue, silences=1), self._again(dialogue))
