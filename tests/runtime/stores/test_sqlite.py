"""The embedded store, over the life of its file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from runtime.stores import Damaged, NewerStore
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


@pytest.mark.parametrize(
    ("closed", "gone"), [(True, "deleted"), (True, "emptied"), (False, "deleted")]
)
async def test_a_store_that_is_gone_is_missed(tmp_path: Path, closed: bool, gone: str) -> None:
    """Nobody goes on with an empty store because a disk was not there, or a file was lost."""
    path = tmp_path / "s.db"
    first = SqliteStore(path)
    await first.commit(turn())
    kept = path.read_bytes()
    if closed:
        await first.close()
        kept = path.read_bytes()
    for name in ("s.db-wal", "s.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    path.unlink() if gone == "deleted" else path.write_bytes(b"")
    for _ in range(2):
        with pytest.raises(Damaged, match=r"s\.db is gone.*remove .*s\.db-acknowledged") as refused:
            SqliteStore(path)
    assert "없어졌습니다" in refused.value.said("ko")
    if closed:
        # Put back, it is as it was.
        path.write_bytes(kept)
        again = SqliteStore(path)
        assert await again.load("contact/a") == (1, b"state")
        await again.close()
        path.unlink()
    # Who wants to begin anew says so.
    (tmp_path / "s.db-acknowledged").unlink()
    fresh = SqliteStore(path)
    assert await fresh.load("contact/a") is None
    await fresh.close()
    if not closed:
        await first.close()


async def test_an_older_copy_in_the_place_of_a_store_is_no_loss(tmp_path: Path) -> None:
    """A backup that is put back after `serve` was stopped."""
    path, copy = tmp_path / "s.db", tmp_path / "copy.db"
    first = SqliteStore(path)
    await first.commit(turn())
    await first.backup(copy)
    await first.commit(turn(event="2", entity="contact/b"))
    await first.close()
    copy.replace(path)
    restored = SqliteStore(path)
    assert await restored.load("contact/a") == (1, b"state")
    assert await restored.load("contact/b") is None
    await restored.close()
