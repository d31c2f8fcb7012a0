"""What a disk can do to a store: fail at any operation, fill up, tear and flip bytes. It never
costs what was acknowledged, and nothing is ever made up."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from runtime.stores import Commit, Damaged, Outgoing
from runtime.stores.sqlite import SqliteStore
from tests.crash import rig
from tests.crash.vfs import FailingDisk, Manner

pytestmark = pytest.mark.crash

ENTITIES, ROUNDS = 4, 6
SIZE = 700
SHARES = ["eighth", pytest.param("all", marks=pytest.mark.soak)]


def turn(entity: str, version: int) -> Commit:
    """A turn whose content tells which one it is."""
    mark = f"{entity} {version + 1} ".encode()
    return Commit(
        entity=entity,
        version=version,
        event_id=f"{entity} {version}",
        at=100.0 + version,
        state=mark * (SIZE // len(mark)),
        journal=mark * 20,
        outbox=(Outgoing(f"{entity} {version}", "customer", {"turn": version + 1}),),
        timers={"t": (version + 1, 1000.0 + version)},
        delivered=f"{entity} {version - 1}" if version else "",
    )


async def work(folder: Path) -> None:
    """Turns one by one and in groups; a line in `told` for each that was acknowledged."""
    told = os.open(folder / "told", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    store = SqliteStore(folder / "store.db")

    async def one(name: str) -> None:
        found = await store.load(name)
        version = found[0] if found else 0
        try:
            await store.commit(turn(name, version))
        except Exception:  # noqa: BLE001 - whoever sent it was not answered
            return
        os.write(told, json.dumps([name, version + 1]).encode() + b"\n")

    for number in range(ROUNDS):
        await asyncio.gather(*(one(f"contact/{each}") for each in range(ENTITIES)))
        await one(f"contact/alone{number % 2}")
        if number == 2:
            store._writer.execute("pragma wal_checkpoint(passive)")
    # No good end: what is left is as a crash leaves it.
    os._exit(0)


def told_in(folder: Path) -> dict[str, int]:
    """The last acknowledged turn of each."""
    path = folder / "told"
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return {name: max(n for other, n in lines if other == name) for name, _ in lines}


def assert_whole(folder: Path, told: dict[str, int]) -> None:
    """Everything that was told is there; of what was not, all of a turn or nothing of it."""

    async def look() -> None:
        store = SqliteStore(folder / "store.db")
        try:
            for name, version in told.items():
                found = await store.load(name)
                assert found is not None, name
                assert found[0] >= version, name
            parcels = {parcel.key: parcel for parcel in await store.undelivered()}
            due = {each.entity: each for each in await store.due(1e9, 999)}
            for name, state in await store.entities("contact/"):
                found = await store.load(name)
                assert found is not None
                version = found[0]
                assert state == turn(name, version - 1).state
                assert list(await store.journal(name)) == [
                    turn(name, number).journal for number in range(version)
                ]
                assert {key for key in parcels if key.startswith(f"{name} ")} == {
                    f"{name} {version - 1}"
                }
                assert due[name].wait == version
        finally:
            await store.close()

    asyncio.run(look())


# --- failures at every operation ------------------------------------------------------------------


def run(folder: Path, *, fail_at: int = 0, manner: Manner = "error") -> int:
    """How many operations there were."""
    folder.mkdir()

    def child() -> None:
        disk = FailingDisk()
        disk.install()
        disk.fail_at, disk.manner = fail_at, manner
        try:
            asyncio.run(_counted(folder, disk))
        except (Damaged, Exception):  # noqa: BLE001 - a store that does not open is no store
            os._exit(0)

    rig._in_child(child)
    counted = folder / "operations"
    return int(counted.read_text()) if counted.exists() else 0


async def _counted(folder: Path, disk: FailingDisk) -> None:
    leave = os._exit

    def exit_(code: int) -> None:
        (folder / "operations").write_text(str(disk.operations))
        leave(code)

    os._exit = exit_  # type: ignore[assignment]
    await work(folder)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("manner", ["error", "torn", "full"])
def test_a_failure_at_any_operation(manner: Manner, share: str, tmp_path: Path) -> None:
    operations = run(tmp_path / "0")
    assert operations > 100
    told = told_in(tmp_path / "0")
    assert sum(told.values()) == ROUNDS * (ENTITIES + 1)
    assert_whole(tmp_path / "0", told)
    chosen: Sequence[int] = range(1, operations + 1)
    if share == "eighth":
        chosen = sorted(random.Random(manner).sample(chosen, operations // 8))
    fewer = 0
    for point in chosen:
        folder = tmp_path / str(point)
        run(folder, fail_at=point, manner=manner)
        told = told_in(folder)
        assert_whole(folder, told)
        fewer += sum(told.values()) < ROUNDS * (ENTITIES + 1)
        shutil.rmtree(folder)
    # A single failure is mended by the retry of each member; a full disk is not.
    assert fewer > 0 or manner != "full"


# --- bytes at the tail ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as a crash leaves it, with most of its turns in the log alone."""
    folder = tmp_path_factory.mktemp("crashed") / "0"
    run(folder)
    assert (folder / "store.db-wal").stat().st_size > 50_000
    return folder


def copy(crashed: Path, folder: Path) -> Path:
    shutil.copytree(crashed, folder)
    # Another machine has no memory of the log.
    (folder / "store.db-shm").unlink(missing_ok=True)
    return folder


def opens_whole_or_refuses(folder: Path, told: dict[str, int]) -> bool:
    """Whether it opened."""
    try:
        assert_whole(folder, told)
    except Damaged:
        return False
    return True


@pytest.mark.parametrize("share", SHARES)
def test_a_log_that_is_cut(crashed: Path, share: str, tmp_path: Path) -> None:
    told = told_in(crashed)
    size = (crashed / "store.db-wal").stat().st_size
    rng = random.Random(1)
    opened = 0
    for number in range(160 if share == "all" else 20):
        folder = copy(crashed, tmp_path / str(number))
        kept = rng.randrange(size)
        os.truncate(folder / "store.db-wal", kept)
        opened += opens_whole_or_refuses(folder, told)
        shutil.rmtree(folder)
    assert opened < number, "most of what is cut off was acknowledged"


@pytest.mark.parametrize("share", SHARES)
def test_bytes_that_flip(crashed: Path, share: str, tmp_path: Path) -> None:
    """Anywhere in the log, or in the last pages of the file."""
    told = told_in(crashed)
    rng = random.Random(2)
    refused = 0
    for number in range(320 if share == "all" else 40):
        folder = copy(crashed, tmp_path / str(number))
        path = folder / ("store.db" if number % 4 == 0 else "store.db-wal")
        data = bytearray(path.read_bytes())
        for _ in range(rng.randint(1, 3)):
            data[rng.randrange(len(data) // 2, len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        refused += not opens_whole_or_refuses(folder, told)
        shutil.rmtree(folder)
    assert refused > 0


@pytest.mark.parametrize("share", SHARES)
def test_what_a_crash_left_behind_the_last_turn(crashed: Path, share: str, tmp_path: Path) -> None:
    """Half a transaction, or noise, after what was acknowledged: it opens with all of that."""
    told = told_in(crashed)
    rng = random.Random(3)
    log = (crashed / "store.db-wal").read_bytes()
    for number in range(80 if share == "all" else 10):
        folder = copy(crashed, tmp_path / str(number))
        with (folder / "store.db-wal").open("ab") as file:
            begin = rng.randrange(len(log))
            noise = rng.randbytes(rng.randrange(9000)), log[begin : begin + 9000]
            file.write(noise[number % 2])
        assert opens_whole_or_refuses(folder, told)
        shutil.rmtree(folder)


def test_a_refused_store_says_what_it_lost(crashed: Path, tmp_path: Path) -> None:
    folder = copy(crashed, tmp_path / "0")
    os.truncate(folder / "store.db-wal", 20_000)
    with pytest.raises(Damaged, match=r"lost turn \d+ of contact/.*acknowledged"):
        SqliteStore(folder / "store.db")
    (folder / "store.db-acknowledged").unlink()
    store = SqliteStore(folder / "store.db")
    assert asyncio.run(store.entities("contact/")) is not None
    asyncio.run(store.close())


def test_a_store_that_was_closed_well_opens_anywhere(tmp_path: Path) -> None:
    async def live() -> None:
        store = SqliteStore(tmp_path / "a.db")
        await store.commit(turn("contact/1", 0))
        await store.close()

    asyncio.run(live())
    (tmp_path / "a.db").rename(tmp_path / "b.db")
    assert not (tmp_path / "a.db-wal").exists()

    async def look() -> Any:
        store = SqliteStore(tmp_path / "b.db")
        found = await store.load("contact/1")
        await store.close()
        return found

    assert asyncio.run(look()) == (1, turn("contact/1", 0).state)
