"""Trying a flow beside the canvas."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator

    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser


def heard(desk: "Desk") -> "Locator":
    return desk.page.locator(".fl-bubble")


def now(desk: "Desk", block: str) -> None:
    desk.card(block).locator(".fc-now").wait_for()


def test_a_key_is_pressed_and_the_canvas_follows(desk: "Desk") -> None:
    desk.role("try-it").click()
    heard(desk).get_by_text("Press 1 for bills").wait_for()
    now(desk, "start.ask")
    assert desk.page.locator(".fl-rail").is_visible()
    assert not desk.page.locator(".fl-palette").is_visible()
    desk.page.locator('[data-digit="2"]').click()
    heard(desk).get_by_text("Help is near.").wait_for()
    assert heard(desk).all_inner_texts()[-2:] == ["2", "Help is near."]
    desk.page.get_by_text("The conversation is over.").first.wait_for()


def test_a_step_is_taken_back(desk: "Desk") -> None:
    desk.role("try-it").click()
    desk.page.locator('[data-digit="2"]').click()
    heard(desk).get_by_text("Help is near.").wait_for()
    desk.page.get_by_role("button", name="One step back").click()
    heard(desk).get_by_text("Help is near.").wait_for(state="detached")
    now(desk, "start.ask")


def test_a_change_while_trying_is_heard(desk: "Desk") -> None:
    desk.role("try-it").click()
    desk.page.locator('[data-digit="2"]').click()
    heard(desk).get_by_text("Help is near.").wait_for()
    desk.write(desk.original.replace("Help is near.", "Help is here."))
    heard(desk).get_by_text("Help is here.").wait_for()
    assert heard(desk).all_inner_texts()[-2] == "2"


def test_a_broken_text_while_trying_breaks_nothing(desk: "Desk") -> None:
    desk.role("try-it").click()
    heard(desk).get_by_text("Press 1 for bills").wait_for()
    desk.write(desk.original.replace("start:", "start"))
    desk.page.locator(".cm-lintRange-error").first.wait_for()
    desk.write(desk.original)
    heard(desk).get_by_text("Press 1 for bills").wait_for()


def test_the_bot_is_spoken_to(support: "Desk") -> None:
    support.role("try-it").click()
    support.page.locator('[data-digit="3"]').click()
    heard(support).get_by_text("무엇을 도와드릴까요?").wait_for()
    now(support, "chatbot.talk")
    say = support.role("say")
    say.fill("상담원 연결해 주세요")
    say.press("Enter")
    support.page.get_by_text("Waiting in Technical support").wait_for()
    support.page.get_by_role("button", name="Agent accepts").click()
    support.page.locator(".fl-event").get_by_text("has joined").wait_for()


def test_who_answers_what_is_chosen_while_it_goes_on(support: "Desk") -> None:
    support.role("try-it").click()
    value = support.page.locator(".fl-values tr", has_text="tier").first
    assert "gold" in value.inner_text()
    support.page.locator('[data-digit="3"]').click()
    now(support, "chatbot.talk")
    service = support.page.locator('[data-service="crm"]')
    service.locator("select").select_option("silver")
    support.until(lambda: "silver" in value.inner_text())
    now(support, "chatbot.talk")
    service.get_by_role("button", name="Project").click()
    support.until(lambda: "gold" in value.inner_text() or "silver" in value.inner_text())
    service.get_by_role("button", name="Fails").click()
    support.until(lambda: "silver" not in value.inner_text())
    bot = support.page.locator('[data-service="assistant"], [data-service="bot"]').first
    bot.get_by_role("button", name="By hand").click()
    bot.locator("select").first.wait_for()


def test_nothing_sticks_out_of_a_small_window(support: "Desk") -> None:
    support.page.set_viewport_size({"width": 1280, "height": 720})
    support.role("try-it").click()
    support.page.locator(".fl-values tr", has_text="crm.balance").first.wait_for()
    parts = [
        (".fl-middle", ".fl-panel"),
        (".fl-try", ".fl-try .fl-values"),
        (".fl-try", ".fl-try-top"),
    ]

    def ends(part: str) -> float:
        box = support.page.locator(part).first.bounding_box()
        assert box is not None
        return box["x"] + box["width"]

    assert all(ends(inner) <= ends(outer) for outer, inner in parts)


def test_the_hour_is_chosen(support: "Desk") -> None:
    project = support.path.with_name("flowlang.toml")
    hours = project.read_text(encoding="utf-8").replace("00:00-24:00", "09:00-18:00")
    project.write_text(hours, encoding="utf-8")
    support.role("try-it").click()
    heard(support).first.wait_for()
    hour = support.page.locator('[data-key="caller time"]')
    hour.fill("2026-11-22T03:00")
    hour.press("Tab")
    heard(support).get_by_text("지금은 상담 시간이 아닙니다.").wait_for()


def test_a_conversation_is_saved_as_a_test(desk: "Desk", open_flow: "Callable[..., Desk]") -> None:
    desk.role("try-it").click()
    desk.page.locator('[data-digit="2"]').click()
    heard(desk).get_by_text("Help is near.").wait_for()
    desk.role("save-as-test").click()
    desk.page.locator(".fl-toast").wait_for()
    saved = desk.path.with_name("demo.test.flow").read_text(encoding="utf-8")
    assert saved.startswith('test "conversation 1" for demo')
    assert 'caller presses "2"' in saved


def test_chat_instead_of_a_call(support: "Desk") -> None:
    support.role("try-it").click()
    support.page.locator('[data-key="caller channel"]').select_option("chat")
    support.page.get_by_text("The chat starts").wait_for()
    assert support.page.locator(".fl-keypad").count() == 0
    support.keys("Control+Enter")
    support.page.locator(".fl-phone").wait_for(state="detached")
    assert support.page.locator(".fl-palette").is_visible()


MODULE = """\
module verify "Who it is"
  on error -> unknown

start:
  ask "Your PIN, please.", digits: 4
    on "1234" -> known
    on timeout, no_match -> unknown

known:
  return

unknown:
  return
"""
CALLING = """\
flow demo "Demo"
  on error -> sorry

module verify = "verify.flow"

start:
  verify
  play "Thank you."
  -> hang_up

sorry:
  play "Sorry."
  -> hang_up
"""


def test_a_module_is_followed_into_its_own_page(
    put_flow: "Callable[..., Path]", open_flow: "Callable[..., Desk]"
) -> None:
    path = put_flow(CALLING)
    path.with_name("verify.flow").write_text(MODULE, encoding="utf-8")
    desk = open_flow(path=path)
    desk.role("try-it").click()
    now(desk, "start.verify")
    desk.card("start.verify").locator(".fc-pill").get_by_text("Who it is · start.ask").wait_for()
    desk.page.get_by_role("button", name="Who it is · start.ask").click()
    desk.page.wait_for_url("**/verify.flow?*")
    now(desk, "start.ask")
    for digit in "1234":
        desk.page.locator(f'[data-digit="{digit}"]').click()
    heard(desk).get_by_text("Thank you.").wait_for()
    desk.page.get_by_role("button", name="Demo").click()
    desk.page.wait_for_url("**/demo.flow?*")
    heard(desk).get_by_text("Thank you.").wait_for()
    desk.card("start.play").locator(".fc-tick").wait_for()
