"""Ways through a flow: to a block, from a block, those of a policy; where blocks do not work."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from blocks.catalogue import catalogue
from designer.page.paths import before, behind, edges_of, failing_on, way_to
from flowlang.syntax.parser import parse
from flowlang.wiring import Wiring, wire

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.designer.page.conftest import Desk

FLOW = """\
flow paths "Paths"
  on error -> sorry

queue bills = "Bills"

start:
  play "Hello."
  ask "Press 1 or 2."
    on "1" -> help
    on "2" -> more
    on timeout, no_match -> sorry

help:
  play "Help."
  -> hang_up

more:
  play "More."
  -> help

sorry:
  play "Sorry."
  -> hang_up

lost:
  play "Nobody hears this."
  -> help
"""
POLICY = """\

policy "say sorry first": sorry.play before help.play
"""


def wiring_of(text: str) -> Wiring:
    return wire(parse(text).document, catalogue())


def test_the_way_is_the_shortest_one_without_an_error() -> None:
    wiring = wiring_of(FLOW)
    assert way_to(wiring, "help.play") == ("start.play", "start.ask", "help.play")
    assert way_to(wiring, "sorry.play") == ("start.play", "start.ask", "sorry.play")
    assert way_to(wiring, "start.play") == ("start.play",)
    assert way_to(wiring, "lost.play") == ()


def test_a_way_over_an_error_is_found_where_there_is_no_other() -> None:
    text = 'flow f\n  on error -> sorry\n\nfunction look = "l"\n\nstart:\n  look()\n  -> hang_up\n'
    wiring = wiring_of(text + '\nsorry:\n  play "Sorry."\n  -> hang_up\n')
    assert way_to(wiring, "sorry.play") == ("start.look", "sorry.play")


def test_what_leads_to_a_block_and_what_comes_after() -> None:
    edges = edges_of(wiring_of(FLOW))
    assert before(edges, "more.play") == {"start.play", "start.ask", "more.play"}
    assert behind(edges, "more.play") == {"more.play", "help.play", "hang_up"}
    assert "lost.play" in before(edges, "help.play")


def test_a_block_says_where_it_does_not_work() -> None:
    wiring = wiring_of('flow f\n\nstart:\n  play "a"\n  loop_prompts "b"\n  -> hang_up\n')
    assert failing_on(wiring.steps["start.play"]) == ()
    assert failing_on(wiring.steps["start.loop_prompts"]) == ("chat",)


# --- in the browser -----------------------------------------------------------------------------


def choose_in_menu(desk: "Desk", block: str, label: str) -> None:
    desk.card(block).locator(".fc-title").click(button="right")
    desk.page.get_by_role("menuitem", name=label).click()
    desk.page.locator(".fl-lens").wait_for()


def looks(desk: "Desk", block: str) -> str:
    return desk.card(block).locator(".fc-card").get_attribute("class") or ""


@pytest.mark.browser
def test_the_path_to_a_block_is_lit_and_numbered(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow(FLOW)
    choose_in_menu(desk, "help.play", "Path from the start to here")
    desk.page.get_by_text("The way to “Help.”: 3 steps").wait_for()
    numbers = {
        block: desk.card(block).locator(".fc-pill").inner_text()
        for block in ("start.play", "start.ask", "help.play")
    }
    assert numbers == {"start.play": "1", "start.ask": "2", "help.play": "3"}
    assert "seen" in looks(desk, "start.ask")
    assert "quiet" in looks(desk, "more.play")
    desk.page.locator("[data-role=close-lens]").click()
    desk.page.locator(".fl-lens").wait_for(state="detached")
    desk.until(lambda: "quiet" not in looks(desk, "more.play"))


@pytest.mark.browser
def test_a_path_follows_the_flow_and_ends_with_its_block(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow(FLOW)
    choose_in_menu(desk, "more.play", "Path from the start to here")
    desk.page.get_by_text("3 steps").wait_for()
    desk.write(FLOW.replace('  play "Hello."\n', '  play "Hello."\n  play "And welcome."\n'))
    desk.page.get_by_text("4 steps").wait_for()
    desk.card("more.play").locator(".fc-title").click()
    desk.card("more.play").focus()
    desk.keys("Delete")
    desk.page.locator(".fl-lens").wait_for(state="detached")


@pytest.mark.browser
def test_who_gets_to_a_block_and_what_comes_after(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow(FLOW)
    choose_in_menu(desk, "more.play", "Who gets here")
    desk.page.get_by_text("Who gets to “More.”: 2 blocks").wait_for()
    assert "seen" in looks(desk, "start.ask")
    assert "quiet" in looks(desk, "lost.play")
    choose_in_menu(desk, "more.play", "What can come after this")
    desk.page.get_by_text("What can come after “More.”").wait_for()
    desk.until(lambda: "seen" in looks(desk, "help.play"))
    assert "quiet" in looks(desk, "start.ask")


@pytest.mark.browser
def test_paths_by_keyboard_alone(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow(FLOW)
    desk.card("more.play").locator(".fc-title").click()
    desk.page.locator(".fl-inspector-name").wait_for()
    desk.keys("Control+k")
    # Somebody quick does not wait for the field.
    desk.page.keyboard.type("path from the start")
    hit = desk.page.locator(".fl-hit")
    desk.until(lambda: hit.count() == 1 and "Path from the start" in hit.inner_text())
    desk.keys("Enter")
    desk.page.get_by_text("The way to “More.”").wait_for()
    desk.keys("Escape")
    desk.page.locator(".fl-lens").wait_for(state="detached")


@pytest.mark.browser
def test_a_policy_that_fails_shows_its_path(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow(FLOW + POLICY)
    desk.page.locator("[data-tab=problems]").click()
    desk.page.locator("[data-role=show-path]").first.click()
    desk.page.locator(".fl-lens").wait_for()
    desk.until(lambda: "seen" in looks(desk, "help.play"))
    assert desk.card("start.play").locator(".fc-pill").inner_text() == "1"
    assert "quiet" in looks(desk, "lost.play")


@pytest.mark.browser
def test_blocks_say_on_which_channels_they_do_not_work(open_flow: "Callable[..., Desk]") -> None:
    flow = 'flow f\n\nstart:\n  play "a"\n  loop_prompts "b"\n  -> hang_up\n'
    desk = open_flow(flow)
    choose_in_menu(desk, "start.loop_prompts", "Where blocks do not work")
    assert (
        desk.card("start.loop_prompts").locator(".fc-badge").inner_text() == "○\nNot in messengers"
    )
    desk.until(
        lambda: (
            "Not in messengers"
            in (desk.card("start.loop_prompts").get_attribute("aria-label") or "")
        )
    )
    assert "quiet" in looks(desk, "start.play")


@pytest.mark.browser
def test_paths_in_korean(
    open_flow: "Callable[..., Desk]", open_page: "Callable[..., Page]"
) -> None:
    desk = open_flow(FLOW, query="?lang=ko")
    choose_in_menu(desk, "help.play", "시작에서 여기까지의 경로")
    desk.page.get_by_text("“Help.”까지의 경로: 3단계").wait_for()
