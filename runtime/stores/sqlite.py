"""The embedded store: one SQLite file, every turn durable before anything of it is seen.

One thread owns the connection. Turns that arrive while it is busy are committed together (group
commit); if the group fails, its members are retried one by one, so that one bad row stops nobody.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import orjson

from runtime import faults, limits
from runtime.stores import Commit, Conflict, DueTimer, Duplicate, Parcel

T = TypeVar("T")
Job = tuple[Callable[[sqlite3.Connection], Any], "asyncio.Future[Any]", asyncio.AbstractEventLoop]

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


class SqliteStore:
    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._connection = _open(self.path)
        self._thread = threading.Thread(target=self._work, name="store", daemon=True)
        self._thread.start()

    # --- the interface ------------------------------------------------------------------------

    async def load(self, entity: str) -> tuple[int, bytes] | None:
        def read(db: sqlite3.Connection) -> tuple[int, bytes] | None:
            found: tuple[int, bytes] | None = db.execute(
                "select version, state from entity where id = ?", (entity,)
            ).fetchone()
            return found

        return await self._run(read)

    async def commit(self, turn: Commit) -> None:
        await self._run(_Write(lambda db: _commit(db, turn)))

    async def undelivered(self) -> Sequence[Parcel]:
        def read(db: sqlite3.Connection) -> list[Parcel]:
            rows = db.execute("select key, sender, receiver, body, tried from outbox order by seq")
            return [
                Parcel(key, sender, to, orjson.loads(body), bool(tried))
                for key, sender, to, body, tried in rows
            ]

        return await self._run(read)

    async def try_once(self, key: str) -> None:
        await self._write("update outbox set tried = 1 where key = ?", (key,))

    async def delivered(self, key: str) -> None:
        await self._write("delete from outbox where key = ?", (key,))

    async def due(self, until: float, limit: int) -> Sequence[DueTimer]:
        def read(db: sqlite3.Connection) -> list[DueTimer]:
            rows = db.execute(
                "select entity, name, wait, due from timer where due <= ? order by due limit ?",
                (until, limit),
            )
            return [DueTimer(*row) for row in rows]

        return await self._run(read)

    async def next_due(self) -> float | None:
        def read(db: sqlite3.Connection) -> float | None:
            found: float | None = db.execute("select min(due) from timer").fetchone()[0]
            return found

        return await self._run(read)

    async def journal(self, entity: str) -> Sequence[bytes]:
        def read(db: sqlite3.Connection) -> list[bytes]:
            rows = db.execute("select body from journal where entity = ? order by turn", (entity,))
            return [body for (body,) in rows]

        return await self._run(read)

    async def entities(self, prefix: str) -> Sequence[tuple[str, bytes]]:
        def read(db: sqlite3.Connection) -> list[tuple[str, bytes]]:
            rows = db.execute(
                "select id, state from entity where id >= ? and id < ?",
                (prefix, prefix + "\U0010ffff"),
            )
            return list(rows)

        return await self._run(read)

    async def put_note(self, kind: str, key: str, value: bytes) -> None:
        await self._write("insert or replace into note values(?, ?, ?)", (kind, key, value))

    async def note(self, kind: str, key: str) -> bytes | None:
        def read(db: sqlite3.Connection) -> bytes | None:
            found = db.execute(
                "select value from note where kind = ? and key = ?", (kind, key)
            ).fetchone()
            return found[0] if found else None

        return await self._run(read)

    async def take_note(self, kind: str, key: str) -> bytes | None:
        def take(db: sqlite3.Connection) -> bytes | None:
            found = db.execute(
                "delete from note where kind = ? and key = ? returning value", (kind, key)
            ).fetchone()
            return found[0] if found else None

        return await self._run(_Write(take))

    async def forget_old_events(self, now: float) -> None:
        await self._write("delete from seen where at < ?", (now - limits.SEEN_EVENT_S,))

    async def close(self) -> None:
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    # --- the thread ---------------------------------------------------------------------------

    async def _write(self, statement: str, values: Sequence[Any]) -> None:
        def write(db: sqlite3.Connection) -> None:
            db.execute(statement, values)

        await self._run(_Write(write))

    async def _run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put((job, future, loop))
        return await future

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not isinstance(job[0], _Write):
                self._read(job)
                continue
            group, rest, stop = self._group(job)
            self._write_group(group)
            if rest is not None:
                self._read(rest)
            if stop:
                break
        self._connection.close()

    def _group(self, first: Job) -> tuple[list[Job], Job | None, bool]:
        """Every write that is waiting already, up to the next read."""
        group = [first]
        while len(group) < GROUP_MAX:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, None, True
            if not isinstance(job[0], _Write):
                return group, job, False
            group.append(job)
        return group, None, False

    def _read(self, job: Job) -> None:
        try:
            value = job[0](self._connection)
        except sqlite3.Error as error:
            _resolve(job, None, error)
        else:
            _resolve(job, value, None)

    def _write_group(self, group: list[Job]) -> None:
        faults.reach("before commit")
        results: list[tuple[Job, Any, BaseException | None]] = []
        try:
            self._connection.execute("begin immediate")
            results.extend((job, *self._member(job)) for job in group)
            self._connection.execute("commit")
        except sqlite3.Error:
            self._roll_back()
            results = [(job, *self._alone(job)) for job in group]
        faults.reach("after commit")
        for job, value, error in results:
            _resolve(job, value, error)

    def _member(self, job: Job) -> tuple[Any, BaseException | None]:
        """One write of a group, in a savepoint: what it refuses, it alone loses."""
        self._connection.execute("savepoint member")
        try:
            value = job[0](self._connection)
        except (Duplicate, Conflict) as refusal:
            self._connection.execute("rollback to member")
            self._connection.execute("release member")
            return None, refusal
        self._connection.execute("release member")
        return value, None

    def _alone(self, job: Job) -> tuple[Any, BaseException | None]:
        try:
            self._connection.execute("begin immediate")
            value, error = self._member(job)
            self._connection.execute("commit")
        except sqlite3.Error as failure:
            self._roll_back()
            return None, failure
        return value, error

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback")


class _Write:
    """Marks a job that changes the store."""

    def __init__(self, job: Callable[[sqlite3.Connection], Any]) -> None:
        self.job = job

    def __call__(self, db: sqlite3.Connection) -> Any:
        return self.job(db)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = full")
    db.execute("pragma busy_timeout = 5000")
    version = db.execute("pragma user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise RuntimeError(
            f"{path} was written by a newer version (schema {version}, here {len(MIGRATIONS)})"
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        db.executescript(f"begin; {script} pragma user_version = {number}; commit;")
    return db


def _commit(db: sqlite3.Connection, turn: Commit) -> None:
    if turn.delivered:
        db.execute("delete from outbox where key = ?", (turn.delivered,))
    try:
        db.execute("insert into seen values(?, ?)", (turn.event_id, turn.at))
    except sqlite3.IntegrityError:
        raise Duplicate(turn.event_id) from None
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


def _resolve(job: Job, value: Any, error: BaseException | None) -> None:
    _, future, loop = job

    def settle() -> None:
        if future.done():
            return
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)

    loop.call_soon_threadsafe(settle)
