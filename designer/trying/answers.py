"""Who answers while a flow is tried: a person, by hand, or the project.

One answerer stands for each function, bot, table, service, queue and messenger that the
conversation asks. Each has modes, of which one holds, and entries that the mode needs.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args

from flowlang import effects as out
from flowlang import types
from flowlang.effects import Effect
from flowlang.model import Declaration, Parameter
from flowlang.names import outside_name
from flowlang.project import Project
from runtime.happenings import service_name, wants_answer
from runtime.services.asked import REASONS, Question
from runtime.services.simulated import service_reply
from runtime.services.voice_identity import STATES, Heard, State, decide, threshold_of
from runtime.simulator import Reply
from runtime.testing.answers import reply_to
from runtime.testing.given import Answer

TAKES_S = 0.12
"""How long an answer by hand takes: such as of a quick service."""
VOICE = "voice_identity"
SCORE = "95"
"""A voice that is recognised, to begin with."""
Types = Mapping[str, types.Type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value of an answer by hand."""

    key: str
    value: str
    choices: tuple[str, ...] = ()
    word: str = ""
    """What it is called among the words of the pages; else it is called by its key."""


class Answerer(ABC):
    """Answers in the place of one service."""

    all_modes: tuple[str, ...]
    """Each a word of the pages behind `mode_`; the first holds to begin with."""

    def __init__(self, name: str, outside: str, *, in_project: bool = True) -> None:
        self.name = name
        self.outside = outside
        self.modes = tuple(it for it in self.all_modes if in_project or it != "project")
        self.mode = self.modes[0]

    @abstractmethod
    def said(self) -> Answer | None:
        """What a person says that it answers. None: the project says it, or it goes as usual."""

    def reply(self, effect: Effect) -> Reply | None:
        answer = self.said()
        return reply_to(effect, answer) if answer else None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the mode at hand needs to know."""
        return ()

    @property
    def is_open(self) -> bool:
        """Whether more can be answered than what stands there."""
        return False

    def put(self, key: str, value: str) -> None:
        """Say something else; of an open one, nothing takes the key away."""
        raise KeyError(key)

    def offer(self, value: Mapping[str, Any]) -> None:
        """What was answered, as something to begin with for who changes it."""
        return

    @property
    def shape(self) -> object:
        """Answers are kept over a change of the flow while this stays."""
        return (type(self), self.modes)


class Giving(Answerer):
    """One that answers with values."""

    def __init__(self, name: str, outside: str, gives: Types, *, in_project: bool = True) -> None:
        super().__init__(name, outside, in_project=in_project)
        self.gives = gives
        self.values = {key: example(type_) for key, type_ in gives.items()}

    @property
    def entries(self) -> tuple[Entry, ...]:
        return _entries(self.values, self.gives) if self.mode == "answers" else ()

    @property
    def is_open(self) -> bool:
        return not self.gives and self.mode == "answers"

    @property
    def meant(self) -> dict[str, Any]:
        return meant(self.values, self.gives)

    def put(self, key: str, value: str) -> None:
        self.values[key] = value
        if not self.gives and not value:
            del self.values[key]

    def offer(self, value: Mapping[str, Any]) -> None:
        if self.mode == "project" and value:
            known = value.items() if not self.gives else _shared(value, self.gives)
            self.values |= {key: spelled(it) for key, it in known}

    @property
    def shape(self) -> object:
        return (*super().shape, self.gives)  # type: ignore[misc]


class FunctionAnswers(Giving):
    all_modes = ("answers", "project", "fails", "slow")

    def said(self) -> Answer | None:
        match self.mode:
            case "answers":
                return Answer(what="returns", value=self.meant, takes_s=TAKES_S)
            case "fails":
                return Answer(what="fails")
            case "slow":
                return Answer(what="times out")
            case _:
                return None


class ServiceAnswers(Giving):
    """A table, or a service such as profiles."""

    all_modes = ("project", "answers", "refuses", "slow")

    def __init__(self, name: str, outside: str, gives: Types, *, in_project: bool = True) -> None:
        super().__init__(name, outside, gives, in_project=in_project)
        self.reason: str = REASONS[0]

    @property
    def entries(self) -> tuple[Entry, ...]:
        if self.mode != "refuses":
            return super().entries
        return (Entry(key="reason", word="reason", value=self.reason, choices=REASONS),)

    def put(self, key: str, value: str) -> None:
        if self.mode == "refuses":
            self.reason = value
        else:
            super().put(key, value)

    def said(self) -> Answer | None:
        match self.mode:
            case "answers":
                return Answer(what="returns", value=self.meant, takes_s=TAKES_S)
            case "refuses":
                return Answer(what="refuses", text=self.reason)
            case "slow":
                return Answer(what="times out")
            case _:
                return None


class VoiceAnswers(Answerer):
    """Whether it is the caller's own voice: a score is compared as with live calls."""

    all_modes = ("score", "state", "fails")

    def __init__(self, name: str) -> None:
        super().__init__(name, name)
        self.score = SCORE
        self.state: State = "not_enrolled"

    @property
    def entries(self) -> tuple[Entry, ...]:
        match self.mode:
            case "score":
                return (Entry(key="score", word="voice_score", value=self.score),)
            case "state":
                return (Entry(key="state", word="voice_state", value=self.state, choices=STATES),)
            case _:
                return ()

    def put(self, key: str, value: str) -> None:
        if self.mode == "score":
            self.score = value
        elif value in get_args(State):
            self.state = next(state for state in STATES if state == value)

    def said(self) -> Answer | None:
        return Answer(what="refuses") if self.mode == "fails" else None

    def reply(self, effect: Effect) -> Reply | None:
        if self.mode == "fails" or not isinstance(effect, out.AskService):
            return super().reply(effect)
        is_score = self.mode == "score"
        heard = Heard(score=_score(self.score)) if is_score else Heard(state=self.state)
        question = Question(
            operation=effect.operation, arguments=effect.arguments, at=datetime.now(UTC)
        )
        return service_reply(lambda: decide(heard, threshold_of(question)))


class BotAnswers(Answerer):
    all_modes = ("project", "understands", "misses", "fails")

    def __init__(
        self,
        name: str,
        outside: str,
        intents: Sequence[Parameter] = (),
        slots: Sequence[Parameter] = (),
        *,
        in_project: bool,
    ) -> None:
        super().__init__(name, outside, in_project=in_project)
        always = {item.name: item.type or types.ANY for item in slots}
        self.intents: dict[str, Types] = {
            item.name: {**always, **{it.name: it.type or types.TEXT for it in item.fields or ()}}
            for item in intents
        }
        self.intent = next(iter(self.intents), "")
        self.values = {
            key: example(type_) for given in self.intents.values() for key, type_ in given.items()
        }

    @property
    def gives(self) -> Types:
        return self.intents.get(self.intent, {})

    @property
    def entries(self) -> tuple[Entry, ...]:
        if self.mode != "understands":
            return ()
        named = Entry(key="", word="intent", value=self.intent, choices=tuple(self.intents))
        return (named, *_entries({key: self.values[key] for key in self.gives}, self.gives))

    def put(self, key: str, value: str) -> None:
        if key:
            self.values[key] = value
        else:
            self.intent = value

    def said(self) -> Answer | None:
        match self.mode:
            case "understands":
                slots = meant({key: self.values[key] for key in self.gives}, self.gives)
                return Answer(what="understands", text=self.intent, value=slots)
            case "misses":
                return Answer(what="misses")
            case "fails":
                return Answer(what="fails")
            case _:
                return None

    @property
    def shape(self) -> object:
        return (type(self), self.modes, self.intents)


class QueueAnswers(Answerer):
    all_modes = ("free", "full")

    def said(self) -> Answer | None:
        return Answer(what="full") if self.mode == "full" else None


class MessengerAnswers(Answerer):
    all_modes = ("delivers", "fails")

    def said(self) -> Answer | None:
        return Answer(what="fails") if self.mode == "fails" else None


MODES = {
    mode
    for kind in (
        FunctionAnswers, ServiceAnswers, VoiceAnswers, BotAnswers, QueueAnswers, MessengerAnswers,
    )
    for mode in kind.all_modes
}  # fmt: skip


class Answers:
    """All answerers of one try-out: of what the flow declares from the beginning, of other
    services once they are asked."""

    def __init__(self, project: Project | None) -> None:
        self.project = project
        self._by_name: dict[str, Answerer] = {}
        self._declared: dict[str, None] = {}
        self._asked: dict[str, None] = {}

    def __iter__(self) -> Iterator[Answerer]:
        return iter([self._by_name[name] for name in {**self._declared, **self._asked}])

    def __getitem__(self, outside: str) -> Answerer:
        return self._by_name[outside]

    def follow(self, declarations: Collection[Declaration]) -> None:
        """The flow was changed: what is answered stays, where it still fits."""
        self._declared.clear()
        found = filter(None, map(self._declaring, declarations))
        for made in sorted(found, key=lambda it: isinstance(it, QueueAnswers)):
            self._declared[made.outside] = None
            old = self._by_name.get(made.outside)
            if old is None or old.shape != made.shape:
                self._by_name[made.outside] = made
            else:
                old.name = made.name

    def forget_asked(self) -> None:
        """Another conversation begins."""
        self._asked.clear()

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        if not wants_answer(effect):
            return None
        name = service_name(effect)
        if name not in self._by_name:
            self._by_name[name] = self._asking(effect, name)
        self._asked[name] = None
        return self._by_name[name].reply(effect)

    def _declaring(self, item: Declaration) -> Answerer | None:
        outside = outside_name(item)
        gives = {it.name: it.type or types.ANY for it in item.results or ()}
        match item.word:
            case "function":
                known = self._knows("functions", outside)
                return FunctionAnswers(item.name, outside, gives, in_project=known)
            case "table":
                known = self._knows("tables", outside)
                return ServiceAnswers(item.name, outside, gives, in_project=known)
            case "bot":
                known = self._knows_bot(outside)
                return BotAnswers(item.name, outside, item.takes or (), item.results or (),
                                  in_project=known)  # fmt: skip
            case "queue":
                return QueueAnswers(item.name, outside)
            case _:
                return None

    def _asking(self, effect: Effect, name: str) -> Answerer:
        match effect:
            case out.AskService(service=service) if service == VOICE:
                return VoiceAnswers(name)
            case out.AskService():
                return ServiceAnswers(name, name, {})
            case out.CallFunction():
                known = self._knows("functions", name)
                return FunctionAnswers(name, name, {}, in_project=known)
            case out.AskBot():
                return BotAnswers(name, name, in_project=self._knows_bot(name))
            case out.Enqueue():
                return QueueAnswers(name, name)
            case _:
                return MessengerAnswers(name, name)

    def _knows(self, what: str, name: str) -> bool:
        return name in getattr(self.project, what, ())

    def _knows_bot(self, name: str) -> bool:
        return self._knows("bots", name) or self._knows("bots", name.partition("/")[0])


# --- values -------------------------------------------------------------------------------------


def _entries(values: Mapping[str, str], gives: Types) -> tuple[Entry, ...]:
    return tuple(
        Entry(key=key, value=value, choices=_choices(gives.get(key)))
        for key, value in values.items()
    )


def _shared(value: Mapping[str, Any], gives: Types) -> Iterator[tuple[str, Any]]:
    return ((key, it) for key, it in value.items() if key in gives)


def _choices(wanted: types.Type | None) -> tuple[str, ...]:
    match wanted:
        case types.OneOf(values=values):
            return values
        case types.Named(name="boolean"):
            return ("true", "false")
        case _:
            return ()


def example(wanted: types.Type) -> str:
    """A value to begin with."""
    match wanted:
        case types.OneOf(values=values):
            return values[0]
        case types.Named(name="number" | "integer" | "percent"):
            return "100"
        case types.Named(name="boolean"):
            return "true"
        case types.Named(name="date"):
            return "2026-12-24"
        case types.Named(name="time"):
            return "14:30"
        case types.ListType():
            return "[]"
        case types.RecordType() | types.Named(name="json"):
            return "{}"
        case _:
            return "…"


def meant(values: Mapping[str, str], gives: Types) -> dict[str, Any]:
    """What a person wrote, as the values that a service would give."""
    return {key: _meant(text, gives.get(key, types.ANY)) for key, text in values.items()}


def _meant(text: str, wanted: types.Type) -> Any:
    """Texts are texts whatever they look like; of the rest JSON is understood."""
    match wanted:
        case types.OneOf() | types.Named(name="text" | "phone" | "email" | "date" | "time"):
            return text
        case _:
            try:
                return json.loads(text)
            except ValueError:
                return text


def spelled(value: Any) -> str:
    """The inverse: what a field shows of a value."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _score(text: str) -> float | None:
    try:
        return min(100.0, max(0.0, float(text)))
    except ValueError:
        return None
