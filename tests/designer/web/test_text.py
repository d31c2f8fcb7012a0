"""The text of a flow with a real keyboard."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def editor(site: str, open_page: "Callable[..., Page]") -> "Page":
    page = open_page(viewport={"width": 1100, "height": 700})
    page.goto(f"{site}/text")
    page.get_by_text("고객센터 대표번호").wait_for()
    return page


def line(page: "Page", text: str) -> Any:
    return page.locator(".cm-line").filter(has_text=text).first


def events(page: "Page", name: str, *, at_least: int = 1) -> list[Any]:
    page.wait_for_function(
        """([name, least]) => JSON.parse(
             document.querySelector('[data-log]').textContent || '[]'
           ).filter(event => event[0] === name).length >= least""",
        arg=[name, at_least],
    )
    log = json.loads(page.locator("[data-log]").text_content() or "[]")
    return [args for kind, args in log if kind == name]


def go_to_end_of(page: "Page", text: str) -> None:
    line(page, text).click()
    page.keyboard.press("End")


def colour(page: "Page", text: str) -> str:
    spans = page.locator(".cm-line span").filter(has_text=text)
    return str(spans.first.evaluate("e => getComputedStyle(e).color"))


def test_the_language_is_coloured(editor: "Page") -> None:
    section, string, number = "rgb(121, 58, 139)", "rgb(11, 106, 100)", "rgb(119, 80, 0)"
    assert colour(editor, "start") == section
    assert colour(editor, "고객센터") == string
    assert colour(editor, "3s") == number
    assert colour(editor, "# The number") == "rgb(98, 108, 126)"
    assert colour(editor, "caller") == "rgb(25, 93, 141)"
    assert colour(editor, "다시 걸어") == string
    weight = "e => getComputedStyle(e).fontWeight"
    for word in ("crm", "otherwise", "record"):
        assert editor.locator(".cm-line span", has_text=word).first.evaluate(weight) == "600"


def test_typing_is_told_once_it_rests(editor: "Page") -> None:
    go_to_end_of(editor, "repeat 2")
    editor.keyboard.type("  # 두 번")
    edits = events(editor, "edited")
    assert len(edits) == 1
    assert "  repeat 2  # 두 번\n" in edits[0]


def test_problems_are_shown_and_mended(editor: "Page") -> None:
    go_to_end_of(editor, "on again -> menu")
    editor.keyboard.type("u")
    wave = editor.locator(".cm-lintRange-error")
    wave.wait_for()
    assert wave.inner_text() == "menuu"
    wave.hover()
    editor.get_by_text("no section or step named").wait_for()
    editor.get_by_role("button", name="Replace with menu").click()
    assert events(editor, "fix")[0]["code"] == "FL203"


def test_edits_of_the_server_keep_the_cursor(editor: "Page") -> None:
    go_to_end_of(editor, "repeat 2")
    events(editor, "cursor")
    editor.get_by_role("button", name="edit").click()
    line(editor, "channels email").wait_for()
    assert line(editor, "# inserted by the server").count()
    editor.locator(".cm-content").focus()
    editor.keyboard.type("0")
    assert "  repeat 20\n" in events(editor, "edited")[-1]


def test_the_cursor_is_told_in_characters(editor: "Page") -> None:
    go_to_end_of(editor, "대표번호")
    assert events(editor, "cursor")[-1] == {"line": 2, "column": 25}


def test_undo_belongs_to_the_server(editor: "Page") -> None:
    go_to_end_of(editor, "repeat 2")
    editor.keyboard.type("5")
    editor.keyboard.press("Control+z")
    events(editor, "undo")
    assert "  repeat 25\n" in events(editor, "edited")[-1]
    assert line(editor, "repeat 25").count() == 1
    editor.keyboard.press("Control+Shift+Z")
    events(editor, "redo")


def test_completion_asks_the_server(editor: "Page") -> None:
    go_to_end_of(editor, "on done -> sorry")
    editor.keyboard.press("Enter")
    editor.keyboard.type("bi")
    option = editor.locator(".cm-tooltip-autocomplete li", has_text="billing")
    option.wait_for()
    editor.wait_for_timeout(100)
    option.click()
    assert line(editor, "billing").count()


def test_hover_asks_the_server(editor: "Page") -> None:
    line(editor, "digits: 1").locator("span").first.hover()
    editor.locator(".cm-about").wait_for()
    assert editor.locator(".cm-about").inner_text().startswith("line 17, column ")


def test_lines_of_the_selected_block_are_marked(editor: "Page") -> None:
    editor.get_by_role("button", name="mark").click()
    editor.locator(".cm-marked").first.wait_for()
    assert editor.locator(".cm-marked").count() == 6


def test_a_line_is_revealed(editor: "Page") -> None:
    editor.get_by_role("button", name="reveal").click()
    editor.locator(".cm-activeLine", has_text="retry:").wait_for()
    editor.locator(".cm-content").focus()
    editor.keyboard.type("x")
    assert "\nxretry:" in events(editor, "edited")[-1]


def test_sections_fold(editor: "Page") -> None:
    line(editor, "menu:").click()
    editor.keyboard.press("Control+Shift+BracketLeft")
    editor.locator(".cm-foldPlaceholder").wait_for()
    assert line(editor, "timeout: 5s").count() == 0
