"""The text and the canvas are one document; and the file may change elsewhere."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser


def test_typing_moves_the_canvas(desk: "Desk") -> None:
    desk.write(desk.original.replace("Help is near.", "Help is coming."))
    desk.card("help.play").get_by_text("Help is coming.").first.wait_for()
    desk.until_text("Help is coming.")
    desk.keys("Control+z")
    desk.card("help.play").get_by_text("Help is near.").first.wait_for()
    desk.until_original()
    desk.keys("Control+Shift+Z")
    desk.until_text("Help is coming.")


def test_the_cursor_selects_its_block(desk: "Desk") -> None:
    desk.page.locator(".cm-line").get_by_text("transfer bills_queue").click()
    desk.card("bills.transfer").locator(".selected").wait_for()
    assert "Bills" in desk.page.locator(".fl-inspector-top").inner_text()


def test_a_broken_text_keeps_the_canvas_and_marks_the_place(desk: "Desk") -> None:
    cards = desk.page.locator(".vue-flow__node").count()
    desk.write(desk.original.replace('play "Help is near."', 'play "Help is near.'))
    desk.card("help.play").locator(".fc-mark").wait_for()
    assert desk.page.locator(".vue-flow__node").count() == cards
    assert desk.page.locator(".cm-lintRange-error").count()
    desk.write(desk.original)
    desk.card("help.play").locator(".fc-mark").wait_for(state="detached")


def test_slashes_and_question_marks_can_be_typed(desk: "Desk") -> None:
    desk.page.locator(".cm-line").first.click()
    desk.keys("End")
    desk.page.keyboard.type(" / ? ")
    desk.until_text("# A flow that fits on a screen. / ?")
    assert desk.page.get_by_role("dialog").count() == 0


# The file


def test_a_file_that_changed_elsewhere_is_reloaded(desk: "Desk") -> None:
    desk.path.write_text(desk.original.replace("Hello.", "Good day."), encoding="utf-8")
    desk.role("reload").click()
    desk.card("start.play").get_by_text("Good day.").first.wait_for()
    desk.role("reload").wait_for(state="detached")
    desk.role("undo").click()
    desk.until_original()


def test_a_file_that_changed_elsewhere_is_kept_beside_ours(desk: "Desk") -> None:
    theirs = desk.original.replace("Hello.", "Good day.")
    desk.path.write_text(theirs, encoding="utf-8")
    desk.role("keep_both").click()
    desk.role("keep_both").wait_for(state="detached")
    assert desk.text == desk.original
    assert desk.path.with_name("demo-2.flow").read_text(encoding="utf-8") == theirs


def test_the_banner_is_settled_in_every_tab(desk: "Desk", open_flow: "Callable[..., Desk]") -> None:
    other = open_flow(path=desk.path)
    desk.path.write_text(desk.original + "# more\n", encoding="utf-8")
    other.role("reload").wait_for()
    desk.role("reload").click()
    other.role("reload").wait_for(state="detached")


def test_a_file_that_is_gone_is_saved_again(desk: "Desk") -> None:
    desk.path.unlink()
    desk.role("save_again").click()
    desk.role("save_again").wait_for(state="detached")
    assert desk.text == desk.original
