"""One designer for all tests, on a folder in which each of them has a flow of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from difflib import ndiff
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from designer.web import build

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

EXAMPLES = Path(__file__).parents[3] / "examples"
START_S = 60
WAIT_S = 30
SERVE = "import sys; from designer.commands.design import run; run(sys.argv[1:])"
NUMBERS = count(1)

DEMO = """\
# A flow that fits on a screen.
flow demo "Demo"
  on error -> sorry

attribute tier: "gold" | "silver" = "silver"
queue bills_queue = "Bills"

start:
  play "Hello."   # the first words
  ask "Press 1 for bills, 2 for help."
    on "1" -> bills
    on "2" -> help
    on timeout, no_match -> sorry

bills:
  transfer bills_queue
    on full -> sorry

help:
  play "Help is near."
  -> hang_up

sorry:
  play "Sorry."
  -> hang_up
"""


@dataclass(frozen=True)
class Site:
    address: str
    folder: Path


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The address of a designer on a folder."""
    build.ensure()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Under pytest, NiceGUI would run as a simulation.
    environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    with TemporaryDirectory() as logs:
        log = Path(logs) / "designer.log"
        with log.open("w") as file:
            server = subprocess.Popen(
                [sys.executable, "-c", SERVE, str(folder), "--port", str(port)],
                env=environment, stdout=file, stderr=file,
            )  # fmt: skip
            try:
                address = f"http://127.0.0.1:{port}/designer"
                wait_for(address, server, log)
                yield address
            finally:
                server.terminate()
                server.wait(10)
        assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture
def serving() -> Callable[[Path], AbstractContextManager[str]]:
    return serve


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("flows")
    with serve(folder) as address:
        yield Site(address, folder)


def wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            urlopen(address, timeout=2).close()
            return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the designer did not start:\n{log.read_text()}")


@dataclass
class Desk:
    """A flow open in a browser, and what a person does there."""

    page: "Page"
    address: str
    path: Path
    original: str = field(init=False)

    def __post_init__(self) -> None:
        self.original = self.text

    # --- the file -----------------------------------------------------------------------------

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode()

    def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait for something, while the page goes on."""
        end = time.monotonic() + WAIT_S
        while not holds():
            if time.monotonic() > end:
                pytest.fail(f"never came: {what or holds}\n{self.text}")
            self.page.wait_for_timeout(30)

    def until_text(self, *parts: str) -> None:
        self.until(lambda: all(part in self.text for part in parts), " and ".join(parts))

    def until_original(self) -> None:
        self.until(lambda: self.text == self.original, "the original text")

    def changed_lines(self) -> list[str]:
        lines = ndiff(self.original.splitlines(), self.text.splitlines())
        return [line for line in lines if line[:1] in "+-"]

    # --- the canvas ---------------------------------------------------------------------------

    def card(self, block: str) -> "Locator":
        return self.page.locator(f'.vue-flow__node[data-id="{block}"]')

    def title(self, block: str) -> str:
        return self.card(block).locator(".fc-title").inner_text()

    def port(self, block: str, port: str) -> "Locator":
        return self.card(block).locator(f"[data-port='{port}']")

    def call(self, method: str, *args: Any) -> Any:
        script = """([method, args]) => {
            const id = Number(document.querySelector('.fc').id.slice(1));
            return getElement(id)[method](...args);
        }"""
        return self.page.evaluate(script, [method, list(args)])

    def wire(self, wire: str) -> tuple[float, float]:
        """A point on the screen that is on a wire."""
        place = self.call("whereIsWire", wire)
        return place["x"], place["y"]

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

    def select(self, block: str) -> None:
        self.card(block).locator(".fc-title").click()
        self.page.locator(".fl-inspector-name").wait_for()

    def empty_place(self) -> tuple[float, float]:
        """On the canvas, below everything."""
        nodes = self.page.locator(".vue-flow__node").all()
        boxes = [box for box in (node.bounding_box() for node in nodes) if box]
        return min(b["x"] for b in boxes) + 60, max(b["y"] + b["height"] for b in boxes) + 60

    # --- around it ----------------------------------------------------------------------------

    def role(self, role: str) -> "Locator":
        return self.page.locator(f"[data-role={role}]")

    def field(self, key: str) -> "Locator":
        return self.page.locator(f".fl-inspector [data-key={key!r}]")

    def fill(self, key: str, value: str) -> None:
        self.field(key).fill(value)
        self.field(key).press("Tab")

    def keys(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    @property
    def editor(self) -> "Locator":
        return self.page.locator(".cm-content")

    def write(self, text: str) -> None:
        """Put a text in the place of the whole one, as by pasting."""
        self.editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)


@pytest.fixture
def put_flow(site: Site) -> Callable[..., Path]:
    def put_flow(text: str = DEMO, name: str = "") -> Path:
        path = site.folder / (name or f"demo{next(NUMBERS)}") / "demo.flow"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        return path

    return put_flow


@pytest.fixture
def open_flow(
    site: Site, put_flow: Callable[..., Path], open_page: Callable[..., "Page"]
) -> Callable[..., Desk]:
    def open_flow(
        text: str = DEMO, *, path: Path | None = None, query: str = "",
        page: "Page | None" = None, wait: str = ".vue-flow__node", text_shown: bool = True,
        **options: Any,
    ) -> Desk:  # fmt: skip
        path = path or put_flow(text)
        page = page or open_page(**({"viewport": {"width": 1680, "height": 1050}} | options))
        address = f"{site.address}/{path.relative_to(site.folder).as_posix()}"
        page.goto(address + query)
        page.locator(wait).first.wait_for()
        page.locator(".cm-line").first.wait_for(state="visible" if text_shown else "attached")
        return Desk(page, address, path)

    return open_flow


@pytest.fixture
def desk(open_flow: Callable[..., Desk]) -> Desk:
    return open_flow()


@pytest.fixture
def support(site: Site, open_flow: Callable[..., Desk]) -> Desk:
    """The example that comes with the repository."""
    folder = site.folder / f"support{next(NUMBERS)}"
    shutil.copytree(EXAMPLES / "support", folder)
    return open_flow(path=folder / "support.flow", viewport={"width": 2200, "height": 1400})
