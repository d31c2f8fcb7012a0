"""A bot that understands what a customer writes from the example sentences of its intents.

Everything the bot knows of a dialogue travels in `session`: `understand` is a pure function.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, assert_never

from flowlang import project
from flowlang.project.model import SlotType
from runtime.host import Body
from runtime.services.local.likeness import HANGUL, Index, normal
from runtime.services.local.moments import find_date, find_duration, find_time
from runtime.services.local.numbers import find_number
from runtime.services.local.sentiment import feeling
from runtime.stores import Parcel

Words = tuple[tuple[str, str], ...]
"""A text in several languages; the empty language stands for all."""

CONFIDENCE_MIN = 0.40
"""Below this a sentence is not understood."""
SWITCH_MIN = 0.7
"""How sure the bot must be to leave one intent for another in the middle of a question."""
ALIKE_MIN = 0.78
TEXT_CHARACTERS_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    name: str
    type: SlotType = "text"
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What it can be, each with other words for it."""
    prompt: Words = ()
    again: Words = ()
    """What is asked when the answer was none."""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    name: str
    utterances: tuple[str, ...]
    """What people say; `{slot}` stands for a value of a slot."""
    slots: tuple[Slot, ...] = ()
    confirm: Words = ()
    """What is asked before it is ready; `{slot}` stands for a value."""
    declined: Words = ()
    reply: Words = ()
    """What is said once it is understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    name: str
    intents: tuple[Intent, ...]
    fallback: Words = ()
    """What is said when nothing is understood."""
    confidence_min: float = CONFIDENCE_MIN

    @classmethod
    def of(cls, name: str, described: project.Bot) -> Bot:
        """The bot that a project describes."""
        return cls(
            name=name,
            intents=tuple(_intent(key, item) for key, item in described.intents.items()),
            fallback=tuple(described.fallback.items()),
            confidence_min=(
                CONFIDENCE_MIN if described.confidence is None else described.confidence
            ),
        )

    def intent(self, name: str) -> Intent | None:
        return next((intent for intent in self.intents if intent.name == name), None)


def _intent(name: str, described: project.Intent) -> Intent:
    slots = tuple(
        Slot(
            name=key,
            type=slot.type,
            values=tuple(slot.values.items()),
            prompt=tuple(slot.prompt.items()),
            again=tuple(slot.again.items()),
            required=slot.required,
        )
        for key, slot in described.slots.items()
    )
    said = tuple(text for texts in described.utterances.values() for text in texts)
    return Intent(
        name=name,
        utterances=said,
        slots=slots,
        confirm=tuple(described.confirm.items()),
        declined=tuple(described.declined.items()),
        reply=tuple(described.reply.items()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a bot makes of one sentence; the fields are those of `BotAnswered`."""

    ready: bool
    intent: str = ""
    messages: tuple[str, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    session: Mapping[str, Any] = field(default_factory=dict)
    confidence: float = 0
    sentiment: str = ""


def understand(
    bot: Bot, text: str, session: Mapping[str, Any], language: str, today: date | None = None
) -> Understood:
    """One turn of the dialogue. `today` is needed for `tomorrow`."""
    text = text[:TEXT_CHARACTERS_MAX]
    answer = _Turn(bot, text, session, language, today).answer()
    return replace(answer, sentiment=feeling(text)[0])


@dataclass(frozen=True, slots=True)
class _Turn:
    bot: Bot
    text: str
    session: Mapping[str, Any]
    language: str
    today: date | None

    def answer(self) -> Understood:
        name, confidence = classify(self.bot, self.text)
        current = self.bot.intent(self.session.get("intent", ""))
        switches = confidence >= SWITCH_MIN and current is not None and name != current.name
        if current is not None and (answer := self._continue(current, switches=switches)):
            return answer
        intent = self.bot.intent(name)
        if intent is None or confidence < self.bot.confidence_min:
            return Understood(
                ready=False, messages=self._said(self.bot.fallback), confidence=confidence
            )
        return self._go_on(intent, self._mentioned(intent), confidence)

    def _continue(self, current: Intent, *, switches: bool) -> Understood | None:
        """The answer to a question of ours, unless something else is wanted now."""
        if self.session.get("confirming"):
            return self._confirmed(current, switches=switches)
        asked = next((s for s in current.slots if s.name == self.session.get("asking")), None)
        known = self.session.get("slots", {})
        value = self._read(asked, asked=True) if asked else None
        # A free text takes any words: only another intent that is certain goes before it.
        if asked and value is not None and not (_is_free(asked) and switches):
            slots = {**known, **self._mentioned(current), asked.name: value}
            return self._go_on(current, slots, self._confidence)
        if switches:
            return None
        slots = {**known, **self._mentioned(current)}
        if slots != known:
            return self._go_on(current, slots, self._confidence)
        again = (self._prompt(asked, again=True),) if asked else ()
        return Understood(ready=False, session=self.session, messages=again)

    def _confirmed(self, current: Intent, *, switches: bool) -> Understood | None:
        """Yes, no, a value that is put right, or something else altogether."""
        known = self.session.get("slots", {})
        agrees = _yes_or_no(self.text)
        # `네` is a yes here, and not the number four.
        if agrees and not re.search(r"\d", self.text):
            return self._ready(current, known, self._confidence)
        slots = {**known, **self._mentioned(current)}
        if slots != known:
            return self._go_on(current, slots, self._confidence)
        match agrees:
            case True:
                return self._ready(current, slots, self._confidence)
            case False if not switches:
                return Understood(
                    ready=False, intent=current.name, messages=(self._declined(current),)
                )
        if switches:
            return None
        again = self._filled(current.confirm, slots)
        return Understood(ready=False, session=self.session, messages=(again,))

    @property
    def _confidence(self) -> float:
        """How sure it was of the intent when it was first said."""
        return float(self.session.get("confidence", 1.0))

    def _go_on(self, intent: Intent, slots: Mapping[str, Any], confidence: float) -> Understood:
        """Ready, or a question for the first thing that is missing."""
        missing = next((s for s in intent.slots if s.required and s.name not in slots), None)
        confidence = round(confidence, 3)
        if missing is None and not intent.confirm:
            return self._ready(intent, slots, confidence)
        session = {"intent": intent.name, "slots": dict(slots), "confidence": confidence}
        if missing is None:
            session["confirming"] = True
            question = self._filled(intent.confirm, slots)
        else:
            session["asking"] = missing.name
            question = self._prompt(missing)
        return Understood(
            ready=False,
            intent=intent.name,
            slots=slots,
            messages=(question,),
            session=session,
            confidence=confidence,
        )

    def _ready(self, intent: Intent, slots: Mapping[str, Any], confidence: float) -> Understood:
        said = self._filled(intent.reply, slots)
        return Understood(
            ready=True,
            intent=intent.name,
            messages=(said,) if said else (),
            slots=slots,
            confidence=round(confidence, 3),
        )

    def _filled(self, texts: Words, slots: Mapping[str, Any]) -> str:
        text = project.said(dict(texts), self.language)
        return re.sub(r"\{(\w+)\}", lambda found: str(slots.get(found[1], found[0])), text)

    def _declined(self, intent: Intent) -> str:
        usual = (
            ("ko", "알겠습니다. 무엇을 도와드릴까요?"),
            ("en", "All right. What can I do for you?"),
        )
        return project.said(dict(intent.declined or usual), self.language)

    def _said(self, texts: Words) -> tuple[str, ...]:
        text = project.said(dict(texts), self.language)
        return (text,) if text else ()

    def _prompt(self, slot: Slot, *, again: bool = False) -> str:
        texts = (again and slot.again) or slot.prompt
        return project.said(dict(texts), self.language) or f"{slot.name}?"

    # --- slots --------------------------------------------------------------------------------

    def _mentioned(self, intent: Intent) -> dict[str, Any]:
        """The slots whose values stand in a sentence that need not be an answer for them."""
        found: dict[str, Any] = {}
        for slot in intent.slots:
            value = self._read(slot, asked=False)
            if value is None and _is_free(slot):
                value = _by_template(intent, slot, self.text)
            if value is not None:
                found[slot.name] = value
        return found

    def _read(self, slot: Slot, *, asked: bool) -> Any:
        """The value of a slot that the text gives, or None."""
        text = self.text
        if slot.values:
            return _choice(slot, text, asked=asked)
        match slot.type:
            case "number":
                return find_number(text)
            case "integer":
                number = find_number(text)
                return number if isinstance(number, int) else None
            case "boolean":
                return _yes_or_no(text) if asked else None
            case "date":
                return find_date(text, self.today)
            case "time":
                return find_time(text)
            case "duration":
                return find_duration(text)
            case "phone":
                found = re.search(r"\+?\d[\d\s().-]{6,18}\d", text)
                return re.sub(r"[^\d+]", "", found[0]) if found else None
            case "email":
                found = re.search(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text, re.ASCII)
                return found[0] if found else None
            case "text":
                return text.strip() or None if asked else None
            case _:
                assert_never(slot.type)


# --- intents ------------------------------------------------------------------------------------


def classify(bot: Bot, text: str) -> tuple[str, float]:
    """The intent that a sentence is most like, and how sure that is: from 0 to 1."""
    return _index(bot).best(text)


@lru_cache(maxsize=64)
def _index(bot: Bot) -> Index:
    return Index.of([(i.name, _without_slots(u, i)) for i in bot.intents for u in i.utterances])


def _without_slots(utterance: str, intent: Intent) -> str:
    """An example with a value in the place of `{slot}`, where values are known."""
    values = {s.name: s.values[0][0] if s.values else "" for s in intent.slots}
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], ""), utterance)


# --- slots --------------------------------------------------------------------------------------

_YES = re.compile(
    r"(?<!\w)(?:yes|yeah|yep|yup|ok|okay|sure|right|correct|true|exactly|of course|please do"
    r"|네|넵|넹|예|응|어|그래요?|그럼요?|맞아요?|맞습니다|맞네요|좋아요?|좋습니다|그렇습니다|그렇게"
    r"|당연하죠|부탁해요|부탁드려요|부탁드립니다|해 ?주세요)(?!\w)"
)
_NO = re.compile(
    r"(?<!\w)(?:no|nope|nah|not|false|wrong|never|don t|아니요?|아니오|아뇨|아닙니다"
    r"|아니에요|아니예요|아닌데요?|싫어요?|싫습니다|틀려요|틀렸어요|됐어요|괜찮아요"
    r"|하지 ?마세요|취소)(?!\w)"
)


def _is_free(slot: Slot) -> bool:
    return slot.type == "text" and not slot.values


def _yes_or_no(text: str) -> bool | None:
    said = normal(text)
    if _NO.search(said):
        return False
    return True if _YES.search(said) else None


def _by_template(intent: Intent, slot: Slot, text: str) -> str | None:
    """A free text, where the sentence is built just like an example."""
    mark = f"{{{slot.name}}}"
    for utterance in intent.utterances:
        if mark in utterance:
            before, _, after = (re.sub(r"\{\w+\}", "", part) for part in utterance.partition(mark))
            pattern = rf"{re.escape(before.strip())}\s*(.+?)\s*{re.escape(after.strip())}"
            if match := re.fullmatch(pattern, text.strip(" .?!"), re.IGNORECASE):
                return match[1]
    return None


def _choice(slot: Slot, text: str, *, asked: bool) -> str | None:
    """The value whose words stand in the text, the longest first; a slip of the finger is
    forgiven."""
    said = normal(text)
    spellings = sorted(
        ((normal(word), value) for value, others in slot.values for word in (value, *others)),
        key=lambda pair: -len(pair[0]),
    )
    for word, value in spellings:
        if word and _stands_in(word, said):
            return value
    if asked and said.isdecimal() and 0 < int(said) <= len(slot.values):
        return slot.values[int(said) - 1][0]
    candidates = {said, *said.split()} if asked else set(said.split())
    scored = [
        (SequenceMatcher(None, _letters(word), _letters(candidate)).ratio(), value)
        for word, value in spellings
        for candidate in candidates
        if len(_letters(word)) > 3
    ]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= ALIKE_MIN else None


def _stands_in(word: str, said: str) -> bool:
    if HANGUL.search(word):
        return word.replace(" ", "") in said.replace(" ", "")
    return re.search(rf"(?<!\w){re.escape(word)}(?![a-z0-9_])", said) is not None


def _letters(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# --- effects ------------------------------------------------------------------------------------


class LocalBots:
    """The bots of a project."""

    def __init__(
        self, bots: Mapping[str, Bot], *, clock: Callable[[], datetime], zone: tzinfo = UTC
    ) -> None:
        self.bots = bots
        self.clock = clock
        self.zone = zone

    async def perform(self, parcel: Parcel) -> Body:
        """Carry out `AskBot`. A name may end in a version that only other bots know:
        `FaqBot/live`."""
        effect = parcel.body
        name = effect["bot"]
        bot = self.bots.get(name) or self.bots.get(name.partition("/")[0])
        if bot is None:
            return {"event": "BotFailed", "detail": f"the project has no bot {name}"}
        found = understand(
            bot,
            effect["text"],
            effect.get("session", {}),
            effect.get("language", ""),
            self.clock().astimezone(self.zone).date(),
        )
        return {"event": "BotAnswered", **asdict(found)}
