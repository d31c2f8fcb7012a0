"""A test, read line by line: what is given, what is done, what is expected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from flowlang.diagnostics import Problem
from flowlang.model import Phrase, Test
from flowlang.places import Place
from runtime.testing.expected import Expectation, read_expectation
from runtime.testing.given import Given, read_given
from runtime.testing.phrases import NotUnderstood, Phrases
from runtime.testing.subject import Subject

Deed = Literal[
    "presses", "says", "chooses", "is silent", "hangs up", "time passes",
    "agent accepts", "agent says", "agent leaves",
]  # fmt: skip
OPENINGS = ("given", "caller", "time", "agent", "expect")
TIMES_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that the caller, the clock or the agent does."""

    place: Place | None
    deed: Deed
    text: str = ""
    seconds: float = 0
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    place: Place | None
    expectation: Expectation


@dataclass(slots=True)
class Script:
    test: Test
    given: Given = field(default_factory=Given)
    lines: list[Act | Expect] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_script(test: Test, subject: Subject) -> Script:
    """Every line that can be read; the others are problems, and such a test is not run."""
    script = Script(test)
    for phrase in test.lines:
        try:
            _read_line(phrase, script, subject)
        except NotUnderstood as error:
            script.problems.append(error.problem)
    return script


def _read_line(phrase: Phrase, script: Script, subject: Subject) -> None:
    line = Phrases(phrase)
    if phrase.children:
        raise NotUnderstood("FL621", phrase.children[0].at)
    opening = line.word()
    if opening not in OPENINGS:
        raise line.unknown("FL601", OPENINGS)
    line.take()
    match opening:
        case "given":
            if script.lines:
                raise NotUnderstood("FL608", line.place)
            read_given(line, script.given, subject)
        case "expect":
            expectation = read_expectation(line, subject)
            line.end()
            script.lines.append(Expect(place=line.place, expectation=expectation))
        case "caller":
            script.lines.append(_read_caller(line))
        case "agent":
            script.lines.append(_read_agent(line))
        case _:
            script.lines.append(_read_time(line))


def _read_caller(line: Phrases) -> Act:
    times = line.times() or 1
    if times > TIMES_MAX:
        raise NotUnderstood("FL622", line.place, limit=TIMES_MAX)
    deed: Deed
    text = ""
    if line.takes("says", "nothing"):
        deed = "is silent"
    elif line.takes("hangs", "up"):
        deed = "hangs up"
    elif line.takes("presses"):
        deed, text = "presses", _keys(line)
    elif line.takes("says"):
        deed, text = "says", line.text()
    elif line.takes("chooses"):
        deed, text = "chooses", line.text()
    else:
        known = ("presses", "says", "says nothing", "chooses", "hangs up")
        raise line.unknown("FL603", known, of="caller")
    line.end()
    return Act(place=line.place, deed=deed, text=text, times=times)


def _keys(line: Phrases) -> str:
    place, keys = line.here, line.text()
    if not keys or not set(keys) <= set("0123456789*#"):
        raise NotUnderstood("FL623", place, found=keys)
    return keys


def _read_agent(line: Phrases) -> Act:
    deed: Deed
    text = ""
    if line.takes("accepts"):
        deed = "agent accepts"
    elif line.takes("leaves"):
        deed = "agent leaves"
    elif line.takes("says"):
        deed, text = "agent says", line.text()
    else:
        raise line.unknown("FL603", ("accepts", "says", "leaves"), of="agent")
    line.end()
    return Act(place=line.place, deed=deed, text=text)


def _read_time(line: Phrases) -> Act:
    if not line.takes("passes"):
        raise line.unknown("FL603", ("passes",), of="time")
    seconds = line.seconds()
    line.end()
    return Act(place=line.place, deed="time passes", seconds=seconds)
