"""What every test may ask for: the corpus, a free port, a browser that tells on its page."""

import asyncio
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak",
    deadline=None,
    max_examples=5_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci")

LOCAL_HOSTS = {"127.0.0.1", "localhost"}
# The shell is the same browser without windows, at two thirds of the processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


# Skips, for continuous integration


class SkipRecorder:
    """Writes each skip as `test<tab>reason`; under xdist every worker appends its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.record(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.record(report)

    def record(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        place = report.longrepr
        reason = place[2] if isinstance(place, tuple) else str(place)
        reason = " ".join(reason.removeprefix("Skipped: ").split())
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{report.nodeid}\t{reason}\n")


def pytest_configure(config: pytest.Config) -> None:
    path = os.environ.get("FLOWLANG_SKIPS_FILE")
    distributes = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if path and not distributes:
        config.pluginmanager.register(SkipRecorder(Path(path)))


# Files and ports


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real Amazon Connect flows, which is not part of the repository."""
    folder = os.environ.get("FLOWLANG_CORPUS")
    if not folder or not Path(folder).is_dir():
        pytest.skip("FLOWLANG_CORPUS names no folder")
    return Path(folder)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# The browser
#
# Playwright's synchronous interface keeps an event loop running in the main thread from start to
# stop, so asyncio refuses to run any other there. Tests that do not use the browser do not see it.


@contextmanager
def running_loop(loop: asyncio.AbstractEventLoop | None) -> Iterator[None]:
    before = asyncio._get_running_loop()
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(before)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if "chromium" in getattr(item, "fixturenames", ()):
        return (yield)
    with running_loop(None):
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if not CHROMIUM and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """The distribution's Chromium, one for the session."""
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    loop = asyncio._get_running_loop()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
    yield browser
    with running_loop(loop):  # the last test of the session may be one without a browser
        browser.close()
        playwright.stop()
    asyncio._set_running_loop(None)


@pytest.fixture
def page_errors_allowed() -> list[str]:
    """Patterns of console and page errors that this test expects: append to it."""
    return []


@pytest.fixture
def open_page(
    chromium: "Browser", page_errors_allowed: list[str]
) -> Iterator[Callable[..., "Page"]]:
    """Opens pages, each as a person of its own; the options are those of a browser context.

    What a page asks of another machine is refused and fails the test, as does an error on it.
    """
    contexts = []
    foreign: list[str] = []
    errors: list[str] = []

    def is_foreign(url: str) -> bool:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.hostname not in LOCAL_HOSTS

    def refuse(route: Any) -> None:
        foreign.append(route.request.url)
        route.abort()

    def watch(page: "Page") -> None:
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("websocket", lambda ws: is_foreign(ws.url) and foreign.append(ws.url))

    def note(message: Any) -> None:
        if message.type == "error":
            errors.append(f"{message.text} ({message.location.get('url', '')})")

    def open_page(**options: Any) -> "Page":
        options = {"viewport": {"width": 1280, "height": 800}, "locale": "en-US"} | options
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(30_000)
        context.route(is_foreign, refuse)
        context.on("page", watch)
        context.on("console", note)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    allowed = [re.compile(pattern) for pattern in page_errors_allowed]
    errors = [error for error in errors if not any(one.search(error) for one in allowed)]
    if foreign:
        pytest.fail("the page asked other machines: " + ", ".join(foreign), pytrace=False)
    if errors:
        pytest.fail("errors on the page: " + " | ".join(errors), pytrace=False)


@pytest.fixture
def page(open_page: Callable[..., "Page"]) -> "Page":
    return open_page()
