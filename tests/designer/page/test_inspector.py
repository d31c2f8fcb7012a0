"""The inspector: a form that changes the same text, one line at a time."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.designer.page.test_drawing import undo_and_redo

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser


def test_a_prompt_changes_one_line_and_the_card(desk: "Desk") -> None:
    desk.select("start.play")
    desk.fill("text", 'Say "hi", please.')
    desk.card("start.play").get_by_text('Say "hi", please.').first.wait_for()
    desk.until(lambda: desk.text != desk.original)
    assert desk.changed_lines() == [
        '-   play "Hello."   # the first words',
        "+   play 'Say \"hi\", please.'   # the first words",
    ]
    desk.editor.get_by_text("please").wait_for(state="attached")
    undo_and_redo(desk)


def test_a_bad_value_is_told_at_the_field_on_the_card_and_in_the_list(desk: "Desk") -> None:
    page = desk.page
    desk.select("start.ask")
    desk.fill("timeout", "5000s")
    wrong = page.locator('[data-field="timeout"] .fl-wrong')
    wrong.wait_for()
    said = wrong.locator("div div").first.inner_text()
    mark = desk.card("start.ask").locator(".fc-mark")
    assert said == (mark.get_attribute("title") or "").replace("`", "")
    desk.role("problem-count").click()
    page.locator(".fl-problem").filter(has_text=said).wait_for()
    desk.fill("timeout", "5s")
    wrong.wait_for(state="detached")
    mark.wait_for(state="detached")
    assert desk.role("problem-count").inner_text() == "No problems"


def test_what_cannot_be_written_is_refused_and_said(desk: "Desk") -> None:
    desk.select("start.ask")
    desk.fill("timeout", "5 (")
    desk.page.locator(".fl-toast").wait_for()
    desk.until(lambda: desk.field("timeout").input_value() != "5 (", "the old value is back")
    assert desk.text == desk.original


BROKEN = """\
flow demo "Demo"
  on error -> sorry

start:
  play "Hello."
  -> sorrry

sorry:
  play "Sorry."
  -> hang_up
"""


def test_a_fix_is_one_click(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow(BROKEN)
    desk.role("problem-count").click()
    desk.page.locator(".fl-problem .fl-btn").first.click()
    desk.until(lambda: "sorrry" not in desk.text)
    assert desk.changed_lines()[:2] == ["-   -> sorrry", "+   -> sorry"]
    undo_and_redo(desk)


def test_f8_goes_to_the_next_problem(open_flow: "Callable[..., Desk]") -> None:
    desk = open_flow(BROKEN)
    desk.role("problem-count").click()
    desk.keys("F8")
    desk.page.locator(".cm-activeLine").get_by_text("sorrry").wait_for()
    assert desk.page.locator('[data-tab="text"][aria-selected="true"]').count() == 1


def test_an_outcome_is_added_named_led_and_removed(desk: "Desk") -> None:
    page = desk.page
    desk.select("start.ask")
    desk.role("add-outcome").click()
    desk.until_text('on "3" -> nowhere')
    row = page.locator("""[data-port='"3"']""")
    row.locator("input").fill("0")
    row.locator("input").press("Enter")
    desk.until_text('on "0" -> nowhere')
    row = page.locator("""tr[data-port='"0"']""")
    row.locator("select").select_option("help")
    desk.until_text('on "0" -> help')
    assert desk.changed_lines() == ['+     on "0" -> help']
    desk.card("start.ask").locator(".fc-row-label").get_by_text("help").nth(1).wait_for()
    row.get_by_role("button").click()
    desk.until_original()
    for _ in range(4):
        desk.role("undo").click()
    desk.until_original()


def test_a_default_says_where_it_leads_and_can_be_replaced(desk: "Desk") -> None:
    desk.select("start.ask")
    row = desk.page.locator('tr[data-port="error"]')
    assert row.locator("option:checked").inner_text() == "default → sorry"
    row.locator("select").select_option("hang_up")
    desk.until_text("on error -> hang_up")


def test_a_value_is_added_to_a_block_that_takes_any(desk: "Desk") -> None:
    item = desk.page.locator('.fl-palette [data-kind="set"]')
    desk.drag(desk.middle(item), desk.wire("start.play>next"))
    desk.card("start.set").wait_for()
    options = desk.page.locator("#known-values option")
    assert options.first.get_attribute("value") == "tier"
    desk.field("new-key").fill("tier")
    desk.fill("new-value", '"gold"')
    desk.until_text('set tier: "gold"')
    assert desk.field("tier").input_value() == '"gold"'


def test_a_block_is_named_and_duplicated(desk: "Desk") -> None:
    desk.select("help.play")
    desk.keys("F2")
    desk.page.keyboard.insert_text("comfort")
    desk.keys("Enter")
    desk.until_text('comfort = play "Help is near."')
    assert desk.title("help.comfort") == "comfort"
    desk.page.locator(".fl-tools").get_by_text("Duplicate").click()
    desk.until(lambda: desk.text.count("Help is near.") == 2)


def test_the_focus_stays_where_a_person_goes_on(desk: "Desk") -> None:
    desk.select("start.ask")
    desk.field("text").fill("Press a key.")
    desk.keys("Tab")
    desk.until_text("Press a key.")
    focused = "() => document.activeElement?.dataset?.key"
    desk.until(lambda: desk.page.evaluate(focused) not in (None, "text"), "the next field")


def test_a_field_is_left_alone_while_others_change_other_blocks(
    desk: "Desk", open_flow: "Callable[..., Desk]"
) -> None:
    other = open_flow(path=desk.path)
    desk.select("start.play")
    desk.field("text").fill("Half a sen")
    other.select("help.play")
    other.fill("text", "Help has come.")
    desk.card("help.play").get_by_text("Help has come.").wait_for()
    assert desk.field("text").input_value() == "Half a sen"
    desk.field("text").press("Tab")
    desk.until_text('play "Half a sen"', "Help has come.")


VOICES = """() => {
    window.said = [];
    const voice = (lang, localService) => ({name: lang, lang, localService});
    Object.defineProperty(window, 'speechSynthesis', {value: {
        getVoices: () => [voice('en-GB', true), voice('ko-KR', true), voice('ko-KR', false)],
        cancel() {}, speak(it) { window.said.push([it.text, it.voice.lang]); }}});
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}"""


def test_a_prompt_says_how_long_it_takes_and_can_be_heard(
    open_flow: "Callable[..., Desk]", open_page: "Callable[..., Page]"
) -> None:
    page = open_page(viewport={"width": 1680, "height": 1050})
    page.add_init_script(f"({VOICES})()")
    desk = open_flow(page=page)
    desk.select("help.play")
    assert desk.role("duration").inner_text() == "about 1 s"
    desk.fill("text", "요금 문의는 1번, 기술 지원은 2번, 상담 챗봇은 3번을 눌러 주세요.")
    desk.until(lambda: desk.role("duration").inner_text() in ("about 4 s", "about 5 s"))
    desk.role("listen-text").click()
    assert page.evaluate("window.said")[0][1] == "ko-KR"


def test_nothing_is_offered_to_be_heard_without_a_voice(desk: "Desk") -> None:
    desk.select("help.play")
    desk.role("duration").wait_for()
    assert not desk.role("listen-text").is_visible()


def test_what_a_block_finds_out_is_shown_with_its_type(support: "Desk") -> None:
    support.select("balance.found")
    results = support.page.locator("[data-part=results]")
    assert "found.balance" in results.inner_text()
    assert "number" in results.inner_text()


ROWS = """\
flow demo "Demo"
  on error -> sorry

attribute limit: number = 50
attribute tier: "gold" | "silver" = "gold"
bot helper = "Helper" (Pay(sum: number), Ask)

start:
  play "Hello.", ssml: "<speak>Hi <shout>you</shout></speak>"
  tag plan: "vip", remove: ["old", "older"]
  branch tier
    when limit > 20 -> talking
    otherwise -> sorry

talking:
  talk helper, "What for?", timeout: 5s
    on no_match -> sorry

sorry:
  play "Sorry."
  -> hang_up
"""


def test_lists_conditions_durations_and_intents_are_filled_in(
    open_flow: "Callable[..., Desk]",
) -> None:
    desk = open_flow(ROWS)
    desk.select("start.play")
    wrong = desk.role("markup-problem")
    assert "Voices do not know" in wrong.inner_text()
    desk.fill("ssml", "<speak>Hi.</speak>")
    wrong.wait_for(state="detached")
    desk.card("start.tag").locator(".fc-title").click()
    desk.field("remove 0").press("Alt+ArrowDown")
    desk.until_text('remove: ["older", "old"]')
    desk.until(lambda: desk.field("remove 1").input_value() == "old", "the rows as they are now")
    desk.field("remove 1").fill("oldest")
    desk.role("add-remove").click()
    desk.until_text('remove: ["older", "oldest", ""]')
    desk.field("remove 2").fill("gone")
    desk.field("remove 2").press("Enter")
    desk.until_text('remove: ["older", "oldest", "gone"]')
    desk.card("start.branch").locator(".fc-title").click()
    desk.field("operator when limit > 20").select_option("<=")
    desk.until_text("when limit <= 20 -> talking")
    desk.fill("subject when limit <= 20", "tier")
    desk.field('value when tier == "20"').select_option("silver")
    desk.until_text('when tier == "silver" -> talking')
    desk.card("talking.talk").locator(".fc-title").click()
    desk.field("timeout unit").select_option("min")
    desk.until_text("timeout: 5min")
    desk.role("adopt").click()
    desk.until_text("on Pay -> nowhere", "on Ask -> nowhere")
    desk.role("adopt").wait_for(state="detached")
