"""One flow through the whole product, as the people do it who use it.

A new user walks from the entrance to a flow that is changed, tried and kept as a test, and the
clicks are counted. It is published; a customer chats through it, an agent accepts and answers. The
server is killed in the middle and started again, and both go on talking.

With `FLOWLANG_PICTURES` naming a folder, each moment is kept there as a picture.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parents[2]
GREETING = "안녕하세요, 에이콘입니다. 무엇을 도와드릴까요?"
CLICKS_MAX, TEXTS_MAX = 12, 2
"""What a new user needs at most until a flow is changed, tried and kept."""
START_S = 40.0
WAIT_MS = 15_000


class Server:
    """`flowlang serve` as a process that can be killed and started again."""

    def __init__(self, project: Path, port: int) -> None:
        self.project = project
        self.port = port
        self.log = project.parent / "serve.log"
        self.url = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "flowlang", "serve", str(self.project)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port)], stdout=log, stderr=log, cwd=ROOT
            )
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/ready", timeout=1) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        pytest.fail(f"the server did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)

    def sign_in_link(self, person: str) -> str:
        found = re.search(rf"sign in as {person} .*: (\S+)", self.log.read_text())
        assert found, self.log.read_text()
        return found[1]


@pytest.fixture
def server(tmp_path: Path, free_port: int) -> Iterator[Server]:
    project = tmp_path / "support"
    shutil.copytree(ROOT / "examples" / "support", project)
    made = Server(project, free_port)
    made.start()
    yield made
    made.stop()


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("FLOWLANG_PICTURES"):
        page.wait_for_timeout(600)
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.browser
def test_one_flow_through_the_whole_product(
    server: Server,
    open_page: Callable[..., Page],
    page_errors_allowed: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    # While the server is down, browsers say that they cannot reach it.
    page_errors_allowed += [r"ERR_CONNECTION_REFUSED", r"WebSocket connection to", r"ERR_EMPTY"]
    size = {"width": 1600, "height": 1000}
    analyst = open_page(viewport=size, locale="ko-KR")
    walk = walk_as_a_new_user(analyst, server)
    with capsys.disabled():
        print(f"\n{walk}")
    assert walk.clicks <= CLICKS_MAX, walk
    assert walk.texts <= TEXTS_MAX, walk
    publish(analyst)
    go_round_and_leave(analyst)

    visitor = open_page(viewport={"width": 900, "height": 900}, locale="ko-KR")
    chat_to_the_queue(visitor, server)
    agent = open_page(viewport=size, locale="ko-KR")
    accept_and_answer(agent, visitor, server)

    server.kill()
    visitor.locator(".banner").get_by_text(re.compile(".+")).first.wait_for(timeout=WAIT_MS)
    picture(visitor, "6-server-killed")
    say(visitor, "서버가 꺼진 동안 쓴 말")
    server.start()
    go_on_talking(agent, visitor)


@dataclass
class Walk:
    """What a new user does by hand: counted, and timed from each act until its effect is seen."""

    page: Page
    clicks: int = 0
    texts: int = 0
    steps: list[str] = field(default_factory=list)

    def click(self, what: Locator, then: Locator, step: str) -> None:
        began = time.perf_counter()
        what.click()
        self.clicks += 1
        self._saw(then, step, began)

    def write(self, words: str, then: Locator, step: str) -> None:
        """In the place of what stands in the field that was clicked."""
        began = time.perf_counter()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(words)
        self.page.keyboard.press("Tab")
        self.texts += 1
        self._saw(then, step, began)

    def _saw(self, then: Locator, step: str, began: float) -> None:
        then.first.wait_for(timeout=WAIT_MS)
        self.steps.append(f"{1000 * (time.perf_counter() - began):6.0f} ms  {step}")

    def __str__(self) -> str:
        return "\n".join((*self.steps, f"{self.clicks} clicks, {self.texts} texts"))


def walk_as_a_new_user(page: Page, server: Server) -> Walk:
    """From what `make run` opens to a flow that is changed, tried and kept."""
    walk = Walk(page)
    source, tests = server.project / "support.flow", server.project / "support.test.flow"
    before, tested = source.read_text("utf-8"), tests.read_text("utf-8")
    flow = page.locator("[data-flow='support.flow']")
    greeting = page.locator('[data-id="start.play"]')
    words = page.locator("[data-key=text]").first
    trying, bubbles = page.locator("[data-role=try-it]"), page.locator(".fl-bubble")
    page.goto(server.sign_in_link("admin"))

    walk.click(page.get_by_role("button"), flow, "sign in")
    picture(page, "0-entrance")
    walk.click(flow, greeting, "open the flow")
    picture(page, "1-designer")
    walk.click(greeting, words, "choose the first card")
    walk.click(words, page.locator("[data-key=text]:focus"), "into its sentence")
    walk.write(GREETING, greeting.get_by_text("에이콘입니다"), "write another sentence")
    page.locator(".cm-content").get_by_text(GREETING).wait_for()
    picture(page, "2-changed")
    assert changed_lines(before, source.read_text("utf-8")) == [
        '-  play "안녕하세요, 에이콘 고객센터입니다."',
        f'+  play "{GREETING}"',
    ]
    walk.click(trying, bubbles.get_by_text(GREETING), "try it")
    key = page.locator(".fl-keypad button").filter(has_text=re.compile(r"^3"))
    walk.click(key, bubbles.get_by_text("무엇을 도와드릴까요?"), "press a key")
    picture(page, "3-try-it")
    walk.click(
        page.locator("[data-role=save-as-test]"), page.locator(".fl-toast"), "keep it as a test"
    )
    assert len(tests.read_text("utf-8")) > len(tested)
    return walk


def publish(page: Page) -> None:
    page.locator("[data-role=publish]").click()
    page.locator("[data-role=agree]").click()
    page.locator(".fl-toast").filter(has_text="게시했습니다").wait_for()


def go_round_and_leave(page: Page) -> None:
    """The bar leads from place to place, keeps what was chosen, and lets out."""
    places = page.locator("[data-role=places]")
    root = page.locator("html")
    places.locator("summary").click()
    places.get_by_role("link", name="상담 관리").click()
    page.locator(".sup-main").wait_for(timeout=WAIT_MS)
    page.locator("[data-role=theme]").click()
    assert root.get_attribute("data-theme") == "dark"
    places.locator("summary").click()
    places.get_by_role("link", name="첫 화면").click()
    page.locator(".fl-place").first.wait_for(timeout=WAIT_MS)
    assert root.get_attribute("data-theme") == "dark"
    page.locator("[data-role=person] summary").click()
    page.locator("[data-role=sign-out]").click()
    page.get_by_text("로그아웃했습니다").wait_for(timeout=WAIT_MS)


def changed_lines(before: str, after: str) -> list[str]:
    found = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in found if line[0] in "+-" and line[:3] not in ("+++", "---")]


def chat_to_the_queue(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/chat/support")
    heard(page, GREETING)
    say(page, "3")
    heard(page, "무엇을 도와드릴까요?")
    say(page, "적금 잔액 알려줘")
    heard(page, re.compile("적금 계좌의 잔액은"))
    page.get_by_role("button", name="다시 시작하기").click()
    heard(page, "요금 문의는 1번")
    say(page, "3")
    heard(page, "무엇을 도와드릴까요?")
    say(page, "상담원 연결해 주세요")
    heard(page, "상담원을 연결하고 있어요")


def accept_and_answer(agent: Page, visitor: Page, server: Server) -> None:
    agent.goto(server.sign_in_link("jiwoo"))
    agent.get_by_role("button").click()
    agent.get_by_role("button", name="상담 가능").click()
    accept = agent.get_by_role("button", name="받기")
    accept.wait_for(timeout=WAIT_MS)
    picture(agent, "4-offer")
    accept.click()
    agent.get_by_text("상담원 연결해 주세요").first.wait_for(timeout=WAIT_MS)
    reply(agent, "안녕하세요, 한지우입니다. 말씀하세요.")
    heard(visitor, "안녕하세요, 한지우입니다. 말씀하세요.")
    picture(agent, "5-desk")
    picture(visitor, "5-chat")


def go_on_talking(agent: Page, visitor: Page) -> None:
    agent.get_by_text("서버가 꺼진 동안 쓴 말").first.wait_for(timeout=40_000)
    reply(agent, "네, 잘 받았습니다.")
    heard(visitor, "네, 잘 받았습니다.")
    assert visitor.get_by_text("서버가 꺼진 동안 쓴 말").count() == 1
    picture(visitor, "7-gone-on")
    picture(agent, "7-gone-on-desk")


def say(page: Page, words: str) -> None:
    field = page.get_by_placeholder("메시지를 입력하세요")
    field.fill(words)
    field.press("Enter")


def reply(page: Page, words: str) -> None:
    field = page.locator("textarea").first
    field.fill(words)
    field.press("Enter")


def heard(page: Page, words: str | re.Pattern[str]) -> None:
    page.get_by_text(words).first.wait_for(timeout=WAIT_MS)
