"""The chat's widget in a browser, with an agent at the other end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from designer.web import build
from tests.designer.desk.test_walk import HOSTILE, Served, sign_in
from tests.runtime.http.conftest import FLOW, ORDERS, PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(build.__file__).parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    build.ensure()
    (tmp_path / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "shop.flow").write_text(FLOW, encoding="utf-8")
    (tmp_path / "orders.py").write_text(ORDERS, encoding="utf-8")
    served = Served(tmp_path)
    served.start()
    yield served
    served.stop()
    assert "Traceback" not in served.log.read_text()


def is_accessible(page: Page) -> None:
    if not AXE.exists():
        return
    page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("() => axe.run()")
    assert not found["violations"], [one["id"] for one in found["violations"]]


def together(served: Served, visitor: Page, agent: Page) -> None:
    """A visitor in the queue, and Ann who takes them."""
    visitor.goto(f"{served.url}/chat/shop")
    visitor.get_by_role("button", name="person").click()
    visitor.get_by_text("We are connecting you").first.wait_for()
    sign_in(agent, served)
    agent.get_by_role("button", name="Available").click()
    agent.get_by_role("button", name="Accept").click()
    visitor.get_by_text("Ann has joined").wait_for()


def test_a_long_message_is_counted_and_never_cut(served: Served, page: Page) -> None:
    page.goto(f"{served.url}/chat/shop")
    page.get_by_text("Hello. What can we do?").wait_for()
    field = page.get_by_placeholder("Write a message")
    field.fill("x" * 3_000)
    assert page.locator(".count").is_hidden()
    field.fill("가" * 1_365)
    assert page.locator(".count").inner_text() == "4,095 of 4,096 bytes"
    field.fill("가" * 1_366)
    assert "over" in (page.locator(".count").get_attribute("class") or "")
    field.press("Enter")
    page.get_by_text("This message is too long").wait_for()
    assert field.input_value() == "가" * 1_366
    is_accessible(page)
    field.fill("가" * 1_365)
    field.press("Enter")
    page.locator(".me .bubble").get_by_text("가" * 1_365).wait_for()
    assert field.input_value() == ""


def test_files_go_both_ways_and_run_nothing(
    served: Served, open_page: Callable[..., Page], tmp_path: Path, page_errors_allowed: list[str]
) -> None:
    page_errors_allowed.append("415")  # the browser tells of a file that was not taken
    visitor, agent = open_page(viewport={"width": 480, "height": 800}), open_page()
    together(served, visitor, agent)
    page_of_theirs = tmp_path / "evil.html"
    page_of_theirs.write_text(HOSTILE)
    with visitor.expect_file_chooser() as chooser:
        visitor.get_by_role("button", name="Send a file").click()
    chooser.value.set_files(page_of_theirs)
    link = agent.get_by_role("link", name="evil.html.txt")
    with agent.expect_download() as download:
        link.click()
    assert Path(download.value.path()).read_text() == HOSTILE
    assert agent.evaluate("window.hacked") is None
    program = tmp_path / "tool.exe"
    program.write_bytes(b"MZ\x90\x00")
    visitor.locator("input[type=file]").set_input_files(program)
    visitor.get_by_text("Files of this kind cannot be sent").wait_for()
    with visitor.expect_download() as download:
        visitor.get_by_role("button", name="Download evil.html.txt").click()
    assert Path(download.value.path()).read_text() == HOSTILE
    is_accessible(visitor)


def test_the_conversation_is_saved_from_the_menu_with_the_keyboard(
    served: Served, page: Page
) -> None:
    page.goto(f"{served.url}/chat/shop")
    page.get_by_role("button", name="order").click()
    page.get_by_text("Tell me about it.").wait_for()
    more = page.get_by_role("button", name="More")
    more.focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Save the conversation").wait_for()
    page.keyboard.press("Escape")
    assert page.get_by_role("menu").is_hidden()
    page.keyboard.press("Enter")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    saved = Path(download.value.path()).read_text("utf-8")
    assert re.search(r"\] >: order", saved)
    assert re.search(r"\] Acorn <Store>: Tell me about it\.", saved)
    assert re.fullmatch(r"shop-\d{4}-\d\d-\d\d\.txt", download.value.suggested_filename)
    more.click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("This conversation is over").first.wait_for()


def test_each_side_sees_that_the_other_writes(served: Served, page: Page) -> None:
    """What the agent's page tells, a frame stands for here."""
    page.add_init_script(
        "window.sent = []; const Real = WebSocket; window.WebSocket = class extends Real {"
        "constructor(...a) { super(...a); window.line = this }"
        "send(text) { window.sent.push(JSON.parse(text).type); super.send(text) } }"
    )
    page.goto(f"{served.url}/chat/shop")
    page.get_by_text("Hello. What can we do?").wait_for()
    joined = (
        '{"type":"lines","thinking":false,"lines":[{"id":"9.0","at":"2026-11-21T10:00:00Z",'
        '"who":"event","what":"joined","name":"Ann"}]}'
    )
    for frame in (joined, '{"type":"typing"}'):
        page.evaluate("data => line.onmessage(new MessageEvent('message', {data}))", frame)
    page.get_by_label("Ann is writing…").wait_for()
    is_accessible(page)
    page.get_by_placeholder("Write a message").press_sequentially("hello there")
    assert page.evaluate("sent.filter(type => type === 'typing').length") == 1


def test_it_works_without_sockets_and_in_korean(
    served: Served, open_page: Callable[..., Page]
) -> None:
    page = open_page(locale="ko-KR")
    page.add_init_script(
        "window.WebSocket = class { constructor() { setTimeout(() => this.onclose(), 10) }"
        " static OPEN = 1 }"
    )
    page.goto(f"{served.url}/chat/shop")
    page.get_by_text("Hello. What can we do?").wait_for(timeout=60_000)
    page.get_by_role("button", name="order").click()
    page.get_by_text("Tell me about it.").wait_for()
    page.get_by_placeholder("메시지를 입력하세요").fill("track my parcel")
    page.get_by_placeholder("메시지를 입력하세요").press("Enter")
    page.get_by_text("Which number?").wait_for()
    assert page.get_by_text("track my parcel").count() == 1


def test_the_page_of_the_interface_asks_nobody_else(served: Served, page: Page) -> None:
    page.goto(f"{served.url}/api/docs")
    page.get_by_role("heading", name="POST /api/v1/contacts/chat").wait_for()
    page.get_by_role("link", name="POST /api/v1/participant/message").click()
    assert page.url.endswith("#post-api-v1-participant-message")
    is_accessible(page)
