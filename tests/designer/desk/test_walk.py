"""`flowlang serve` as people meet it: a visitor, an agent, and a process that is killed."""

from __future__ import annotations

import http.server
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from designer.web import build
from tests.runtime.http.conftest import FLOW, ORDERS, PROJECT

if TYPE_CHECKING:
    from playwright.sync_api import Page

START_S = 30
HOSTILE = "<img src=x onerror=hacked=1><script>hacked=1</script>{{7*7}}"


class Served:
    """A process that serves a project, on a port that stays the same."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"

    def start(self) -> None:
        # Under pytest, NiceGUI would run as a simulation.
        environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from flowlang.cli import main; raise SystemExit(main())",
                 "serve", str(self.folder), "--port", str(self.port)],
                env=environment, stdout=log, stderr=log, cwd=self.folder,
            )  # fmt: skip
        end = time.monotonic() + START_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urlopen(f"{self.url}/ready", timeout=2).close()
                return
            except (URLError, ConnectionError):
                time.sleep(0.05)
        pytest.fail(f"it did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def link(self, person: str) -> str:
        found = re.search(rf"{person} .*?(http\S+)", self.log.read_text())
        assert found
        return found[1]


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


def sign_in(page: Page, served: Served) -> None:
    page.goto(served.link("ann"))
    page.get_by_role("button").click()
    page.wait_for_url("**/desk")


def write(page: Page, text: str) -> None:
    field = page.get_by_placeholder("Write a message")
    field.fill(text)
    field.press("Enter")


def test_a_conversation_survives_two_kills(
    served: Served, open_page: Callable[..., Page], page_errors_allowed: list[str]
) -> None:
    page_errors_allowed.append("ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET")
    visitor, agent = open_page(viewport={"width": 480, "height": 800}), open_page()
    visitor.goto(f"{served.url}/chat/shop")
    visitor.get_by_role("button", name="order").click()
    visitor.get_by_text("Tell me about it.").wait_for()
    write(visitor, "where is my order")
    visitor.get_by_text("Which number?").wait_for()
    visitor.reload()
    visitor.get_by_text("Which number?").wait_for()
    write(visitor, "17")
    visitor.get_by_text("Order 17 comes tomorrow.").wait_for()
    visitor.get_by_role("button", name="Start again").click()
    visitor.get_by_role("button", name="person").click()
    visitor.get_by_text("We are connecting you").first.wait_for()

    sign_in(agent, served)
    agent.get_by_role("button", name="Available").click()
    agent.get_by_role("button", name="Accept").wait_for()
    agent.evaluate("window.stale = true")
    served.kill()
    visitor.get_by_text("Connection lost").wait_for()
    served.start()
    agent.wait_for_function("!window.stale")
    agent.get_by_role("button", name="Accept").click()
    visitor.get_by_text("Ann has joined").wait_for()

    write(visitor, HOSTILE)
    log = agent.locator(".desk-log")
    log.get_by_text(HOSTILE).wait_for()
    assert "person" in log.inner_text()  # what was said before the agent came
    agent.get_by_placeholder("Write a reply").fill(HOSTILE)
    agent.get_by_placeholder("Write a reply").press("Enter")
    visitor.locator(".row:not(.me)").get_by_text(HOSTILE).wait_for()
    for page in (visitor, agent):
        assert page.evaluate("window.hacked") is None

    agent.evaluate("window.stale = true")
    served.kill()
    write(visitor, "written while nobody was there")
    served.start()
    log.get_by_text("written while nobody was there").wait_for(timeout=60_000)
    agent.wait_for_function("!window.stale")
    agent.get_by_placeholder("Write a reply").fill("I am back.")
    agent.get_by_role("button", name="Send").click()
    visitor.get_by_text("I am back.").wait_for()
    assert visitor.get_by_text("written while nobody was there").count() == 1
    agent.get_by_role("button", name="End conversation").click()
    visitor.get_by_text("This conversation is over").first.wait_for()


def test_the_desk_is_for_those_who_signed_in(served: Served, page: Page) -> None:
    page.goto(f"{served.url}/desk?lang=ko")
    page.get_by_text("로그인 링크로 들어와 주세요").wait_for()
    sign_in(page, served)
    page.get_by_role("button", name="상담 가능").wait_for()
    page.get_by_role("button", name="EN", exact=True).click()
    page.get_by_role("button", name="Available").wait_for()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_the_widget_works_on_somebody_elses_page(
    served: Served, page: Page, tmp_path: Path
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    policy = f"default-src 'none'; script-src {served.url}; connect-src {served.url} ws:"
    (folder / "page.html").write_text(
        '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}; img-src data:">'
        f'<body><h1>Shop</h1><script src="{served.url}/widget.js" data-entry="shop"></script>'
    )
    handler = partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            page.goto(f"http://127.0.0.1:{server.server_port}/page.html")
            page.get_by_role("button", name="Open chat").click()
            page.get_by_text("Hello. What can we do?").wait_for()
            write(page, "order")
            page.get_by_text("Tell me about it.").wait_for()
            page.get_by_role("button", name="Close chat").click()
            page.get_by_role("button", name="Open chat").wait_for()
        finally:
            server.shutdown()
            thread.join()
