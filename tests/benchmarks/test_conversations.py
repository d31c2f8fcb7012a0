"""Whole conversations, durable: as many as a busy minute has, and the same in DBOS, on SQLite and
on PostgreSQL."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks import live, postgres
from tests.benchmarks.measure import Table

CONTACTS = 1_000
TURNS = 20
AT_ONCE = 200
PEER_CONTACTS = 60
PEER_TURNS = 2
PEER = Path(__file__).with_name("dbos_contacts.py")


async def test_a_thousand_conversations_of_twenty_turns(tmp_path: Path, table: Table) -> None:
    seconds = await _talk(tmp_path / "store.db", CONTACTS, TURNS)
    table(
        f"{CONTACTS} conversations of {TURNS} turns, {AT_ONCE} at once",
        ("", "seconds", "turns a second"),
        [("ours", seconds, CONTACTS * TURNS / seconds)],
    )


async def test_against_dbos(tmp_path: Path, table: Table) -> None:
    """Two answers each, as the workflow waits twice."""
    ours = PEER_CONTACTS * 10 / await _talk(tmp_path / "store.db", PEER_CONTACTS * 10, PEER_TURNS)
    rows: list[tuple[str, float | str, float | str]] = [("ours", ours, 1.0)]
    for name, measured in (("SQLite", _on_sqlite), ("PostgreSQL", _on_postgres)):
        theirs = await asyncio.to_thread(measured, tmp_path)
        is_there = isinstance(theirs, float)
        rows.append((f"DBOS on {name}", theirs, ours / theirs if is_there else ""))
    table("Conversations of six steps and two waits", ("", "a second", "ours is"), rows)


async def _talk(path: Path, contacts: int, turns: int) -> float:
    async with live.running(path) as (host, _):
        free = asyncio.Semaphore(AT_ONCE)

        async def talk(name: str) -> None:
            async with free:
                await host.post(f"contact/{name}", live.started(host, name))
                for number in range(1, turns + 1):
                    await host.post(f"contact/{name}", live.key(host, name, number))

        begin = time.perf_counter()
        await asyncio.gather(*(talk(f"c{number}") for number in range(contacts)))
        return time.perf_counter() - begin


def _on_sqlite(folder: Path) -> float | str:
    return _dbos(f"sqlite:///{folder / 'dbos.sqlite'}", PEER_CONTACTS)


def _on_postgres(_folder: Path) -> float | str:
    programs = postgres.programs()
    if programs is None:
        return "no PostgreSQL here"
    with postgres.running(programs) as database:
        return _dbos(database, 5 * PEER_CONTACTS)


def _dbos(database: str, contacts: int) -> float | str:
    if importlib.util.find_spec("dbos") is None:
        return "not installed"
    done = subprocess.run(
        [sys.executable, str(PEER), database, str(contacts)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return float(done.stdout.split()[-1])
