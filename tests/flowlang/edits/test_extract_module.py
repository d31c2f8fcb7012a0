"""A module that is made of some blocks: what the files say, and that nobody hears a difference."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang import events as in_
from flowlang.diagnostics import Problem
from flowlang.edits import Change, ExtractModule, Flow, apply, inverse, perform
from flowlang.project import Texts
from flowlang.syntax.parser import parse
from flowlang.syntax.printer import to_text
from runtime.bundle import Bundle
from runtime.engine import World, advance, new_contact

SUPPORT = (Path(__file__).parent / "support.flow").read_text(encoding="utf-8")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def extracted(source: str, *blocks: str) -> tuple[str, str] | Problem:
    """The flow and its new module."""
    change = perform(ExtractModule(blocks=blocks, name="part"), Flow.of(parse(source), catalogue()))
    if not isinstance(change, Change):
        return change
    after = apply(source, change.edits)
    assert apply(after, inverse(change.edits, source)) == source
    (module,) = change.files.values()
    for text in (after, module):
        assert parse(text).problems == ()
        assert to_text(parse(text).document) == text
    assert set(change.select) <= set(Flow.of(parse(after), catalogue()).wiring.steps)
    return after, module


def test_ways_out_are_outcomes_and_one_of_them_just_goes_on() -> None:
    found = extracted(SUPPORT, "menu.ask", "retry.repeat")
    assert not isinstance(found, Problem)
    after, module = found
    assert (
        "menu:\n  part\n    on technical_desk -> technical_desk\n    on chatbot -> chatbot\n"
        "    on sorry -> sorry\n  -> billing_desk\n"
    ) in after
    assert 'module part = "part.flow"\n' in after
    assert module.startswith(
        "module part\n  channels voice, chat\n  language ko-KR\n"
        "  outcomes technical_desk, chatbot, sorry\n  on error -> sorry\n\nmenu:\n  ask "
    )
    assert "\nbilling_desk:\n  return\n" in module
    assert "\nchatbot:\n  return chatbot\n" in module


def test_what_it_reads_is_told_and_what_it_finds_is_given() -> None:
    found = extracted(SUPPORT, "start.crm", "start.set")
    assert not isinstance(found, Problem)
    after, module = found
    assert "  part\n" in after
    assert "  set tier: crm.tier\n  return\n" in module
    assert 'attribute tier: "gold" | "silver" | "standard" = "standard"\n' in module
    found = extracted(SUPPORT, "start.crm")
    assert not isinstance(found, Problem)
    after, module = found
    assert 'module part () -> (tier: "gold" | "silver" | "standard")' in module
    assert "return tier: crm.tier" in module
    assert "  set tier: part.tier\n" in after
    found = extracted(SUPPORT, "balance.play", "balance.found")
    assert not isinstance(found, Problem)
    after, module = found
    assert "  part account: assistant.account\n" in after
    assert module.startswith("module part (account: text)\n")
    assert "{account} 계좌의 잔액은 {found.balance}원" in module


def test_what_only_the_module_uses_moves_with_it() -> None:
    found = extracted(
        SUPPORT, "billing_desk.branch", "billing_first.transfer", "billing_line.transfer"
    )
    assert not isinstance(found, Problem)
    after, module = found
    assert "queue billing" not in after
    assert 'queue billing = "Billing"\n' in module


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        (("menu.ask", "billing_line.transfer"), "FL326"),
        (("balance.play",), "FL326"),
        (("start.record", "start.play"), "FL326"),
        (("retry.repeat",), "FL327"),
        (("gone.play",), "FL320"),
    ],
)
def test_what_cannot_be_called_from_one_place_is_refused(
    blocks: tuple[str, ...], reason: str
) -> None:
    found = extracted(SUPPORT, *blocks)
    assert isinstance(found, Problem)
    assert found.code == reason


def test_a_variable_that_the_rest_reads_keeps_its_setter() -> None:
    source = 'flow f\n\nvariable n: integer = 0\n\nstart:\n  set n: 1\n  play "{n}"\n  -> hang_up\n'
    found = extracted(source, "start.set")
    assert isinstance(found, Problem)
    assert (found.code, found.arguments["reason"]) == ("FL327", "variable")


# --- nobody hears a difference ------------------------------------------------------------------


def a_flow(chance: random.Random) -> str:
    """Every section waits for the customer, so that no loop runs hot."""
    sections = [f"s{number}" for number in range(5)]
    lines = ["flow main", "  on error -> s4", "", "attribute a: integer = 0"]
    lines += ['attribute b: text = "-"', "variable v: integer = 7", ""]
    for name in sections:
        lines.append(f"{name}:")
        places = ["next", "hang_up", *sections, *sections]
        other = chance.choice([*sections, "hang_up"])
        if chance.random() < 0.5:
            lines += [f'  ask "{name}?"']
            lines += [f'    on "{key}" -> {chance.choice(places)}' for key in "12"]
        else:
            lines += [f'  got_{name} = collect "{name}?", digits: 1']
            lines += [f"    on no_input, invalid -> {other}"]
            lines += [f'  play "{name} {{got_{name}.value}}"']
            lines += [f"  set b: got_{name}.value"] * chance.randint(0, 1)
        if lines[-1].startswith('    on "'):
            lines += [f"    on timeout, no_match -> {other}"]
        for _ in range(chance.randint(0, 2)):
            lines += chance.choice(
                [
                    ["  set a: a + 1"],
                    [f'  play "{name} {{a}} {{b}} {{v}}"'],
                    ["  branch a", f"    on > 2 -> {other}", "    otherwise -> next"],
                ]
            )
        lines += [f'  play "{name} is over"', f"  -> {chance.choice([*sections, 'hang_up'])}", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def some_blocks(source: str, chance: random.Random) -> list[str]:
    """A stretch of a section, or a section with others."""
    sections = list(parse(source).document.sections.values())
    first = chance.choice(sections)
    ids = list(first.step_ids)
    if chance.random() < 0.6:
        start = chance.randrange(len(ids))
        return ids[start : chance.randint(start + 1, len(ids))]
    others = chance.sample(sections, chance.randint(0, 2))
    return [*ids, *(step for section in others for step in section.step_ids)]


def heard(files: Mapping[str, str], keys: str) -> list[object]:
    """All that a contact does, turn by turn, and what is known of it then."""
    program = Bundle(Texts(files), catalogue()).program("main.flow")
    assert program is not None
    event: in_.Event = in_.Started(id="0", at=NOON, channel="voice", address="+8210")
    contact = new_contact("c", program, event)
    told: list[object] = []
    for number, key in enumerate(["", *keys], 1):
        turn = advance(program, contact, event, World())
        contact = turn.contact
        told.append([effect for _, effect in turn.effects])
        told.append({name: contact.values.get(name) for name in ("a", "b")})
        event = in_.Heard(id=str(number), at=NOON + timedelta(seconds=number), text=key,
                          by="digits")  # fmt: skip
    return told


@given(st.integers(0, 2**32))
def test_a_contact_does_the_same_with_the_module(seed: int) -> None:
    chance = random.Random(seed)
    source = a_flow(chance)
    assert parse(source).problems == ()
    for _ in range(2):
        found = extracted(source, *some_blocks(source, chance))
        if isinstance(found, Problem):
            continue
        after, module = found
        keys = "".join(chance.choice("1129") for _ in range(8))
        before = heard({"main.flow": source}, keys)
        assert heard({"main.flow": after, "part.flow": module}, keys) == before, (after, module)


def test_the_generated_flows_are_worth_it() -> None:
    """Most of the chosen parts can be made a module, or else the property above says little."""
    chance = random.Random(7)
    done = 0
    for _ in range(40):
        source = a_flow(chance)
        done += not isinstance(extracted(source, *some_blocks(source, chance)), Problem)
    assert done > 10
