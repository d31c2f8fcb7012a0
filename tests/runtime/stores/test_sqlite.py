"""The embedded store, over the life of its file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from runtime.stores import NewerStore
from runtime.stores.schema import MIGRATIONS
from runtime.stores.sqlite import SqliteStore
from tests.runtime.stores.test_stores import turn


async def test_everything_is_there_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    first = SqliteStore(path)
    await first.commit(turn())
    await first.close()
    second = SqliteStore(path)
    assert await second.load("contact/a") == (1, b"state")
    await second.close()


def test_a_store_of_a_newer_version_is_refused_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with sqlite3.connect(path) as db:
        db.execute(f"pragma user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(NewerStore, match="newer version"):
        SqliteStore(path)
