"""The browser fixtures themselves: they notice what a page does wrong."""

import asyncio
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address at which it is served."""
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=tmp_path)
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield tmp_path, f"http://127.0.0.1:{server.server_port}/page.html"
        server.shutdown()
        thread.join()


def put(site: tuple[Path, str], body: str) -> str:
    folder, address = site
    head = '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">'
    (folder / "page.html").write_text(head + body, encoding="utf-8")
    return address


def test_a_good_page_is_shown(page: "Page", site: tuple[Path, str]) -> None:
    page.goto(put(site, "<h1>안녕하세요</h1>"))
    assert page.locator("h1").inner_text() == "안녕하세요"


async def test_loops_run_between_browser_tests() -> None:
    await asyncio.sleep(0)


def test_an_expected_error_is_allowed(
    page: "Page", page_errors_allowed: list[str], site: tuple[Path, str]
) -> None:
    page_errors_allowed.append("expected")
    page.goto(put(site, "<script>throw new Error('expected')</script>"))


BAD_PAGES = """
import pytest

@pytest.mark.parametrize("script", [
    "throw new Error('thrown')",
    "console.error('said')",
    "Promise.reject(new Error('unheard'))",
    "fetch('http://192.0.2.1/x').catch(() => 0)",
    "new WebSocket('ws://192.0.2.2:9/')",
])
def test_bad(page, script):
    page.set_content(f"<script>{script}</script>")
    page.wait_for_timeout(200)
"""


@pytest.mark.browser
def test_a_bad_page_fails_its_test(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests/conftest.py", tmp_path)
    (tmp_path / "test_bad.py").write_text(BAD_PAGES, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--rootdir=.", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env=inherited,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "5 passed" in done.stdout, done.stdout
    assert "5 errors" in done.stdout, done.stdout
    for word in ("thrown", "said", "unheard", "192.0.2.1", "192.0.2.2"):
        assert word in done.stdout.partition("short test summary")[2]
