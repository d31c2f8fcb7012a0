"""Drawing as a person does it: the canvas, the palette, wires; and the file that comes of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser


def undo_and_redo(desk: "Desk") -> None:
    """Whatever was done: back to the original bytes, and forth again."""
    after = desk.text
    assert after != desk.original
    desk.role("undo").click()
    desk.until_original()
    desk.role("redo").click()
    desk.until(lambda: desk.text == after, "what was redone")


def test_a_flow_is_seen_with_its_words(support: "Desk") -> None:
    page = support.page
    assert page.locator("h1").inner_text() == "고객센터 대표번호"
    assert page.title() == "고객센터 대표번호"
    assert "Office hours" in support.card("start.check_hours").inner_text()
    assert "PLAY A MESSAGE" in support.card("start.play").inner_text().upper()
    assert support.title("start.set") == "tier = crm.tier"
    assert support.role("problem-count").inner_text() == "No problems"
    assert 'flow support "고객센터 대표번호"' in support.editor.inner_text()
    assert page.locator(".fl-outline").get_by_text("menu", exact=True).count() == 1


def test_moving_a_block_writes_its_place(desk: "Desk") -> None:
    x, y = desk.middle(desk.card("help.play").locator(".fc-title"))
    desk.drag((x, y), (x + 40, y + 160))
    desk.until_text("layout", "help.play")
    assert all(line.startswith("+") for line in desk.changed_lines())
    desk.page.get_by_text("layout", exact=True).first.wait_for(state="attached")
    undo_and_redo(desk)


def test_a_block_is_dragged_from_the_palette_onto_the_canvas(desk: "Desk") -> None:
    x, y = desk.empty_place()
    desk.drag(desk.middle(desk.page.locator('.fl-palette [data-kind="play"]')), (x, y))
    desk.card("play.play").wait_for()
    assert "play:\n  play\n" in desk.text
    assert desk.page.locator(".fl-inspector-top").get_by_text("Play a message").count()
    undo_and_redo(desk)


def test_a_block_dropped_on_a_wire_is_put_in_between(desk: "Desk") -> None:
    item = desk.page.locator('.fl-palette [data-kind="set"]')
    desk.drag(desk.middle(item), desk.wire("start.play>next"))
    desk.card("start.set").wait_for()
    lines = [line.strip() for line in desk.text.splitlines()]
    first = lines.index('play "Hello."   # the first words')
    assert lines[first + 1] == "set"
    assert lines[first + 2].startswith("ask ")
    undo_and_redo(desk)


def test_a_wire_is_pulled_from_a_port_to_a_block(desk: "Desk") -> None:
    desk.drag(
        desk.middle(desk.port("start.ask", '"2"')),
        desk.middle(desk.card("bills.transfer").locator(".fc-title")),
    )
    desk.until_text('on "2" -> bills')
    assert desk.changed_lines() == ['-     on "2" -> help', '+     on "2" -> bills']
    undo_and_redo(desk)


def test_a_wire_into_the_void_offers_blocks(desk: "Desk") -> None:
    desk.drag(desk.middle(desk.port("start.ask", '"2"')), desk.empty_place())
    menu = desk.page.locator(".fl-menu")
    desk.role("find-in-menu").fill("message")
    menu.locator('[data-kind="play"]').click()
    desk.until_text('help:\n  play\n  play "Help is near."')
    menu.wait_for(state="detached")
    undo_and_redo(desk)


def test_a_double_click_offers_blocks_too(desk: "Desk") -> None:
    desk.page.mouse.dblclick(*desk.empty_place())
    desk.page.locator('.fl-menu [data-kind="repeat"]').click()
    desk.until_text("repeat:\n  repeat\n")


def test_escape_closes_the_menu(desk: "Desk") -> None:
    desk.drag(desk.middle(desk.port("start.ask", '"2"')), desk.empty_place())
    desk.page.locator(".fl-menu").wait_for()
    desk.keys("Escape")
    desk.page.locator(".fl-menu").wait_for(state="detached")
    assert desk.text == desk.original


def test_deleting_a_block_closes_the_chain(desk: "Desk") -> None:
    desk.select("start.play")
    desk.card("start.play").press("Delete")
    desk.card("start.play").wait_for(state="detached")
    assert desk.changed_lines() == ['-   play "Hello."   # the first words']
    desk.call("whereIsWire", "start.ask>error")
    undo_and_redo(desk)


def test_a_refused_wire_says_why(desk: "Desk") -> None:
    desk.select("start.ask")
    desk.role("add-outcome").click()
    desk.until_text('on "3" -> nowhere')
    name = desk.page.locator("""[data-port='"3"'] input""")
    name.fill("2")
    name.press("Enter")
    desk.page.locator(".fl-toast").wait_for()
    assert 'on "3" -> nowhere' in desk.text
    assert name.input_value() == "3"


def test_two_tabs_see_each_others_edits(desk: "Desk", open_flow: "Callable[..., Desk]") -> None:
    other = open_flow(path=desk.path)
    desk.select("help.play")
    desk.fill("text", "Help is here.")
    other.card("help.play").get_by_text("Help is here.").wait_for()
    other.editor.get_by_text("Help is here.").wait_for(state="attached")
    other.role("undo").click()
    desk.card("help.play").get_by_text("Help is near.").wait_for()
    assert desk.field("text").input_value() == "Help is near."
    desk.until_original()
