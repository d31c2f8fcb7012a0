"""The tests of a flow on its page: run, listed, and what they reached on the canvas."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blocks.catalogue import catalogue
from designer.page.tested import marks_of
from designer.testing import summed_up
from designer.words import words
from flowlang.syntax.parser import parse
from flowlang.wiring import wire
from runtime.testing.suite import find_files, run_files
from tests.designer.page.conftest import DEMO

if TYPE_CHECKING:
    from tests.designer.page.conftest import Desk

TESTS = """\
test "help is near"
  caller presses "2"
  expect play contains "Help"
  expect end

test "bills are sung"
  caller presses "1"
  expect play contains "La la"
"""


@pytest.fixture
def tested(put_flow: Callable[..., Path]) -> Path:
    path = put_flow(DEMO)
    (path.parent / "demo.test.flow").write_text(TESTS, encoding="utf-8")
    return path


def test_what_tests_took_and_what_none_took(tmp_path: Path) -> None:
    path = tmp_path / "demo.flow"
    path.write_text(DEMO, encoding="utf-8")
    (tmp_path / "demo.test.flow").write_text(TESTS, encoding="utf-8")
    tests = summed_up(run_files(find_files([path])), path, DEMO)
    assert [(r.title, r.failure is None) for r in tests.results] == [
        ("help is near", True),
        ("bills are sung", False),
    ]
    assert tests.results[1].steps[-1] == "bills.transfer"
    marks = marks_of(tests, wire(parse(DEMO).document, catalogue()), words("en"))
    assert marks["blocks"]["help.play"]["look"] == "reached"
    assert marks["blocks"]["sorry.play"]["look"] == "missed"
    assert marks["wires"]['start.ask>"2"'] == {"look": "reached"}
    assert marks["wires"]["start.ask>timeout"]["look"] == "missed"


@pytest.mark.browser
def test_tests_run_on_the_page_and_paint_what_they_reached(
    tested: Path, open_flow: "Callable[..., Desk]"
) -> None:
    desk = open_flow(path=tested)
    page = desk.page
    page.locator("[data-tab=tests]").click()
    page.locator("[data-role=run-tests]").click()
    page.get_by_text("1 of 2 passed").wait_for()
    page.get_by_text("Tests reach").wait_for()
    assert desk.card("help.play").locator(".fc-badge").inner_text() == "✓\nTested"
    assert desk.card("sorry.play").locator(".fc-badge").inner_text() == "○\nNot tested"
    desk.until(
        lambda: "Not tested" in (desk.card("start.ask").get_attribute("aria-label") or ""),
        "the outcome that no test took",
    )
    page.locator("[data-tab=text]").click()
    desk.write(DEMO.replace("Hello.", "Good day."))
    page.get_by_text("before the last change").wait_for()


@pytest.mark.browser
def test_a_test_that_failed_leads_to_its_block(
    tested: Path, open_flow: "Callable[..., Desk]"
) -> None:
    desk = open_flow(path=tested)
    page = desk.page
    page.locator("[data-tab=tests]").click()
    page.locator("[data-role=run-tests]").click()
    row = page.locator("[data-test='bills are sung']")
    row.wait_for()
    row.focus()
    desk.keys("Enter")
    desk.until(lambda: desk.call("snapshot")["selected"] == ["start.play"])
    page.locator(".fl-lens").get_by_text("bills are sung").wait_for()
    desk.until(lambda: desk.card("start.ask").locator(".fc-pill").count() == 1)


@pytest.mark.browser
def test_a_flow_without_tests_says_so(desk: "Desk") -> None:
    desk.page.locator("[data-tab=tests]").click()
    desk.page.locator("[data-role=run-tests]").click()
    desk.page.get_by_text("There are no tests of this flow yet").wait_for()
