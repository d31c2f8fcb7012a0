"""A line that is gone: it is said, nothing that was written is lost, and all goes on by itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser

CUT = "() => { window.socket.io.reconnection(false); window.socket.io.engine.close(); }"
MEND = "() => { window.socket.io.reconnection(true); window.socket.connect(); }"


def test_what_is_written_without_a_line_arrives_when_it_is_back(desk: "Desk") -> None:
    page = desk.page
    desk.select("help.play")
    page.evaluate(CUT)
    page.locator("#popup").wait_for()
    desk.fill("text", "Written without a line.")
    page.wait_for_timeout(300)
    assert desk.text == desk.original
    page.evaluate(MEND)
    desk.until_text("Written without a line.")
    page.locator("#popup").wait_for(state="hidden")
    desk.card("help.play").get_by_text("Written without").first.wait_for()
    desk.select("sorry.play")
    other = page.locator(".fl-inspector-name").filter(has_not_text="Written without")
    other.first.wait_for()
    desk.fill("text", "And after it.")
    desk.until_text("And after it.", "Written without a line.")


def test_two_people_draw_in_one_flow(desk: "Desk", open_flow: "Callable[..., Desk]") -> None:
    alone = desk.page.locator(".fl-other")
    assert alone.count() == 0
    other = open_flow(path=desk.path)
    for each in (desk, other):  # each sees that they are two
        each.page.locator(".fl-other").wait_for()
    desk.select("help.play")
    other.select("sorry.play")
    desk.fill("text", "By the one.")
    other.card("help.play").get_by_text("By the one.").first.wait_for()
    other.fill("text", "By the other.")
    desk.card("sorry.play").get_by_text("By the other.").first.wait_for()
    assert desk.page.locator(".fl-inspector-name").inner_text() == "By the one."
    desk.until_text("By the one.", "By the other.")
