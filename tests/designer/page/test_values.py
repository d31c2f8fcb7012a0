"""Values and resources from the canvas: declared, changed, found where they are used, deleted."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser


def open_values(desk: "Desk") -> None:
    desk.page.locator("[data-tab=values]").click()
    desk.page.locator("[data-value=tier]").wait_for()


def fill(desk: "Desk", key: str, value: str) -> None:
    """Change a field, and wait until the form is drawn afresh for it."""
    field = desk.page.locator(f'.fl-value-form [data-key="{key}"]')
    before = field.get_attribute("id")
    field.fill(value)
    field.press("Tab")
    form = desk.page.locator(f".fl-value-form #{before}")
    desk.until(lambda: form.count() == 0, f"an answer to {key}")


def test_a_queue_is_declared_and_says_what_it_is_called(desk: "Desk") -> None:
    open_values(desk)
    desk.role("new-word").select_option("queue")
    desk.role("new-name").fill("vip")
    desk.role("declare").click()
    desk.page.locator("[data-value=vip].on").wait_for()
    assert desk.changed_lines() == ["+ queue vip"]
    fill(desk, "declared-value", "Very important")
    desk.until_text('queue vip = "Very important"\n')
    desk.role("remove-declaration").click()
    desk.until_original()


def test_an_attribute_changes_everywhere(desk: "Desk") -> None:
    open_values(desk)
    desk.page.locator("[data-value=bills_queue]").click()
    desk.page.locator("[data-value=bills_queue].on").wait_for()
    fill(desk, "declared-name", "money")
    desk.until_text('queue money = "Bills"', "  transfer money\n")
    desk.page.locator("[data-value=tier]").click()
    desk.page.locator("[data-value=tier].on").wait_for()
    fill(desk, "declared-type", "text?")
    desk.until_text('attribute tier: text? = "silver"\n')
    fill(desk, "declared-source", "")
    desk.until_text("attribute tier: text?\n")
    fill(desk, "declared-type", "((")
    desk.page.locator(".fl-toast").get_by_text("cannot be declared").wait_for()
    field = desk.page.locator('.fl-value-form [data-key="declared-type"]')
    desk.until(lambda: field.input_value() == "text?", "what it still says")


def test_what_is_used_is_not_deleted_and_shows_where(desk: "Desk") -> None:
    open_values(desk)
    desk.page.locator("[data-value=bills_queue]").click()
    uses = desk.page.locator("[data-part=uses]")
    uses.get_by_text("bills.transfer").wait_for()
    desk.role("remove-declaration").click()
    desk.page.locator(".fl-toast").get_by_text("is used").wait_for()
    assert desk.text == desk.original
    uses.get_by_text("bills.transfer").click()
    desk.page.locator(".fl-inspector-top").get_by_text("To a queue").wait_for()


def test_a_prompt_has_a_line_for_each_language(desk: "Desk") -> None:
    open_values(desk)
    desk.role("new-word").select_option("prompt")
    desk.role("new-name").fill("welcome")
    desk.role("new-name").press("Enter")
    desk.page.locator("[data-value=welcome].on").wait_for()
    desk.page.locator('[data-key="line-key"]').fill("ko-KR")
    fill(desk, "line-value", '"안녕" {tier}')
    desk.until_text('prompt welcome\n  ko-KR: "\\"안녕\\" {tier}"\n')
    fill(desk, "line ko-KR", "안녕하세요")
    desk.until_text('prompt welcome\n  ko-KR: "안녕하세요"\n')


def test_a_field_offers_what_is_not_declared_yet(desk: "Desk") -> None:
    desk.select("bills.transfer")
    desk.field("queue").select_option("+")
    desk.role("asked-name").wait_for()
    desk.keys("Escape")
    desk.role("asked-name").wait_for(state="detached")
    assert desk.field("queue").input_value() == "bills_queue"
    desk.field("queue").select_option("+")
    desk.role("asked-name").fill("vip")
    desk.keys("Enter")
    desk.until_text("queue vip\n", "  transfer vip\n")
    desk.role("undo").click()
    desk.until_original()
