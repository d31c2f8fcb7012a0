"""Work on many files: in several processes where that is quicker, and a bar for who waits."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from flowlang.cli.files import STANDARD

Item = TypeVar("Item")
Made = TypeVar("Made")
BYTES_FOR_WORKERS = 500_000
"""Where one process takes a second or so, a second one is worth its start."""
WORKERS_MAX = 8
AT_ONCE = 8
"""Items that a worker gets at a time."""
QUIET_S = 1.0
"""Nobody needs a bar for what takes no longer."""
REDRAWN_AFTER_S = 0.1
BAR_CHARACTERS = 24


def each(
    work: Callable[[Item], Made], items: Sequence[Item], paths: Sequence[str]
) -> Iterator[Made]:
    """What `work` makes of each item, in their order. `paths` are the files that it reads."""
    made = _by_workers(work, items) if _is_large(paths) else map(work, items)
    with Bar(len(items)) as bar:
        for result in made:
            bar.step()
            yield result


def _is_large(paths: Sequence[str]) -> bool:
    if len(paths) < AT_ONCE or STANDARD in paths or processors() == 1:
        return False
    return sum(map(_bytes, paths)) > BYTES_FOR_WORKERS


def _bytes(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return min(len(affinity(0)) if affinity else os.cpu_count() or 1, WORKERS_MAX)


def _by_workers(work: Callable[[Item], Made], items: Sequence[Item]) -> Iterator[Made]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_all_start_methods, get_context

    # What is imported already need not be imported again.
    method = "fork" if "fork" in get_all_start_methods() else "spawn"
    gc.freeze()
    done = 0
    pool = ProcessPoolExecutor(
        processors(), mp_context=get_context(method), initializer=_leave_interrupts
    )
    try:
        for result in pool.map(work, items, chunksize=AT_ONCE):
            yield result
            done += 1
    except BrokenProcessPool:
        # Somebody ended a worker, or there was no memory for two.
        yield from map(work, items[done:])
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_interrupts() -> None:
    """Whoever interrupts means the command, and that ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Bar(AbstractContextManager["Bar"]):
    """How far it is, on a terminal and only if it takes long."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.is_shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.width = 0
        self.next_s = time.monotonic() + QUIET_S

    def step(self) -> None:
        self.done += 1
        if self.is_shown and time.monotonic() >= self.next_s:
            self.next_s = time.monotonic() + REDRAWN_AFTER_S
            self._draw()

    def _draw(self) -> None:
        full = BAR_CHARACTERS * self.done // self.total
        bar = "#" * full + "." * (BAR_CHARACTERS - full)
        line = f"[{bar}] {self.done}/{self.total}"
        self.width = len(line)
        print(f"\r{line}", end="", file=sys.stderr, flush=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.width:
            print(f"\r{' ' * self.width}\r", end="", file=sys.stderr, flush=True)
