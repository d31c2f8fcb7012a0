"""The embedded store: one SQLite file, every turn durable before anything of it is seen.

Turns that arrive while a commit is under way are committed together (group commit); if the group
fails, its members are retried one by one, so that one bad row stops nobody. Statements run on the
event loop, in microseconds; a thread of its own takes what waits for the disk. (With the statements
there too, the two threads would hand Python's lock to each other at every one of them.)
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import orjson

from runtime import faults, limits
from runtime.stores import Commit, Conflict, DueTimer, Duplicate, Parcel

T = TypeVar("T")

GROUP_MAX = 256
MIGRATIONS = (
    """
    create table entity(id text primary key, version integer not null, state blob not null)
        without rowid;
    create table timer(entity text not null, name text not null, wait integer not null,
        due real not null, primary key(entity, name)) without rowid;
    create index timer_due on timer(due);
    create table outbox(seq integer primary key autoincrement, key text not null unique,
        sender text not null, receiver text not null, body blob not null,
        tried integer not null default 0);
    create table seen(event text primary key, at real not null) without rowid;
    create index seen_at on seen(at);
    create table journal(entity text not null, turn integer not null, body blob not null,
        primary key(entity, turn)) without rowid;
    create table note(kind text not null, key text not null, value blob not null,
        primary key(kind, key)) without rowid;
    """,
)


class Job(NamedTuple):
    """A change of the store that somebody waits for."""

    write: Callable[[sqlite3.Connection], Any]
    done: asyncio.Future[Any]


Result = tuple[Any, Exception | None]


class SqliteStore:
    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._writer = _open(self.path)
        self._reader = _connect(self.path)
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._waiting: list[Job] = []
        self._writing: asyncio.Task[None] | None = None

    # --- the interface ------------------------------------------------------------------------

    async def load(self, entity: str) -> tuple[int, bytes] | None:
        found: tuple[int, bytes] | None = self._reader.execute(
            "select version, state from entity where id = ?", (entity,)
        ).fetchone()
        return found

    async def commit(self, turn: Commit) -> None:
        await self._write(lambda db: _commit(db, turn))

    async def undelivered(self) -> Sequence[Parcel]:
        def read(db: sqlite3.Connection) -> list[Parcel]:
            rows = db.execute("select key, sender, receiver, body, tried from outbox order by seq")
            return [
                Parcel(key, sender, to, orjson.loads(body), bool(tried))
                for key, sender, to, body, tried in rows
            ]

        return await self._read_much(read)

    async def try_once(self, key: str) -> None:
        await self._execute("update outbox set tried = 1 where key = ?", (key,))

    async def delivered(self, key: str) -> None:
        await self._execute("delete from outbox where key = ?", (key,))

    async def due(self, until: float, limit: int) -> Sequence[DueTimer]:
        rows = self._reader.execute(
            "select entity, name, wait, due from timer where due <= ? order by due limit ?",
            (until, limit),
        )
        return [DueTimer(*row) for row in rows]

    async def drop_timer(self, timer: DueTimer) -> None:
        await self._execute(
            "delete from timer where entity = ? and name = ? and wait = ?",
            (timer.entity, timer.timer, timer.wait),
        )

    async def next_due(self) -> float | None:
        found: float | None = self._reader.execute("select min(due) from timer").fetchone()[0]
        return found

    async def journal(self, entity: str) -> Sequence[bytes]:
        def read(db: sqlite3.Connection) -> list[bytes]:
            rows = db.execute("select body from journal where entity = ? order by turn", (entity,))
            return [body for (body,) in rows]

        return await self._read_much(read)

    async def entities(self, prefix: str) -> Sequence[tuple[str, bytes]]:
        def read(db: sqlite3.Connection) -> list[tuple[str, bytes]]:
            rows = db.execute(
                "select id, state from entity where id >= ? and id < ?",
                (prefix, prefix + "\U0010ffff"),
            )
            return list(rows)

        return await self._read_much(read)

    async def put_note(self, kind: str, key: str, value: bytes) -> None:
        await self._execute("insert or replace into note values(?, ?, ?)", (kind, key, value))

    async def note(self, kind: str, key: str) -> bytes | None:
        found = self._reader.execute(
            "select value from note where kind = ? and key = ?", (kind, key)
        ).fetchone()
        return found[0] if found else None

    async def take_note(self, kind: str, key: str) -> bytes | None:
        def take(db: sqlite3.Connection) -> bytes | None:
            found = db.execute(
                "delete from note where kind = ? and key = ? returning value", (kind, key)
            ).fetchone()
            return found[0] if found else None

        return await self._write(take)

    async def forget_old_events(self, now: float) -> None:
        await self._execute("delete from seen where at < ?", (now - limits.SEEN_EVENT_S,))

    async def close(self) -> None:
        if self._writing is not None:
            await self._writing
        self._disk.shutdown()
        self._reader.close()
        self._writer.close()

    # --- reading ------------------------------------------------------------------------------

    async def _read_much(self, read: Callable[[sqlite3.Connection], T]) -> T:
        """What may be a great many rows is read beside the event loop."""

        def work() -> T:
            with closing(_connect(self.path)) as db:
                return read(db)

        return await asyncio.to_thread(work)

    # --- writing ------------------------------------------------------------------------------

    async def _execute(self, statement: str, values: Sequence[Any]) -> None:
        def write(db: sqlite3.Connection) -> None:
            db.execute(statement, values)

        await self._write(write)

    async def _write(self, write: Callable[[sqlite3.Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        job = Job(write, loop.create_future())
        self._waiting.append(job)
        if self._writing is None:
            self._writing = loop.create_task(self._write_all())
        result: T = await job.done
        return result

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                group = self._waiting[:GROUP_MAX]
                del self._waiting[:GROUP_MAX]
                results = await self._write_group(group)
                for job, (value, error) in zip(group, results, strict=True):
                    _resolve(job, value, error)
        finally:
            self._writing = None

    async def _write_group(self, group: list[Job]) -> list[Result]:
        faults.reach("before commit")
        try:
            self._writer.execute("begin immediate")
            results = [self._member(job) for job in group]
            await self._on_disk(lambda: self._writer.execute("commit"))
        except sqlite3.Error:
            results = await self._on_disk(lambda: [self._alone(job) for job in group])
        faults.reach("after commit")
        return results

    async def _on_disk(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work)

    def _member(self, job: Job) -> Result:
        """One write of a group. What it refuses, it refuses before it changes anything."""
        try:
            return job.write(self._writer), None
        except (Duplicate, Conflict) as refusal:
            return None, refusal

    def _alone(self, job: Job) -> Result:
        self._roll_back()
        try:
            self._writer.execute("begin immediate")
            result = self._member(job)
            self._writer.execute("commit")
        except sqlite3.Error as failure:
            self._roll_back()
            return None, failure
        return result

    def _roll_back(self) -> None:
        if self._writer.in_transaction:
            self._writer.execute("rollback")


def _resolve(job: Job, value: Any, error: Exception | None) -> None:
    if job.done.done():
        return
    if error is None:
        job.done.set_result(value)
    else:
        job.done.set_exception(error)


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("pragma synchronous = full")
    db.execute("pragma busy_timeout = 5000")
    return db


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = _connect(path)
    db.execute("pragma journal_mode = wal")
    version = db.execute("pragma user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise RuntimeError(
            f"{path} was written by a newer version (schema {version}, here {len(MIGRATIONS)})"
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        db.executescript(f"begin; {script} pragma user_version = {number}; commit;")
    return db


def _commit(db: sqlite3.Connection, turn: Commit) -> None:
    if db.execute("select 1 from seen where event = ?", (turn.event_id,)).fetchone():
        raise Duplicate(turn.event_id)
    if turn.version == 0:
        changed = db.execute(
            "insert or ignore into entity values(?, 1, ?)", (turn.entity, turn.state)
        )
    else:
        changed = db.execute(
            "update entity set version = version + 1, state = ? where id = ? and version = ?",
            (turn.state, turn.entity, turn.version),
        )
    if changed.rowcount != 1:
        raise Conflict(turn.entity)
    db.execute("insert into seen values(?, ?)", (turn.event_id, turn.at))
    if turn.delivered:
        db.execute("delete from outbox where key = ?", (turn.delivered,))
    db.execute("delete from timer where entity = ?", (turn.entity,))
    if turn.timers and not turn.over:
        db.executemany(
            "insert into timer values(?, ?, ?, ?)",
            [(turn.entity, name, wait, due) for name, (wait, due) in turn.timers.items()],
        )
    if turn.outbox:
        db.executemany(
            "insert into outbox(key, sender, receiver, body) values(?, ?, ?, ?)",
            [(key, turn.entity, to, orjson.dumps(body)) for key, to, body in turn.outbox],
        )
    db.execute("insert into journal values(?, ?, ?)", (turn.entity, turn.version + 1, turn.journal))
