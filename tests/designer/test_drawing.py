"""The canvas document: what a card shows, where its ports are, which wires there are."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from blocks.catalogue import catalogue
from designer.drawing import changes, draw
from designer.faces import cut, units
from flowlang.diagnostics import Problem
from flowlang.edits import Flow, Insert, apply, perform
from flowlang.syntax.parser import parse
from flowlang.wiring import Wiring, wire

SUPPORT = (Path(__file__).parents[1] / "flowlang/edits/support.flow").read_text(encoding="utf-8")
HEAD = """\
flow f
  on error -> hang_up

queue billing = "Billing"
attribute tier: text?

start:
"""


def wired(text: str) -> Wiring:
    tree = parse(text)
    assert tree.problems == ()
    return wire(tree.document, catalogue())


def nodes(text: str, **options: Any) -> dict[str, Any]:
    found = draw(wired(text), **options).document["nodes"]
    return {node["id"]: node for node in found}


def card(steps: str, **options: Any) -> dict[str, Any]:
    """The first card of a flow that starts with these steps."""
    return next(iter(nodes(HEAD + steps, **options).values()))


def ports(node: dict[str, Any]) -> list[tuple[str, str | None, float, float, str]]:
    return [(p["label"], p["key"], p["x"], p["y"], p["role"]) for p in node["ports"]]


# --- what a card says ---------------------------------------------------------------------------

FACES = [
    ('play "Hello."', "Hello.", []),
    (
        'play "Hello {caller.name}, nice that you call us, how are you?"',
        "Hello {caller.name},…",
        ["…nice that you call us, how", "are you?"],
    ),
    ("transfer billing, priority: 1", "Billing", ["Priority: 1"]),
    ("transfer billing", "Billing", []),
    ('set tier: "gold"', "tier = gold", []),
    ("set tier: caller.name", "tier = caller.name", []),
    ("branch tier", "tier", []),
    ("repeat 3", "Times 3", []),
    ("play", "Play a message", []),
    ('hello = play "Good morning to you."', "hello", ["“Good morning to you.”"]),
    ("nobody_knows_this", "nobody_knows_this", []),
    (
        "record agent, customer\n    analytics: realtime",
        "agent, customer",
        ["Analytics: real time"],
    ),
]


@pytest.mark.parametrize(("step", "title", "lines"), FACES, ids=[face[0][:30] for face in FACES])
def test_a_card_shows_real_content(step: str, title: str, lines: list[str]) -> None:
    shown = card(f"  {step}\n")
    assert shown["title"] == title
    assert shown["lines"] == lines


def test_a_card_speaks_the_language_of_the_page() -> None:
    shown = card("  transfer billing, priority: 1\n", language="ko")
    assert (shown["label"], shown["lines"]) == ("상담사 연결", ["우선순위: 1"])


def test_no_line_is_wider_than_a_card() -> None:
    korean = "요금 문의는 일 번, 기술 지원은 이 번, 상담 챗봇은 삼 번을 눌러 주세요."
    for text in (korean, korean.replace(" ", ""), "x" * 200, "a b " * 60):
        shown = card(f'  play "{text}"\n')
        assert len(shown["lines"]) <= 2
        assert all(units(line) <= 30 for line in (shown["title"], *shown["lines"]))
    assert cut("one two", 20) == "one two"


# --- its geometry -------------------------------------------------------------------------------


def test_one_way_on_is_a_port_at_the_header_without_a_row() -> None:
    shown = card('  play "Hello."\n')
    assert ports(shown) == [("next", None, 220, 22, "next")]
    assert (shown["w"], shown["h"]) == (220, 66)


def test_outcomes_have_rows_at_the_right_edge_and_errors_a_port_below() -> None:
    shown = card("  check_hours office\n    on closed -> hang_up\n")
    assert ports(shown) == [
        ("open", None, 220, 82, "outcome"),
        ("closed", None, 220, 106, "outcome"),
        ("error", None, 24, 123, "error"),
    ]
    assert shown["h"] == 36 + 20 + 10 + 4 + 2 * 24 + 5


def test_keys_are_key_caps_and_say_where_they_lead() -> None:
    menu = nodes(SUPPORT)["menu.ask"]
    assert menu["w"] == 248
    assert [(p["label"], p["key"]) for p in menu["ports"]][:3] == [
        ("billing_desk", "1"), ("technical_desk", "2"), ("chatbot", "3"),
    ]  # fmt: skip
    assert [p["y"] for p in menu["ports"][:2]] == [118, 142]


def test_a_harmless_error_has_a_port_only_when_a_line_leads_it_somewhere() -> None:
    assert len(card('  play "x"\n')["ports"]) == 1
    assert [p["role"] for p in card('  play "x"\n    on error -> hang_up\n')["ports"]] == [
        "next", "error",
    ]  # fmt: skip


# --- wires --------------------------------------------------------------------------------------


def test_wires_lead_from_ports_to_cards() -> None:
    document = draw(wired(SUPPORT)).document
    found = {node["id"]: {port["id"] for port in node["ports"]} for node in document["nodes"]}
    assert len({wire["id"] for wire in document["wires"]}) == len(document["wires"])
    for line in document["wires"]:
        assert line["port"] in found[line["source"]]
        assert line["target"] in found
    assert document["entry"] == "start.record"


def test_a_default_error_is_faint_and_one_with_a_line_is_not() -> None:
    lines = {line["id"]: line for line in draw(wired(SUPPORT)).document["wires"]}
    assert lines["menu.ask>error"]["faint"]
    assert lines["menu.ask>error"]["target"] == "sorry.play"
    assert not lines["start.crm>error"]["faint"]


def test_a_wire_back_says_what_it_is_and_several_to_one_target_say_it_once() -> None:
    lines = {line["id"]: line["label"] for line in draw(wired(SUPPORT)).document["wires"]}
    assert lines["retry.repeat>again"] == "again"
    assert lines["start.record>next"] is None
    assert lines["chatbot.talk>SpeakToAgent"] == "SpeakToAgent · not understood"
    assert lines["chatbot.talk>no_match"] is None


def test_an_ending_without_a_step_is_a_small_card_beside_the_port() -> None:
    found = nodes(SUPPORT)
    chip = found["hang_up@after_hours.play>next"]
    source = found["after_hours.play"]
    assert chip["kind"] == "hang_up"
    assert chip["section"] == "after_hours"
    assert chip["y"] + 22 == source["y"] + 22
    assert chip["x"] > source["x"] + source["w"]
    assert "hang_up@sorry.play>next" in found


def test_all_default_errors_share_one_ending() -> None:
    found = nodes(HEAD + "  transfer billing\n    on full -> hang_up\n  check_hours x\n")
    shared = [key for key in found if key.startswith("hang_up@on")]
    assert shared == ["hang_up@on error"]
    assert found["hang_up@on error"]["title"] == "When something fails"


def test_nothing_that_is_drawn_overlaps() -> None:
    for text in (SUPPORT, synthetic(120)):
        rects = sorted((n["x"], n["y"], n["w"], n["h"]) for n in nodes(text).values())
        for index, (x, y, w, h) in enumerate(rects):
            for x2, y2, w2, h2 in rects[index + 1 :]:
                assert not (x2 < x + w and x < x2 + w2 and y2 < y + h and y < y2 + h2)


def test_a_step_stands_where_the_text_says() -> None:
    found = nodes(SUPPORT + "\nlayout\n  menu.ask 4000, 4000\n")
    assert (found["menu.ask"]["x"], found["menu.ask"]["y"]) == (4000, 4000)
    chain = [found[f"start.{kind}"]["x"] for kind in ("record", "voice_id", "play", "check_hours")]
    assert all(one < other for one, other in pairwise(chain))


def test_problems_mark_their_block() -> None:
    problems = [
        Problem(code="FL122", severity=severity, arguments={"kind": "x"}, block="menu.ask")
        for severity in ("hint", "warning", "error")
    ]
    marked = nodes(SUPPORT, problems=problems)
    assert marked["menu.ask"]["problem"] == {
        "level": "error", "count": 2, "text": "There is no block of the kind `x`.",
    }  # fmt: skip
    assert marked["start.play"]["problem"] is None


def test_it_is_plain_json() -> None:
    document = draw(wired(SUPPORT)).document
    assert json.loads(json.dumps(document)) == document


# --- large flows --------------------------------------------------------------------------------


def synthetic(blocks: int) -> str:
    """A flow of sections of ten blocks, which lead on, back and far."""
    parts = ["flow big\n  on error -> s0\n"]
    count = blocks // 10
    for index in range(count):
        steps = "".join(f'  play "This is message {n} of section {index}."\n' for n in range(9))
        onward = (index * 7 + 3) % count
        parts.append(
            f's{index}:\n{steps}  ask "Where to?"\n    on "1" -> s{min(index + 1, count - 1)}\n'
            f'    on "2" -> s{onward}\n    on timeout, no_match -> s{index // 2}\n'
        )
    return "\n".join(parts)


def test_an_insertion_among_300_moves_at_most_a_tenth_and_sends_little() -> None:
    text = synthetic(300)
    flow = Flow.of(parse(text), catalogue())
    before = draw(flow.wiring)
    for block in ("s0.play", "s7.play.5", "s29.play.9"):
        change = perform(Insert(kind="play", source=block, port="next"), flow)
        after = draw(
            wired(apply(text, change.edits)), before=before.arrangement.renamed(change.ids)
        )
        new = {node["id"]: (node["x"], node["y"]) for node in after.document["nodes"]}
        old = [
            (change.ids.get(n["id"], n["id"]), (n["x"], n["y"])) for n in before.document["nodes"]
        ]
        assert sum(new[block] != at for block, at in old) <= 30
        assert len(json.dumps(changes(before.document, after.document))) < 60_000
