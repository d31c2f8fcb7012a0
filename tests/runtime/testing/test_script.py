"""What a test may say, and what is wrong with what it may not."""

from __future__ import annotations

from datetime import date, time
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowlang.diagnostics.words import LANGUAGES, Language, help_, message
from flowlang.syntax.parser import parse
from runtime.testing.given import Answer
from runtime.testing.runner import run_test
from runtime.testing.script import OPENINGS, Act, Deed, read_script
from tests.runtime.testing.flows import OfficeWorld, desk, script

DESK_FLOW = desk()


def test_what_is_given() -> None:
    read = script("""
        given caller "+821012345678"
        given time 2026-11-20 22:30 Asia/Seoul
        given channel whatsapp
        given language ko-KR
        given voice score 95
        given tier "gold"
        given office closed
        given crm returns (tier: "gold", balance: 2.5) then fails
    """)
    assert not read.problems
    found = read.given
    assert found.caller == "+821012345678"
    assert (found.day, found.clock) == (date(2026, 11, 20), time(22, 30))
    assert found.zone == ZoneInfo("Asia/Seoul")
    assert (found.channel, found.language) == ("whatsapp", "ko-KR")
    assert found.values == {"voice": {"score": 95}, "tier": "gold"}
    assert found.hours == {"Office hours": False}
    assert found.answers["crm-lookup"] == (
        Answer(what="returns", value={"tier": "gold", "balance": 2.5}),
        Answer(what="fails"),
    )


@pytest.mark.parametrize(
    ("line", "name", "answers"),
    [
        ("crm takes 5s", "crm-lookup", (Answer(what="nothing", takes_s=5),)),
        ("crm takes 2s fails", "crm-lookup", (Answer(what="fails", takes_s=2),)),
        ("crm takes 2s, fails", "crm-lookup", (Answer(what="fails", takes_s=2),)),
        ("crm times out", "crm-lookup", (Answer(what="times out"),)),
        (
            'crm returns (tier: "gold") then (tier: "standard")',
            "crm-lookup",
            (
                Answer(what="returns", value={"tier": "gold"}),
                Answer(what="returns", value={"tier": "standard"}),
            ),
        ),
        ("billing full then free", "Billing", (Answer(what="full"), Answer(what="free"))),
        ("whatsapp fails", "whatsapp", (Answer(what="fails"),)),
        ("sms delivers then fails", "sms", (Answer(what="free"), Answer(what="fails"))),
        (
            'helper understands nothing then Balance(account: "x")',
            "Helper/live",
            (Answer(what="misses"), Answer(what="understands", text="Balance",
                                           value={"account": "x"})),
        ),
        (
            'helper asks "Which one?" then understands Agent',
            "Helper/live",
            (Answer(what="asks", text="Which one?"), Answer(what="understands", text="Agent")),
        ),
    ],
)  # fmt: skip
def test_what_services_answer(line: str, name: str, answers: tuple[Answer, ...]) -> None:
    read = script(f"given {line}")
    assert not read.problems
    assert read.given.answers == {name: answers}


@pytest.mark.parametrize(
    ("line", "deed", "rest"),
    [
        ('caller presses "1"', "presses", {"text": "1"}),
        ("caller presses 1", "presses", {"text": "1"}),
        ('caller presses "9", 3 times', "presses", {"text": "9", "times": 3}),
        ('caller says "hello"', "says", {"text": "hello"}),
        ('caller chooses "WhatsApp"', "chooses", {"text": "WhatsApp"}),
        ("caller says nothing", "is silent", {}),
        ("caller says nothing, 3 times", "is silent", {"times": 3}),
        ("caller hangs up", "hangs up", {}),
        ("time passes 1min30s", "time passes", {"seconds": 90.0}),
        ("agent accepts", "agent accepts", {}),
        ('agent says "Hello."', "agent says", {"text": "Hello."}),
        ("agent leaves", "agent leaves", {}),
    ],
)
def test_what_is_done(line: str, deed: Deed, rest: dict[str, object]) -> None:
    read = script(line)
    assert not read.problems
    (act,) = read.lines
    assert act == Act(place=act.place, deed=deed, **rest)  # type: ignore[arg-type]


def test_every_deed_is_tried() -> None:
    marks = test_what_is_done.pytestmark  # type: ignore[attr-defined]
    assert {case[1] for case in marks[0].args[1]} == set(get_args(Deed))


@pytest.mark.parametrize(
    ("line", "code", "at", "suggestion"),
    [
        ("givn crm fails", "FL601", "givn", "given"),
        ("given crmm fails", "FL602", "crmm", "crm"),
        ("given crm", "FL603", "given crm", None),
        ('given crm retuns (tier: "gold")', "FL603", "retuns", "returns"),
        ("given caller 5 named", "FL615", "named", None),
        ("given caller crm", "FL604", "crm", None),
        ('given crm returns (teir: "gold")', "FL605", "teir", "tier"),
        ('given crm returns (tier: "platinum")', "FL606", '"platinum"', None),
        ('given crm returns (balance: "much")', "FL606", '"much"', None),
        ('given tier "bronze"', "FL606", '"bronze"', None),
        ("given seats 1.5", "FL606", "1.5", None),
        ("given helper understands Balanse", "FL607", "Balanse", "Balance"),
        ("given channel whatsap", "FL614", "whatsap", "whatsapp"),
        ("given crm takes 5", "FL617", "5", None),
        ("given voice score high", "FL616", "high", None),
        ("given verify fails", "FL618", "verify", None),
        ("given time tomorrow", "FL619", "tomorrow", None),
        ("given time 2026-11-20 10:00 Asia/Seol", "FL619", "Asia/Seol", None),
        ("given time 9999-12-31", "FL619", "9999-12-31", None),
        ("given time", "FL619", "given time", None),
        ('given crm returns "gold"', "FL620", '"gold"', None),
        ("given office shut", "FL603", "shut", None),
        ("given billing ful", "FL603", "ful", "full"),
        ('caller prese "1"', "FL603", "prese", "presses"),
        ('caller presses "one"', "FL623", '"one"', None),
        ("caller says nothing, 9999 times", "FL622", "caller says nothing, 9999 times", None),
        ("time pases 5s", "FL603", "pases", "passes"),
        ("agent acepts", "FL603", "acepts", "accepts"),
        ("agent accepts now", "FL615", "now", None),
        ("expect plya", "FL609", "plya", "play"),
        ("expect never menuu", "FL609", "menuu", "menu"),
        ("expect path menu, retyr", "FL609", "retyr", "retry"),
        ("expect transfer billing, prority: 1", "FL610", "prority", "priority"),
        ("expect menu now", "FL615", "now", None),
        ("expect hang_up now", "FL610", "now", None),
        ('expect teir == "gold"', "FL611", "teir", "tier"),
        ("expect end now", "FL615", "now", None),
        ("expect play contains", "FL604", "expect play contains", None),
    ],
)
def test_a_line_that_says_nothing(line: str, code: str, at: str, suggestion: str | None) -> None:
    (problem,) = script(line).problems
    assert problem.code == code
    assert problem.place is not None
    start, end = problem.place.start, problem.place.end
    assert problem.place.anchor.text[start:end].startswith(at)
    assert (problem.arguments.get("suggestion") or None) == suggestion
    for language in LANGUAGES:
        assert_in_words(problem.code, message(problem, language))
        help_(problem, language)


def assert_in_words(code: str, text: str) -> None:
    assert text != code
    assert "{" not in text


def test_what_is_given_stands_first() -> None:
    read = script("""
        caller presses "1"
        given crm fails
    """)
    assert [problem.code for problem in read.problems] == ["FL608"]


def test_one_broken_line_hides_no_other() -> None:
    read = script("""
        given cmr fails
        caller prese "1"
        expect plya
    """)
    assert [problem.code for problem in read.problems] == ["FL602", "FL603", "FL609"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_every_problem_are_there(language: Language) -> None:
    from importlib import import_module

    words = import_module(f"flowlang.diagnostics.words.{language}")
    assert {f"FL6{number:02}" for number in range(1, 40)} <= words.MESSAGES.keys()


PIECES = st.sampled_from(
    [
        "given", "caller", "time", "agent", "expect", "channel", "language", "voice", "score",
        "crm", "helper", "billing", "office", "tier", "verify", "whatsapp", "menu", "menu.ask",
        "found", "play", "transfer", "ask", "set", "returns", "fails", "times", "out", "takes",
        "then", "understands", "asks", "nothing", "full", "open", "presses", "says", "chooses",
        "hangs", "up", "passes", "accepts", "leaves", "end", "never", "before", "path", "contains",
        "==", "in", "not", "1", "3 times", "5s", '"1"', '"text"', "2026-11-20", "10:00",
        "Asia/Seoul", "ko-KR", "(tier: \"gold\")", "()", "[1, 2]", "-1", "priority: 1", ",", "true",
    ]
)  # fmt: skip


@given(opening=st.sampled_from(OPENINGS), pieces=st.lists(PIECES, max_size=6))
def test_any_line_is_read_or_is_a_problem(opening: str, pieces: list[str]) -> None:
    tree = parse(f'test "it" for desk\n  {" ".join([opening, *pieces])}\n')
    if tree.problems:
        return
    read = read_script(tree.document.tests[0], DESK_FLOW)
    for problem in read.problems:
        assert message(problem, "en") != problem.code
    if not read.problems:
        run_test(read, DESK_FLOW, world=OfficeWorld())
