"""From an event to the next step, durable: one transaction with state, outbox, journal and
deduplication, against what the disk and the database can do at all."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from pathlib import Path
from statistics import median, quantiles

from tests.benchmarks import live
from tests.benchmarks.measure import Table

TURNS = 400
CONTACTS = 200
TURNS_EACH = 12
ROUNDS = 3


async def test_one_contact(tmp_path: Path, table: Table) -> None:
    file = os.open(tmp_path / "append", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    page = os.urandom(4096)
    appended, committed, asked = [], [], []
    async with live.running(tmp_path / "store.db") as (host, line):
        await host.post("contact/c", live.started(host, "c"))
        for number in range(1, TURNS + 1):
            await host.idle()
            line.asked.clear()
            begin = time.perf_counter()
            os.write(file, page)
            os.fdatasync(file)
            appended.append(time.perf_counter() - begin)
            begin = time.perf_counter()
            await host.post("contact/c", live.key(host, "c", number))
            committed.append(time.perf_counter() - begin)
            await line.asked.wait()
            asked.append(time.perf_counter() - begin)
    os.close(file)
    disk = median(appended)
    rows = (
        ("4 KiB append + fdatasync", appended),
        ("event to durable next step", committed),
        ("event to the next question going out", asked),
    )
    table(
        f"One contact, {TURNS} turns of three steps",
        ("", "median ms", "p99 ms", "x append"),
        [
            (name, median(seconds) * 1e3, quantiles(seconds, n=100)[98] * 1e3,
             median(seconds) / disk)
            for name, seconds in rows
        ],
    )  # fmt: skip


async def test_many_contacts(tmp_path: Path, table: Table) -> None:
    ours, raw, size = [], [], 0
    for number in range(ROUNDS):
        path = tmp_path / f"{number}.db"
        ours.append(await _turns_a_second(path))
        size = await _bytes_a_turn(path)
        raw.append(_rows_a_second(tmp_path / f"raw{number}.db", size))
    fast, limit = median(ours), median(raw)
    table(
        f"{CONTACTS} contacts at once",
        ("", "a second", "x raw"),
        [
            (f"raw SQLite, {size} bytes a row, {CONTACTS} in a commit", limit, 1.0),
            ("turns", fast, fast / limit),
        ],
    )


async def _turns_a_second(path: Path) -> float:
    async with live.running(path) as (host, _):
        names = [f"c{number}" for number in range(CONTACTS)]
        await asyncio.gather(*(host.post(f"contact/{n}", live.started(host, n)) for n in names))
        await host.idle()

        async def talk(name: str) -> None:
            for number in range(1, TURNS_EACH + 1):
                await host.post(f"contact/{name}", live.key(host, name, number))

        begin = time.perf_counter()
        await asyncio.gather(*map(talk, names))
        return CONTACTS * TURNS_EACH / (time.perf_counter() - begin)


async def _bytes_a_turn(path: Path) -> int:
    """What one turn writes: state, journal entry and outbox."""
    db = sqlite3.connect(path)
    (state,) = db.execute("select avg(length(state)) from entity").fetchone()
    (journal,) = db.execute("select avg(length(body)) from journal where turn > 1").fetchone()
    db.close()
    return int(state + journal)


def _rows_a_second(path: Path, size: int) -> float:
    """As many rows, the ones of a group in one commit."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = full")
    db.execute("create table kept(id integer primary key, turn integer, body blob)")
    body = os.urandom(size)
    begin = time.perf_counter()
    for turn in range(TURNS_EACH):
        db.execute("begin immediate")
        rows = ((number, turn, body) for number in range(CONTACTS))
        db.executemany("insert or replace into kept values(?, ?, ?)", rows)
        db.execute("commit")
    seconds = time.perf_counter() - begin
    db.close()
    return CONTACTS * TURNS_EACH / seconds
