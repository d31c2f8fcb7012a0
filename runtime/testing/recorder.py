"""A conversation as a test that passes when it is run: what was heard is now expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from flowlang import expressions as ex
from flowlang.syntax import spelling
from runtime import happenings as seen
from runtime.happenings import Happening
from runtime.testing.subject import Subject

SAID_CHARACTERS_MAX = 60


def as_test(
    happened: Sequence[Happening], subject: Subject, title: str, hours: Mapping[str, bool]
) -> str:
    """The text of a test. `hours` are opening hours that no project knows, by outside name."""
    lines = [f"test {spell(title)} for {subject.name}"]
    lines += [f"  given {line}" for line in _given(happened, subject, hours)]
    lines += [f"  {line}" for line in _script(happened, subject)]
    return "\n".join(lines) + "\n"


# --- what was given ---------------------------------------------------------------------------


def _given(
    happened: Sequence[Happening], subject: Subject, hours: Mapping[str, bool]
) -> Iterator[str]:
    began = next((item for item in happened if isinstance(item, seen.Began)), None)
    if began is not None:
        if began.caller:
            yield f"caller {spell(began.caller)}"
        yield f"time {spell_time(began.at)}"
        if began.channel != "voice":
            yield f"channel {began.channel}"
        if began.language:
            yield f"language {began.language}"
    names = subject.names
    for name, is_open in hours.items():
        yield f"{names.get(name, name)} {'open' if is_open else 'closed'}"
    for name, answers in _answers(happened).items():
        if any(answer != _USUAL for answer in answers):
            yield f"{names.get(name, name)} {' then '.join(answers)}"


_USUAL = "free"


def _answers(happened: Iterable[Happening]) -> dict[str, list[str]]:
    """What each service answered, in order."""
    answers: dict[str, list[str]] = {}
    called: dict[str, datetime] = {}
    for item in happened:
        match item:
            case seen.Called(name=name):
                called[name] = item.at
            case seen.Answered(name=name):
                took_s = (item.at - called.get(name, item.at)).total_seconds()
                answers.setdefault(name, []).append(_answer(item.body, took_s))
            case _:
                pass
    return answers


def _answer(body: Mapping[str, Any], took_s: float) -> str:
    takes = f"takes {spelling.spell_number(took_s, 'duration')} " if took_s else ""
    match body.get("event"):
        case "FunctionReturned":
            return f"{takes}returns {spell(body.get('value', {}))}"
        case "FunctionFailed" if body.get("reason") == "timeout":
            return "times out"
        case "FunctionFailed" | "BotFailed":
            return f"{takes}fails"
        case "ServiceAnswered":
            return f"{takes}returns {spell(body.get('value', {}))}"
        case "ServiceRefused" if body.get("reason") == "timeout":
            return "times out"
        case "ServiceRefused":
            return f"{takes}refuses {body.get('reason', 'failed')}"
        case "BotAnswered":
            return takes + _understood(body)
        case "QueueRefused":
            return "full"
        case "Undeliverable":
            return "fails"
        case "Delivered":
            return "delivers"
        case _:
            return _USUAL


def _understood(body: Mapping[str, Any]) -> str:
    intent, slots = body.get("intent", ""), body.get("slots")
    if not intent:
        return "understands nothing"
    if not body.get("ready"):
        return f"asks {spell(' '.join(body.get('messages', ())))}"
    name = ex.Name(intent) if intent.isidentifier() else ex.Literal(intent, "text")
    feels = body.get("sentiment", "")
    feeling = f" feeling {feels}" if feels not in ("", "neutral") else ""
    return f"understands {spelling.value(name)}{spell(slots) if slots else ''}{feeling}"


# --- what happened ----------------------------------------------------------------------------


def _script(happened: Sequence[Happening], subject: Subject) -> Iterator[str]:
    expected = False
    """Whether the visit at hand is expected already: a line for each visit."""
    kind = ""
    for item in happened:
        match item:
            case seen.Entered():
                kind, expected = item.kind, False
            case seen.Said(sender="agent"):
                yield f"agent says {spell(item.text)}"
            case seen.Said(sender="flow") if not expected and kind:
                expected = True
                yield f"expect {kind} contains {spell(_beginning(item.text))}"
            case seen.Heard():
                yield f"caller {_heard(item)}"
            case seen.TimePassed(silent=True):
                yield "caller says nothing"
            case seen.TimePassed(seconds=seconds):
                yield f"time passes {spelling.spell_number(seconds, 'duration')}"
            case seen.Queued() if not expected and kind:
                expected = True
                yield f"expect {kind}"
            case seen.AgentCame():
                yield "agent accepts"
            case seen.Ended(reason="customer"):
                yield "caller hangs up"
            case seen.Ended(reason="agent"):
                yield "agent leaves"
            case seen.Ended():
                yield "expect end"
            case _:
                pass


def _heard(item: seen.Heard) -> str:
    match item.by:
        case "digits":
            return f"presses {spell(item.text)}"
        case "choice":
            return f"chooses {spell(item.text)}"
        case "speech" | "text":
            return f"says {spell(item.text)}"
        case _:
            assert_never(item.by)


def _beginning(text: str) -> str:
    """Enough of a text to know it by, cut at a blank."""
    if len(text) <= SAID_CHARACTERS_MAX:
        return text
    cut = text[:SAID_CHARACTERS_MAX]
    return cut[: cut.rfind(" ")] if " " in cut else cut


# --- spelling ---------------------------------------------------------------------------------


def spell(value: Any) -> str:
    """A JSON value as the language writes it."""
    return spelling.value(_expression(value))


def spell_time(at: datetime) -> str:
    clock = at.strftime("%H:%M:%S" if at.second else "%H:%M")
    zone = at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) else "UTC"
    return f"{at.date().isoformat()} {clock} {zone}"


def _expression(value: Any) -> ex.Expression:
    match value:
        case bool():
            return ex.Literal(value, "boolean")
        case int():
            return ex.Literal(value, "integer") if value >= 0 else _negative(value)
        case float():
            return ex.Literal(value, "number") if value >= 0 else _negative(value)
        case list() | tuple():
            return ex.ListOf(tuple(ex.Item(_expression(item)) for item in value))
        case Mapping():
            return ex.Record(
                tuple(
                    ex.Field(key, _expression(item))
                    for key, item in value.items()
                    if item is not None
                )
            )
        case _:
            return ex.Literal("" if value is None else str(value), "text")


def _negative(value: float) -> ex.Expression:
    return ex.Negative(_expression(-value))
