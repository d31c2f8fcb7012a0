"""The embedded store: a turn is durable whole or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from runtime.stores import Commit, Conflict, Duplicate, NewerStore, Outgoing
from runtime.stores.schema import MIGRATIONS
from runtime.stores.sqlite import SqliteStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "store.db")
    yield opened
    await opened.close()


def turn(version: int = 0, event: str = "e1", **values: Any) -> Commit:
    defaults: dict[str, Any] = {
        "entity": "contact/a",
        "version": version,
        "event_id": event,
        "at": 100.0,
        "state": b"state",
        "journal": b"{}",
    }
    return Commit(**{**defaults, **values})


async def test_a_turn_is_kept_with_everything_that_belongs_to_it(store: SqliteStore) -> None:
    outgoing = Outgoing("a/1/0", "customer", {"effect": "Say", "text": "안녕"})
    await store.commit(turn(outbox=[outgoing], timers={"silence": (1, 50.0)}, journal=b"one"))
    assert await store.load("contact/a") == (1, b"state")
    (parcel,) = await store.undelivered()
    assert (parcel.key, parcel.sender, parcel.to) == ("a/1/0", "contact/a", "customer")
    assert parcel.body == {"effect": "Say", "text": "안녕"}
    assert await store.next_due() == 50.0
    assert await store.journal("contact/a") == [b"one"]


async def test_an_event_counts_once(store: SqliteStore) -> None:
    await store.commit(turn())
    with pytest.raises(Duplicate):
        await store.commit(turn(version=1, state=b"again"))
    assert await store.load("contact/a") == (1, b"state")


async def test_of_two_decisions_on_one_state_one_wins(store: SqliteStore) -> None:
    await store.commit(turn())
    results = await asyncio.gather(
        *(store.commit(turn(version=1, event=f"x{n}", state=b"%d" % n)) for n in range(20)),
        return_exceptions=True,
    )
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 19


async def test_a_refused_member_of_a_group_costs_the_others_nothing(store: SqliteStore) -> None:
    await store.commit(turn())
    commits = [turn(entity=f"contact/{n}", event=f"n{n}") for n in range(50)]
    commits.insert(25, turn(version=7, event="late"))
    results = await asyncio.gather(*map(store.commit, commits), return_exceptions=True)
    assert [result for result in results if result is not None] == [results[25]]
    assert isinstance(results[25], Conflict)
    assert len(await store.entities("contact/")) == 51


async def test_a_refused_turn_leaves_nothing_behind(store: SqliteStore) -> None:
    outgoing = Outgoing("a/9/0", "customer", {})
    with pytest.raises(Conflict):
        await store.commit(turn(version=3, outbox=[outgoing], timers={"t": (1, 1.0)}))
    assert await store.undelivered() == []
    assert await store.next_due() is None
    await store.commit(turn())


async def test_the_answer_takes_its_parcel_out_of_the_outbox(store: SqliteStore) -> None:
    await store.commit(turn(outbox=[Outgoing("k", "function", {})]))
    await store.commit(turn(version=1, event="k/answer", delivered="k"))
    assert await store.undelivered() == []


async def test_timers_are_replaced_by_each_turn_and_end_with_the_entity(store: SqliteStore) -> None:
    await store.commit(turn(timers={"a": (1, 10.0), "b": (1, 20.0)}))
    await store.commit(turn(version=1, event="e2", timers={"b": (2, 30.0)}))
    assert [(timer.timer, timer.wait) for timer in await store.due(99.0, 10)] == [("b", 2)]
    await store.commit(turn(version=2, event="e3", timers={"b": (3, 1.0)}, over=True))
    assert await store.due(99.0, 10) == []


async def test_a_note_is_taken_once(store: SqliteStore) -> None:
    await store.put_note("invitation", "t", b"contact")
    assert await store.note("invitation", "t") == b"contact"
    taken = await asyncio.gather(*(store.take_note("invitation", "t") for _ in range(20)))
    assert sorted(filter(None, taken)) == [b"contact"]


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
