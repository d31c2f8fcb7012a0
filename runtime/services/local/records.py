"""What the local data services keep: records with fields, in one SQLite file of their own.

A change is made with the answer to it in one transaction, under the key of the question: the
question asked again gets the answer again, and nothing changes twice.

What is kept is encrypted. Records are found by keyed hashes of what they hold.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime import faults, limits
from runtime.security.keys import KEY_BYTES, NONCE_BYTES, MasterKeys
from runtime.services.asked import Question, Refused, Value

Record = Mapping[str, Any]
_TABLES = """
create table if not exists record(kind text not null, id text not null, number integer not null,
    body blob not null, primary key(kind, id)) without rowid;
create table if not exists field(kind text not null, name text not null, value text not null,
    id text not null, primary key(kind, name, value, id)) without rowid;
create table if not exists listed(list text not null, at real not null, id text not null,
    kind text not null, primary key(list, at, id)) without rowid;
create index if not exists listed_record on listed(kind, id);
create table if not exists answer(key text primary key, at real not null, body blob not null)
    without rowid;
create index if not exists answer_at on answer(at);
create table if not exists secret(name text primary key, wrapped blob not null) without rowid;
create table if not exists counter(name text primary key, value integer not null) without rowid;
"""


SECRET = "records"
BUSY_MS = 5_000
LISTED_AT_ONCE = 1_000


class Records:
    def __init__(self, path: Path | str = ":memory:", keys: MasterKeys | None = None) -> None:
        """`keys`: None, for what lives no longer than the process."""
        if isinstance(path, Path):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute(f"pragma busy_timeout = {BUSY_MS}")
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        # What is forgotten leaves nothing behind in the file.
        self._db.execute("pragma secure_delete = on")
        self._db.executescript(_TABLES)
        self._lock = threading.RLock()
        weakref.finalize(self, self._db.close)
        secret = self._secret(keys)
        self._cipher = AESGCM(secret)
        self._hash_key = hmac.digest(secret, b"found by", "sha256")

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # --- reading ------------------------------------------------------------------------------

    def get(self, kind: str, id_: str) -> Record | None:
        statement = "select body from record where kind = ? and id = ?"
        row = self._one(statement, kind, self._hashed(kind, id_))
        return self._opened(row[0]) if row else None

    def all(self, kind: str) -> list[Record]:
        """Those of a kind, the one that was written last at the end."""
        rows = self._all("select body from record where kind = ? order by number", kind)
        return [self._opened(body) for (body,) in rows]

    def size(self, kind: str) -> int:
        return int(self._one("select count(*) from record where kind = ?", kind)[0])

    def find(self, kind: str, wanted: Mapping[str, Sequence[str]], limit: int) -> list[Record]:
        """The records of which each wanted field, under one of its names, has the value: by
        value, the names. Newest last."""
        ids: set[str] | None = None
        for value, names in wanted.items():
            marks = ", ".join("?" * len(names))
            rows = self._all(
                f"select id from field where kind = ? and value = ? and name in ({marks})",
                kind, self._hashed(kind, value), *names,
            )  # fmt: skip
            found = {id_ for (id_,) in rows}
            ids = found if ids is None else ids & found
        records = [self._numbered(kind, id_) for id_ in ids or ()]
        return [record for _, record in sorted(records, key=lambda pair: pair[0])][-limit:]

    def listed(self, list_: str, until: datetime, limit: int = LISTED_AT_ONCE) -> list[Record]:
        """What stands in a list by time, up to then: the first one first."""
        rows = self._all(
            "select record.body from listed join record using (kind, id)"
            " where list = ? and at <= ? order by at limit ?",
            list_, until.timestamp(), limit,
        )  # fmt: skip
        return [self._opened(body) for (body,) in rows]

    def _numbered(self, kind: str, id_: str) -> tuple[int, Record]:
        row = self._one("select number, body from record where kind = ? and id = ?", kind, id_)
        assert row is not None
        return row[0], self._opened(row[1])

    # --- changing, inside of `change` ---------------------------------------------------------

    def put(
        self,
        kind: str,
        id_: str,
        body: Record,
        fields: Mapping[str, Sequence[str]] | None = None,
        lists: Mapping[str, datetime] | None = None,
    ) -> None:
        """Keep a record; `fields` are what it is found by, each with its values, `lists` those
        in which it stands by time."""
        number, hashed = self.count("records"), self._hashed(kind, id_)
        self._db.execute(
            "insert or replace into record values(?, ?, ?, ?)",
            (kind, hashed, number, self._sealed(body)),
        )
        self._unlink(kind, [hashed])
        self._db.executemany(
            "insert into listed values(?, ?, ?, ?)",
            [(name, at.timestamp(), hashed, kind) for name, at in (lists or {}).items()],
        )
        pairs = {(name, value) for name, values in (fields or {}).items() for value in values}
        self._db.executemany(
            "insert into field values(?, ?, ?, ?)",
            [(kind, name, self._hashed(kind, value), hashed) for name, value in pairs],
        )

    def count(self, name: str) -> int:
        """The next number of a name, from 1."""
        row = self._db.execute(
            "insert into counter values(?, 1) on conflict(name) do update set value = value + 1"
            " returning value",
            (name,),
        ).fetchone()
        return int(row[0])

    def change(self, question: Question, work: Callable[[], Value]) -> Value:
        """The answer of `work`, which may change records; or what was answered before."""
        key = f"{question.operation} {question.key}" if question.key else ""
        faults.reach("before a service's commit")
        with self._transaction():
            if key and (before := self._answered(key)) is not None:
                return _told(before)
            answer: dict[str, Any]
            try:
                answer = {"value": dict(work())}
            except Refused as refusal:
                answer = {"reason": refusal.reason, "detail": refusal.detail}
            if key:
                self._db.execute(
                    "insert into answer values(?, ?, ?)",
                    (key, question.at.timestamp(), self._sealed(answer)),
                )
            faults.reach("in a service's commit")
        faults.reach("after a service's commit")
        return _told(answer)

    def forget_old_answers(self, now: datetime) -> None:
        """Nobody asks again after so long."""
        with self._lock:
            before = now.timestamp() - limits.SEEN_EVENT_S
            self._db.execute("delete from answer where at < ?", (before,))

    def forget(self, kind: str, ids: Iterable[str]) -> None:
        with self._transaction():
            self.remove(kind, ids)

    def remove(self, kind: str, ids: Iterable[str]) -> None:
        """The same, inside of `change`."""
        hashed = [self._hashed(kind, id_) for id_ in ids]
        self._unlink(kind, hashed)
        self._db.executemany(
            "delete from record where kind = ? and id = ?", [(kind, id_) for id_ in hashed]
        )

    def remove_answers_about(self, id_: str) -> None:
        """Of answers about this record only its id is left, for those who ask again."""
        for key, body in self._all("select key, body from answer"):
            if self._opened(body).get("value", {}).get("id") == id_:
                left = self._sealed({"value": {"id": id_}})
                self._db.execute("update answer set body = ? where key = ?", (left, key))

    def once(self, name: str, work: Callable[[], None]) -> None:
        """Bring what an older version kept into the form of this one, unless that was done."""
        with self._transaction():
            if self._one("select 1 from counter where name = ?", name) is None:
                work()
                self.count(name)

    def _unlink(self, kind: str, hashed: Iterable[str]) -> None:
        rows = [(kind, id_) for id_ in hashed]
        for table in ("field", "listed"):
            self._db.executemany(f"delete from {table} where kind = ? and id = ?", rows)

    def _answered(self, key: str) -> dict[str, Any] | None:
        row = self._db.execute("select body from answer where key = ?", (key,)).fetchone()
        return dict(self._opened(row[0])) if row else None

    # --- secrets ------------------------------------------------------------------------------

    def _secret(self, keys: MasterKeys | None) -> bytes:
        """What everything here is encrypted with: wrapped by the master key, and kept."""
        made = os.urandom(KEY_BYTES)
        if keys is None:
            return made
        owner = SECRET.encode()
        with self._transaction():
            self._db.execute(
                "insert or ignore into secret values(?, ?)", (SECRET, keys.wrap(made, owner))
            )
            found = self._one("select wrapped from secret where name = ?", SECRET)
        return keys.unwrap(found[0], owner)

    def _sealed(self, body: Record) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, orjson.dumps(body), None)

    def _opened(self, sealed: bytes) -> Record:
        plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        found: Record = orjson.loads(plain)
        return found

    def _hashed(self, kind: str, value: str) -> str:
        return hmac.digest(self._hash_key, f"{kind}\0{value}".encode(), "sha256").hex()[:32]

    # --- the database -------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def _one(self, statement: str, *values: Any) -> Any:
        with self._lock:
            return self._db.execute(statement, values).fetchone()

    def _all(self, statement: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()


def _told(answer: Mapping[str, Any]) -> Value:
    if "value" not in answer:
        raise Refused(answer["reason"], answer["detail"])
    value: Value = answer["value"]
    return value


def id_from(question: Question, kind: str) -> str:
    """An id that the same question gives again."""
    return hashlib.sha256(f"{kind} {question.key}".encode()).hexdigest()[:24]


def back_up(path: Path, target: Path) -> None:
    """Copy what is kept, while everybody works on; nothing, if nothing is."""
    if not path.is_file():
        return
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
