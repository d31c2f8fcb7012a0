"""The designer in a browser: how long people wait, with flows of all sizes.

Seconds are those of a person: from what the hand does to what the eye sees, with a server, a socket
and a headless Chromium on one machine. Frames and pauses are counted by the page itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from tests.benchmarks import flows
from tests.benchmarks.measure import Table
from tests.designer.page.conftest import Desk, serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = (50, 300, 1_000, 3_000)
ROUNDS = 5
WATCH = """() => {
    window.pauses = [];
    new PerformanceObserver((list) => window.pauses.push(...list.getEntries().map(e => e.duration)))
        .observe({type: 'longtask', buffered: true});
    window.frames = [];
    let last = performance.now();
    const tick = (now) => {
        window.frames.push(now - last);
        last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
}"""
# From the event that a person causes to the first frame in which the card says the words.
UNTIL_SHOWN = """([where, words]) => new Promise((done) => {
    let begun = 0;
    const begin = (event) => { begun ||= event.timeStamp; };
    for (const kind of ['input', 'change', 'beforeinput'])
        document.addEventListener(kind, begin, {capture: true});
    setTimeout(() => done(NaN), 20_000);
    const look = () => {
        const shown = document.querySelector(where)?.textContent.includes(words);
        if (begun && shown) done(performance.now() - begun); else requestAnimationFrame(look);
    };
    look();
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    path = tmp_path_factory.mktemp("large")
    for blocks in SIZES:
        (path / f"large_{blocks}.flow").write_text(flows.large(blocks), encoding="utf-8")
    with serve(path) as address:
        yield path, address


def test_what_people_wait_for(
    folder: tuple[Path, str], open_page: Callable[..., Page], table: Table
) -> None:
    path, address = folder
    rows = []
    for blocks in SIZES:
        page = open_page(viewport={"width": 1440, "height": 900})
        page.goto(address)  # the bundle is in the browser's cache from here on
        desk = Desk(page, f"{address}/large_{blocks}.flow", path / f"large_{blocks}.flow")
        rows.append((blocks, *measured(desk)))
        page.close()
    table(
        "The designer",
        ("blocks", "open ms", "pan ms", "zoom ms", "drag ms", "longest pause ms", "text ms",
         "inspector ms", "checked ms", "heap MB"),
        rows,
    )  # fmt: skip


def measured(desk: Desk) -> tuple[float, ...]:
    page = desk.page
    page.goto(desk.address)
    page.locator(".vue-flow__node").first.wait_for()
    opened: float = page.evaluate("performance.now()")
    page.locator(".cm-line").first.wait_for()
    desk.call("focus", "topic_2.play")
    page.wait_for_timeout(1_500)
    page.evaluate(WATCH)
    pan, zoom, drag = panned(desk), zoomed(desk), dragged(desk)
    desk.select("topic_2.pressed_2")  # what `focus` has selected tells the server nothing
    pause = max([0.0, *page.evaluate("window.pauses")])
    typed = [text_edited(desk, number) for number in range(ROUNDS)]
    filled = [filled_in(desk, number) for number in range(ROUNDS)]
    known = checked(desk)
    heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    return opened, pan, zoom, drag, pause, median(typed), median(filled), known, heap


def frames(desk: Desk, work: Callable[[], object]) -> float:
    """The time of a frame that nineteen of twenty keep."""
    desk.page.evaluate("window.frames = []")
    work()
    found: list[float] = sorted(desk.page.evaluate("window.frames"))
    return found[int(len(found) * 0.95)]


def panned(desk: Desk) -> float:
    mouse = desk.page.mouse

    def pan() -> None:
        mouse.move(700, 150)
        for step in range(40):
            mouse.wheel(30 if step < 20 else -30, 0)
            desk.page.wait_for_timeout(16)

    return frames(desk, pan)


def zoomed(desk: Desk) -> float:
    def zoom() -> None:
        for factor in (0.8, 0.6, 0.4, 0.2, 0.4, 0.8):
            desk.call("zoomTo", factor)
            desk.page.wait_for_timeout(250)

    return frames(desk, zoom)


def dragged(desk: Desk) -> float:
    desk.call("focus", "topic_2.play")
    desk.page.wait_for_timeout(500)
    start = desk.middle(desk.card("topic_2.play").locator(".fc-title"))
    end = (start[0] + 40, start[1] + 120)
    return frames(desk, lambda: desk.drag(start, end))


def text_edited(desk: Desk, number: int) -> float:
    page = desk.page
    words = f"Typed {number} times"
    desk.select("topic_2.play")
    said = page.locator(".cm-line").filter(has_text=re.compile("topic number 2 of|Typed|Filled"))
    said.first.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    return shown(desk, words, lambda: page.keyboard.insert_text(f'play "{words}."'))


def filled_in(desk: Desk, number: int) -> float:
    desk.select("topic_2.play")
    words = f"Filled {number} in"
    field = desk.field("text")

    def fill() -> None:
        field.fill(words)
        field.press("Tab")

    return shown(desk, words, fill)


def shown(desk: Desk, words: str, work: Callable[[], object]) -> float:
    page: Any = desk.page
    where = '.vue-flow__node[data-id="topic_2.play"]'
    page.evaluate(f"(args) => {{ window.shown = ({UNTIL_SHOWN})(args); }}", [where, words])
    work()
    return float(page.evaluate("window.shown"))


def checked(desk: Desk) -> float:
    """Until a mark on the card says that something is wrong."""
    page: Any = desk.page
    desk.select("topic_2.play")
    script = """() => { window.known = new Promise((done) => {
        let begun = 0;
        document.addEventListener('change', (e) => { begun ||= e.timeStamp; }, {capture: true});
        const look = () => document.querySelector('[data-id="topic_2.play"] .fc-mark')
            ? done(performance.now() - begun) : requestAnimationFrame(look);
        look();
    }); }"""
    page.evaluate(script)
    desk.fill("text", "Hello {nobody_knows_this}.")
    return float(page.evaluate("window.known"))
