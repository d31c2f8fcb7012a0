"""One server with both elements for all browser tests of this folder."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from designer.web import build

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HERE = Path(__file__).parent
START_S = 30


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the test application."""
    build.ensure()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    # Under pytest, NiceGUI would run as a simulation.
    environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    log = tmp_path_factory.mktemp("app") / "app.log"
    with log.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, HERE / "app.py", str(port)], env=environment, stdout=file, stderr=file
        )
        try:
            wait_for(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(10)


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            urlopen(f"{address}/style/icons.svg", timeout=2).close()
            return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"the test application did not start:\n{log.read_text()}")


@dataclass(frozen=True)
class Canvas:
    """A page with a canvas, and what a test wants to know of it."""

    page: "Page"

    @property
    def root(self) -> "Locator":
        return self.page.locator(".fc")

    def card(self, block: str) -> "Locator":
        return self.page.locator(f'.vue-flow__node[data-id="{block}"]')

    def port(self, block: str, port: str) -> "Locator":
        return self.card(block).locator(f'[data-port="{port}"]')

    def call(self, method: str, *args: Any) -> Any:
        script = """([method, args]) => {
            const id = Number(document.querySelector('.fc').id.slice(1));
            return getElement(id)[method](...args);
        }"""
        return self.page.evaluate(script, [method, list(args)])

    def state(self) -> dict[str, Any]:
        return dict(self.call("snapshot"))

    def wire(self, wire: str) -> dict[str, Any]:
        return dict(self.call("whereIsWire", wire))

    def middle(self, place: "Locator") -> tuple[float, float]:
        box = place.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
        mouse.move(*end, steps=4)
        mouse.up()

    def intents(self) -> list[tuple[str, dict[str, Any]]]:
        text = self.page.locator("[data-log]").text_content()
        return [(name, args) for name, args in json.loads(text or "[]")]

    def intent(self, name: str) -> dict[str, Any]:
        """The last intent of a kind, once there is one."""
        self.page.wait_for_function(
            """name => JSON.parse(document.querySelector('[data-log]').textContent || '[]')
                 .some(intent => intent[0] === name)""",
            arg=name,
        )
        return [args for kind, args in self.intents() if kind == name][-1]


@pytest.fixture
def open_canvas(site: str, open_page: Callable[..., "Page"]) -> Callable[..., Canvas]:
    def open_canvas(query: str = "", *, wait: str = ".fc", **options: Any) -> Canvas:
        page = open_page(viewport={"width": 1500, "height": 950}, **options)
        page.goto(f"{site}/canvas{query}")
        page.wait_for_selector(wait)
        canvas = Canvas(page)
        page.wait_for_function(
            "() => getElement(Number(document.querySelector('.fc').id.slice(1)))"
            ".snapshot().nodes > 0"
        )
        return canvas

    return open_canvas


@pytest.fixture
def canvas(open_canvas: Callable[..., Canvas]) -> Canvas:
    """The flow drawn with care, all its cards mounted."""
    return open_canvas(wait='.vue-flow__node[data-id="hang"]')
