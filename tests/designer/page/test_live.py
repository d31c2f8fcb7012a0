"""A served project in the designer: who a version affects, and live contacts on the canvas."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from designer.web import build
from tests.designer.page.conftest import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

START_S = 60
PROJECT = """\
name = "Shop"
[entries.shop]
flow = "shop.flow"
channels = ["chat"]
"""
FLOW = """\
flow shop "Shop"
  channels chat
  on error -> sorry

start:
  play "Welcome."
  ask "Write 1 for help."
    on "1" -> help
    on timeout, no_match -> sorry

help:
  ask "What is your name?"
    on "x" -> sorry
    on timeout, no_match -> sorry

sorry:
  play "Sorry."
  -> hang_up
"""


@dataclass
class Served:
    address: str
    folder: Path
    log: Path

    def sign_in_link(self) -> str:
        found = re.search(r"sign in as admin .*: (\S+)", self.log.read_text())
        assert found, self.log.read_text()
        return found[1]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    build.ensure()
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "shop.flow").write_text(FLOW, encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "serve.log"
    environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "flowlang", "serve", str(folder), "--port", str(port)],
            env=environment, stdout=file, stderr=file,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/ready", server, log)
        yield Served(address, folder, log)
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
    assert "Traceback" not in log.read_text(), log.read_text()


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urlopen(address, timeout=2).close()
            return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@pytest.fixture
def live(served: Served, open_page: "Callable[..., Page]") -> Desk:
    """The designer, signed in as the admin."""
    page = open_page(viewport={"width": 1680, "height": 1050})
    page.goto(served.sign_in_link())
    page.get_by_role("button").first.click()
    page.get_by_text("Shop").first.wait_for()
    address = f"{served.address}/designer/shop.flow"
    page.goto(address)
    page.locator(".vue-flow__node").first.wait_for()
    page.locator(".cm-line").first.wait_for()
    return Desk(page, address, served.folder / "shop.flow")


@pytest.fixture
def customer(served: Served, open_page: "Callable[..., Page]") -> "Callable[[], Page]":
    """Somebody who has begun a chat, and was asked something."""

    def customer() -> "Page":
        page = open_page()
        page.goto(f"{served.address}/chat/shop")
        page.get_by_text("Write 1 for help.").wait_for()
        return page

    return customer


def write(page: "Page", words: str) -> None:
    page.get_by_role("textbox").fill(words)
    page.get_by_role("textbox").press("Enter")


def badge(desk: Desk, block: str) -> str:
    found = desk.card(block).locator(".fc-badge")
    return found.inner_text().strip() if found.count() else ""


def test_contacts_are_counted_as_they_move(live: Desk, customer: "Callable[[], Page]") -> None:
    first = customer()
    customer()
    live.page.locator("[data-tab=live]").click()
    live.page.locator(".fl-lens").get_by_text("2 under way").wait_for()
    live.until(lambda: badge(live, "start.ask") == "2 here", "two at the first question")
    write(first, "1")
    first.get_by_text("What is your name?").wait_for()
    live.until(lambda: badge(live, "help.ask") == "1 here", "one went on")
    live.until(lambda: badge(live, "start.ask") == "1 here", "and one is left")
    assert live.card("start.ask").locator(".fc-pill").inner_text() == "2 came"
    label = live.card("start.ask").get_attribute("aria-label") or ""
    assert "1 here" in label
    live.page.locator("[data-range='24h']").click()
    live.page.locator(".fl-lens").get_by_text("24 hours").wait_for()


def test_the_way_of_one_contact(live: Desk, customer: "Callable[[], Page]") -> None:
    visitor = customer()
    write(visitor, "1")
    visitor.get_by_text("What is your name?").wait_for()
    live.page.locator("[data-tab=live]").click()
    row = live.page.locator("[data-contact]").first
    row.wait_for()
    row.focus()
    live.keys("Enter")
    live.page.locator("[data-role=turn]").first.wait_for()
    live.until(lambda: live.card("help.ask").locator(".fc-pill").count() == 1)
    assert live.card("start.play").locator(".fc-pill").inner_text() == "1"
    live.role("live-back").click()
    live.page.locator(".fl-lens").get_by_text("under way").wait_for()


def test_publishing_says_first_who_is_affected(live: Desk, customer: "Callable[[], Page]") -> None:
    customer()
    live.write(FLOW.replace("Write 1 for help.", "Write 1, please."))
    live.until_text("Write 1, please.")
    live.role("publish").click()
    affected = live.role("affected")
    affected.get_by_text("0 could go on in this version, 1 must finish").wait_for()
    live.page.locator(".fl-affected li").first.wait_for()
    live.role("agree").click()
    live.page.locator(".fl-toast").get_by_text("Published").wait_for()
    live.page.locator("[data-tab=versions]").click()
    rows = live.page.locator("[data-version]")
    live.until(lambda: rows.count() == 2)
    assert "Live" in rows.first.inner_text()
    rows.nth(1).locator("[data-role=version-roll-back]").click()
    live.role("agree").click()
    live.page.locator(".fl-toast").get_by_text("version 3").wait_for()
    live.page.locator("[data-tab=text]").click()
    live.page.locator("[data-tab=versions]").click()
    live.until(lambda: rows.count() == 3)
    assert "same as version 1" in rows.first.inner_text()
    rows.nth(1).locator("[data-role=version-compare]").click()
    live.role("close-diff").wait_for()
    live.page.get_by_text("No block differs").wait_for()
