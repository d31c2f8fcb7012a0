"""The desk of somebody with a telephone: a callback, calls and what became of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from designer.web import build
from tests.designer.desk.test_two_agents import shoot, sign_in
from tests.designer.desk.test_walk import Served
from tests.designer.page.test_page import serious
from tests.runtime.channels.test_calls import FakeTwilio
from tests.runtime.http.conftest import ACCOUNT, TOKEN, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROJECT = """
name = "Sales"

[entries.line]
flow = "line"
channels = ["voice"]
number = "+8225550101"

[entries.chat]
flow = "wish"
channels = ["chat"]

[queues.Sales]

[agents.ann]
name = "Ann Lee"
queues = ["Sales"]
phone = "+821099990000"
"""
LINE = """
flow line
  channels voice
  language en-US

start:
  play "Hello."
  -> hang_up
"""
WISH = """
flow wish
  channels chat
  language en-US
  on error -> sorry

queue sales = "Sales"

start:
  create_task "Call back", queue: sales, references: (callback_number: "+821011112222", attempts: 2)
  play "We call you."
  -> hang_up

sorry:
  play "Sorry."
  -> hang_up
"""


@pytest.fixture
def twilio() -> Iterator[tuple[FakeTwilio, str]]:
    fake, port = FakeTwilio(), free_port()
    server = uvicorn.Server(uvicorn.Config(fake.app(), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield fake, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def served(
    tmp_path: Path, twilio: tuple[FakeTwilio, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    build.ensure()
    for name, value in (("ACCOUNT_SID", ACCOUNT), ("AUTH_TOKEN", TOKEN), ("API_URL", twilio[1])):
        monkeypatch.setenv(f"TWILIO_{name}", value)
    (tmp_path / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "line.flow").write_text(LINE, encoding="utf-8")
    (tmp_path / "wish.flow").write_text(WISH, encoding="utf-8")
    found = Served(tmp_path)
    found.start()
    yield found
    found.stop()
    assert "Traceback" not in found.log.read_text()


def test_a_callback_is_dialled_from_the_desk(
    served: Served, twilio: tuple[FakeTwilio, str], open_page: Callable[..., Page]
) -> None:
    visitor = open_page(viewport={"width": 480, "height": 800})
    ann = open_page(viewport={"width": 1440, "height": 900})
    visitor.goto(f"{served.url}/chat/chat")
    visitor.get_by_text("We call you.").wait_for()
    sign_in(ann, served, "ann", "/desk?lang=en")
    ann.locator(".desk-calls").get_by_text("+821011112222").wait_for()
    ann.get_by_role("button", name="Available").click()
    ann.get_by_role("button", name="Accept").wait_for()
    ann.keyboard.press("F2")
    callback = ann.locator(".desk-callback")
    callback.get_by_text("2 attempts left").wait_for()
    assert serious(ann) == []
    callback.get_by_role("button", name="Call").click()
    ann.get_by_text("Calling…").wait_for()
    shoot(ann, "desk-calling")
    assert serious(ann) == []
    fake, _ = twilio
    while not fake.placed:
        ann.wait_for_timeout(50)
    assert fake.placed[0]["To"] == "+821011112222"
    ann.get_by_text("Calling…").click()
    ann.get_by_role("button", name="Hang up").click()
    ann.locator(".desk-calls").get_by_text("cancelled").wait_for()
    ann.get_by_role("button", name="Call again").wait_for()
    ann.get_by_role("button", name="Not reached").click()
    ann.get_by_text("Choose a conversation on the left.").wait_for()

    field = ann.get_by_role("textbox", name="Number")
    field.fill("010 1234")
    ann.get_by_role("button", name="Call", exact=True).click()
    ann.get_by_text("Write the number with its country code").wait_for()
    field.fill("+82 10 5555 6666")
    ann.get_by_role("button", name="Call", exact=True).click()
    ann.locator(".desk-calls").get_by_text("+821055556666").wait_for()
    shoot(ann, "desk-called")
