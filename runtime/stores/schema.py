"""The tables of the embedded store, and the way from those of older versions."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

import orjson

from runtime.stores.vault import STORE_SLOT, Vault

TABLES = """
create table secret(slot integer primary key, day integer not null, wrapped blob not null);
create table entity(id text primary key, version integer not null, slot integer not null,
    over real, state blob not null) without rowid;
create index entity_over on entity(over) where over is not null;
create table timer(entity text not null, name text not null, wait integer not null,
    due real not null, primary key(entity, name)) without rowid;
create index timer_due on timer(due);
create table outbox(seq integer primary key, key text not null unique,
    sender text not null, receiver text not null, body blob not null,
    tried integer not null default 0);
create table seen(event text primary key, at real not null) without rowid;
create index seen_at on seen(at);
create table journal(entity text not null, turn integer not null, body blob not null,
    primary key(entity, turn)) without rowid;
create table note(kind text not null, name blob not null, at real not null, value blob not null,
    primary key(kind, name)) without rowid;
create table record(contact text primary key, at real not null, body blob not null) without rowid;
create index record_at on record(at);
"""
OLD = ("entity", "timer", "outbox", "seen", "journal", "note")


def create(db: sqlite3.Connection, vault: Vault) -> None:
    _run(db, TABLES)
    vault.open(db)


def encrypt(db: sqlite3.Connection, vault: Vault) -> None:
    """From version 1, which kept everything in the clear."""
    _run(db, "drop index timer_due; drop index seen_at;")
    for table in OLD:
        db.execute(f"alter table {table} rename to old_{table}")
    create(db, vault)
    slots: dict[str, int] = {}
    for name, version, state in db.execute("select id, version, state from old_entity").fetchall():
        slot = slots[name] = vault.new_slot(db, 0)
        sealed = vault.seal(db, slot, state_place(name, version), state)
        over = time.time() if orjson.loads(state).get("status") == "ended" else None
        db.execute("insert into entity values(?, ?, ?, ?, ?)", (name, version, slot, over, sealed))
    for name, turn, body in db.execute("select entity, turn, body from old_journal").fetchall():
        sealed = vault.seal(db, slots[name], journal_place(name, turn), body)
        db.execute("insert into journal values(?, ?, ?)", (name, turn, sealed))
    for seq, key, sender, to, body, tried in db.execute("select * from old_outbox").fetchall():
        sealed = vault.seal(db, slots[sender], parcel_place(key), body)
        db.execute("insert into outbox values(?, ?, ?, ?, ?, ?)",
                   (seq, key, sender, to, sealed, tried))  # fmt: skip
    for kind, key, value in db.execute("select kind, key, value from old_note").fetchall():
        put_note(db, vault, kind, key, value, 0)
    _run(db, "insert into timer select * from old_timer; insert into seen select * from old_seen;")
    for table in OLD:
        db.execute(f"drop table old_{table}")


Step = Callable[[sqlite3.Connection, Vault], None]
MIGRATIONS: tuple[Step, ...] = (create, encrypt)
"""The last one's number is that of the tables above; a new store gets these at once."""


def put_note(
    db: sqlite3.Connection, vault: Vault, kind: str, key: str, value: bytes, at: float
) -> None:
    sealed = vault.seal(db, STORE_SLOT, note_place(kind, key), value)
    db.execute("insert or replace into note values(?, ?, ?, ?)",
               (kind, vault.digest(key), at, sealed))  # fmt: skip


# Where a sealed value belongs: it cannot be read anywhere else.


def state_place(entity: str, version: int) -> str:
    return f"state {entity} {version}"


def journal_place(entity: str, turn: int) -> str:
    return f"journal {entity} {turn}"


def parcel_place(key: str) -> str:
    return f"parcel {key}"


def note_place(kind: str, key: str) -> str:
    return f"note {kind} {key}"


def record_place(contact: str) -> str:
    return f"record {contact}"


def _run(db: sqlite3.Connection, script: str) -> None:
    """As `executescript`, which would end the transaction."""
    for statement in filter(str.strip, script.split(";")):
        db.execute(statement)
