"""Language and theme are switched at once, and nothing that was looked at is lost."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser


def test_a_theme_is_switched_without_drawing_the_page_anew(desk: "Desk") -> None:
    page = desk.page
    desk.select("start.ask")
    desk.field("text").fill("Half a sen")
    page.evaluate("window.same = true")
    for theme in ("dark", "light", "dark"):
        desk.role("theme").dispatch_event("click")
        assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.evaluate("window.same")
    assert desk.field("text").input_value() == "Half a sen"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_language_is_switched_and_the_rest_stays(desk: "Desk") -> None:
    page = desk.page
    desk.select("help.play")
    page.locator("[data-tab=values]").click()
    desk.call("zoomTo", 0.62)
    page.wait_for_timeout(300)
    before = desk.card("start.ask").bounding_box()
    page.locator("[lang=ko]").click()
    page.locator(".fl-caps").get_by_text("안내 멘트 들려주기").first.wait_for()
    assert page.locator("[data-tab=values][aria-selected=true]").count() == 1
    assert page.locator(".fl-inspector-name").inner_text() == "Help is near."
    desk.until(lambda: desk.call("snapshot")["selected"] == ["help.play"])
    after = desk.card("start.ask").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["x"] - after["x"]) < 2
    assert abs(before["width"] - after["width"]) < 2
    page.reload()
    page.locator("[data-tab=text][aria-selected=true]").wait_for()


def test_a_conversation_goes_on_in_another_language(
    desk: "Desk", open_flow: "Callable[..., Desk]"
) -> None:
    page = desk.page
    desk.role("try-it").click()
    page.locator('[data-digit="2"]').click()
    page.locator(".fl-bubble").get_by_text("Help is near.").wait_for()
    page.locator("[lang=ko]").click()
    page.locator(".fl-try-top").get_by_text("시험").first.wait_for()
    page.locator(".fl-bubble").get_by_text("Help is near.").wait_for()
    desk.card("help.play").locator(".fc-tick, .fc-now").first.wait_for()
