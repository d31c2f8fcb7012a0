"""The host: order, repetition and time."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime import host as host_module
from runtime.host import Behind, Body, Decision, Host, NotNow
from runtime.stores import Commit, DueTimer, Outgoing, Parcel
from runtime.stores.memory import MemoryStore
from runtime.stores.sqlite import SqliteStore

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Echo:
    """Sends on what its event names, and counts its turns."""

    def decide(self, name: str, state: bytes | None, event: Body) -> Decision | None:
        if event["event"] == "Nothing":
            return None
        turns = int(state or 0) + 1
        outbox = tuple(
            Outgoing(f"{name}/{turns}/{n}", to, body)
            for n, (to, body) in enumerate(event.get("send", ()))
        )
        timers = {
            t: (turns, NOON + timedelta(seconds=s)) for t, s in event.get("timers", {}).items()
        }
        return Decision(
            state=str(turns).encode(), outbox=outbox, timers=timers, journal={"event": dict(event)}
        )


class Outside:
    def __init__(self) -> None:
        self.performed: list[str] = []
        self.fails = 0
        self.answer: Body | None = None

    async def __call__(self, parcel: Parcel) -> Body | None:
        if self.fails:
            self.fails -= 1
            raise NotNow("the line is busy")
        await asyncio.sleep(0)
        self.performed.append(parcel.key)
        return self.answer


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
async def host(
    tmp_path: Path, clock: Clock, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Host]:
    monkeypatch.setattr(host_module, "RETRY_FIRST_S", 0.001)
    store = SqliteStore(tmp_path / "s.db")
    made = Host(store, {"echo": Echo()}, {"customer": outside}, clock=clock)
    await made.start()
    yield made
    await made.stop()
    await store.close()


async def journal(host: Host, entity: str) -> list[Body]:
    return [json.loads(entry)["event"] for entry in await host.store.journal(entity)]


SAY: list[object] = ["customer", {"effect": "Say", "text": "x"}]


async def test_an_event_that_was_seen_changes_nothing(host: Host) -> None:
    event = host.event("Go", id="1")
    assert await host.post("echo/a", event)
    assert not await host.post("echo/a", event)
    assert len(await journal(host, "echo/a")) == 1


async def test_a_hundred_deliveries_of_one_event_make_one_turn(host: Host) -> None:
    event = host.event("Go", id="1", send=[SAY])
    results = await asyncio.gather(*(host.post("echo/a", event) for _ in range(100)))
    assert sum(results) == 1


async def test_effects_for_one_receiver_go_out_in_order(host: Host, outside: Outside) -> None:
    for n in range(5):
        await host.post("echo/a", host.event("Go", id=str(n), send=[SAY, SAY]))
    await host.idle()
    assert outside.performed == [f"a/{turn}/{n}" for turn in range(1, 6) for n in range(2)]


async def test_an_effect_is_tried_until_the_outside_takes_it(host: Host, outside: Outside) -> None:
    outside.fails = 3
    await host.post("echo/a", host.event("Go", id="1", send=[SAY]))
    await host.idle()
    assert outside.performed == ["a/1/0"]
    assert await host.store.undelivered() == []


async def test_an_answer_comes_back_as_an_event(host: Host, outside: Outside) -> None:
    outside.answer = {"event": "Done"}
    await host.post("echo/a", host.event("Go", id="1", send=[SAY]))
    await host.idle()
    _, answer = await journal(host, "echo/a")
    assert (answer["event"], answer["key"], answer["id"]) == ("Done", "a/1/0", "a/1/0/answer")


async def test_entities_talk_through_the_outbox(host: Host) -> None:
    await host.post("echo/a", host.event("Go", id="1", send=[["echo/b", {"event": "Hi"}]]))
    await host.idle()
    (heard,) = await journal(host, "echo/b")
    assert (heard["event"], heard["sender"], heard["id"]) == ("Hi", "echo/a", "a/1/0")
    assert await host.store.undelivered() == []


async def test_a_message_to_somebody_who_left_is_done_with(host: Host) -> None:
    await host.post("echo/a", host.event("Go", id="1", send=[["echo/b", {"event": "Nothing"}]]))
    await host.idle()
    assert await host.store.undelivered() == []


async def test_what_a_crash_left_unsent_is_sent_at_the_next_start(
    host: Host, outside: Outside
) -> None:
    host._send = lambda parcel: None  # type: ignore[method-assign] # the crash
    await host.post("echo/a", host.event("Go", id="1", send=[SAY]))
    again = Host(host.store, host.entities, host.performers, clock=host.clock)
    await again.start()
    await again.idle()
    assert outside.performed == ["a/1/0"]
    await again.stop()


async def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(400):
        if condition():
            return
        await asyncio.sleep(0.005)
    pytest.fail("it did not happen within two seconds")


async def test_a_timer_fires_when_it_is_due_and_once(host: Host, clock: Clock) -> None:
    fired: list[Body] = []
    host.watchers.append(lambda _, entry: fired.append(entry["event"]))
    await host.post("echo/a", host.event("Go", id="1", timers={"silence": 5}))
    await asyncio.sleep(0.02)
    assert len(fired) == 1
    clock.now = NOON + timedelta(seconds=6)
    await host.post("echo/b", host.event("Go", id="2", timers={"other": 100}))
    await wait_for(lambda: len(fired) == 3)
    assert (fired[2]["event"], fired[2]["timer"], fired[2]["wait"]) == ("TimerFired", "silence", 1)


async def test_a_timer_that_nobody_hears_is_due_only_once(host: Host) -> None:
    decided: list[str] = []

    class Deaf(Echo):
        def decide(self, name: str, state: bytes | None, event: Body) -> Decision | None:
            decided.append(event["event"])
            return None if event["event"] == "TimerFired" else super().decide(name, state, event)

    host.entities = {"deaf": Deaf()}
    await host.post("deaf/a", host.event("Go", id="1", timers={"silence": -1}))
    await asyncio.sleep(0.05)
    assert decided == ["Go", "TimerFired"]
    assert await host.store.next_due() is None


async def test_a_waiting_entity_costs_no_memory(host: Host) -> None:
    for n in range(50):
        await host.post(f"echo/{n}", host.event("Go", id=str(n)))
    await host.idle()
    assert not host._turns
    assert not host._lanes


class Counting(MemoryStore):
    """Forgets slowly, and how often it was asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    async def delivered(self, *keys: str) -> None:
        self.asked.append(len(keys))
        await asyncio.sleep(0)
        await super().delivered(*keys)


async def test_what_goes_out_together_is_forgotten_together(clock: Clock, outside: Outside) -> None:
    store = Counting()
    host = Host(store, {"echo": Echo()}, {"customer": outside}, clock=clock)
    await host.start()
    events = [host.event("Go", id=str(n), send=[SAY, SAY]) for n in range(100)]
    await asyncio.gather(*(host.post(f"echo/{n}", event) for n, event in enumerate(events)))
    await host.idle()
    assert len(outside.performed) == sum(store.asked) == 200
    assert len(store.asked) < 20
    assert await store.undelivered() == []
    await host.stop()


# --- when the store fails -------------------------------------------------------------------------


class Failing(MemoryStore):
    """Answers nothing as long as the disk is full."""

    is_full = False

    async def commit(self, turn: Commit) -> None:
        self._fail()
        await super().commit(turn)

    async def due(self, until: float, limit: int) -> Sequence[DueTimer]:
        self._fail()
        return await super().due(until, limit)

    async def delivered(self, *keys: str) -> None:
        self._fail()
        await super().delivered(*keys)

    def _fail(self) -> None:
        if self.is_full:
            raise sqlite3.OperationalError("database or disk is full")


async def test_a_full_disk_refuses_and_then_everything_goes_on(
    clock: Clock, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_module, "RETRY_FIRST_S", 0.001)
    store = Failing()
    host = Host(store, {"echo": Echo()}, {"customer": outside}, clock=clock)
    await host.start()
    await host.post("echo/a", host.event("Go", id="1", timers={"t": 1}))
    store.is_full = True
    clock.now = NOON + timedelta(seconds=2)
    host._timer_set.set()
    event = host.event("Go", id="2", send=[SAY])
    for _ in range(3):
        with pytest.raises(sqlite3.OperationalError):
            await host.post("echo/b", event)
        await asyncio.sleep(0.002)
    assert outside.performed == []
    store.is_full = False
    assert await host.post("echo/b", event)
    await host.idle()
    assert outside.performed == ["b/1/0"]
    async with asyncio.timeout(5):
        while await store.next_due() is not None:
            await asyncio.sleep(0.002)
    assert [each["event"] for each in await journal(host, "echo/a")] == ["Go", "TimerFired"]
    assert await store.undelivered() == []
    await host.stop()


class Ahead:
    """Knows a version only after it was told."""

    def __init__(self) -> None:
        self.known = False
        self.decided = 0

    async def learn(self) -> None:
        self.known = True

    def decide(self, name: str, state: bytes | None, event: Body) -> Decision:
        if not self.known:
            raise Behind("v2")
        self.decided += 1
        return Decision(state=b"")


async def test_who_is_behind_learns_and_decides(clock: Clock) -> None:
    entity = Ahead()
    host = Host(MemoryStore(), {"x": entity}, {}, clock=clock, catch_up=entity.learn)
    assert await host.post("x/a", host.event("Go", id="1"))
    assert entity.decided == 1


async def test_who_stays_behind_loses_nothing(clock: Clock) -> None:
    """The event is not taken for one that means nothing."""
    entity = Ahead()
    host = Host(MemoryStore(), {"x": entity}, {}, clock=clock)
    with pytest.raises(Behind):
        await host.post("x/a", host.event("Go", id="1"))
    entity.known = True
    assert await host.post("x/a", host.event("Go", id="1"))
