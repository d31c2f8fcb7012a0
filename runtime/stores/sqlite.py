"""The embedded store: one SQLite file, every turn durable before anything of it is seen.

Turns that arrive while a commit is under way are committed together (group commit); if the group
fails, its members are retried one by one, so that one bad row stops nobody. Statements run on the
event loop, in microseconds; a thread of its own takes what waits for the disk. (With the statements
there too, the two threads would hand Python's lock to each other at every one of them.)

What people said and who they are is encrypted (`vault`); ids, times and numbers are not.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import orjson

from runtime import faults, limits
from runtime.security.keys import MasterKeys
from runtime.stores import (
    DEADLINE,
    Commit,
    Conflict,
    Damaged,
    DueTimer,
    Duplicate,
    NewerStore,
    Parcel,
)
from runtime.stores import schema as at_
from runtime.stores.schema import MIGRATIONS, put_note
from runtime.stores.tail import Tail, is_marked, path_of
from runtime.stores.vault import DAY_S, Vault, destroy, slot_of

T = TypeVar("T")

GROUP_MAX = 256
KEY_FILE = "master.key"
CONTACTS = "contact/"
NOTES_ABOUT_CUSTOMERS = (
    "line", "invitation", "awaited", "heard", "sent", "customer", "customer alias", "request",
    "call", "placed", "leg", "told",
)  # fmt: skip
"""What is forgotten when its time is over; all other notes are of those who work here."""
ERASED_AT_ONCE = 200


class Job(NamedTuple):
    """A change of the store that somebody waits for."""

    write: Callable[[sqlite3.Connection], Any]
    done: asyncio.Future[Any]
    turn: Commit | None


Result = tuple[Any, Exception | None]


class SqliteStore:
    def __init__(self, path: Path | str, keys: MasterKeys | None = None) -> None:
        """Without keys, those of a key file beside the store."""
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if is_marked(self.path) and not _holds_anything(self.path):
            raise Damaged("gone", path=self.path, mark=path_of(self.path))
        self.vault = Vault(keys or MasterKeys.of_file(self.path.with_name(KEY_FILE)))
        self._writer = _open(self.path, self.vault)
        self._reader = _connect(self.path)
        self._tail = Tail(self.path)
        self._check_tail()
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._waiting: list[Job] = []
        self._writing: asyncio.Task[None] | None = None

    def _check_tail(self) -> None:
        known = self._tail.read()
        if known is None:
            return
        entity, version = known
        found = self._reader.execute("select version from entity where id = ?", (entity,))
        (stored,) = found.fetchone() or (0,)
        if stored < version:
            raise Damaged("lost", path=self.path, turn=version, entity=entity, mark=self._tail.path)

    # --- the interface ------------------------------------------------------------------------

    async def load(self, entity: str) -> tuple[int, bytes] | None:
        found = self._reader.execute(
            "select version, state from entity where id = ?", (entity,)
        ).fetchone()
        if found is None:
            return None
        version, sealed = found
        return version, self.vault.unseal(self._reader, at_.state_place(entity, version), sealed)

    async def commit(self, turn: Commit) -> None:
        await self._write(lambda db: _commit(db, self.vault, turn), turn)

    async def undelivered(self) -> Sequence[Parcel]:
        def read(db: sqlite3.Connection) -> list[Parcel]:
            rows = db.execute("select key, sender, receiver, body, tried from outbox order by seq")
            return [
                Parcel(key, sender, to, orjson.loads(self._parcel(db, key, body)), bool(tried))
                for key, sender, to, body, tried in rows
            ]

        return await self._read_much(read)

    def _parcel(self, db: sqlite3.Connection, key: str, body: bytes) -> bytes:
        return self.vault.unseal(db, at_.parcel_place(key), body)

    async def try_once(self, key: str) -> None:
        await self._execute("update outbox set tried = 1 where key = ?", (key,))

    async def delivered(self, *keys: str) -> None:
        def write(db: sqlite3.Connection) -> None:
            db.executemany("delete from outbox where key = ?", [(key,) for key in keys])

        await self._write(write)

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
            rows = db.execute(
                "select turn, body from journal where entity = ? order by turn", (entity,)
            )
            return [
                self.vault.unseal(db, at_.journal_place(entity, turn), body) for turn, body in rows
            ]

        return await self._read_much(read)

    async def entities(self, prefix: str) -> Sequence[tuple[str, bytes]]:
        return await self._entities(prefix, "")

    async def alive(self, prefix: str) -> Sequence[tuple[str, bytes]]:
        return await self._entities(prefix, "and over is null")

    async def _entities(self, prefix: str, which: str) -> Sequence[tuple[str, bytes]]:
        def read(db: sqlite3.Connection) -> list[tuple[str, bytes]]:
            rows = db.execute(
                f"select id, version, state from entity where id >= ? and id < ? {which}",
                (prefix, prefix + "\U0010ffff"),
            )
            return [
                (name, self.vault.unseal(db, at_.state_place(name, version), state))
                for name, version, state in rows
            ]

        return await self._read_much(read)

    async def put_note(self, kind: str, key: str, value: bytes) -> None:
        await self._write(lambda db: put_note(db, self.vault, kind, key, value, time.time()))

    async def note(self, kind: str, key: str) -> bytes | None:
        found = self._reader.execute(
            "select value from note where kind = ? and name = ?", (kind, self.vault.digest(key))
        ).fetchone()
        return self._note(kind, key, found)

    async def take_note(self, kind: str, key: str) -> bytes | None:
        def take(db: sqlite3.Connection) -> Any:
            return db.execute(
                "delete from note where kind = ? and name = ? returning value",
                (kind, self.vault.digest(key)),
            ).fetchone()

        return self._note(kind, key, await self._write(take))

    def _note(self, kind: str, key: str, found: tuple[bytes] | None) -> bytes | None:
        if found is None:
            return None
        return self.vault.unseal(self._reader, at_.note_place(kind, key), found[0])

    async def put_record(self, contact: str, at: float, body: bytes) -> None:
        def write(db: sqlite3.Connection) -> None:
            found = db.execute("select slot from entity where id = ?", (CONTACTS + contact,))
            # A contact that was erased in the meantime leaves no record either.
            for (slot,) in found.fetchall():
                sealed = self.vault.seal(db, slot, at_.record_place(contact), body)
                db.execute("insert or replace into record values(?, ?, ?)", (contact, at, sealed))

        await self._write(write)

    async def records(self, after: float, limit: int) -> Sequence[bytes]:
        def read(db: sqlite3.Connection) -> list[bytes]:
            rows = db.execute(
                "select contact, body from record where at > ? order by at limit ?", (after, limit)
            )
            return [
                self.vault.unseal(db, at_.record_place(contact), body) for contact, body in rows
            ]

        return await self._read_much(read)

    async def forget_old_events(self, now: float) -> None:
        await self._execute("delete from seen where at < ?", (now - limits.SEEN_EVENT_S,))

    async def erase(self, before: float) -> int:
        erased = 0
        while count := await self._write(lambda db: self._erase_contacts(db, before)):
            erased += count
            # Whoever talks comes first.
            await asyncio.sleep(0)
        await self._write(lambda db: self._erase_the_rest(db, before))
        await self._clear_log()
        return erased

    async def erase_contacts(self, entities: Sequence[str]) -> None:
        """The same for these, whenever they ended; those that are not over stay."""

        def erase(db: sqlite3.Connection, names: Sequence[str]) -> None:
            marks = ", ".join("?" * len(names))
            ended = f"select id, slot from entity where over is not null and id in ({marks})"
            self._destroy(db, db.execute(ended, names).fetchall())

        for start in range(0, len(entities), ERASED_AT_ONCE):
            part = entities[start : start + ERASED_AT_ONCE]
            await self._write(partial(erase, names=part))
        await self._clear_log()

    async def _clear_log(self) -> None:
        """Keys that were overwritten still stand in the log."""
        await self._read_much(lambda db: db.execute("pragma wal_checkpoint(truncate)").fetchone())

    async def backup(self, target: Path) -> None:
        """Copy all that is acknowledged to a new file, while work goes on."""

        def copy(db: sqlite3.Connection) -> None:
            db.execute("vacuum into ?", (str(target),))

        await self._read_much(copy)

    async def close(self) -> None:
        if self._writing is not None:
            await self._writing
        self._disk.shutdown()
        self._reader.close()
        self._writer.close()
        self._tail.close()

    # --- retention ----------------------------------------------------------------------------

    def _erase_contacts(self, db: sqlite3.Connection, before: float) -> int:
        found = db.execute(
            "select id, slot from entity where over < ? order by over limit ?",
            (before, ERASED_AT_ONCE),
        ).fetchall()
        self._destroy(db, found)
        return len(found)

    def _destroy(self, db: sqlite3.Connection, found: Sequence[tuple[str, int]]) -> None:
        """Keys first: without them the rest is noise, wherever a copy of it may lie."""
        destroy(db, [slot for _, slot in found])
        names = [(name,) for name, _ in found]
        for table, column in (("journal", "entity"), ("timer", "entity"), ("outbox", "sender"),
                              ("entity", "id")):  # fmt: skip
            db.executemany(f"delete from {table} where {column} = ?", names)
        contacts = [(name.removeprefix(CONTACTS),) for (name,) in names]
        db.executemany("delete from record where contact = ?", contacts)
        if found:
            self._tail.clear()

    def _erase_the_rest(self, db: sqlite3.Connection, before: float) -> None:
        """What queues, agents and notes say of customers."""
        db.executemany(
            "delete from note where kind = ? and at < ?",
            [(kind, before - limits.CHAT_AGE_MAX_S) for kind in NOTES_ABOUT_CUSTOMERS],
        )
        day = int(before // DAY_S)
        lasting = db.execute("select id, slot from entity where id < ? or id > ?",
                             (CONTACTS, CONTACTS + "\U0010ffff"))  # fmt: skip
        for entity, slot_now in lasting.fetchall():
            old = {}
            for turn, body in db.execute(
                "select turn, substr(body, 1, 8) from journal where entity = ? order by turn",
                (entity,),
            ):
                slot = slot_of(body)
                (made,) = db.execute("select day from secret where slot = ?", (slot,)).fetchone()
                if made >= day:
                    break
                old[slot] = turn
            last = max(old.values(), default=0)
            db.execute("delete from journal where entity = ? and turn <= ?", (entity, last))
            destroy(db, [slot for slot in old if slot != slot_now])

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

    async def _write(
        self, write: Callable[[sqlite3.Connection], T], turn: Commit | None = None
    ) -> T:
        loop = asyncio.get_running_loop()
        job = Job(write, loop.create_future(), turn)
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
        except Exception:  # noqa: BLE001 - whatever one of them did, the others go on without it
            results = await self._on_disk(lambda: [self._alone(job) for job in group])
        for job, (_, error) in zip(reversed(group), reversed(results), strict=True):
            if job.turn is not None and error is None:
                self._tail.write(job.turn.entity, job.turn.version + 1)
                break
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
        except Exception as failure:  # noqa: BLE001 - who waits for this write is told
            self._roll_back()
            return None, failure
        return result

    def _roll_back(self) -> None:
        # Keys of that transaction never were.
        self.vault.forget()
        if not self._writer.in_transaction:
            return
        try:
            self._writer.execute("rollback")
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                self._writer.close()
            self._writer = _connect(self.path)


def _resolve(job: Job, value: Any, error: Exception | None) -> None:
    if job.done.done():
        return
    if error is None:
        job.done.set_result(value)
    else:
        job.done.set_exception(error)


def _holds_anything(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        db.execute("pragma synchronous = full")
        db.execute("pragma busy_timeout = 5000")
        # What is deleted is overwritten where that costs nothing; keys are, in any case.
        db.execute("pragma secure_delete = fast")
    except BaseException:
        db.close()
        raise
    return db


def _open(path: Path, vault: Vault) -> sqlite3.Connection:
    try:
        db = _connect(path)
    except sqlite3.DatabaseError as error:
        raise Damaged("unreadable", path=path, detail=error) from error
    try:
        db.execute("pragma journal_mode = wal")
        version = db.execute("pragma user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise NewerStore("newer", path=path, found=version, known=len(MIGRATIONS))
        if version == len(MIGRATIONS):
            vault.open(db)
            return db
        _migrate(db, vault, version)
    except sqlite3.DatabaseError as error:
        db.close()
        raise Damaged("unreadable", path=path, detail=error) from error
    except BaseException:
        db.close()
        raise
    return db


def _migrate(db: sqlite3.Connection, vault: Vault, version: int) -> None:
    db.execute("begin immediate")
    # Another process may have been first.
    if db.execute("pragma user_version").fetchone()[0] == len(MIGRATIONS):
        db.execute("rollback")
        vault.open(db)
        return
    for step in MIGRATIONS[version:] if version else MIGRATIONS[:1]:
        step(db, vault)
    db.execute(f"pragma user_version = {len(MIGRATIONS)}")
    db.execute("commit")
    if version:
        # Nothing of the old rows is left behind in the file.
        db.execute("vacuum")
        db.execute("pragma wal_checkpoint(truncate)")


def _commit(db: sqlite3.Connection, vault: Vault, turn: Commit) -> None:
    slot = _accept(db, turn) or vault.new_slot(db, turn.at)
    version = turn.version + 1
    state = vault.seal(db, slot, at_.state_place(turn.entity, version), turn.state)
    over = turn.at if turn.over else None
    if turn.version == 0:
        db.execute("insert into entity values(?, 1, ?, ?, ?)", (turn.entity, slot, over, state))
    else:
        db.execute(
            "update entity set version = ?, slot = ?, over = coalesce(over, ?), state = ?"
            " where id = ?",
            (version, slot, over, state, turn.entity),
        )
    if turn.delivered:
        db.execute("delete from outbox where key = ?", (turn.delivered,))
    _set_timers(db, turn)
    if turn.outbox:
        db.executemany(
            "insert into outbox(key, sender, receiver, body) values(?, ?, ?, ?)",
            [
                (key, turn.entity, to,
                 vault.seal(db, slot, at_.parcel_place(key), orjson.dumps(body)))
                for key, to, body in turn.outbox
            ],
        )  # fmt: skip
    journal = vault.seal(db, slot, at_.journal_place(turn.entity, version), turn.journal)
    db.execute("insert into journal values(?, ?, ?)", (turn.entity, version, journal))


def _accept(db: sqlite3.Connection, turn: Commit) -> int:
    """Note that the event was seen, or refuse; the key of the entity, 0 if it needs a new one."""
    found = db.execute("select version, slot from entity where id = ?", (turn.entity,)).fetchone()
    version, slot = found or (0, 0)
    if version != turn.version:
        seen = db.execute("select 1 from seen where event = ?", (turn.event_id,)).fetchone()
        raise Duplicate(turn.event_id) if seen else Conflict(turn.entity)
    event = (turn.event_id, turn.at)
    if not db.execute("insert or ignore into seen values(?, ?)", event).rowcount:
        raise Duplicate(turn.event_id)
    if not slot or turn.entity.startswith(CONTACTS):
        return int(slot)
    (day,) = db.execute("select day from secret where slot = ?", (slot,)).fetchone()
    return slot if day >= int(turn.at // DAY_S) else 0


def _set_timers(db: sqlite3.Connection, turn: Commit) -> None:
    lasting = "" if turn.over else DEADLINE
    db.execute("delete from timer where entity = ? and name <> ?", (turn.entity, lasting))
    if turn.over:
        return
    timers = [(turn.entity, name, wait, due) for name, (wait, due) in turn.timers.items()]
    if turn.version == 0 and turn.deadline is not None:
        timers.append((turn.entity, DEADLINE, 0, turn.deadline))
    if timers:
        db.executemany("insert into timer values(?, ?, ?, ?)", timers)
