"""Two processes on one store, and a store that is copied while it is in use."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from runtime.contact import Contact
from runtime.contacts import ContactEntity
from runtime.engine import World
from runtime.host import Body, Host
from runtime.journal import replay
from runtime.stores import Commit, Outgoing, Parcel
from runtime.stores.sqlite import SqliteStore
from tests.crash import rig

pytestmark = pytest.mark.crash

SHARES = ["eighth", pytest.param("all", marks=pytest.mark.soak)]
SOURCE = """
flow counting
  on error -> menu

attribute sum: integer = 0

menu:
  set sum: sum + 1
  ask "Again?"
    on "1" -> menu
    on timeout, no_match -> menu
"""


def host_on(store: SqliteStore, performed: Callable[[str], None]) -> Host:
    program = rig.program_of(SOURCE)

    async def take(parcel: Parcel) -> Body | None:
        performed(parcel.key)
        return None

    entities = {"contact": ContactEntity(lambda _: program, World())}
    return Host(store, entities, {"customer": take}, clock=lambda: rig.NOW)


# --- two workers ----------------------------------------------------------------------------------


def worker(folder: Path, number: int, rounds: int) -> None:
    """Each round brings one event to both workers and one to each alone."""
    log = os.open(folder / f"performed{number}", os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    async def live() -> None:
        store = SqliteStore(folder / "store.db")
        host = host_on(store, lambda key: os.write(log, key.encode() + b"\n"))
        rng = random.Random(number)

        async def hear(event_id: str) -> None:
            await asyncio.sleep(rng.random() / 2000)
            heard = host.event("Heard", id=event_id, text="1", by="digits")
            await host.post("contact/c1", heard)

        for each in range(rounds):
            await asyncio.gather(hear(f"both {each}"), hear(f"only {number} {each}"))
        await host.idle()
        await host.stop()
        await store.close()

    asyncio.run(live())


@pytest.mark.parametrize("share", SHARES)
def test_two_workers_on_one_contact_decide_each_event_once(share: str, tmp_path: Path) -> None:
    rounds = 500 if share == "all" else 62
    program = rig.program_of(SOURCE)

    async def begin() -> None:
        store = SqliteStore(tmp_path / "store.db")
        host = host_on(store, lambda key: None)
        await host.post("contact/c1", host.event("Started", id="0", channel="voice"))
        await host.idle()
        await store.close()

    asyncio.run(begin())
    children = []
    for number in (1, 2):
        child = os.fork()
        if child == 0:
            try:
                worker(tmp_path, number, rounds)
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)

    async def look() -> tuple[Contact, list[Body]]:
        store = SqliteStore(tmp_path / "store.db")
        found = await store.load("contact/c1")
        assert found is not None
        journal = [orjson.loads(entry) for entry in await store.journal("contact/c1")]
        assert await store.undelivered() == []
        await store.close()
        return Contact.from_bytes(found[1]), journal

    contact, journal = asyncio.run(look())
    events = Counter(entry["event"]["id"] for entry in journal)
    assert set(events.values()) == {1}
    assert len(events) == 1 + 3 * rounds
    assert [entry["turn"] for entry in journal] == list(range(1, len(journal) + 1))
    assert contact.values["sum"] == 1 + 3 * rounds
    assert replay("c1", journal, ContactEntity(lambda _: program, World())) == len(journal)
    files = (tmp_path / f"performed{number}" for number in (1, 2))
    performed = Counter(key for file in files for key in file.read_text().split())
    assert set(performed.values()) == {1}


# --- a group with a bad member --------------------------------------------------------------------


def commit(name: str, **more: object) -> Commit:
    values = {"entity": name, "version": 0, "event_id": name, "at": 1.0, "state": b"s",
              "journal": b"{}", **more}  # fmt: skip
    return Commit(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("place", [0, 25, 49])
async def test_a_group_fails_for_its_bad_member_alone(place: int, tmp_path: Path) -> None:
    """A body that is no JSON, a row that the database refuses, a state of a wrong type."""
    store = SqliteStore(tmp_path / "store.db")
    await store.commit(commit("queue/q", outbox=[Outgoing("taken", "customer", {})]))
    bad = [
        commit("contact/json", outbox=[Outgoing("k", "customer", {"x": object()})]),
        commit("contact/row", outbox=[Outgoing("taken", "customer", {})]),
        commit("contact/type", state="text"),
    ]
    turns = [commit(f"contact/{number}") for number in range(50)]
    turns[place:place] = bad
    results = await asyncio.gather(*map(store.commit, turns), return_exceptions=True)
    wrong = [result for result in results if result is not None]
    assert [type(error) for error in wrong] == [TypeError, sqlite3.IntegrityError, TypeError]
    assert results[place : place + 3] == wrong
    assert len(await store.alive("contact/")) == 50
    await asyncio.wait_for(store.commit(commit("contact/later")), 5)
    assert await store.load("contact/later") == (1, b"s")
    await store.close()


# --- backup under load ----------------------------------------------------------------------------


BACKUPS_MAX = 50


@pytest.mark.parametrize("share", SHARES)
async def test_a_backup_under_load_holds_what_was_acknowledged(share: str, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    host = host_on(store, lambda key: None)
    names = [f"c{number}" for number in range(40)]
    acknowledged: Counter[str] = Counter()
    stopped = False

    async def talk(name: str) -> None:
        await host.post(f"contact/{name}", host.event("Started", id=name, channel="voice"))
        acknowledged[name] = 1
        while not stopped:
            number = acknowledged[name]
            heard = host.event("Heard", id=f"{name} {number}", text="1", by="digits")
            await host.post(f"contact/{name}", heard)
            acknowledged[name] += 1

    talking = asyncio.gather(*map(talk, names))
    number, meanwhile = 0, 0
    # A small store is copied in less time than a turn takes: once somebody has to have gone on.
    while number < (8 if share == "all" else 2) or not meanwhile:
        assert number < BACKUPS_MAX, "everybody waits for a backup"
        await asyncio.sleep(0.1)
        before = Counter(acknowledged)
        target = tmp_path / f"backup{number}.db"
        await store.backup(target)
        after = Counter(acknowledged)
        meanwhile += after.total() - before.total()
        await assert_holds(target, before, after)
        number += 1
    stopped = True
    await talking
    await host.idle()
    await host.stop()
    await store.close()


async def assert_holds(target: Path, before: Counter[str], after: Counter[str]) -> None:
    copy = SqliteStore(target)
    program = rig.program_of(SOURCE)
    entity = ContactEntity(lambda _: program, World())
    for name, turns in before.items():
        journal = [orjson.loads(entry) for entry in await copy.journal(f"contact/{name}")]
        # One more may be on the disk whose sender has not heard of it yet.
        assert turns <= len(journal) <= after[name] + 1
        assert replay(name, journal, entity) == len(journal)
        found = await copy.load(f"contact/{name}")
        assert found is not None
        assert Contact.from_bytes(found[1]).values["sum"] == len(journal)
    await copy.close()


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    rig.program_of(SOURCE)
