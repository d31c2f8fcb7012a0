"""A conversation between a customer and a bot, until the bot knows what is wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from blocks.common import answers
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

    def open(self) -> Move:
        return self._listen(Dialogue(), self.opening)

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

    def _listen(self, dialogue: Dialogue, *texts: str, by_bot: bool = False) -> Wait:
        return Wait(
            effects=(
                *(self._say(text, by_bot=by_bot) for text in texts if text),
                *answers.prompt(self.view, "", timeout_s=self.timeout_s),
            ),
            timers=answers.silence_timer(self.view, self.timeout_s),
            memory=asdict(replace(dialogue, bot_thinks=False)),
        )

    def _say(self, text: str, *, by_bot: bool) -> Say:
        language = self.view.language
        return Say(text=text, language=language, sender="bot" if by_bot else "flow")

    def _ask(self, dialogue: Dialogue, text: str) -> Move:
        if dialogue.turns >= TURNS_MAX:
            return Leave(outcome="no_match")
        language = self.view.language
        question = AskBot(bot=self.bot, text=text, session=dialogue.session, language=language)
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
        return self._listen(replace(dialogue, misses=0, said=said), *answer.messages, by_bot=True)

    def _understood(self, answer: BotAnswered) -> Move:
        """Leave by the intent; one that the flow does not know is as good as not understood."""
        known = answer.intent in self.view.outcomes
        about = {"intent": answer.intent, "sentiment": answer.sentiment or None}
        return Leave(
            outcome=answer.intent if known else "no_match",
            value=answer.intent,
            results={**answer.slots, **about},
            effects=tuple(self._say(text, by_bot=True) for text in answer.messages),
        )

    def _not_understood(self, dialogue: Dialogue, messages: tuple[str, ...]) -> Move:
        if dialogue.misses >= MISSES_MAX:
            return Leave(outcome="no_match")
        dialogue = replace(dialogue, misses=dialogue.misses + 1)
        if messages:
            return self._listen(dialogue, *messages, by_bot=True)
        return self._listen(dialogue, dialogue.said or self.opening)

    def _silent(self, dialogue: Dialogue) -> Move:
        """Ask once more, then give up."""
        if dialogue.silences:
            return Leave(outcome="timeout")
        return self._listen(replace(dialogue, silences=1), dialogue.said or self.opening)
