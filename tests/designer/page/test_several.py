"""Several blocks at once: choosing, the clipboard, arranging, a module of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from flowlang.syntax.parser import parse
from tests.designer.page.test_page import serious

if TYPE_CHECKING:
    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser

CONNECT = """{"Version": "2019-10-30", "StartAction": "a", "Metadata": {}, "Actions": [
  {"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "From Connect"},
   "Transitions": {"NextAction": "b", "Errors": [], "Conditions": []}},
  {"Identifier": "b", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}"""


def choose(desk: "Desk", *blocks: str) -> None:
    first, *others = blocks
    desk.card(first).locator(".fc-title").click()
    for block in others:
        desk.card(block).locator(".fc-title").click(modifiers=["Shift"])
    if others:
        desk.page.get_by_text(f"{len(blocks)} blocks chosen").wait_for()


def clipboard(desk: "Desk") -> str:
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return str(desk.page.evaluate("navigator.clipboard.readText()"))


def put_on_clipboard(desk: "Desk", text: str) -> None:
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)


def layout(desk: "Desk") -> dict[str, tuple[int, int]]:
    found = parse(desk.text).document.layout
    return {place.id: (place.x, place.y) for place in found.places} if found else {}


def test_a_box_drawn_with_shift_chooses_what_it_touches(desk: "Desk") -> None:
    page = desk.page
    boxes = [desk.card(block).bounding_box() for block in ("start.play", "start.ask")]
    left = min(box["x"] for box in boxes if box)
    bottom = max(box["y"] + box["height"] for box in boxes if box)
    right = max(box["x"] for box in boxes if box)
    page.keyboard.down("Shift")
    desk.drag((left - 30, bottom + 12), (right + 20, bottom - 40))
    page.keyboard.up("Shift")
    desk.until(lambda: "start.ask" in desk.call("snapshot")["selected"])
    chosen = desk.call("snapshot")["selected"]
    assert len(chosen) >= 1
    desk.card("start.play").locator(".fc-title").click(modifiers=["Shift"])
    desk.until(lambda: set(desk.call("snapshot")["selected"]) >= {"start.play", "start.ask"})


def test_what_is_copied_is_text_that_any_editor_takes(desk: "Desk") -> None:
    choose(desk, "start.play", "help.play")
    desk.keys("Control+c")
    desk.until(lambda: "Hello." in clipboard(desk), "the copied text")
    text = clipboard(desk)
    assert text.startswith('start:\n  play "Hello."   # the first words\n  -> nowhere\n')
    assert 'help:\n  play "Help is near."\n  -> hang_up\n' in text
    assert parse(text).problems == ()
    assert desk.text == desk.original


def test_blocks_go_from_flow_to_flow(desk: "Desk", open_flow: "Callable[..., Desk]") -> None:
    choose(desk, "bills.transfer")
    desk.keys("Control+c")
    desk.until(lambda: "bills_queue" in clipboard(desk))
    other = open_flow(
        'flow other\n\nqueue bills_queue = "Other bills"\n\nstart:\n  play "x"\n  -> hang_up\n',
        page=desk.page,
    )
    other.card("start.play").locator(".fc-title").click()
    other.keys("Control+v")
    other.until_text('queue bills_queue_2 = "Bills"', "  transfer bills_queue_2\n")
    assert "bills.transfer" in layout(other)
    other.keys("Control+z")
    other.until_original()


def test_cut_blocks_come_back_by_pasting(desk: "Desk") -> None:
    choose(desk, "help.play", "bills.transfer")
    desk.keys("Control+x")
    desk.card("help.play").wait_for(state="detached")
    assert "Help is near." not in desk.text
    desk.until(lambda: "Help is near." in clipboard(desk))
    desk.page.mouse.move(*desk.empty_place())
    desk.keys("Control+v")
    desk.until_text("Help is near.", "transfer bills_queue")


def test_duplicates_stand_beside_and_are_chosen(desk: "Desk") -> None:
    choose(desk, "help.play", "sorry.play")
    desk.keys("Control+d")
    desk.card("help_2.play").wait_for()
    desk.card("sorry_2.play").wait_for()
    desk.until(lambda: sorted(desk.call("snapshot")["selected"]) == ["help_2.play", "sorry_2.play"])
    desk.keys("Control+z")
    desk.until_original()


def test_a_flow_of_amazon_connect_is_pasted(desk: "Desk") -> None:
    put_on_clipboard(desk, CONNECT)
    choose(desk, "start.play")
    desk.keys("Control+v")
    desk.until_text('play "From Connect"')


def test_what_is_pasted_on_a_wire_is_put_in_between(desk: "Desk") -> None:
    put_on_clipboard(desk, 'play "In between."')
    desk.card("help.play").focus()
    desk.page.mouse.click(*desk.wire("start.play>next"))
    desk.until(lambda: desk.call("snapshot")["selectedWires"] == ["start.play>next"])
    desk.keys("Control+v")
    desk.until(lambda: desk.changed_lines() == ['+   play "In between."'])
    assert 'words\n  play "In between."\n  ask ' in desk.text
    desk.keys("Control+z")
    desk.until_original()


def test_what_is_no_flow_or_too_much_says_so(desk: "Desk") -> None:
    put_on_clipboard(desk, "Dear sir or madam,")
    choose(desk, "start.play")
    desk.keys("Control+v")
    desk.page.locator(".fl-toast").get_by_text("cannot be read").wait_for()
    put_on_clipboard(desk, "a" * 1_200_000)
    desk.keys("Control+v")
    desk.page.locator(".fl-toast").get_by_text("This is 1.2 MB").wait_for()
    assert desk.text == desk.original


def test_blocks_are_put_on_one_line_with_the_same_room_between(desk: "Desk") -> None:
    blocks = ("start.play", "help.play", "sorry.play")
    choose(desk, *blocks)
    desk.role("align_left").click()
    desk.until(lambda: len(layout(desk)) == 3)
    assert len({x for x, _ in layout(desk).values()}) == 1
    desk.role("distribute_vertical").click()
    desk.until(lambda: desk.role("undo").is_enabled())
    desk.page.wait_for_timeout(300)
    heights = {block: desk.card(block).bounding_box()["height"] for block in blocks}  # type: ignore[index]
    zoom = desk.call("snapshot")["zoom"]
    places = sorted((y, block) for block, (_, y) in layout(desk).items())
    (top, first), (middle, second), (bottom, _) = places
    gaps = middle - top - heights[first] / zoom, bottom - middle - heights[second] / zoom
    assert abs(gaps[0] - gaps[1]) <= 2
    desk.role("tidy").click()
    desk.until(lambda: len({x for x, _ in layout(desk).values()}) >= 1)
    changed = desk.changed_lines()
    assert all(line.startswith("+") for line in changed)


def test_blocks_become_a_module_and_undo_takes_it_back(desk: "Desk") -> None:
    choose(desk, "help.play", "sorry.play")
    desk.role("extract").click()
    desk.role("asked-name").fill("part")
    desk.keys("Enter")
    desk.page.locator(".fl-toast").get_by_text("entered at").wait_for()
    desk.keys("Escape")
    module = desk.path.parent / "greet.flow"
    desk.card("start.play").locator(".fc-title").click(button="right")
    desk.page.locator(".fl-menu").get_by_text("Make a module").click()
    desk.role("asked-name").fill("greet")
    desk.role("agree").click()
    desk.card("start.greet").wait_for()
    desk.page.locator(".fl-toast a").wait_for()
    assert 'module greet = "greet.flow"\n' in desk.text
    assert 'play "Hello."' in module.read_text()
    desk.role("undo").click()
    desk.until_original()
    desk.until(lambda: not module.exists(), "the module is gone")
    desk.role("redo").click()
    desk.until(module.exists, "the module is back")
    desk.page.goto(desk.address.replace("demo.flow", "greet.flow"))
    desk.card("start.play").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_in_the_way_of_anybody(
    open_flow: "Callable[..., Desk]", theme: str
) -> None:
    desk = open_flow(query=f"?theme={theme}")
    desk.page.locator("[data-tab=values]").click()
    desk.page.locator("[data-value=tier]").wait_for()
    choose(desk, "start.play", "help.play")
    assert serious(desk.page) == []
    desk.keys("Control+k")
    desk.role("search").wait_for()
    assert serious(desk.page) == []
    desk.keys("Escape")
    desk.role("extract").click()
    desk.role("asked-name").wait_for()
    assert serious(desk.page) == []


# --- notes --------------------------------------------------------------------------------------


def test_a_note_is_written_on_its_card(desk: "Desk") -> None:
    card = desk.card("help.play")
    card.locator(".fc-title").click(button="right")
    desk.page.locator(".fl-menu").get_by_text("Note", exact=True).click()
    field = card.locator("textarea")
    field.fill("Say it slowly.")
    desk.page.mouse.click(*desk.empty_place())
    desk.until_text('  # Say it slowly.\n  play "Help is near."')
    note = card.locator(".fc-note")
    note.get_by_text("Say it slowly.").wait_for()
    note.dblclick()
    field.press("Escape")
    note.dblclick()
    field.fill("Say it twice.")
    field.press("Tab")
    desk.until_text("  # Say it twice.\n")
    desk.select("help.play")
    assert desk.field("note").input_value() == "Say it twice."
    desk.fill("note", "")
    desk.until_original()


# --- search -------------------------------------------------------------------------------------


def test_search_jumps_to_what_is_said_and_does_what_it_is_told(desk: "Desk") -> None:
    page: Any = desk.page
    desk.keys("Control+k")
    desk.role("search").fill("near")
    page.locator(".fl-hit").get_by_text("help.play").wait_for()
    desk.keys("Enter")
    page.locator(".fl-inspector-name").get_by_text("Help is near.").wait_for()
    desk.keys("Control+k")
    desk.role("search").fill("bills")
    page.locator(".fl-hit").nth(1).wait_for()
    desk.keys("ArrowDown")
    page.locator(".fl-hit.on").wait_for()
    desk.role("search").fill("bills_queue")
    page.locator(".fl-hit").get_by_text("Queue", exact=True).click()
    page.locator('[data-value="bills_queue"].on').wait_for()
    desk.keys("Control+k")
    desk.role("search").fill("tidy")
    desk.keys("Escape")
    page.locator(".fl-dialog").wait_for(state="detached")
    desk.keys("Control+k")
    desk.role("search").fill("try it")
    page.locator(".fl-hit.on").get_by_text("Try it").wait_for()
    desk.keys("Enter")
    page.locator(".fl-app.trying").wait_for()
