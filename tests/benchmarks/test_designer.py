"""The designer in a browser: how long people wait, with flows of all sizes.

Server, socket and a headless Chromium are on one machine. `FLOWLANG_BLOCKS=1000` measures one
size only. `FLOWLANG_VUE_FLOW=1` measures plain Vue Flow with the same graph in the same run; npm
fetches it into a folder that is thrown away.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.benchmarks import flows, vue_flow
from tests.benchmarks.browsing import COLUMNS, Cost, Watched, children, together
from tests.benchmarks.measure import Table
from tests.designer.page.conftest import SERVE, Desk, serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = tuple(map(int, os.environ.get("FLOWLANG_BLOCKS", "50,300,1000,3000").split(",")))
WITH_VUE_FLOW = os.environ.get("FLOWLANG_VUE_FLOW") == "1"
ROUNDS, OPENINGS = 7, 4
NEAR = 0.8
VIEW = {"width": 1440, "height": 900}
BLOCK = "topic_2.play"
OTHER = "topic_2.pressed_2"
# From the event that a person causes to the first frame in which all of that says the words.
UNTIL_SHOWN = """([places, words]) => new Promise((done) => {
    let begun = 0;
    const begin = (event) => { begun ||= event.timeStamp; };
    for (const kind of ['input', 'change', 'beforeinput'])
        document.addEventListener(kind, begin, {capture: true});
    setTimeout(() => done(NaN), 20_000);
    const says = (place) => [...document.querySelectorAll(place)]
        .some((found) => found.textContent.includes(words));
    const look = () => {
        if (begun && places.every(says)) done(performance.now() - begun);
        else requestAnimationFrame(look);
    };
    look();
})"""
UNTIL_MARKED = """(where) => new Promise((done) => {
    let begun = 0;
    document.addEventListener('change', (e) => { begun ||= e.timeStamp; }, {capture: true});
    const was = Boolean(document.querySelector(where));
    setTimeout(() => done(NaN), 20_000);
    const look = () => begun && Boolean(document.querySelector(where)) !== was
        ? done(performance.now() - begun) : requestAnimationFrame(look);
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
    server = [process for process, command in children() if SERVE in command]
    rows: list[tuple[object, ...]] = []
    sizes: list[tuple[object, ...]] = []
    for blocks in SIZES:
        before = open_page(viewport=VIEW)
        before.goto(address)  # the bundle is in the browser's cache from here on
        opens = []
        for _ in range(OPENINGS):
            page = before.context.new_page()
            desk = Desk(page, f"{address}/large_{blocks}.flow", path / f"large_{blocks}.flow")
            watched = Watched(page, server)
            opens.append(watched.opening(partial(opened, desk)))
            before.close()
            before = page
        rows += [opens[0].row(blocks, "open, for the first time")]
        rows += [together(opens[1:]).row(blocks, "open")]
        rows += [cost.row(blocks, what) for what, cost in measured(desk, watched)]
        sizes.append((blocks, watched.heap(), watched.nodes()))
        page.close()
    table(f"The designer, {load()}", COLUMNS, rows)
    table("What its page holds", ("blocks", "heap MB", "elements"), sizes)


@pytest.mark.skipif(not WITH_VUE_FLOW, reason="FLOWLANG_VUE_FLOW is not 1")
def test_plain_vue_flow(tmp_path: Path, open_page: Callable[..., Page], table: Table) -> None:
    if reason := vue_flow.install(tmp_path):
        pytest.skip(reason)
    rows: list[tuple[object, ...]] = []
    sizes: list[tuple[object, ...]] = []
    with vue_flow.serve(tmp_path) as address:
        for blocks in SIZES:
            vue_flow.write_graph(tmp_path, blocks)
            page = open_page(viewport=VIEW)
            watched = Watched(page)
            rows += [cost.row(blocks, what) for what, cost in vue_flow.measured(watched, address)]
            sizes.append((blocks, watched.heap(), watched.nodes()))
            page.close()
    table(f"Plain Vue Flow, the same graphs, {load()}", COLUMNS, rows)
    table("What its page holds", ("blocks", "heap MB", "elements"), sizes)


def load() -> str:
    """How much other work there is: figures of a busy machine are those of its other work."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def measured(desk: Desk, watched: Watched) -> Iterator[tuple[str, Cost]]:
    desk.call("fit")
    yield "pan, the whole", watched.frames(lambda: watched.pan(".fc"))
    desk.call("focus", BLOCK)
    desk.page.wait_for_timeout(500)
    desk.call("zoomTo", NEAR)
    yield "pan, near", watched.frames(lambda: watched.pan(".fc"))
    yield "zoom out and in", watched.frames(lambda: watched.wheel(".fc"))
    desk.call("focus", BLOCK)
    desk.page.wait_for_timeout(500)
    title = desk.middle(desk.card(BLOCK).locator(".fc-title"))
    yield "drag", watched.frames(lambda: watched.drag(title))
    desk.select(OTHER)  # what `focus` has selected tells the server nothing
    desk.select(BLOCK)
    yield "text to card", watched.times(ROUNDS, lambda number: text_edited(desk, number))
    yield "inspector to card, text", watched.times(ROUNDS, lambda number: filled_in(desk, number))
    yield "checked", watched.times(ROUNDS, lambda number: checked(desk, number))


def opened(desk: Desk) -> float:
    """Until the first cards can be seen."""
    desk.page.goto(desk.address)
    desk.page.locator(".vue-flow__node").first.wait_for()
    shown: float = desk.page.evaluate("performance.now()")
    desk.page.locator(".cm-line").first.wait_for()
    return shown


def text_edited(desk: Desk, number: int) -> float:
    page = desk.page
    words = f"Typed {number} times"
    said = page.locator(".cm-line").filter(has_text=re.compile("topic number 2 of|Typed|Filled"))
    said.first.click()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    return shown(desk, words, [_card()], lambda: page.keyboard.insert_text(f'play "{words}."'))


def filled_in(desk: Desk, number: int) -> float:
    words = f"Filled {number} in"
    return shown(desk, words, [_card(), ".cm-line"], lambda: desk.fill("text", words))


def checked(desk: Desk, number: int) -> float:
    """Until a mark on the card says that something is wrong, or that nothing is any more."""
    words = "Hello." if number % 2 else "Hello {nobody_knows_this}."
    page: Any = desk.page
    mark = f"{_card()} .fc-mark"
    page.evaluate(f"(where) => {{ window.known = ({UNTIL_MARKED})(where); }}", mark)
    desk.fill("text", words)
    return float(page.evaluate("window.known"))


def shown(desk: Desk, words: str, places: list[str], work: Callable[[], object]) -> float:
    page: Any = desk.page
    page.evaluate(f"(args) => {{ window.shown = ({UNTIL_SHOWN})(args); }}", [places, words])
    work()
    return float(page.evaluate("window.shown"))


def _card() -> str:
    return f'.vue-flow__node[data-id="{BLOCK}"]'
