"""What a store is, for each of them: a turn is kept whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from runtime.stores import DEADLINE, Commit, Conflict, Duplicate, Outgoing, Store
from runtime.stores.memory import MemoryStore
from runtime.stores.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    is_lasting = request.param == "sqlite"
    opened: Store = SqliteStore(tmp_path / "store.db") if is_lasting else MemoryStore()
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


async def test_a_turn_is_kept_with_everything_that_belongs_to_it(store: Store) -> None:
    outgoing = Outgoing("a/1/0", "customer", {"effect": "Say", "text": "안녕"})
    await store.commit(turn(outbox=[outgoing], timers={"silence": (1, 50.0)}, journal=b"one"))
    assert await store.load("contact/a") == (1, b"state")
    (parcel,) = await store.undelivered()
    assert (parcel.key, parcel.sender, parcel.to) == ("a/1/0", "contact/a", "customer")
    assert parcel.body == {"effect": "Say", "text": "안녕"}
    assert await store.next_due() == 50.0
    assert await store.journal("contact/a") == [b"one"]


async def test_an_event_counts_once(store: Store) -> None:
    await store.commit(turn())
    with pytest.raises(Duplicate):
        await store.commit(turn(version=1, state=b"again"))
    assert await store.load("contact/a") == (1, b"state")


async def test_of_two_decisions_on_one_state_one_wins(store: Store) -> None:
    await store.commit(turn())
    results = await asyncio.gather(
        *(store.commit(turn(version=1, event=f"x{n}", state=b"%d" % n)) for n in range(20)),
        return_exceptions=True,
    )
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 19


async def test_a_refused_member_of_a_group_costs_the_others_nothing(store: Store) -> None:
    await store.commit(turn())
    commits = [turn(entity=f"contact/{n}", event=f"n{n}") for n in range(50)]
    commits.insert(25, turn(version=7, event="late"))
    results = await asyncio.gather(*map(store.commit, commits), return_exceptions=True)
    assert [result for result in results if result is not None] == [results[25]]
    assert isinstance(results[25], Conflict)
    assert len(await store.entities("contact/")) == 51


async def test_a_refused_turn_leaves_nothing_behind(store: Store) -> None:
    outgoing = Outgoing("a/9/0", "customer", {})
    with pytest.raises(Conflict):
        await store.commit(turn(version=3, outbox=[outgoing], timers={"t": (1, 1.0)}))
    assert await store.undelivered() == []
    assert await store.next_due() is None
    await store.commit(turn())


async def test_the_answer_takes_its_parcel_out_of_the_outbox(store: Store) -> None:
    await store.commit(turn(outbox=[Outgoing("k", "function", {})]))
    await store.commit(turn(version=1, event="k/answer", delivered="k"))
    assert await store.undelivered() == []


async def test_timers_are_replaced_by_each_turn_and_end_with_the_entity(store: Store) -> None:
    await store.commit(turn(timers={"a": (1, 10.0), "b": (1, 20.0)}))
    await store.commit(turn(version=1, event="e2", timers={"b": (2, 30.0)}))
    assert [(timer.timer, timer.wait) for timer in await store.due(99.0, 10)] == [("b", 2)]
    await store.commit(turn(version=2, event="e3", timers={"b": (3, 1.0)}, over=True))
    assert await store.due(99.0, 10) == []


async def test_a_note_is_taken_once(store: Store) -> None:
    await store.put_note("invitation", "t", b"contact")
    assert await store.note("invitation", "t") == b"contact"
    taken = await asyncio.gather(*(store.take_note("invitation", "t") for _ in range(20)))
    assert sorted(filter(None, taken)) == [b"contact"]


async def test_the_deadline_is_set_once_and_stays_to_the_end(store: Store) -> None:
    await store.commit(turn(deadline=90.0, timers={"a": (1, 10.0)}))
    await store.commit(turn(version=1, event="e2", deadline=99.0))
    assert [(due.timer, due.wait, due.due) for due in await store.due(1e9, 9)] == [
        (DEADLINE, 0, 90.0)]  # fmt: skip
    await store.commit(turn(version=2, event="e3", over=True))
    assert await store.next_due() is None


async def test_who_is_over_is_not_alive_and_is_erased(store: Store) -> None:
    await store.commit(turn(entity="contact/a", event="a"))
    await store.commit(turn(entity="contact/b", event="b", over=True, at=100.0,
                            outbox=[Outgoing("k", "customer", {})]))  # fmt: skip
    # What happens after the end does not put it off.
    await store.commit(turn(entity="contact/b", event="c", version=1, over=True, at=500.0))
    await store.put_record("b", 100.0, b"record")
    assert [name for name, _ in await store.alive("contact/")] == ["contact/a"]
    assert [name for name, _ in await store.entities("contact/")] == ["contact/a", "contact/b"]
    assert await store.erase(100.0) == 0
    assert await store.records(0, 9) == [b"record"]
    assert await store.erase(101.0) == 1
    assert await store.load("contact/b") is None
    assert await store.journal("contact/b") == []
    assert await store.undelivered() == []
    assert await store.records(0, 9) == []
    assert await store.load("contact/a") is not None


async def test_old_events_are_forgotten(store: Store) -> None:
    await store.commit(turn(event="old", at=0.0))
    await store.forget_old_events(9 * 86_400.0)
    await store.commit(turn(version=1, event="old", at=9 * 86_400.0))


async def test_what_does_not_fit_changes_nothing(store: Store) -> None:
    with pytest.raises(TypeError):
        await store.commit(turn(outbox=[Outgoing("k", "customer", {"x": object()})]))
    assert await store.load("contact/a") is None
    await store.commit(turn())
