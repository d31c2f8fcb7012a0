"""What the checker proves of loops holds in the engine, whatever a caller answers."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang import events as in_
from flowlang.checking.report import Fact
from runtime.contact import Contact
from runtime.engine import Watcher, World, advance, new_contact
from runtime.program import CompiledStep, Program, compile_text
from tests.flowlang.checks.test_generated import Node, checked, flows, write

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVENTS_MAX = 5_000
ANSWERS = st.lists(st.sampled_from(["1", "2", ""]), min_size=1, max_size=12)
"""Taken round and round; the empty one is silence."""


class Counting(Watcher):
    def __init__(self) -> None:
        self.entries: Counter[str] = Counter()

    def entered(self, step: CompiledStep) -> None:
        self.entries[step.id] += 1


def talked(program: Program, answers: list[str], name: str) -> tuple[Contact, Counter[str], bool]:
    """A whole conversation: the contact at its end, how often it came to each step, and whether
    the engine had to stop it."""
    watcher = Counting()
    event: in_.Event = in_.Started(
        id="0", at=NOON, channel="voice", address="+8210", entry="line", name=name
    )
    assert isinstance(event, in_.Started)
    contact = new_contact("c", program, event)
    stopped = False
    for number in range(1, EVENTS_MAX):
        turn = advance(program, contact, event, World(), watcher)
        contact = turn.contact
        stopped = stopped or bool(turn.notes)
        if contact.status == "ended":
            break
        said = answers[number % len(answers)]
        if said:
            event = in_.Heard(id=str(number), at=NOON, text=said, by="digits")
        else:
            event = in_.Silent(id=str(number), at=NOON)
    return contact, watcher.entries, stopped


def bounds(facts: tuple[Fact, ...]) -> list[Fact]:
    return [fact for fact in facts if fact.check == "loop"]


@given(flows(), ANSWERS, st.sampled_from(["x", "y"]))
@settings(max_examples=300, deadline=None)
def test_a_flow_that_is_safe_ends(nodes: list[Node], answers: list[str], name: str) -> None:
    report = checked(nodes)
    status = next(fact.status for fact in report.facts if fact.check == "loops")
    if status != "proved":
        return
    program = compile_text(write(nodes), catalogue())
    contact, entries, stopped = talked(program, answers, name)
    assert contact.status == "ended"
    assert not stopped
    if len(bounds(report.facts)) == 1:
        (bound,) = bounds(report.facts)
        assert entries[bound.blocks[0]] <= (bound.limit or 0) + 1


def test_the_bound_is_reached() -> None:
    """So it is no wider than it must be."""
    nodes = [Node("ask", (1, 1)), Node("repeat", (0, None), 2)]
    (bound,) = bounds(checked(nodes).facts)
    _, entries, stopped = talked(compile_text(write(nodes), catalogue()), ["1"], "x")
    assert (bound.limit, entries[bound.blocks[0]], stopped) == (2, 3, False)


def test_a_loop_that_is_not_proved_is_stopped() -> None:
    nodes = [Node("play", (0,))]
    assert "loops" in {fact.check for fact in checked(nodes).facts if fact.status == "broken"}
    contact, entries, stopped = talked(compile_text(write(nodes), catalogue()), ["1"], "x")
    assert (contact.status, stopped) == ("ended", True)
    assert entries["s0.play"] > 100
