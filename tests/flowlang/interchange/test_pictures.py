"""Pictures: what is in them, and that nothing in a flow can break them."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.catalogue import catalogue
from flowlang.cli.drawing import to_svg as by_graphviz
from flowlang.diagnostics.words import LANGUAGES
from flowlang.expressions import Literal
from flowlang.interchange.pictures import BACK, EMPTY, FAINT, to_dot, to_mermaid
from flowlang.interchange.svg import to_svg
from flowlang.syntax import parse, spelling

SVG = "{http://www.w3.org/2000/svg}"
FLOWS = sorted((Path(__file__).parents[1] / "flows").glob("*.flow"))
MENU = """\
flow shop
  on error -> sorry

hours office = "Office"

start "Welcome":
  check_hours office
    on closed -> nowhere
  -> menu

menu:
  ask "Press 1."
    digits: 1
    on "1" -> start
    on timeout, no_match -> menu

sorry:
  play "Sorry."
  -> hang_up
"""


def dot(source: str) -> str:
    return to_dot(parse(source).document, catalogue())


def mermaid(source: str) -> str:
    return to_mermaid(parse(source).document, catalogue())


def svg(source: str) -> ET.Element:
    return ET.fromstring(to_svg(parse(source).document, catalogue()))


def edges(text: str) -> dict[tuple[str, str], str]:
    """The rest of the line of each arrow."""
    found = re.findall(r'^\t+"?([\w.]+)"? -> "?(\w+ \?|[\w.]+)"?(.*)$', text, re.MULTILINE)
    return {(source, target): rest for source, target, rest in found}


def test_sections_are_clusters_and_outcomes_labels() -> None:
    text = dot(MENU)
    assert "subgraph cluster_start" in text
    assert "label=Welcome" in text
    found = edges(text)
    assert 'label="timeout, no_match"' in found["menu.ask", "menu.ask"].replace("↺ ", "")
    assert "closed" in found["start.check_hours", "start ?"]
    assert found["start.check_hours", "menu.ask"] == ' [label=""]'


def test_default_errors_are_faint() -> None:
    found = edges(dot(MENU))
    look = found["start.check_hours", "sorry.play"]
    assert "style=dashed" in look
    assert FAINT in look
    assert "error" in look
    written = edges(dot(MENU.replace("on closed", "on error, closed")))
    assert "error" in written["start.check_hours", "start ?"]
    assert "dashed" not in written["start.check_hours", "start ?"]


def test_circles_are_marked() -> None:
    found = edges(dot(MENU))
    back = {ends for ends, look in found.items() if BACK in look}
    assert back == {("menu.ask", "menu.ask"), ("menu.ask", "start.check_hours")}
    assert all("↺" in found[ends] for ends in back)


def test_mermaid_says_the_same() -> None:
    text = mermaid(MENU)
    assert text.startswith("flowchart TD\n")
    assert 'subgraph s0["Welcome"]' in text
    assert '-->|"#8634; timeout, no_match"|' in text
    assert '-.->|"error"|' in text
    arrows = [line for line in text.split("\n") if "->" in line]
    for line, colour in re.findall(r"linkStyle ([\d,]+) stroke:(#\w+)", text):
        for number in map(int, line.split(",")):
            assert ("-.->" in arrows[number]) == (colour == FAINT)
            assert ("#8634;" in arrows[number]) == (colour == BACK)


def test_a_drawing_without_a_program() -> None:
    """Cards with a row for each outcome; what ends is said, what goes on is an arrow."""
    drawn = svg(MENU)
    rows = {
        card.get("id"): [
            (text.text, text.get("class")) for text in card.iter(f"{SVG}text")
            if str(text.get("class")).startswith("row")
        ]
        for card in drawn.iter(f"{SVG}g")
    }  # fmt: skip
    assert rows == {
        "start.check_hours": [("closed ■ ?", "row"), ("error", "row faint")],
        "menu.ask": [
            ('↺ "1"', "row back"), ("↺ timeout, no_match", "row back"), ("error", "row faint")
        ],
        "sorry.play": [("■ hang_up", "row")],
    }  # fmt: skip
    ways = [str(path.get("class")) for path in drawn.iter(f"{SVG}path") if path.get("class")]
    assert sorted(ways) == ["way", "way back", "way back", "way faint", "way faint"]


def test_a_person_moved_a_card() -> None:
    (card,) = [
        it for it in svg(MENU + "\nlayout\n  sorry.play 4000, 3000\n").iter(f"{SVG}g")
        if it.get("id") == "sorry.play"
    ]  # fmt: skip
    box = card.find(f"{SVG}rect")
    assert box is not None
    assert (box.get("x"), box.get("y")) == ("4000", "3000")


def test_titles_in_korean() -> None:
    document = parse(MENU).document
    block = catalogue().block("ask")
    assert block
    assert block.card.title["ko"] in to_dot(document, catalogue(), "ko")


def test_drafts_have_pictures_too() -> None:
    for source in ("", "flow a\n", "start:\n  fly away: 3\n  -> nowhere\n", "a:\n  -> a\n"):
        assert dot(source).startswith("digraph")
        assert mermaid(source).startswith("flowchart TD\n")
        assert svg(source).tag == f"{SVG}svg"


def test_a_flow_without_steps_says_so() -> None:
    document = parse("flow a\n").document
    for language in LANGUAGES:
        for draw in (to_dot, to_mermaid, to_svg):
            said = draw(document, catalogue(), language)
            assert EMPTY[language].split()[0] in said or "#50500;" in said


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_graphviz_reads_every_flow(path: Path) -> None:
    source = path.read_text("utf-8")
    drawn = by_graphviz(dot(source))
    steps = list(parse(source).document.steps())
    assert drawn.count('class="node"') >= len(steps)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_every_flow_is_drawn_without_overlaps(path: Path) -> None:
    drawn = svg(path.read_text("utf-8"))
    boxes = [
        [int(str(box.get(key))) for key in ("x", "y", "width", "height")]
        for box in drawn.iter(f"{SVG}rect") if str(box.get("class")).startswith("card")
    ]  # fmt: skip
    steps = list(parse(path.read_text("utf-8")).document.steps())
    assert len(boxes) == len(steps)
    for (x, y, width, height), (left, top, wide, high) in combinations(boxes, 2):
        assert x + width <= left or left + wide <= x or y + height <= top or top + high <= y


@given(st.text(max_size=60))
def test_no_text_breaks_a_picture(said: str) -> None:
    spelled = spelling.value(Literal(said, "text", ""))
    document = parse(f"start:\n  play {spelled}\n  -> hang_up\n").document
    ET.fromstring(to_svg(document, catalogue()))
    text = to_mermaid(document, catalogue())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", text)
    label = text.split("\n")[2]
    assert re.fullmatch(r'    n0\["[^"]*"\]', label)
    quoted = re.sub(r'"(?:\\.|[^"\\])*"', "", to_dot(document, catalogue()))
    assert '"' not in quoted
    assert quoted.count("{") == quoted.count("}")
