"""What is stored can be read with its key alone, and when the key is gone by nobody."""

from __future__ import annotations

import ast
import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from runtime import limits
from runtime.security.keys import ENVIRONMENT, FILE_ENVIRONMENT, BadMasterKey, MasterKeys
from runtime.stores import Commit, Damaged, Outgoing
from runtime.stores.sqlite import KEY_FILE, NOTES_ABOUT_CUSTOMERS, SqliteStore
from runtime.stores.vault import DAY_S

SAID = b"my card is 4929 1234"
KEY, OTHER_KEY = bytes(range(32)), bytes(32)
AT = 20_000.0 * DAY_S
ROOT = Path(__file__).parents[3]
OF_THE_HOUSE = {"release", "password", "session", "sign-in link", "signed in"}


def turn(entity: str = "contact/a", version: int = 0, **values: Any) -> Commit:
    defaults: dict[str, Any] = {
        "entity": entity,
        "version": version,
        "event_id": f"{entity} {version}",
        "at": AT,
        "state": b"state " + SAID,
        "journal": b"journal " + SAID,
        "outbox": [Outgoing(f"{entity} {version}", "customer", {"text": SAID.decode()})],
    }
    return Commit(**{**defaults, **values})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "store.db", MasterKeys(KEY))
    yield opened
    await opened.close()


def bytes_of(folder: Path) -> bytes:
    """Everything that lies on the disk, logs and all, but the key file."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.name != KEY_FILE)


def sealed_keys(path: Path) -> dict[int, bytes]:
    db = sqlite3.connect(path)
    found = dict(db.execute("select slot, wrapped from secret"))
    db.close()
    return found


async def test_nothing_is_on_the_disk_in_the_clear(store: SqliteStore, tmp_path: Path) -> None:
    await store.commit(turn())
    await store.put_note("line", "sms/+8210/+821012345678", SAID)
    await store.put_record("a", AT, SAID)
    assert SAID not in bytes_of(tmp_path)
    assert b"+821012345678" not in bytes_of(tmp_path)
    assert await store.load("contact/a") == (1, b"state " + SAID)
    assert await store.journal("contact/a") == [b"journal " + SAID]
    (parcel,) = await store.undelivered()
    assert parcel.body == {"text": SAID.decode()}
    assert await store.note("line", "sms/+8210/+821012345678") == SAID
    assert await store.records(0, 10) == [SAID]


async def test_each_contact_has_a_key_of_its_own(store: SqliteStore) -> None:
    for name in "abc":
        await store.commit(turn(f"contact/{name}"))
        await store.commit(turn(f"contact/{name}", 1))
    assert len(sealed_keys(store.path)) == 1 + 3


async def test_a_value_cannot_be_read_in_the_place_of_another(store: SqliteStore) -> None:
    await store.commit(turn("contact/a"))
    await store.commit(turn("contact/b"))
    other = sqlite3.connect(store.path)
    other.execute("update entity set state = (select state from entity where id = 'contact/a')")
    other.execute("update journal set body = (select body from journal where entity='contact/a')")
    other.commit()
    other.close()
    assert await store.load("contact/a")
    with pytest.raises(Damaged, match="contact/b"):
        await store.load("contact/b")
    with pytest.raises(Damaged, match="contact/b"):
        await store.journal("contact/b")


@pytest.mark.parametrize("place", range(0, 60, 7))
async def test_a_flipped_bit_is_noticed(store: SqliteStore, place: int) -> None:
    await store.commit(turn())
    other = sqlite3.connect(store.path)
    (state,) = other.execute("select state from entity").fetchone()
    flipped = bytearray(state)
    flipped[place] ^= 1
    other.execute("update entity set state = ?", (bytes(flipped),))
    other.commit()
    other.close()
    with pytest.raises(Damaged):
        await store.load("contact/a")


async def test_without_its_master_key_a_store_does_not_open(tmp_path: Path) -> None:
    first = SqliteStore(tmp_path / "s.db", MasterKeys(KEY))
    await first.commit(turn())
    await first.close()
    with pytest.raises(BadMasterKey, match="another master key"):
        SqliteStore(tmp_path / "s.db", MasterKeys(OTHER_KEY))
    rotated = SqliteStore(tmp_path / "s.db", MasterKeys(OTHER_KEY, KEY))
    assert await rotated.load("contact/a") == (1, b"state " + SAID)
    await rotated.close()


def test_a_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    fallback = tmp_path / "new" / KEY_FILE
    first, again = (MasterKeys.from_environment({}, fallback) for _ in range(2))
    assert fallback.stat().st_mode & 0o777 == 0o600
    assert again.unwrap(first.wrap(b"key", b"me"), b"me") == b"key"
    assert [path.name for path in fallback.parent.iterdir()] == [KEY_FILE]


def test_the_environment_names_the_keys(tmp_path: Path) -> None:
    text = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    file = tmp_path / "keys"
    file.write_text(text + "\n")
    wrapped = MasterKeys(KEY).wrap(b"key", b"me")
    for environment in ({ENVIRONMENT: f"{'A' * 43}=, {text}"}, {FILE_ENVIRONMENT: str(file)}):
        found = MasterKeys.from_environment(environment, tmp_path / "none")
        assert found.unwrap(wrapped, b"me") == b"key"
    for bad in ({ENVIRONMENT: "short"}, {FILE_ENVIRONMENT: str(tmp_path / "absent")}):
        with pytest.raises(BadMasterKey):
            MasterKeys.from_environment(bad, tmp_path / "none")
    assert not (tmp_path / "none").exists()


# --- retention ------------------------------------------------------------------------------------


async def _two_hundred(store: SqliteStore) -> None:
    """Even ones end early, odd ones later or not at all."""
    names = [f"contact/{number}" for number in range(200)]
    await asyncio.gather(*(store.commit(turn(name)) for name in names))
    await asyncio.gather(
        *(
            store.commit(turn(name, 1, over=number % 3 < 2, at=AT + number % 2 * DAY_S))
            for number, name in enumerate(names)
        )
    )
    for name in names:
        await store.put_record(name.removeprefix("contact/"), AT, b"record " + SAID)


def _is_gone(number: int) -> bool:
    return number % 3 < 2 and number % 2 == 0


async def test_what_was_kept_long_enough_can_be_read_by_nobody(
    store: SqliteStore, tmp_path: Path
) -> None:
    await _two_hundred(store)
    before = SqliteStore(tmp_path / "store.db", MasterKeys(KEY))
    sealed = dict(before._reader.execute("select id, state from entity").fetchall())
    slots = dict(before._reader.execute("select id, slot from entity").fetchall())
    keys = sealed_keys(store.path)
    assert all(key in bytes_of(tmp_path) for key in keys.values())

    erased = await store.erase(AT + DAY_S / 2)

    gone = [f"contact/{n}" for n in range(200) if _is_gone(n)]
    assert erased == len(gone) > 60
    left = bytes_of(tmp_path)
    for name in gone:
        assert await store.load(name) is None
        assert await store.journal(name) == []
        # Whoever kept a copy of what was encrypted, and has the master key, finds no key for it:
        # not in the table, not in what SQLite left lying about, not in its log.
        assert keys[slots[name]] not in left
        with pytest.raises(Damaged, match="destroyed"):
            before.vault.unseal(before._reader, f"state {name} 2", sealed[name])
    await before.close()
    assert len(await store.records(0, 999)) == 200 - len(gone)
    assert {p.sender for p in await store.undelivered()}.isdisjoint(gone)
    for name in slots.keys() - set(gone):
        found = await store.load(name)
        assert found is not None
        assert len(await store.journal(name)) == 2
    assert await store.erase(AT + DAY_S / 2) == 0


async def test_people_talk_and_are_copied_while_others_are_forgotten(
    store: SqliteStore, tmp_path: Path
) -> None:
    await _two_hundred(store)
    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    new = [f"contact/new {number}" for number in range(50)]
    erased, _, *_ = await asyncio.gather(
        store.erase(AT + DAY_S / 2),
        store.backup(copy),
        *(store.commit(turn(name, at=AT + DAY_S)) for name in new),
    )
    gone = {f"contact/{number}" for number in range(200) if _is_gone(number)}
    assert erased == len(gone)
    left = {name for name, _ in await store.entities("contact/")}
    assert left == {f"contact/{number}" for number in range(200)} - gone | set(new)
    # The copy is of one moment: whoever is in it can be read, to the last of their turns.
    copied = SqliteStore(copy, MasterKeys(KEY))
    for name, _ in await copied.entities("contact/"):
        found = await copied.load(name)
        assert found is not None
        assert len(await copied.journal(name)) == found[0]
    await copied.close()


async def test_queues_forget_what_they_said_of_customers(store: SqliteStore) -> None:
    for day in range(3):
        await store.commit(turn("queue/Q", 2 * day, at=AT + day * DAY_S, outbox=()))
        await store.commit(turn("queue/Q", 2 * day + 1, at=AT + day * DAY_S + 9, outbox=()))
    assert len(sealed_keys(store.path)) == 1 + 3
    await store.erase(AT + 2 * DAY_S)
    assert len(await store.journal("queue/Q")) == 2
    assert await store.load("queue/Q") == (6, b"state " + SAID)
    keys = sealed_keys(store.path).values()
    assert sum(not key.strip(b"\0") for key in keys) == 2


async def test_a_queue_that_rests_keeps_its_state(store: SqliteStore) -> None:
    await store.commit(turn("queue/Q", outbox=()))
    await store.erase(AT + 99 * DAY_S)
    assert await store.load("queue/Q") == (1, b"state " + SAID)


async def test_notes_about_customers_go_too(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.stores.sqlite.time.time", lambda: AT)
    await store.put_note("line", "sms/+82", b"contact")
    await store.put_note("version", "abc", b"flow")
    await store.erase(AT + limits.CHAT_AGE_MAX_S)
    assert await store.note("line", "sms/+82") == b"contact"
    await store.erase(AT + limits.CHAT_AGE_MAX_S + 1)
    assert await store.note("line", "sms/+82") is None
    assert await store.note("version", "abc") == b"flow"


# --- older stores ---------------------------------------------------------------------------------

CLEAR = """
create table entity(id text primary key, version integer not null, state blob not null)
    without rowid;
create table timer(entity text not null, name text not null, wait integer not null,
    due real not null, primary key(entity, name)) without rowid;
create index timer_due on timer(due);
create table outbox(seq integer primary key autoincrement, key text not null unique,
    sender text not null, receiver text not null, body blob not null,
    tried integer not null default 0);
create table seen(event text primary key, at real not null) without rowid;
create index seen_at on seen(at);
create table journal(entity text not null, turn integer not null, body blob not null,
    primary key(entity, turn)) without rowid;
create table note(kind text not null, key text not null, value blob not null,
    primary key(kind, key)) without rowid;
pragma user_version = 1;
"""


async def test_a_store_from_before_encryption_is_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    state = json.dumps({"status": "ended", "said": SAID.decode()}).encode()
    db = sqlite3.connect(path)
    db.executescript(CLEAR)
    db.execute("insert into entity values('contact/a', 2, ?)", (state,))
    db.execute("insert into journal values('contact/a', 1, ?)", (SAID,))
    db.execute("insert into timer values('contact/a', 't', 2, 5.0)")
    db.execute("insert into outbox values(7, 'k', 'contact/a', 'customer', ?, 1)", (b"{}",))
    db.execute("insert into seen values('e', 1.0)")
    db.execute("insert into note values('line', 'sms/1', ?)", (SAID,))
    db.commit()
    db.close()
    store = SqliteStore(path)
    assert await store.load("contact/a") == (2, state)
    assert await store.journal("contact/a") == [SAID]
    (parcel,) = await store.undelivered()
    assert (parcel.key, parcel.tried) == ("k", True)
    assert await store.note("line", "sms/1") == SAID
    assert await store.next_due() == 5.0
    assert SAID not in bytes_of(tmp_path)
    await store.commit(turn(version=2, event_id="f"))
    await store.close()


def noted() -> Iterator[str]:
    """The kinds of notes that are kept anywhere in the sources."""
    for path in (*ROOT.glob("runtime/**/*.py"), *ROOT.glob("designer/**/*.py")):
        source = path.read_text(encoding="utf-8")
        if ".put_note(" not in source:
            continue
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Call(func=ast.Attribute(attr="put_note" | "_put" | "_keep")):
                    match node.args[0]:
                        case ast.Constant(value=str(name)):
                            yield name
                        case ast.Name(id=name) if hasattr(module, name):
                            yield getattr(module, name)


def test_every_kind_of_note_is_forgotten_or_of_those_who_work_here() -> None:
    found = set(noted())
    assert found >= {"line", "request", "customer"}
    assert found - set(NOTES_ABOUT_CUSTOMERS) == OF_THE_HOUSE


async def test_notes_are_forgotten_with_their_customers(store: SqliteStore) -> None:
    for kind in (*NOTES_ABOUT_CUSTOMERS, *OF_THE_HOUSE):
        await store.put_note(kind, "a", SAID)
    await store.erase(time.time() + limits.CHAT_AGE_MAX_S + 60)
    for kind in NOTES_ABOUT_CUSTOMERS:
        assert await store.note(kind, "a") is None
    for kind in OF_THE_HOUSE:
        assert await store.note(kind, "a") == SAID
