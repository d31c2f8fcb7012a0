"""`flowlang erase`."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowlang.cli import main
from runtime.contact import Contact, Status
from runtime.customers import CUSTOMER
from runtime.place import FOLDER, master_keys, open_store, services_file
from runtime.security.audit import log_of
from runtime.services.asked import Question
from runtime.services.local.profiles import Profiles
from runtime.services.local.records import Records
from runtime.stores import Commit
from runtime.stores.sqlite import SqliteStore

HANA, MINSU = "+821012345678", "+821087654321"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def _left_by(store: SqliteStore, id_: str, address: str, status: Status) -> None:
    contact = Contact(id=id_, channel="sms", address=address, status=status)
    await store.commit(Commit(
        entity=f"contact/{id_}", version=0, event_id=id_, at=NOW.timestamp(),
        state=contact.to_bytes(), journal=b"{}", over=status == "ended",
    ))  # fmt: skip


async def _fill(folder: Path) -> None:
    store = open_store(folder)
    for id_, address in (("a", HANA), ("b", HANA), ("c", MINSU)):
        await _left_by(store, id_, address, "ended")
    await _left_by(store, "d", MINSU, "flow")
    for address in (HANA, MINSU):
        await store.put_note(CUSTOMER, f"number {address}", b"[]")
    records = Records(services_file(store.path), master_keys(store.path))
    for address in (HANA, MINSU):
        fields = {"fields": {"mobile_phone": address}}
        Profiles(records).answer(
            Question(operation="create", arguments=fields, at=NOW, key=address)
        )
    records.close()
    await store.close()


async def _kept(folder: Path) -> tuple[set[str], list[str], list[str]]:
    """Contacts, profiles and notes that are left."""
    store = open_store(folder)
    names = {name.removeprefix("contact/") for name, _ in await store.entities("contact/")}
    records = Records(services_file(store.path), master_keys(store.path))
    profiles = [str(profile["mobile_phone"]) for profile in records.all("profile")]
    notes = [it for it in (HANA, MINSU) if await store.note(CUSTOMER, f"number {it}") is not None]
    records.close()
    await store.close()
    return names, profiles, notes


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "flowlang.toml").write_text('name = "Acorn"\n', encoding="utf-8")
    asyncio.run(_fill(tmp_path))
    return tmp_path


def test_a_customer_is_forgotten_and_the_others_are_not(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["erase", str(project), HANA, "--dry-run"]) == 0
    assert "2 contacts and 1 profiles would be" in capsys.readouterr().out
    assert asyncio.run(_kept(project))[0] == {"a", "b", "c", "d"}
    assert main(["erase", str(project), HANA]) == 0
    assert "2 contacts and 1 profiles are erased" in capsys.readouterr().out
    assert asyncio.run(_kept(project)) == ({"c", "d"}, [MINSU], [MINSU])
    assert main(["erase", str(project), HANA, "--lang", "ko"]) == 1
    assert "남은 것이 없습니다" in capsys.readouterr().err
    (act,) = log_of(project, lambda: NOW).acts()
    assert (act.did, act.to) == ("customer.erased", "contacts: 2, profiles: 1")
    assert HANA not in json.dumps((project / FOLDER / "audit.jsonl").read_text())


def test_who_is_on_the_line_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erase", str(project), MINSU]) == 1
    told = capsys.readouterr()
    assert "1 contacts and 1 profiles are erased" in told.out
    assert "1 are under way and were left" in told.err
    assert asyncio.run(_kept(project))[0] == {"a", "b", "d"}
