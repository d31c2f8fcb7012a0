"""Storage on this machine: files, or rows of SQLite for what is small."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runtime.services.storage import ANY, LIST_MAX, NOTHING, Changed, Stored, check, hash_of

FILE_BYTES_MAX = 100_000_000
ROW_BYTES_MAX = 400_000
_TABLE = """
create table if not exists stored(name text primary key, hash text not null, data blob not null)
    without rowid
"""


class FileStorage:
    """A file for each name. One process at a time writes to a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    async def put(self, name: str, data: bytes, *, expected: str = ANY) -> str:
        check(name, data, FILE_BYTES_MAX)
        return await asyncio.to_thread(self._put, name, data, expected)

    async def get(self, name: str) -> Stored | None:
        check(name)
        return await asyncio.to_thread(self._get, name)

    async def delete(self, name: str) -> None:
        check(name)
        await asyncio.to_thread((self.folder / name).unlink, missing_ok=True)

    async def names(self, prefix: str = "") -> Sequence[str]:
        return await asyncio.to_thread(self._list, prefix)

    def _put(self, name: str, data: bytes, expected: str) -> str:
        path = self.folder / name
        with self._lock:
            if expected != ANY:
                there = self._get(name)
                if expected != (there.hash if there else NOTHING):
                    raise Changed(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        return hash_of(data)

    def _get(self, name: str) -> Stored | None:
        try:
            data = (self.folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        return Stored(data, hash_of(data))

    def _list(self, prefix: str) -> list[str]:
        files = (path for path in self.folder.rglob("*") if path.is_file())
        names = (path.relative_to(self.folder).as_posix() for path in files)
        # What begins with a dot is not whole yet.
        found = [name for name in names if name.startswith(prefix) and "/." not in f"/{name}"]
        return sorted(found)[:LIST_MAX]


class RowStorage:
    """A row for each name."""

    def __init__(self, path: Path | str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.execute("pragma busy_timeout = 5000")
        self._db.execute(_TABLE)
        self._lock = threading.Lock()
        weakref.finalize(self, self._db.close)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    async def put(self, name: str, data: bytes, *, expected: str = ANY) -> str:
        check(name, data, ROW_BYTES_MAX)
        return await asyncio.to_thread(self._put, name, data, expected)

    async def get(self, name: str) -> Stored | None:
        check(name)
        statement = "select data, hash from stored where name = ?"
        rows = await asyncio.to_thread(self._rows, statement, name)
        return Stored(*rows[0]) if rows else None

    async def delete(self, name: str) -> None:
        check(name)
        await asyncio.to_thread(self._rows, "delete from stored where name = ?", name)

    async def names(self, prefix: str = "") -> Sequence[str]:
        statement = "select name from stored where name >= ? and name < ? order by name limit ?"
        rows = await asyncio.to_thread(
            self._rows, statement, prefix, prefix + "\U0010ffff", LIST_MAX
        )
        return [name for (name,) in rows]

    def _put(self, name: str, data: bytes, expected: str) -> str:
        found = hash_of(data)
        with self._lock:
            match expected:
                case "*":
                    statement = "insert or replace into stored values(?, ?, ?)"
                    changed = self._db.execute(statement, (name, found, data))
                case "":
                    statement = "insert or ignore into stored values(?, ?, ?)"
                    changed = self._db.execute(statement, (name, found, data))
                case _:
                    statement = "update stored set hash = ?, data = ? where name = ? and hash = ?"
                    changed = self._db.execute(statement, (found, data, name, expected))
        if changed.rowcount != 1:
            raise Changed(name)
        return found

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()
