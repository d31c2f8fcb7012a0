"""What is copied can be read alone, and comes to stand in any flow."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang.checks import check
from flowlang.edits import Change, Flow, Paste, apply, copied, perform
from flowlang.layout import Point
from flowlang.syntax.parser import parse
from flowlang.syntax.printer import to_text

SUPPORT = (Path(__file__).parent / "support.flow").read_text(encoding="utf-8")
FLOW = Flow.of(parse(SUPPORT), catalogue())
CONNECT = """{"Version": "2019-10-30", "StartAction": "a", "Metadata": {}, "Actions": [
  {"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"},
   "Transitions": {"NextAction": "b", "Errors": [], "Conditions": []}},
  {"Identifier": "b", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}"""


def pasted(text: str, into: str, **more: object) -> tuple[str, Change]:
    operation = Paste.model_validate({"text": text, **more})
    change = perform(operation, Flow.of(parse(into), catalogue()))
    assert isinstance(change, Change), change
    after = apply(into, change.edits)
    assert parse(after).problems == ()
    return after, change


some_blocks = st.sets(st.sampled_from(sorted(FLOW.wiring.steps)), min_size=1)


@given(some_blocks)
def test_what_is_copied_is_canonical_text_of_its_own(blocks: set[str]) -> None:
    text = copied(FLOW, blocks)
    tree = parse(text)
    assert tree.problems == ()
    assert to_text(tree.document) == text
    assert sum(1 for _ in tree.document.steps()) == len(blocks)
    words = {problem.code for problem in check(tree, catalogue()).problems}
    assert not words & {"FL102", "FL301"}


@given(some_blocks)
def test_a_copy_in_its_own_flow_declares_nothing_anew(blocks: set[str]) -> None:
    after, change = pasted(copied(FLOW, blocks), SUPPORT)
    document = parse(after).document
    assert list(document.declarations) == list(FLOW.document.declarations)
    assert len(change.select) == len(blocks)
    assert after.startswith(SUPPORT.rstrip("\n"))


@given(some_blocks)
def test_the_whole_of_a_flow_comes_to_stand_in_an_empty_one(blocks: set[str]) -> None:
    after, _ = pasted(copied(FLOW, FLOW.wiring.steps), "flow support\n")
    wiring = Flow.of(parse(after), catalogue()).wiring
    assert {
        key: step.wires for key, step in wiring.steps.items()
    }.keys() == FLOW.wiring.steps.keys()
    for step_id, step in wiring.steps.items():
        old = FLOW.wiring.steps[step_id]
        routed = [(wire.port, wire.target) for wire in step.wires if wire.role != "open"]
        assert routed == [(w.port, w.target) for w in old.wires if w.role not in ("open", "error")]


def test_offsets_are_kept_and_the_corner_is_where_it_is_wanted() -> None:
    places = {"menu.ask": Point(400, 80), "retry.repeat": Point(320, 240)}
    text = copied(FLOW, places, places)
    assert text.endswith("layout\n  menu.ask 400, 80\n  retry.repeat 320, 240\n")
    after, _ = pasted(text, SUPPORT, x=1000, y=8)
    assert after.endswith("layout\n  menu_2.ask 1080, 8\n  retry_2.repeat 1000, 168\n")
    after, _ = pasted(text, "flow other\n")
    assert after.endswith("layout\n  menu.ask 400, 80\n  retry.repeat 320, 240\n")


def test_a_section_without_its_first_block_is_another_one() -> None:
    text = copied(FLOW, ["balance.play", "chatbot.talk"])
    assert "\nplay:\n  play " in text
    assert "on CheckBalance -> balance\n" in text


def test_names_that_are_taken_change_with_all_who_mention_them() -> None:
    text = copied(FLOW, ["balance.found", "balance.play"])
    other = 'flow o\n\nfunction crm = "other"\n\nstart:\n  found = crm\n    on error -> hang_up\n'
    after, _ = pasted(text, other)
    assert 'function crm_2 = "crm-lookup"' in after
    assert "  found_2 = crm_2 phone: caller.number\n" in after
    assert "{found_2.balance}" in after


def test_a_wire_without_its_section_leads_to_ours_of_that_name_or_nowhere() -> None:
    text = copied(FLOW, ["billing_line.transfer"])
    assert "on full -> nowhere" in pasted(text, "flow o\n\nstart:\n  hang_up\n")[0]
    ours = "flow o\n\nstart:\n  hang_up\n\ndeflect:\n  hang_up\n"
    assert "on full -> deflect" in pasted(text, ours)[0]


def test_a_flow_of_amazon_connect_is_imported() -> None:
    after, change = pasted(CONNECT, SUPPORT)
    assert '\n  play "Hello"\n' in after
    assert change.select


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comments_come_along(end: str) -> None:
    text = '# head\nx "X":  # x\n  # a\n  play "a"  # b\n\n  -> hang_up  # c\n  # d\n'
    into = 'flow o\n\nstart:\n  play "o"\n  -> hang_up\n'.replace("\n", end)
    after, _ = pasted(text.replace("\n", end), into)
    assert after == into + end + text.replace("\n", end)
