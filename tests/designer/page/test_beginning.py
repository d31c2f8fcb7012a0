"""Beginning a flow: from a template, from a file; and taking one away."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from designer.templates import TEMPLATES

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.designer.page.conftest import Desk

pytestmark = pytest.mark.browser

CONNECT = {
    "Version": "2019-10-30",
    "StartAction": "hello",
    "Metadata": {"name": "Main line"},
    "Actions": [
        {
            "Identifier": "hello",
            "Type": "MessageParticipant",
            "Parameters": {"Text": "Welcome to Acorn."},
            "Transitions": {"NextAction": "strange", "Errors": [], "Conditions": []},
        },
        {
            "Identifier": "strange",
            "Type": "SomethingNew",
            "Parameters": {"Value": "7"},
            "Transitions": {"NextAction": "bye", "Errors": [], "Conditions": []},
        },
        {"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ],
}
DROP = """([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    for (const kind of ['dragover', 'drop'])
        document.querySelector('.fl-home, .fc').dispatchEvent(
            new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def empty(
    tmp_path: Path, serving: Callable[[Path], Any], open_page: Callable[..., "Page"]
) -> Iterator[tuple["Page", Path]]:
    """The overview of a folder in which nothing is yet."""
    with serving(tmp_path) as address:
        page = open_page()
        page.goto(address)
        page.locator("[data-begin=menu]").wait_for()
        yield page, tmp_path


def until_there(page: "Page", path: Path) -> None:
    for _ in range(300):
        if path.exists():
            return
        page.wait_for_timeout(30)
    pytest.fail(f"{path} never came")


def test_an_empty_folder_begins_with_a_template(empty: tuple["Page", Path]) -> None:
    page, folder = empty
    assert page.locator("[data-begin]").count() == len(TEMPLATES) + 1
    page.locator("[data-role=new-flow]").fill("my_line")
    page.locator("[data-begin=callback]").click()
    page.locator('.vue-flow__node[data-id="start.play"]').wait_for()
    assert page.locator("[data-role=problem-count]").inner_text() == "No problems"
    assert (folder / "my_line.flow").read_text("utf-8").startswith("flow my_line ")
    assert " for my_line\n" in (folder / "my_line.test.flow").read_text("utf-8")


def test_a_template_without_a_name_is_called_like_itself(empty: tuple["Page", Path]) -> None:
    page, folder = empty
    for name in ("menu", "menu_2"):
        page.locator("[data-begin=menu]").click()
        page.locator('.vue-flow__node[data-id="start.play"]').wait_for()
        assert (folder / f"{name}.flow").read_text("utf-8").startswith(f"flow {name} ")
        page.go_back()
        page.locator("[data-begin=menu]").wait_for()


def test_a_template_speaks_the_language_of_the_page(empty: tuple["Page", Path]) -> None:
    page, folder = empty
    page.goto(f"{page.url}?lang=ko")
    page.locator("[data-begin=menu]").get_by_text("대표 메뉴").wait_for()
    page.locator("[data-begin=menu]").click()
    page.locator('.vue-flow__node[data-id="start.play"]').wait_for()
    assert 'play "안녕하세요."' in (folder / "menu.flow").read_text("utf-8")


def test_a_connect_flow_is_chosen_and_its_report_is_told(empty: tuple["Page", Path]) -> None:
    page, folder = empty
    source = folder / "elsewhere.json"
    source.write_text(json.dumps(CONNECT), "utf-8")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-begin=file]").click()
    chooser.value.set_files(source)
    report = page.locator("[data-role=dialog-brought]")
    report.wait_for()
    assert report.locator("[data-count=kept] dd").inner_text() == "2"
    assert report.locator("[data-count=carried_whole] dd").inner_text() == "1"
    assert "SomethingNew" in report.inner_text()
    page.locator("[data-role=open-brought]").click()
    page.locator(".vue-flow__node").get_by_text("Welcome to Acorn.").first.wait_for()
    assert (folder / "main_line.flow").exists()
    assert (folder / "main_line.flow.connect.json").exists()


def test_what_is_no_flow_is_refused_in_words(empty: tuple["Page", Path]) -> None:
    page, folder = empty
    page.evaluate(DROP, ["half.json", json.dumps(CONNECT)[:300]])
    report = page.locator("[data-role=dialog-brought]")
    report.locator(".fl-problem").first.wait_for()
    assert report.locator("[data-role=open-brought]").count() == 0
    page.keyboard.press("Escape")
    page.evaluate(DROP, ["<img src=x onerror=alert(1)>.txt", "no flow at all"])
    report.get_by_text("holds no flow").wait_for()
    assert not list(folder.iterdir())


def test_a_file_dropped_on_the_canvas_becomes_a_flow_beside_it(desk: "Desk") -> None:
    broken = json.loads(json.dumps(CONNECT))
    broken["Actions"][0]["Transitions"]["NextAction"] = "gone"
    desk.page.evaluate(DROP, ["main.json", json.dumps(broken)])
    report = desk.page.locator("[data-role=dialog-brought]")
    report.locator(".fl-problem").first.wait_for()
    assert report.locator("[data-count=dead_steps] dd").inner_text() != "0"
    desk.page.locator("[data-role=open-brought]").click()
    desk.page.locator(".vue-flow__node").get_by_text("Welcome to Acorn.").first.wait_for()
    assert desk.path.with_name("main_line.flow").exists()
    assert desk.text == desk.original


@pytest.mark.parametrize(
    ("form", "file", "says"),
    [
        ("flow", "demo.flow", 'flow demo "Demo"'),
        ("connect", "demo.connect-flow.json", '"StartAction"'),
        ("json", "demo.json", '"schema"'),
        ("svg", "demo.svg", "<svg"),
        ("mermaid", "demo.mmd", "flowchart"),
    ],
)
def test_a_flow_is_taken_away(desk: "Desk", form: str, file: str, says: str) -> None:
    desk.role("download").click()
    with desk.page.expect_download() as download:
        desk.page.locator(f"[data-form={form}]").click()
    assert download.value.suggested_filename == file
    assert says in Path(download.value.path()).read_text("utf-8")


def test_native_json_comes_back_as_it_went(desk: "Desk") -> None:
    desk.role("download").click()
    with desk.page.expect_download() as download:
        desk.page.locator("[data-form=json]").click()
    taken = Path(download.value.path()).read_text("utf-8")
    desk.page.evaluate(DROP, ["demo.json", taken])
    desk.page.locator("[data-role=open-brought]").wait_for()
    until_there(desk.page, desk.path.with_name("demo_2.flow"))
    assert desk.path.with_name("demo_2.flow").read_text("utf-8") == desk.original
