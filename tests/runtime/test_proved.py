"""Whatever the checker has nothing to say about does not happen in the engine.

Flows with attributes that may be absent, calls that fail and counters are talked through with any
answers of the caller and of the function; what was said is compared with what was promised.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang import effects as out
from flowlang.checking import Report
from flowlang.checks import check
from flowlang.effects import Effect
from flowlang.syntax import parse
from runtime import happenings as seen
from runtime.program import compile_text
from runtime.simulator import Reply, Simulator

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ACTIONS_MAX = 12
HEADER = """\
flow x
  on error -> hang_up

attribute maybe: text?
attribute later: text
attribute tier: "a" | "b" = "a"
variable own: text?
variable n = 0
attribute m: number = 2.5
function f = "f" () -> (x: text, y: text?)
"""
VALUES = ("maybe", "later", "own", "f.x", "f.y", "found.x", "found.y", "maybe else later",
          "own else f.y", '"v"', "later else 'd'")  # fmt: skip
CONDITIONS = (
    'maybe == "v"', "maybe == own", 'maybe != "v"', 'not maybe == "v"', 'not (maybe != "v")',
    'maybe == "v" and own == "v"', 'maybe == "v" or own == "v"', 'own in ["v", "w"]',
    "own in [maybe]", 'maybe contains "v"', "maybe contains own", "maybe starts_with own",
    'f.y == "v"', "maybe == f.y", "own == (maybe else later)", "m > n", "maybe == maybe",
)  # fmt: skip
LIMITS = ("> 2", ">= 2", "> 2.5", "< 2", "== 2", "!= 2")


@st.composite
def texts(draw: st.DrawFn) -> str:
    count = draw(st.integers(2, 6))
    targets = st.sampled_from([*(f"s{number}" for number in range(count)), "hang_up"])
    is_named = draw(st.booleans())
    lines = [HEADER]
    for number in range(count):
        lines.append(f"s{number}:")
        for _ in range(draw(st.integers(0, 3))):
            lines += draw(_step(targets, is_named))
        lines += draw(_last(targets))
    return "\n".join(lines) + "\n"


@st.composite
def _step(draw: st.DrawFn, targets: st.SearchStrategy[str], is_named: bool) -> list[str]:
    value = draw(st.sampled_from(VALUES))
    match draw(st.sampled_from(["set", "play", "call", "count"])):
        case "set":
            return [f"  set {draw(st.sampled_from(['maybe', 'later', 'own']))}: {value}"]
        case "play":
            inner = value.replace('"', "'")
            return ['  play "[{' + inner + '}]"']
        case "call":
            return ["  found = f" if is_named else "  f", f"    on error -> {draw(targets)}"]
        case _:
            step = draw(st.sampled_from(["n: n + 1", "n: n - 1", "n: n + 0.5", "m: m + 1", "n: 0"]))
            return [f"  set {step}"]


@st.composite
def _last(draw: st.DrawFn, targets: st.SearchStrategy[str]) -> list[str]:
    one, two = draw(targets), draw(targets)
    match draw(st.sampled_from(["go", "ask", "when", "value", "limit"])):
        case "go":
            return [f"  -> {one}"]
        case "ask":
            return ['  ask "?"', f'    on "1" -> {one}', f"    on timeout, no_match -> {two}"]
        case "when":
            condition = draw(st.sampled_from(CONDITIONS))
            return ["  branch", f"    when {condition} -> {one}", f"    otherwise -> {two}"]
        case "value":
            name = draw(st.sampled_from(["maybe", "own", "f.y", "later"]))
            return [f"  branch {name}", f'    on "v" -> {one}', f"    otherwise -> {two}"]
        case _:
            name, limit = draw(st.sampled_from(["n", "m"])), draw(st.sampled_from(LIMITS))
            return [f"  branch {name}", f"    on {limit} -> {one}", f"    otherwise -> {two}"]


class Function:
    """Answers by turns: fails, gives all, gives what it must."""

    def __init__(self, answers: Sequence[str]) -> None:
        self.answers = answers

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        if not isinstance(effect, out.CallFunction):
            return None
        match self.answers[asked_before % len(self.answers)]:
            case "fails":
                return Reply(body={"event": "FunctionFailed"})
            case "all":
                return Reply(body={"event": "FunctionReturned", "value": {"x": "v", "y": "v"}})
            case _:
                return Reply(body={"event": "FunctionReturned", "value": {"x": "w"}})


def talked(text: str, answers: Sequence[str], function: Sequence[str]) -> Simulator:
    simulator = Simulator(compile_text(text, catalogue()), NOON, services=Function(function))
    simulator.start(caller="+821012345678")
    for number in range(ACTIONS_MAX):
        if simulator.is_over:
            break
        if answer := answers[number % len(answers)]:
            simulator.hear(answer, by="digits")
        elif not simulator.silence():
            break
    return simulator


def told(report: Report, *codes: str) -> set[str | None]:
    """The steps that it says something about."""
    return {problem.block for problem in report.problems if problem.code in codes}


ANSWERS = st.lists(st.sampled_from(["1", "2", ""]), min_size=1, max_size=6)
FUNCTION = st.lists(st.sampled_from(["fails", "all", "some"]), min_size=1, max_size=4)


@given(texts(), ANSWERS, FUNCTION)
@settings(max_examples=100, deadline=None)
def test_what_is_told_nothing_about_is_there(
    text: str, answers: list[str], function: list[str]
) -> None:
    """No step that the checker leaves alone says an absent value."""
    report = check(parse(text), catalogue())
    doubtful = told(report, "FL101", "FL118", "FL220", "FL221")
    # What is set to something that may be absent was told there.
    if told(report, "FL113", "FL210", "FL306") or any(".set" in str(step) for step in doubtful):
        return
    for happening in talked(text, answers, function).happened:
        if isinstance(happening, seen.Said) and happening.text == "[]":
            assert happening.step in doubtful, f"{happening.step}\n{text}"


@given(texts(), ANSWERS, FUNCTION)
@settings(max_examples=100, deadline=None)
def test_loops_that_are_proved_do_not_spin(
    text: str, answers: list[str], function: list[str]
) -> None:
    report = check(parse(text), catalogue())
    if "proved" not in {fact.status for fact in report.facts if fact.check == "loops"}:
        return
    happened = talked(text, answers, function).happened
    assert not any(
        isinstance(item, seen.Trouble) and "too many steps" in item.text for item in happened
    ), text
