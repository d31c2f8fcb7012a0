"""A conversation that was recorded is a test that passes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from flowlang import effects as out
from flowlang.effects import Effect
from flowlang.syntax.parser import parse
from runtime.simulator import By, Reply, Simulator
from runtime.testing.recorder import as_test, spell
from runtime.testing.runner import Result, run_test
from runtime.testing.script import read_script
from runtime.testing.subject import Subject
from tests.runtime.testing.flows import OfficeWorld, desk

AT = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Seoul"))
DESK = desk()


class Moody:
    """Services whose answers were drawn beforehand."""

    def __init__(self, moods: list[int]) -> None:
        self.moods = moods

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        mood = self.moods[asked_before % len(self.moods)] if self.moods else 0
        match effect:
            case out.CallFunction():
                return _FUNCTION[mood % len(_FUNCTION)]
            case out.AskBot():
                return _BOT[mood % len(_BOT)]
            case out.Enqueue():
                return Reply(body={"event": "QueueRefused", "reason": "full"}) if mood % 2 else None
            case _:
                return Reply(body={"event": "Undeliverable"}) if mood % 2 else None


_FUNCTION = (
    Reply(body={"event": "FunctionReturned", "value": {"tier": "gold", "balance": 1.5}}),
    Reply(body={"event": "FunctionReturned", "value": {"tier": "standard"}}, after_s=1.5),
    Reply(body={"event": "FunctionFailed"}),
    Reply(body={"event": "FunctionFailed", "reason": "timeout"}, after_s=3),
)
_BOT = (
    Reply(body={"event": "BotAnswered", "ready": True, "intent": "Balance",
                "slots": {"account": 'a "quoted" {one}'}}),
    Reply(body={"event": "BotAnswered", "ready": True, "intent": "Agent",
                "messages": ["I will connect you."]}),
    Reply(body={"event": "BotAnswered", "ready": False, "messages": ["Pardon?"]}),
    Reply(body={"event": "BotAnswered", "ready": False, "intent": "Balance",
                "messages": ["Which one?"]}),
    Reply(body={"event": "BotFailed"}),
)  # fmt: skip

ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("digits"), st.text("0123456789*#", min_size=1, max_size=3)),
        st.tuples(st.just("text"), st.text(min_size=1, max_size=8).filter(str.strip)),
        st.tuples(st.sampled_from(["silence", "hang_up", "accept", "say", "leave"]), st.just("")),
        st.tuples(st.just("pass"), st.sampled_from(["0.25", "3", "61"])),
    ),
    max_size=8,
)


def act(simulator: Simulator, what: str, text: str) -> None:
    voice = simulator.contact.channel == "voice"
    by: By = ("digits" if what == "digits" else "speech") if voice else "text"
    match what:
        case "digits" | "text":
            simulator.hear(text, by=by)
        case "silence":
            simulator.silence()
        case "hang_up":
            simulator.hang_up()
        case "pass":
            simulator.pass_time(float(text))
        case "accept":
            simulator.agent_accepts()
        case "say":
            simulator.agent_says("One moment.")
        case "leave":
            simulator.agent_leaves()


def replay(text: str, subject: Subject = DESK) -> Result:
    tree = parse(text)
    assert not tree.problems, text
    script = read_script(tree.document.tests[0], subject)
    assert not script.problems, (text, script.problems)
    return run_test(script, subject, world=OfficeWorld())


@given(
    actions=ACTIONS,
    moods=st.lists(st.integers(0, 9), max_size=4),
    channel=st.sampled_from(["voice", "chat", "whatsapp"]),
)
def test_every_recording_passes(
    actions: list[tuple[str, str]], moods: list[int], channel: str
) -> None:
    simulator = Simulator(DESK.program, AT, world=OfficeWorld(), services=Moody(moods))
    simulator.start(caller="+821012345678", channel=channel)
    for what, text in actions:
        if not simulator.is_over:
            act(simulator, what, text)
    text = as_test(simulator.happened, DESK, 'A "title" with {braces}', {})
    result = replay(text)
    assert result.failure is None, (text, result.failure)


def test_what_a_recording_looks_like() -> None:
    simulator = Simulator(DESK.program, AT, world=OfficeWorld(), services=Moody([0]))
    simulator.start(caller="+821012345678")
    simulator.silence()
    simulator.pass_time(1.5)
    simulator.hear("1", by="digits")
    simulator.agent_accepts()
    assert as_test(simulator.happened, DESK, "a call", {"Office hours": True}) == (
        'test "a call" for desk\n'
        '  given caller "+821012345678"\n'
        "  given time 2026-11-20 10:00 Asia/Seoul\n"
        "  given office open\n"
        '  given crm returns (tier: "gold", balance: 1.5)\n'
        '  expect play contains "Hello, +821012345678."\n'
        '  expect ask contains "One, two or three?"\n'
        "  caller says nothing\n"
        '  expect ask contains "One, two or three?"\n'
        "  time passes 1s500ms\n"
        '  caller presses "1"\n'
        "  expect transfer\n"
        "  agent accepts\n"
    )


def test_values_are_spelled_as_the_language_has_them() -> None:
    assert spell({"a b": [1, -2.5, True, "{x}"], "none": None}) == (
        "(\"a b\": [1, -2.5, true, '{x}'])"
    )
