"""Which block is which in two texts, what differs, and how both stand on one canvas."""

import pytest

from blocks.catalogue import catalogue
from designer.versions.alignment import align
from designer.versions.compared import compared
from designer.versions.difference import Difference, difference
from designer.versions.lines import side_by_side
from flowlang.syntax.parser import parse
from flowlang.wiring import Wiring, wire

OLD = """\
flow shop "Shop"
  on error -> sorry

queue orders = "Orders"

start:
  play "Welcome to the shop."
  play "Install our app today."
  ask "Press 1 for orders, 2 for help.", timeout: 8s
    on "1" -> buy
    on "2" -> help
    on timeout, no_match -> sorry

buy:
  transfer orders
    on full -> sorry

help:
  play "Help is near."
  -> hang_up

sorry:
  play "Sorry."
  -> hang_up
"""


def wiring_of(text: str) -> Wiring:
    return wire(parse(text).document, catalogue())


def differing(old: str, new: str) -> Difference:
    return difference(wiring_of(old), wiring_of(new), "en")


def said(found: Difference) -> list[tuple[str, str]]:
    return [(change.kind, change.step.id) for change in found.changes]


def test_the_same_text_differs_in_nothing() -> None:
    found = differing(OLD, OLD)
    assert found.changes == ()
    assert all(old == new for old, new in found.pairs.items())


def test_a_block_put_in_front_shifts_no_other() -> None:
    new = OLD.replace('  play "Welcome', '  play "One moment."\n  play "Welcome')
    found = differing(OLD, new)
    assert said(found) == [("added", "start.play")]
    assert found.pairs["start.play"] == "start.play.2"
    assert found.pairs["start.play.2"] == "start.play.3"


def test_what_was_taken_out_is_told_where_it_stood() -> None:
    found = differing(OLD, OLD.replace('  play "Install our app today."\n', ""))
    assert said(found) == [("removed", "start.play.2")]


def test_a_changed_text_is_the_same_block_changed() -> None:
    new = OLD.replace("Welcome to the shop.", "Welcome to our little shop.")
    found = differing(OLD, new)
    assert said(found) == [("changed", "start.play")]
    [row] = [row for row in found.changes[0].rows if row.differs]
    assert (row.before, row.now) == ("Welcome to the shop.", "Welcome to our little shop.")


def test_a_renamed_section_is_no_change_of_its_blocks() -> None:
    new = OLD.replace("help:", "assistance:").replace("-> help", "-> assistance")
    found = differing(OLD, new)
    assert found.pairs["help.play"] == "assistance.play"
    assert said(found) == []


def test_an_outcome_that_leads_elsewhere_is_a_change_of_its_block() -> None:
    found = differing(OLD, OLD.replace('on "2" -> help', 'on "2" -> sorry'))
    assert said(found) == [("changed", "start.ask")]
    [row] = [row for row in found.changes[0].rows if row.differs]
    assert row.is_outcome
    assert (row.before, row.now) == ("help: Help is near.", "sorry: Sorry.")


def test_another_queue_behind_the_same_name_is_a_change() -> None:
    found = differing(OLD, OLD.replace('"Orders"', '"Web orders"'))
    assert said(found) == [("changed", "buy.transfer")]


@pytest.mark.parametrize("other", ["flow shop\n", "", "start:\n  nonsense (\n"])
def test_whatever_the_other_text_is(other: str) -> None:
    for one, two in ((OLD, other), (other, OLD)):
        compared(differing(one, two), "en")


def test_three_that_look_alike_are_paired_in_order() -> None:
    text = 'flow f\n\nstart:\n  play "x"\n  play "x"\n  play "x"\n  -> hang_up\n'
    pairs = align(wiring_of(text), wiring_of(text.replace('  play "x"\n', "", 1)))
    assert len(pairs) == 2
    assert len(set(pairs.values())) == 2


# --- on the canvas ------------------------------------------------------------------------------


def test_what_is_gone_stands_on_the_canvas_beside_what_is_new() -> None:
    new = OLD.replace('  play "Install our app today."\n', "").replace(
        "help:\n", 'help:\n  play "One moment."\n'
    )
    found = compared(differing(OLD, new), "en")
    looks = {block: mark["look"] for block, mark in found.marks["blocks"].items()}
    assert looks == {"was:start.play.2": "removed", "help.play": "added"}
    ids = [node["id"] for node in found.document["nodes"]]
    assert len(ids) == len(set(ids))
    wires = {wire["id"]: wire for wire in found.document["wires"]}
    assert wires["was:start.play.2>next"]["target"] == "start.ask"
    assert found.marks["wires"]["was:start.play.2>next"] == {"look": "removed"}
    ghost = wires["was:start.play>next"]
    assert (ghost["source"], ghost["target"]) == ("start.play", "was:start.play.2")


def test_no_card_covers_another() -> None:
    new = OLD.replace("start:\n", 'start:\n  play "A"\n  play "B"\n').replace(
        '  play "Install our app today."\n', ""
    )
    nodes = [n for n in compared(differing(OLD, new), "en").document["nodes"] if "@" not in n["id"]]
    for index, one in enumerate(nodes):
        for other in nodes[index + 1 :]:
            apart = (
                one["x"] + one["w"] <= other["x"]
                or other["x"] + other["w"] <= one["x"]
                or one["y"] + one["h"] <= other["y"]
                or other["y"] + other["h"] <= one["y"]
            )
            assert apart, (one["id"], other["id"])


def test_a_section_that_is_gone_keeps_its_frame() -> None:
    new = OLD.replace('\nhelp:\n  play "Help is near."\n  -> hang_up\n', "").replace(
        '    on "2" -> help\n', ""
    )
    found = compared(differing(OLD, new), "en")
    sections = {section["id"] for section in found.document["sections"]}
    assert "was:help" in sections
    card = next(node for node in found.document["nodes"] if node["id"] == "was:help.play")
    assert card["section"] == "was:help"


# --- as text ------------------------------------------------------------------------------------


def test_lines_side_by_side() -> None:
    lines = side_by_side(OLD, OLD.replace("timeout: 8s", "timeout: 5s"))
    [hunk] = lines.hunks
    [line] = [line for line in hunk.lines if line.sign]
    assert line.sign == "~"
    assert [part for part, differs in line.before.parts if differs] == ["8"]
    assert [part for part, differs in line.now.parts if differs] == ["5"]
    assert line.before.number == line.now.number == 9


def test_lines_that_came_and_went() -> None:
    lines = side_by_side("a\nb\nc\n", "a\nc\nd\n")
    signs = [(line.sign, line.before.number, line.now.number) for line in lines.hunks[0].lines]
    assert signs == [("", 1, 1), ("−", 2, 0), ("", 3, 2), ("+", 0, 3)]


def test_very_long_differences_are_cut() -> None:
    lines = side_by_side("", "\n".join(f"x\n{n}" for n in range(2000)))
    assert len(lines.hunks) == 1
    before = "\n".join(f"{n}\n\n\n\n\n\n\n\n\n" for n in range(200))
    lines = side_by_side(before, before.replace("\n\n\n\n\n\n\n\n\n", "\n\n\n\n\n\n\n\n\n!"))
    assert lines.left_out
