"""Contacts that wait cost storage: not memory, and not the time of those who talk."""

from __future__ import annotations

import asyncio
import math
import random
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import pytest

from runtime.host import Host
from runtime.stores import DEADLINE, Commit
from runtime.stores.sqlite import SqliteStore
from tests.benchmarks import live
from tests.benchmarks.measure import Table

TURNS = 300
MANY = 10_000
CLONED_AT_ONCE = 20_000


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc to read memory from")
def test_memory(tmp_path: Path, table: Table) -> None:
    few, many = (_resident(count, tmp_path) for count in (1, MANY))
    table(
        "Memory of a process with parked contacts",
        ("contacts", "MiB", "MiB over the first"),
        [(1, few / 2**20, 0.0), (MANY, many / 2**20, (many - few) / 2**20)],
    )


def _resident(count: int, folder: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.parking", str(count), folder / f"{count}.db"],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


@pytest.mark.parametrize(
    "count", [100_000, pytest.param(1_000_000, marks=pytest.mark.soak)]
)  # fmt: skip
async def test_a_full_store(count: int, tmp_path: Path, table: Table) -> None:
    paths = {parked: tmp_path / f"{parked}.db" for parked in (TURNS, count)}
    for parked, path in paths.items():
        await _park(parked, path)
    ready: dict[int, float] = {}
    turns: dict[int, list[float]] = {TURNS: [], count: []}
    async with AsyncExitStack() as running:
        hosts = {}
        for parked, path in paths.items():
            begin = time.perf_counter()
            hosts[parked], _ = await running.enter_async_context(live.running(path))
            ready[parked] = time.perf_counter() - begin
        for few, many in zip(*(_some(parked) for parked in paths), strict=True):
            turns[TURNS].append(await _turn(hosts[TURNS], few))
            turns[count].append(await _turn(hosts[count], many))
    usual = median(turns[TURNS])
    table(
        "A store with parked contacts",
        ("contacts", "bytes each", "ready ms", "median turn ms", "x the first"),
        [
            (parked, path.stat().st_size / parked, ready[parked] * 1e3,
             median(turns[parked]) * 1e3, median(turns[parked]) / usual)
            for parked, path in paths.items()
        ],
    )  # fmt: skip


def _some(count: int) -> list[str]:
    return [f"c{number}" for number in random.Random(1).sample(range(1, count + 1), TURNS)]


async def _turn(host: Host, name: str) -> float:
    begin = time.perf_counter()
    assert await host.post(f"contact/{name}", live.key(host, name, 1))
    seconds = time.perf_counter() - begin
    await host.idle()
    return seconds


async def _park(count: int, path: Path) -> None:
    """One contact by the host, the others as copies of it, each with a key of its own."""
    async with live.running(path) as (host, _):
        await host.post("contact/c", live.started(host, "c"))
    store = SqliteStore(path)
    found = await store.load("contact/c")
    assert found is not None
    state = found[1]
    (journal,) = await store.journal("contact/c")
    timers = {due.timer: (due.wait, due.due) for due in await store.due(math.inf, 9)}
    deadline = timers.pop(DEADLINE)[1]
    for first in range(1, count + 1, CLONED_AT_ONCE):
        last = min(first + CLONED_AT_ONCE, count + 1)
        turns = [
            Commit(
                entity=f"contact/c{number}",
                version=0,
                event_id=f"c{number}/0",
                at=live.AT.timestamp(),
                state=state.replace(b'"id":"c"', b'"id":"c%d"' % number),
                timers={name: (wait, due + number) for name, (wait, due) in timers.items()},
                deadline=deadline,
                journal=journal,
            )
            for number in range(first, last)
        ]
        await asyncio.gather(*map(store.commit, turns))
    await store.close()
