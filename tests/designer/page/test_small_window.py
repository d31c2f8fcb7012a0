"""In a small window the flow has the room, and what is asked for opens over it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser
SMALL = {"width": 1280, "height": 720}
CANVAS_SHARE_MIN = 0.75


@pytest.fixture
def small(open_flow: "Callable[..., Desk]") -> "Desk":
    """The text is folded away, so that nobody waits for its lines."""
    return open_flow(viewport=SMALL, text_shown=False)


def area(place: "Locator") -> float:
    box = place.bounding_box()
    assert box is not None
    return box["width"] * box["height"]


def test_the_flow_first_and_the_rest_when_asked_for(small: "Desk") -> None:
    page = small.page
    canvas, side = page.locator(".fl-canvas"), page.locator(".fl-inspector")
    assert area(canvas) > CANVAS_SHARE_MIN * SMALL["width"] * SMALL["height"]
    assert not side.is_visible()
    assert not small.editor.is_visible()

    small.role("fold-panel").click()
    small.editor.wait_for()
    page.reload()  # what is opened stays open
    small.editor.wait_for()
    small.role("fold-panel").click()
    small.editor.wait_for(state="hidden")

    page.locator(".fl-rail button").first.click()
    page.locator(".fl-palette-item").first.wait_for()
    small.role("fold-palette").click()
    page.locator(".fl-palette").wait_for(state="hidden")

    small.card("start.play").click()
    side.wait_for()
    page.locator(".fl-inspector-top button").click()
    side.wait_for(state="hidden")


def test_the_settings_of_the_flow(small: "Desk") -> None:
    page = small.page
    small.role("flow-settings").click()
    small.fill("flow title", "Front desk")
    small.until_text('flow demo "Front desk"')
    page.locator(".fl-bar h1").get_by_text("Front desk").wait_for()
    small.fill("flow description", "For everybody.\nAnd always.")
    small.until_text("# For everybody.\n# And always.\nflow demo")
    small.field("flow channels voice").click()
    small.until_text("channels voice\n")
    small.fill("flow languages", "ko-KR, en-US")
    small.until_text("languages ko-KR, en-US\n")
    small.field("flow on_error").select_option("help")
    small.until_text("on error -> help\n")
    small.field("flow type").select_option("customer_queue")
    small.until_text("type customer_queue\n")
    assert len(small.changed_lines()) == 10  # three of them changed, so that they count twice
    for _ in range(6):
        small.role("undo").click()
    small.until_original()


def test_what_becomes_of_a_block_on_each_channel(small: "Desk") -> None:
    small.card("start.ask").locator(".fc-more").click()
    small.page.get_by_role("menuitem", name="each channel").click()
    row = small.page.locator("[data-channel=sms]")
    assert row.get_attribute("data-verdict") == "differs"
    assert "2 choices are a numbered list" in row.inner_text()
    verdicts = small.page.locator("[data-channel=voice]").get_attribute("data-verdict")
    assert verdicts == "works"
