"""Tests of flows pass when they should, and say why when they do not."""

from __future__ import annotations

from typing import Any

import pytest

from flowlang.diagnostics.words import LANGUAGES, help_, message
from runtime.engine import World
from tests.runtime.testing.flows import failure, run, script

OPEN = """
given time 2026-11-20 10:00 UTC
given caller "+821012345678"
"""
GOLD = OPEN + 'given crm returns (tier: "gold", balance: 120)\n'
FAILS = OPEN + "given crm fails\n"

PASS = {
    "a call": GOLD + """
        expect play contains "Hello"
        caller presses "1"
        expect transfer billing, priority: 1
    """,
    "silence": FAILS + """
        caller says nothing, 2 times
        expect ask, 2 times
        expect play contains "Sorry"
        expect end
    """,
    "a slow service": OPEN + "given crm takes 5s\n" + 'expect ask contains "One"',
    "a service in time": OPEN
    + 'given crm takes 2s, returns (tier: "gold", balance: 1)\nexpect tier == "gold"',
    "a service that times out": OPEN + 'given crm times out\nexpect tier == "standard"',
    "closed by the clock": """
        given time 2026-11-20 22:00 UTC
        expect play contains 'closed'
        expect end
    """,
    "closed by word": "given office closed\nexpect closed\nexpect end",
    "arguments of a call": GOLD + 'expect crm phone: "+821012345678"',
    "a named step": GOLD + "expect found\nexpect start.found before menu.ask",
    "a step by its id": GOLD + 'caller presses "1"\nexpect first.transfer',
    "a kind behind a name": GOLD + "expect function",
    "values set": GOLD + 'expect set tier: "gold"',
    "never": FAILS + "expect never transfer\ncaller hangs up\nexpect end",
    "before": GOLD + "expect play before ask\nexpect crm before menu",
    "path": FAILS + "caller says nothing\nexpect path menu, retry, menu",
    "path by steps": FAILS + "expect path start.check_hours, start.found, menu.ask",
    "compared": GOLD + "expect found.balance > 100\nexpect found.balance < 121",
    "one of": GOLD + 'expect tier in ["gold", "standard"]',
    "a value that contains": GOLD + 'expect caller.number starts_with "+82"',
    "a given value": OPEN + 'given crm fails\ngiven tier "gold"\ncaller presses "1"\nexpect first',
    "a full queue": GOLD + """
        given billing full
        caller presses "1"
        expect offer_messenger
        caller presses "1"
        expect end
    """,
    "a message that does not arrive": GOLD + """
        given billing full
        given whatsapp fails
        caller presses "1"
        caller presses "1"
        expect play contains "Sorry"
    """,
    "a choice in a chat": GOLD + """
        given channel chat
        given billing full
        caller chooses "1"
        caller chooses "No, thank you"
        expect sorry
    """,
    "words in a chat": FAILS + 'given channel chat\ncaller says "2"\nexpect chatbot',
    "a bot": GOLD + """
        given helper understands Balance(account: "savings")
        caller presses "2"
        caller says "my balance"
        expect talk contains "What can I do?"
        expect play contains "savings"
        expect end
    """,
    "a bot that asks": GOLD + """
        given helper asks "Which one?" then understands Balance(account: "savings")
        caller presses "2"
        caller says "my balance"
        caller says "savings"
        expect talk contains "What can I do?" contains "Which one?"
        expect play contains "savings"
    """,
    "a bot that does not understand": GOLD + """
        given helper understands nothing
        caller presses "2"
        caller says "mumble", 3 times
        expect transfer
    """,
    "an agent": GOLD + """
        caller presses "1"
        agent accepts
        agent says "This is Kim."
        expect transfer contains "Kim"
        agent leaves
        expect end
    """,
    "time that passes": FAILS + """
        time passes 4s
        expect ask
        time passes 1s
        expect retry
        expect ask
    """,
    "one call after another": OPEN + """
        given crm fails then returns (tier: "gold")
        expect tier == "standard"
    """,
}  # fmt: skip


@pytest.mark.parametrize("lines", PASS.values(), ids=PASS.keys())
def test_it_passes(lines: str) -> None:
    result = run(lines)
    assert result.failure is None, message(result.failure, "en")


FAIL: dict[str, tuple[str, str, dict[str, Any]]] = {
    "it never happens": (GOLD + "expect transfer", "FL624",
                         {"wanted": "transfer", "reason": "never", "step": "menu.ask"}),
    "it happened earlier": (GOLD + "expect ask\nexpect play", "FL624", {"reason": "earlier"}),
    "only once": (FAILS + "caller says nothing\nexpect ask, 1 times", "FL625",
                  {"times": 1, "found": 2}),
    "it does happen": (GOLD + "expect never ask", "FL626", {"step": "menu.ask"}),
    "with other arguments": (
        GOLD + 'caller presses "1"\nexpect transfer billing, priority: 5', "FL627",
        {"wanted": "transfer billing, priority: 5", "found": "priority: 1"},
    ),
    "with other words": (GOLD + 'expect play contains "Bye"', "FL627",
                         {"found": '"Hello, +821012345678."'}),
    "another way": (GOLD + "expect path menu, start", "FL628", {"wanted": "menu → start"}),
    "not one right after the other": (GOLD + "expect path start.play, menu", "FL628", {}),
    "another value": (GOLD + 'expect tier == "standard"', "FL629", {"found": '"gold"'}),
    "it goes on": (GOLD + "expect end", "FL630", {"step": "menu.ask"}),
    "a queue is no end": (GOLD + 'caller presses "1"\nexpect end', "FL630", {}),
    "after the end": (FAILS + 'caller hangs up\ncaller presses "1"', "FL631", {}),
    "nobody waits": (GOLD + 'caller presses "1"\ncaller says nothing', "FL632", {}),
    "no queue": (GOLD + "agent accepts", "FL633", {}),
    "no agent": (GOLD + 'agent says "Hello"', "FL634", {}),
    "not offered": (GOLD + 'given channel chat\ncaller chooses "7"', "FL635",
                    {"found": "7", "known": ("1", "2")}),
    "not given": (OPEN + "expect ask", "FL637",
                  {"name": "crm",
                   "example": 'given crm returns (tier: "gold", balance: 1)'}),
    "a bot not given": (GOLD + 'caller presses "2"\ncaller says "x"', "FL637",
                        {"name": "helper",
                         "example": 'given helper understands Balance(account: "…")'}),
    "in time with nothing": (OPEN + "given crm takes 1s", "FL638", {"name": "crm"}),
    "the other way round": (GOLD + "expect ask before play", "FL639", {}),
    "only one of two": (GOLD + "expect play before transfer", "FL624", {"wanted": "transfer"}),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "code", "arguments"), FAIL.values(), ids=FAIL.keys())
def test_it_fails(lines: str, code: str, arguments: dict[str, Any]) -> None:
    problem = failure(lines)
    assert problem.code == code
    assert arguments.items() <= problem.arguments.items()
    for language in LANGUAGES:
        assert "{" not in message(problem, language).replace("{caller", "")
        assert message(problem, language) != code
        assert "{" not in help_(problem, language)


def test_hours_that_nobody_knows_fail_the_test() -> None:
    problem = failure("given crm fails", World())
    assert problem.code == "FL636"
    assert problem.arguments["name"] == "office"


def test_the_place_is_the_line_that_failed() -> None:
    problem = failure(GOLD + "expect ask\nexpect transfer")
    assert problem.place is not None
    assert problem.place.first == (6, 3)


def test_never_looks_at_the_whole_conversation() -> None:
    problem = failure(GOLD + 'expect never transfer\ncaller presses "1"')
    assert problem.code == "FL626"


def test_a_failure_tells_the_way_and_what_was_heard() -> None:
    result = run(FAILS + "caller says nothing\nexpect transfer")
    assert result.path == ("start", "menu", "retry", "menu")
    assert result.heard
    assert not run(GOLD).heard


def test_what_was_reached_is_kept_for_the_coverage() -> None:
    result = run(GOLD)
    assert "menu.ask" in result.blocks
    assert ("start.check_hours", "next") in result.outcomes
    assert not any(step == "menu.ask" for step, _ in result.outcomes)


def test_a_test_reads_no_clock() -> None:
    lines = "given crm fails\ngiven office open"
    assert run(lines).passed
    assert script(lines).given.day.isoformat() == "2026-01-05"
