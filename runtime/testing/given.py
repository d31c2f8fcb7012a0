"""`given …`: what a test takes for granted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flowlang import expressions as ex
from flowlang.channels import CHANNELS, MESSENGERS
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Declaration, Parameter
from flowlang.names import VALUE_WORDS, outside_name
from flowlang.syntax import spelling
from runtime.engine import World
from runtime.services.asked import NAMES as SERVICES
from runtime.services.asked import REASONS
from runtime.services.local.sentiment import FEELINGS
from runtime.services.voice_identity import STATES as VOICE_STATES
from runtime.simulator import YEARS
from runtime.testing.fitting import fits
from runtime.testing.phrases import NotUnderstood, Phrases, constant
from runtime.testing.subject import Subject

USUAL_DATE = date(2026, 1, 5)
USUAL_TIME = time(10)
"""When nothing is given, it is a Monday morning: tests read no clock."""

What = Literal[
    "returns", "refuses", "fails", "times out", "understands", "misses", "asks", "full", "free",
    "nothing",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a service."""

    what: What
    value: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    """What a bot asks, the intent that it understands, or the reason of a service's no."""
    takes_s: float = 0
    feeling: str = ""
    """What a bot makes of how it was said."""


@dataclass(slots=True)
class Given:
    """Everything that the `given` lines of one test say."""

    caller: str = ""
    name: str = ""
    channel: str = "voice"
    language: str = ""
    day: date = USUAL_DATE
    clock: time = USUAL_TIME
    zone: tzinfo | None = None
    values: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    """By the outside name of the service."""
    hours: dict[str, bool] = field(default_factory=dict)
    """By outside name: open or closed."""

    def at(self, world: World) -> datetime:
        return datetime.combine(self.day, self.clock, tzinfo=self.zone or world.zone)


# --- reading ----------------------------------------------------------------------------------

_WORDS = ("caller", "time", "channel", "language", "voice")


def read_given(line: Phrases, given: Given, subject: Subject) -> None:
    """Read what stands behind the word `given`."""
    match line.word():
        case "caller":
            line.take()
            given.caller = line.text()
        case "time":
            line.take()
            _read_time(line, given)
        case "channel":
            line.take()
            given.channel = _one_of(line, "FL614", CHANNELS)
        case "language":
            line.take()
            given.language = _language(line)
        case "voice":
            line.take()
            given.values["voice"] = _voice(line)
        case _:
            _read_named(line, given, subject)
    line.end()


def _read_named(line: Phrases, given: Given, subject: Subject) -> None:
    name = line.word() or ""
    declared = subject.declaration(name)
    if declared is None and name in MESSENGERS:
        line.take()
        given.answers[name] = _sequence(line, lambda before: _messenger(line, name))
        return
    if declared is None and name in SERVICES:
        line.take()
        given.answers[name] = _sequence(line, lambda before: _service_answer(line, name, before))
        return
    inputs = {item.name: item for item in subject.inputs}
    if declared is None and name in inputs:
        line.take()
        given.values[name] = _value(line, inputs[name])
        return
    known = [*_WORDS, *inputs, *subject.declarations, *MESSENGERS, *SERVICES]
    if declared is None:
        raise line.unknown("FL602", known)
    place = line.here
    line.take()
    outside = outside_name(declared)
    match declared.word:
        case word if word in VALUE_WORDS:
            given.values[name] = _value(line, declared)
        case "function" | "bot" | "queue":
            given.answers[outside] = _sequence(line, lambda before: _answer(line, declared, before))
        case "table":
            given.answers[outside] = _sequence(
                line, lambda before: _service_answer(line, name, before)
            )
        case "hours":
            given.hours[outside] = _one_of(line, "FL603", ("open", "closed"), of=name) == "open"
        case _:
            raise NotUnderstood("FL618", place, name=name, word=declared.word)


def _read_time(line: Phrases, given: Given) -> None:
    """A date, a time of day and a zone; each may be missing."""
    if line.is_at_end:
        raise NotUnderstood("FL619", line.place, found="")
    while not line.is_at_end:
        place = line.here
        match line.take():
            case ex.Literal(type="date", value=str(text)):
                given.day = _in_calendar(_day, text, place)
            case ex.Literal(type="time", value=str(text)):
                given.clock = _in_calendar(time.fromisoformat, text, place)
            case ex.Literal(type="zone", value=str(text)):
                given.zone = _in_calendar(ZoneInfo, text, place)
            case ex.Name(root="UTC"):
                given.zone = ZoneInfo("UTC")
            case _:
                line.position -= 1
                raise line.unknown("FL619", ())


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return day


def _in_calendar(read: Any, text: str, place: Any) -> Any:
    try:
        return read(text)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise NotUnderstood("FL619", place, found=text) from error


def _language(line: Phrases) -> str:
    match line.take():
        case ex.Literal(value=str(text)):
            return text
        case ex.Name(root=root, segments=()):
            return root
        case _:
            line.position -= 1
            raise line.unknown("FL603", (), of="language")


def _one_of(line: Phrases, code: str, words: Any, **arguments: object) -> str:
    word = line.word()
    if word not in words:
        raise line.unknown(code, words, **arguments)
    line.take()
    assert word is not None
    return word


def _voice(line: Phrases) -> dict[str, Any]:
    """What comparing the voice says: a score, or why there is none."""
    if line.takes("score"):
        return {"score": line.number()}
    return {"state": _one_of(line, "FL603", ("score", *VOICE_STATES), of="voice")}


def _value(line: Phrases, declared: Declaration | Parameter) -> Any:
    place, item = line.here, line.take()
    if item is None:
        raise NotUnderstood("FL604", line.place, found="")
    value = constant(item)
    if declared.type is not None and not fits(value, declared.type):
        raise NotUnderstood("FL606", place, name=declared.name, type=spelling.type_(declared.type))
    return value


def _sequence(line: Phrases, read: Callable[[str], Answer]) -> tuple[Answer, ...]:
    """`returns (…) then fails`: one after the other, the last one again and again. Behind `then`
    the word need not be said again: `returns (…) then (…)`."""
    answers = [read("")]
    while line.takes("then"):
        answers.append(read(answers[-1].what))
    return tuple(answers)


def _answer(line: Phrases, declared: Declaration, before: str) -> Answer:
    takes_s = 0.0
    if line.takes("takes"):
        takes_s = line.seconds()
        if line.is_at_end or line.word() == "then":
            return Answer(what="nothing", takes_s=takes_s)
    match declared.word:
        case "function":
            answer = _function_answer(line, declared, takes_s, before)
        case "bot":
            answer = _bot_answer(line, declared, takes_s, before)
        case _:
            known = ("full", "free")
            word = _one_of(line, "FL603", known, of=declared.name)
            answer = Answer(what="full" if word == "full" else "free", takes_s=takes_s)
    return answer


def _function_answer(line: Phrases, declared: Declaration, takes_s: float, before: str) -> Answer:
    if line.takes("fails"):
        return Answer(what="fails", takes_s=takes_s)
    if line.takes("times", "out"):
        return Answer(what="times out", takes_s=takes_s)
    if line.takes("returns") or (before == "returns" and isinstance(line.next, ex.Record)):
        value = _record(line, declared.results, declared)
        return Answer(what="returns", value=value, takes_s=takes_s)
    known = ("returns", "fails", "times out", "takes")
    raise line.unknown("FL603", known, of=declared.name)


def _bot_answer(line: Phrases, declared: Declaration, takes_s: float, before: str) -> Answer:
    if line.takes("fails"):
        return Answer(what="fails", takes_s=takes_s)
    if line.takes("times", "out"):
        return Answer(what="times out", takes_s=takes_s)
    if line.takes("asks"):
        return Answer(what="asks", text=line.text(), takes_s=takes_s)
    if line.takes("understands") or (before in ("understands", "misses") and line.word()):
        if line.takes("nothing"):
            return Answer(what="misses", takes_s=takes_s)
        return _understood(line, declared, takes_s)
    known = ("understands", "asks", "fails", "times out", "takes")
    raise line.unknown("FL603", known, of=declared.name)


def _understood(line: Phrases, declared: Declaration, takes_s: float) -> Answer:
    name = line.text() if isinstance(line.next, ex.Literal) else line.word() or ""
    intents = {item.name: item for item in declared.takes or ()}
    if intents and name not in intents:
        raise line.unknown("FL607", (*intents, "nothing"), bot=declared.name)
    if not isinstance(line.items[line.position - 1], ex.Literal):
        line.take()
    slots: Mapping[str, Any] = {}
    if isinstance(line.next, ex.Record):
        fields = intents[name].fields if name in intents else None
        slots = _record(line, fields, declared)
    feels = _one_of(line, "FL603", FEELINGS, of="feeling") if line.takes("feeling") else ""
    return Answer(what="understands", text=name, value=slots, takes_s=takes_s, feeling=feels)


def _service_answer(line: Phrases, name: str, before: str) -> Answer:
    takes_s = line.seconds() if line.takes("takes") else 0.0
    if line.takes("fails"):
        return Answer(what="fails", takes_s=takes_s)
    if line.takes("times", "out"):
        return Answer(what="times out", takes_s=takes_s)
    if line.takes("refuses") or (before == "refuses" and line.word() in REASONS):
        reason = _one_of(line, "FL603", REASONS, of="refuses")
        return Answer(what="refuses", text=reason, takes_s=takes_s)
    if line.takes("returns") or (before == "returns" and isinstance(line.next, ex.Record)):
        item = line.take()
        if not isinstance(item, ex.Record):
            line.position -= 1
            raise NotUnderstood("FL620", line.here, name=name)
        return Answer(what="returns", value=constant(item), takes_s=takes_s)
    if takes_s and (line.is_at_end or line.word() == "then"):
        return Answer(what="nothing", takes_s=takes_s)
    raise line.unknown("FL603", ("returns", "refuses", "fails", "times out", "takes"), of=name)


def _messenger(line: Phrases, name: str) -> Answer:
    word = _one_of(line, "FL603", ("fails", "delivers"), of=name)
    return Answer(what="fails" if word == "fails" else "free")


def _record(
    line: Phrases, declared: tuple[Parameter, ...] | None, of: Declaration
) -> dict[str, Any]:
    """A record, its fields checked against what was declared, if anything was."""
    item = line.take()
    if not isinstance(item, ex.Record):
        line.position -= 1
        raise NotUnderstood("FL620", line.here, name=of.name)
    known = {parameter.name: parameter.type for parameter in declared or ()}
    for entry in item.fields:
        if declared is not None and entry.key not in known:
            raise _unknown_field(entry, list(known), of)
        wanted = known.get(entry.key)
        if wanted is not None and not fits(constant(entry.value), wanted):
            raise NotUnderstood(
                "FL606", entry.value.at, name=entry.key, type=spelling.type_(wanted)
            )
    value: dict[str, Any] = constant(item)
    return value


def _unknown_field(entry: ex.Field, known: list[str], of: Declaration) -> NotUnderstood:
    return NotUnderstood(
        "FL605",
        entry.at or entry.value.at,
        name=of.name,
        found=entry.key,
        known=known,
        suggestion=did_you_mean(entry.key, known),
    )
