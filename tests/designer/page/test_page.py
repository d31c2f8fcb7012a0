"""The page as a whole: keys, languages, themes, hostile texts, and what a folder may hold."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from designer.web import HERE as WEB

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.designer.page.conftest import Desk, Site

pytestmark = pytest.mark.browser

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
LATIN = re.compile(r"[A-Za-z]{3,}")


# Keys


def test_a_slash_finds_a_block_and_enter_adds_it(desk: "Desk") -> None:
    desk.select("start.play")
    desk.keys("/")
    desk.page.keyboard.insert_text("안내 말")
    offers = desk.page.locator(".fl-palette-item")
    desk.until(lambda: offers.first.get_attribute("data-kind") == "play", "found in Korean")
    offers.first.focus()
    desk.keys("Enter")
    desk.until_text('play "Hello."   # the first words\n  play\n')


def test_undo_and_redo_by_keys(desk: "Desk") -> None:
    desk.select("help.play")
    desk.fill("text", "Help!")
    desk.until_text("Help!")
    desk.card("help.play").locator(".fc-title").click()
    desk.keys("Control+z")
    desk.until_original()
    desk.keys("Control+Shift+Z")
    desk.until_text("Help!")


def test_the_list_of_keys(desk: "Desk") -> None:
    desk.card("help.play").locator(".fc-title").click()
    desk.keys("?")
    dialog = desk.page.get_by_role("dialog")
    dialog.wait_for()
    assert "Find a block" in dialog.inner_text()
    desk.keys("Escape")
    dialog.wait_for(state="detached")


def test_enter_opens_the_settings_and_escape_leads_back(desk: "Desk") -> None:
    desk.select("help.play")
    desk.card("help.play").press("Enter")
    focused = "() => document.activeElement?.dataset?.key"
    desk.until(lambda: desk.page.evaluate(focused) == "text")
    desk.keys("Escape")
    desk.until(lambda: desk.page.evaluate("() => !!document.activeElement.closest('.fc')"))


# Languages and themes


def test_korean_and_back(desk: "Desk") -> None:
    page = desk.page
    page.get_by_role("button", name="한국어").click()
    page.locator("html[lang^=ko]").wait_for()
    desk.card("start.play").get_by_text("안내").first.wait_for()
    page.goto(desk.address)
    page.locator("html[lang^=ko]").wait_for()
    page.get_by_role("button", name="EN", exact=True).click()
    page.locator("html[lang^=en]").wait_for()


SAID = """() => {
  const NAMES = '.cm-editor, .fl-outline, kbd, .fl-mono, .fl-keypad, option, .vue-flow__node, '
    + '.fc-section, .fc-stub, h1, .fl-bar .fl-soft, .fl-seg, .fl-inspector-name, .fl-bubble, '
    + '.fl-values, .fl-label > :not(:first-child), [data-service] .fl-label, .fl-phone-top, '
    + '.fl-ports [title], .fl-word, .fl-card, textarea, #too_long_message_popup';
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (element.checkVisibility() && !element.closest(NAMES))
      found.push(walk.currentNode.textContent);
  }
  for (const element of document.querySelectorAll('[title], [aria-label], [placeholder]'))
    if (element.checkVisibility() && !element.closest(NAMES))
      for (const name of ['title', 'aria-label', 'placeholder'])
        found.push(element.getAttribute(name) ?? '');
  return found.map(said => said.trim()).filter(Boolean);
}"""
"""What is said on the page, apart from what the flow's author wrote."""
MAY_BE_LATIN = {"attribute", "Ctrl", "Shift", "SSML", "Amazon", "Connect"}


def test_no_english_is_left_in_korean(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow(query="?lang=ko")
    desk.select("start.ask")
    said: list[str] = desk.page.evaluate(SAID)
    desk.role("problem-count").click()
    desk.card("start.ask").locator(".fc-title").click()
    desk.keys("?")
    desk.page.get_by_role("dialog").wait_for()
    said += desk.page.evaluate(SAID)
    desk.keys("Escape")
    desk.role("try-it").click()
    desk.page.locator(".fl-bubble").first.wait_for()
    said += desk.page.evaluate(SAID)
    desk.page.goto(desk.address.rsplit("/", 2)[0])
    desk.page.locator(".fl-new").wait_for()
    said += desk.page.evaluate(SAID)
    left = sorted({text for text in said if set(LATIN.findall(text)) - MAY_BE_LATIN})
    assert left == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_in_the_way_of_anybody(
    open_flow: "Callable[..., Desk]", theme: str
) -> None:
    desk = open_flow(query=f"?theme={theme}")
    assert serious(desk.page) == []
    desk.select("start.ask")
    desk.role("problem-count").click()
    assert serious(desk.page) == []
    desk.keys("Control+Enter")
    desk.page.locator(".fl-bubble").first.wait_for()
    assert serious(desk.page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nor_where_one_begins_and_takes_away(open_flow: "Callable[..., Desk]", theme: str) -> None:
    desk = open_flow(query=f"?theme={theme}")
    desk.role("download").click()
    desk.page.locator("[data-form=svg]").wait_for()
    assert serious(desk.page) == []
    desk.page.goto(desk.address.rsplit("/", 2)[0])
    desk.page.locator("[data-begin=menu]").wait_for()
    assert serious(desk.page) == []


def serious(page: "Page") -> list[str]:
    page.wait_for_timeout(300)  # what fades in is too pale for a moment
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run({exclude: [['.q-loading-bar']]})")
    return [
        f"{item['id']}: {node['html'][:200]} {json.dumps(node['any'][:1])[:200]}"
        for item in found["violations"]
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]


# Texts by strangers

HOSTILE = '<img src=x onerror="window.hacked=1"> {{ 1+1 }} </script><script>hacked=1</script>'


def test_hostile_texts_are_only_texts(open_flow: "Callable[..., Desk]") -> None:
    said = HOSTILE.replace('"', '\\"').replace("{", "\\{").replace("}", "\\}")
    desk = open_flow(
        f'flow demo "{said}"\n  on error -> sorry\n\nqueue q = "{said}"\n\n'
        f'start "{said}":\n  play "{said}"\n  transfer q\n    on full -> sorry\n\n'
        f'sorry:\n  ask "{said}"\n    on "{said}" -> hang_up\n'
        f"    on timeout, no_match -> hang_up\n"
    )
    page = desk.page
    assert page.locator("h1").inner_text() == HOSTILE
    desk.select("sorry.ask")
    assert desk.field("text").input_value() == HOSTILE.replace("{", "\\{").replace("}", "\\}")
    desk.role("problem-count").click()
    desk.keys("Control+Enter")
    page.locator(".fl-bubble").get_by_text("<img src=x").first.wait_for()
    page.goto(desk.address.rsplit("/", 2)[0])
    page.locator(".fl-card").get_by_text("<img src=x").first.wait_for()
    assert page.evaluate("() => window.hacked") is None
    assert page.locator("img").count() == 0


# What a folder may hold


def test_the_overview_leads_to_a_flow_and_makes_new_ones(site: "Site", desk: "Desk") -> None:
    page = desk.page
    page.goto(site.address)
    place = desk.path.relative_to(site.folder).as_posix()
    card = page.locator(f'.fl-card[href$="{place}"]')
    assert "5 blocks" in card.inner_text()
    desk.role("new-flow").fill("Not a name")
    desk.role("create").click()
    page.locator(".fl-new .fl-wrong span").wait_for()
    desk.role("new-flow").fill("fresh")
    desk.role("create").click()
    page.locator(".vue-flow__node").first.wait_for()
    assert (site.folder / "fresh.flow").exists()


def test_an_empty_folder_says_what_to_do(
    tmp_path: Path, serving: "Callable[[Path], Any]", page: "Page"
) -> None:
    with serving(tmp_path) as address:
        page.goto(address)
        assert "`" not in page.locator(".fl-empty").inner_text()
        page.get_by_text("flowlang new", exact=True).wait_for()
        page.locator("[data-role=new-flow]").fill("first")
        page.locator("[data-role=new-flow]").press("Enter")
        page.locator(".vue-flow__node").first.wait_for()
        assert (tmp_path / "first.flow").exists()


def test_a_broken_flow_opens_as_far_as_it_can(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow('flow demo\n\nstart:\n  play Hello\n  ???\n\nsorry:\n  play "Sorry."\n')
    desk.card("sorry.play").wait_for()
    assert desk.page.locator(".cm-lintRange-error").count()
    desk.keys("Control+Enter")
    desk.page.locator(".fl-phone").wait_for()


def test_an_address_without_a_flow(
    site: "Site", page: "Page", page_errors_allowed: list[str]
) -> None:
    page_errors_allowed.append("404")
    page.goto(f"{site.address}/..%2f..%2fetc/passwd")
    assert "root:" not in page.content()
    page.goto(f"{site.address}/none.flow")
    page.get_by_text("There is no flow at this address.").wait_for()


def test_other_files_of_a_folder_are_no_flows(site: "Site", page: "Page") -> None:
    folder = site.folder / "others"
    folder.mkdir()
    (folder / "connect.json").write_text('{"Version": "2019-10-30"}', encoding="utf-8")
    (folder / "house.test.flow").write_text('test "x"\n', encoding="utf-8")
    page.goto(site.address)
    page.locator("h2").first.wait_for()
    assert page.locator('.fl-card[href*="others"]').count() == 0
    assert page.locator(".fl-pill.bad").count() == len(broken_flows(site.folder))


def broken_flows(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("demo.flow") if "???" in path.read_text("utf-8")]
