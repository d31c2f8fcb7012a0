"""Versions of a flow: given a name, opened, compared on the canvas and as text, brought back."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from designer.versions.saved import SavedVersions
from tests.designer.page.conftest import DEMO

if TYPE_CHECKING:
    from tests.designer.page.conftest import Desk

CHANGED = DEMO.replace('play "Hello."', 'play "Good morning."').replace(
    'help:\n  play "Help is near."\n', 'help:\n  play "One moment, please."\n'
    '  play "Help is near."\n  play "Nearly there."\n'
)  # fmt: skip


def looks(desk: "Desk", block: str) -> str:
    return desk.card(block).locator(".fc-card").get_attribute("class") or ""


def open_versions(desk: "Desk") -> None:
    desk.page.locator("[data-tab=versions]").click()
    desk.role("save-version").wait_for()


def save_as(desk: "Desk", name: str) -> None:
    open_versions(desk)
    desk.role("save-version").click()
    desk.role("asked-name").fill(name)
    desk.keys("Enter")
    desk.page.locator(".fl-problem").get_by_text(name).wait_for()


def compare(desk: "Desk") -> None:
    desk.page.locator("[data-role=version-compare]").first.click()
    desk.page.locator("[data-role=close-diff]").wait_for()
    desk.page.locator(".vue-flow__node").first.wait_for()


# --- on the disk --------------------------------------------------------------------------------


def test_named_versions_are_kept_beside_the_store(tmp_path: Path) -> None:
    flow = tmp_path / "shop.flow"
    flow.write_text("flow shop\n")
    kept = SavedVersions(flow)
    kept.save("  first \n one ", "kim", "flow shop\n")
    kept.save("second", "lee", "flow shop_2\n")
    assert [(each.number, each.name, each.who) for each in SavedVersions(flow).all()] == [
        (2, "second", "lee"),
        (1, "first one", "kim"),
    ]
    assert list((tmp_path / ".flowlang" / "versions" / "shop.flow").iterdir())
    assert SavedVersions(tmp_path / "other.flow").all() == []


def test_a_damaged_version_hides_no_other(tmp_path: Path) -> None:
    kept = SavedVersions(tmp_path / "shop.flow")
    kept.save("good", "kim", "flow shop\n")
    folder = tmp_path / ".flowlang" / "versions" / "shop.flow"
    (folder / "00007.json").write_bytes(b"\xff{")
    assert [each.name for each in kept.all()] == ["good"]
    assert kept.save("next", "kim", "").number == 8


# --- in the browser -----------------------------------------------------------------------------


@pytest.mark.browser
def test_a_version_is_saved_compared_and_brought_back(desk: "Desk") -> None:
    page = desk.page
    save_as(desk, "before the rewrite")
    page.locator("[data-tab=text]").click()
    desk.write(CHANGED)
    desk.until(lambda: desk.text == CHANGED)
    open_versions(desk)
    compare(desk)
    page.locator(".fl-lens").get_by_text("Added 2").wait_for()
    page.locator(".fl-lens").get_by_text("Changed 1").wait_for()
    desk.until(lambda: "m-added" in looks(desk, "help.play"))
    assert desk.card("help.play").locator(".fc-badge").inner_text() == "+\nAdded"
    assert "m-changed" in looks(desk, "start.play")
    assert "quiet" in looks(desk, "help.play.2")
    assert "Added" in (desk.card("help.play").get_attribute("aria-label") or "")
    page.locator("[data-role=restore]").click()
    desk.until_original()
    page.locator("[data-tab=versions]").wait_for()
    desk.card("start.play").wait_for()
    desk.keys("Control+z")
    desk.until(lambda: desk.text == CHANGED, "one undo for what was brought back")


@pytest.mark.browser
def test_changed_blocks_stand_side_by_side(desk: "Desk") -> None:
    save_as(desk, "first")
    desk.page.locator("[data-tab=text]").click()
    desk.write(DEMO.replace("Hello.", "Good day.").replace('on "2" -> help', 'on "2" -> sorry'))
    desk.until_text("Good day.")
    open_versions(desk)
    compare(desk)
    desk.page.locator("[data-change='start.play']").click()
    table = desk.page.locator(".fl-diff-table")
    assert table.locator("td.was").inner_text() == "Hello."
    assert table.locator("td.is").inner_text() == "Good day."
    desk.until(lambda: desk.call("snapshot")["selected"] == ["start.play"])
    desk.role("next-change").focus()
    desk.keys("Enter")
    desk.until(lambda: desk.call("snapshot")["selected"] == ["start.ask"])
    table.locator("td.is").get_by_text("sorry: Sorry.").wait_for()
    line = desk.page.locator(".fl-line.changed").first
    assert [mark for mark in line.locator("mark").all_inner_texts() if mark]
    desk.role("close-diff").click()
    desk.page.locator("[data-tab=versions]").wait_for()


@pytest.mark.browser
def test_what_was_removed_stays_to_be_seen(desk: "Desk") -> None:
    save_as(desk, "with help")
    desk.page.locator("[data-tab=text]").click()
    text = DEMO.replace('    on "2" -> help\n', "").replace(
        'help:\n  play "Help is near."\n  -> hang_up\n\n', ""
    )
    desk.write(text)
    desk.until(lambda: desk.text == text)
    open_versions(desk)
    compare(desk)
    desk.until(lambda: "m-removed" in looks(desk, "was:help.play"))
    assert desk.card("was:help.play").locator(".fc-badge").inner_text() == "−\nRemoved"
    desk.page.locator(".fl-line.removed").first.wait_for()


@pytest.mark.browser
def test_the_last_edit_as_a_difference(desk: "Desk") -> None:
    open_versions(desk)
    assert desk.role("compare-edit").is_disabled()
    desk.card("help.play").locator(".fc-title").click()
    desk.keys("Delete")
    desk.until(lambda: "Help is near." not in desk.text)
    desk.keys("Control+k")
    desk.page.keyboard.type("last edit")
    hit = desk.page.locator(".fl-hit")
    desk.until(lambda: hit.count() == 1)
    desk.keys("Enter")
    desk.role("close-diff").wait_for()
    desk.until(lambda: "m-removed" in looks(desk, "was:help.play"))


@pytest.mark.browser
def test_a_version_is_opened_without_being_changed(desk: "Desk") -> None:
    save_as(desk, "to look at")
    desk.page.locator("[data-tab=text]").click()
    desk.write(CHANGED)
    desk.until(lambda: desk.text == CHANGED)
    open_versions(desk)
    desk.role("version-open").first.click()
    desk.role("close-diff").wait_for()
    desk.card("start.play").wait_for()
    assert desk.title("start.play") == "Hello."
    desk.card("start.play").locator(".fc-title").click()
    desk.keys("Delete")
    desk.page.wait_for_timeout(300)
    assert desk.text == CHANGED
    desk.page.locator("pre").get_by_text("Hello.").wait_for()


@pytest.mark.browser
def test_an_unknown_version_is_told(desk: "Desk") -> None:
    desk.page.goto(f"{desk.address}?compare=saved-99")
    desk.page.get_by_text("There is no such version of this flow.").wait_for()


@pytest.mark.browser
def test_versions_in_korean_and_in_the_dark(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow(query="?lang=ko&theme=dark")
    save_as(desk, "첫 버전")
    compare(desk)
    desk.page.get_by_text("달라진 블록이 없습니다").wait_for()
    assert desk.page.evaluate("document.documentElement.dataset.theme") == "dark"
