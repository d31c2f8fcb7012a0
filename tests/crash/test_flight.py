"""kill -9 with 200 conversations in flight: ready again at once, and every one of them goes on."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import orjson
import pytest

from runtime import faults
from runtime.contact import Contact
from runtime.contacts import ContactEntity
from runtime.engine import World
from runtime.host import Body, Host
from runtime.journal import replay
from runtime.stores import Parcel
from runtime.stores.sqlite import SqliteStore
from tests.crash import rig

pytestmark = pytest.mark.crash

CONTACTS, QUESTIONS = 200, 4
READY_S = 5
SHARES = ["eighth", pytest.param("all", marks=pytest.mark.soak)]
SOURCE = """
flow counting
  on error -> bye

attribute asked: integer = 0
function crm = "crm" (number: integer) -> (word: text)

menu:
  set asked: asked + 1
  crm number: asked
  ask "{crm.word}?"
    on "1" -> menu
    on "9" -> bye
    on timeout, no_match -> bye

bye:
  play "Bye."
  -> hang_up
"""


class Town:
    """Callers who press a key whenever they are asked, and a service; what was done outlives a
    kill in a file."""

    def __init__(self, folder: Path) -> None:
        self.store = SqliteStore(folder / "store.db")
        self.performed = os.open(folder / "performed", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        program = rig.program_of(SOURCE)
        self.host = Host(
            self.store,
            {"contact": ContactEntity(lambda _: program, World())},
            {"customer": self.customer, "function": self.function},
            clock=lambda: rig.NOW,
        )

    def note(self, parcel: Parcel) -> None:
        os.write(self.performed, f"{parcel.key}\n".encode())

    async def function(self, parcel: Parcel) -> Body:
        self.note(parcel)
        number = parcel.body["arguments"]["number"]
        return {"event": "FunctionReturned", "value": {"word": f"word {number}"}}

    async def customer(self, parcel: Parcel) -> None:
        self.note(parcel)
        if parcel.body["effect"] == "Listen":
            turn = int(parcel.key.split("/")[1])
            # A question every second turn: the service answers in between.
            text = "1" if turn < 2 * QUESTIONS else "9"
            heard = self.host.event("Heard", id=f"{parcel.key}/heard", text=text, by="digits")
            await self.host.post(parcel.sender, heard)

    async def live(self) -> None:
        await self.host.start()
        await asyncio.gather(*(self.call(number) for number in range(CONTACTS)))
        await self.host.idle()
        await self.host.stop()
        await self.store.close()

    async def call(self, number: int) -> None:
        started = self.host.event("Started", id=f"start {number}", channel="voice")
        await self.host.post(f"contact/c{number}", started)


def run(folder: Path, kill_at: int = 0) -> int:
    """The crash points that were passed; 0 if it was killed."""
    reached = 0

    def count(_point: str) -> None:
        nonlocal reached
        reached += 1
        if reached == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def child() -> None:
        faults.on_reach(count)
        asyncio.run(Town(folder).live())
        (folder / "points").write_text(str(reached))

    rig._in_child(child, killed=bool(kill_at))
    points = folder / "points"
    return int(points.read_text()) if points.exists() else 0


def ready_after_s(folder: Path) -> float:
    """How long a start takes until the first new caller is answered."""

    async def measure() -> float:
        begin = time.perf_counter()
        town = Town(folder)
        await town.host.start()
        await town.host.post("contact/new", town.host.event("Started", id="new", channel="voice"))
        seconds = time.perf_counter() - begin
        await town.host.idle()
        await town.host.stop()
        await town.store.close()
        return seconds

    return asyncio.run(measure())


def assert_all_went_on(folder: Path) -> None:
    program = rig.program_of(SOURCE)

    async def look() -> None:
        store = SqliteStore(folder / "store.db")
        assert await store.undelivered() == []
        expected: set[str] = set()
        for number in range(CONTACTS):
            found = await store.load(f"contact/c{number}")
            assert found is not None
            contact = Contact.from_bytes(found[1])
            assert (contact.status, contact.values["asked"]) == ("ended", QUESTIONS), contact
            journal = [orjson.loads(each) for each in await store.journal(f"contact/c{number}")]
            entity = ContactEntity(lambda _: program, World())
            assert replay(f"c{number}", journal, entity) == len(journal) == 1 + 2 * QUESTIONS
            expected |= {key for entry in journal for key, _ in entry["effects"]}
        await store.close()
        performed = Counter((folder / "performed").read_text().split())
        mine = {key: n for key, n in performed.items() if not key.startswith("new/")}
        assert mine.keys() == expected
        assert max(mine.values()) <= 2, json.dumps({k: n for k, n in mine.items() if n > 2})

    asyncio.run(look())


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    rig.program_of(SOURCE)


@pytest.mark.parametrize("share", SHARES)
def test_two_hundred_in_flight(share: str, tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    points = run(tmp_path / "0")
    assert_all_went_on(tmp_path / "0")
    assert points > 1000
    rng = random.Random(share)
    for number in range(1, 51 if share == "all" else 7):
        folder = tmp_path / str(number)
        folder.mkdir()
        run(folder, kill_at=rng.randrange(1, points * 9 // 10))
        assert ready_after_s(folder) < READY_S
        run(folder)
        assert_all_went_on(folder)
