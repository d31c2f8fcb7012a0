"""How long a person at a browser waits, and what it costs: frames, pauses, processor time.

Frames and pauses are counted by the page itself, in the time that a person lives in; on a machine
with other work they say more about that work. Processor time is what the page's main thread and
the server took, whoever else was busy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
STEP_MS = 16
COLUMNS = ("blocks", "what", "median ms", "p95 ms", "longest pause ms", "page cpu ms",
           "server cpu ms")  # fmt: skip
WATCH = """() => {
    window.pauses = [];
    new PerformanceObserver((list) => window.pauses.push(...list.getEntries().map(e => e.duration)))
        .observe({type: 'longtask'});
    window.frames = [];
    let last = performance.now();
    const tick = (now) => {
        window.frames.push(now - last);
        last = now;
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
}"""
EMPTY = """(root) => {
    const box = document.querySelector(root).getBoundingClientRect();
    for (let y = box.top + 12; y < box.bottom - 200; y += 12)
        for (let x = box.right - 60; x > box.left + 240; x -= 12)
            if (document.elementFromPoint(x, y)?.matches('.vue-flow__pane')) return [x, y];
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What some work took: the times that a person saw, and processor time in milliseconds."""

    seen: tuple[float, ...]
    pause: float
    page: float
    server: float

    def row(self, *about: object) -> tuple[object, ...]:
        ordered = sorted(self.seen)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        return (*about, median(ordered), p95, self.pause, self.page, self.server)


def together(costs: Sequence[Cost]) -> Cost:
    """Of the same work, done several times."""
    return Cost(
        seen=tuple(seen for cost in costs for seen in cost.seen),
        pause=max(cost.pause for cost in costs),
        page=median(cost.page for cost in costs),
        server=median(cost.server for cost in costs),
    )


class Watched:
    """A page whose work is measured; `servers` are processes that work for it."""

    def __init__(self, page: Page, servers: Iterable[int] = ()) -> None:
        self.page = page
        self._servers = tuple(servers)
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def opening(self, work: Callable[[], float]) -> Cost:
        """Open something in a page that is new; the work says when what matters was there."""
        server = self._server_cpu()
        shown = work()
        pauses: list[float] = self.page.evaluate("""() => new Promise((done) => {
            new PerformanceObserver((list) => done(list.getEntries().map(e => e.duration)))
                .observe({type: 'longtask', buffered: true});
            setTimeout(() => done([]), 1_000);
        })""")
        self.page.evaluate(WATCH)
        # Its counters begin anew with the process that a page gets at its first address.
        return self._cost((shown,), pauses, 0.0, server, 1)

    def frames(self, work: Callable[[], object]) -> Cost:
        """What a gesture takes: each frame of it is seen."""
        page, server = self._begin()
        work()
        seen = tuple(self.page.evaluate("window.frames"))
        return self._cost(seen, self.page.evaluate("window.pauses"), page, server, 1)

    def times(self, rounds: int, work: Callable[[int], float]) -> Cost:
        """What an edit takes; the work says when it was seen. Processor time is that of one."""
        page, server = self._begin()
        seen = tuple(work(number) for number in range(rounds))
        return self._cost(seen, self.page.evaluate("window.pauses"), page, server, rounds)

    def heap(self) -> float:
        """In megabytes, of what is still needed."""
        self._devtools.send("HeapProfiler.collectGarbage")
        return self._metric("JSHeapUsedSize") / 1e6

    def nodes(self) -> int:
        found: int = self.page.evaluate("document.querySelectorAll('*').length")
        return found

    def _begin(self) -> tuple[float, float]:
        self.page.wait_for_timeout(500)
        self.page.evaluate("window.frames = []; window.pauses = []")
        return self._cpu(), self._server_cpu()

    def _cost(
        self, seen: tuple[float, ...], pauses: list[float], page: float, server: float, rounds: int
    ) -> Cost:
        return Cost(
            seen=seen,
            pause=max([0.0, *pauses]),
            page=(self._cpu() - page) / rounds,
            server=(self._server_cpu() - server) / rounds,
        )

    def _cpu(self) -> float:
        return self._metric("TaskDuration") * 1e3

    def _metric(self, name: str) -> float:
        found = self._devtools.send("Performance.getMetrics")["metrics"]
        return float(next(item["value"] for item in found if item["name"] == name))

    def _server_cpu(self) -> float:
        return sum(map(cpu_ms, self._servers))

    # --- gestures -----------------------------------------------------------------------------

    def pan(self, root: str) -> None:
        """Take hold of an empty place, pull it to and fro."""
        mouse = self.page.mouse
        x, y = self.page.evaluate(EMPTY, root)
        mouse.move(x, y)
        mouse.down()
        for step in [*range(30), *range(30, 0, -1)]:
            mouse.move(x - 12 * step, y + 6 * step)
            self.page.wait_for_timeout(STEP_MS)
        mouse.up()

    def wheel(self, root: str, steps: int = 30) -> None:
        """From where it is far out with the wheel, and back."""
        box: Any = self.page.locator(root).first.bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        for direction in (1, -1):
            for _ in range(steps):
                self.page.mouse.wheel(0, direction * 50)
                self.page.wait_for_timeout(STEP_MS)

    def drag(self, start: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        for step in range(30):
            mouse.move(start[0] + 2 * step, start[1] + 4 * step)
            self.page.wait_for_timeout(STEP_MS)
        mouse.up()


def cpu_ms(process: int) -> float:
    """Processor time of a process so far."""
    stat = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, stat[11:13])) / TICKS_A_SECOND * 1e3


def children() -> Iterable[tuple[int, str]]:
    """The processes that this one has started, with what they were called by."""
    own = Path(f"/proc/{os.getpid()}/task")
    for task in own.iterdir():
        for process in (task / "children").read_text().split():
            command = Path(f"/proc/{process}/cmdline").read_text()
            yield int(process), command.replace("\0", " ")
