"""Profiles, cases, tasks, tables and metrics: kept, checked, and changed once under a key."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowlang import project
from flowlang.project import Project
from runtime.desk.agent import Agent, Chat, Ringing
from runtime.desk.queue import Place, Queue
from runtime.security.keys import BadMasterKey, MasterKeys
from runtime.services.asked import AskedServices, Question, Reason, Refused, Value
from runtime.services.local import tables
from runtime.services.local.data import LocalData, beside_the_loop, local_data
from runtime.services.local.metrics import Desk, measure
from runtime.services.local.records import LISTED_AT_ONCE, Records, back_up
from runtime.stores import Parcel

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
TOML = """
name = "Acorn"
[entries.support]
flow = "support"
channels = ["chat"]
[queues.Billing]
hours = "Office"
[queues.Sales]
[agents.jiwoo]
name = "Jiwoo"
queues = ["Billing"]
[agents.minho]
name = "Minho"
queues = ["Billing", "Sales"]
[hours.Office]
mon = ["09:00-18:00"]
[tables.Branches]
columns = { city = "text", kind = "text", seats = "integer", open = "boolean", since = "date" }
key = ["city", "kind"]
rows = [
  { city = "Seoul", kind = "shop", seats = 5, open = true, since = 2020-03-01 },
  { city = "Seoul", kind = "bank", seats = 9, open = false },
  { city = "Busan", kind = "shop", seats = 3, open = true },
]
"""
AB = {"city": "A", "kind": "b"}
numbers = count()


def acorn() -> Project:
    found, problems = project.read(TOML)
    assert found is not None, problems
    return found


class Asker:
    def __init__(self, data: LocalData) -> None:
        self.data = data

    def __call__(
        self, service: str, operation: str, under: str = "", now: datetime = NOW,
        contact: str = "c1", **arguments: Any,
    ) -> Value:  # fmt: skip
        under = under or f"c/{next(numbers)}"
        question = Question(
            operation=operation, arguments=arguments, key=under, at=now, contact=contact
        )
        return self.data.ask(service, question)

    def refused(self, reason: Reason, service: str, operation: str, **arguments: Any) -> str:
        with pytest.raises(Refused) as caught:
            self(service, operation, **arguments)
        assert caught.value.reason == reason, caught.value.detail
        return caught.value.detail


def open_data(records: Records) -> Asker:
    found = acorn()
    return Asker(local_data(found, None, records, found.hours.get))


@pytest.fixture
def ask() -> Asker:
    return open_data(Records())


# --- profiles ---------------------------------------------------------------------------------


def test_a_profile_is_found_by_what_it_holds(ask: Asker) -> None:
    made = ask("profiles", "create", fields={
        "name": "김하나", "mobile_phone": "+82 10-1234-5678", "email": "Hana@Example.com",
        "account": "A-7", "tier": "gold", "points": 12,
    })  # fmt: skip
    for by, value in [
        ("phone", "+821012345678"), ("email", "hana@example.com"), ("account", "a-7"),
        ("tier", "gold"), ("points", "12"), ("id", made["id"]),
    ]:  # fmt: skip
        assert ask("profiles", "search", by=by, value=value) == made
    assert ask("profiles", "get", id=made["id"]) == made
    assert made["created_at"] == made["updated_at"] == NOW.isoformat()


def test_fields_inside_of_fields_are_kept_and_found(ask: Asker) -> None:
    made = ask("profiles", "create", fields={"name": "x", "attributes": {"tier": "gold", "a": ""}})
    assert made["attributes"] == {"tier": "gold"}
    assert ask("profiles", "search", by="attributes.tier", value="Gold") == made
    ask.refused("invalid", "profiles", "create", fields={"a": {"b": {"c": "d"}}})
    ask.refused("invalid", "cases", "create", fields={"title": "x", "a": {"b": "c"}})


def test_none_and_several_are_told_apart(ask: Asker) -> None:
    ask.refused("none_found", "profiles", "search", by="phone", value="+8210")
    for _ in range(2):
        ask("profiles", "create", fields={"phone": "+8210"})
    ask.refused("multiple_found", "profiles", "search", by="phone", value="+8210")
    ask.refused("none_found", "profiles", "get", id="nobody")


def test_a_profile_is_updated_and_found_by_the_new_value_only(ask: Asker) -> None:
    made = ask("profiles", "create", fields={"phone": "+8210", "tier": "gold"})
    later = NOW + timedelta(days=1)
    changed = ask(
        "profiles", "update", now=later, id=made["id"], fields={"phone": "+8211", "tier": ""}
    )
    assert "tier" not in changed
    assert (changed["created_at"], changed["updated_at"]) == (NOW.isoformat(), later.isoformat())
    assert ask("profiles", "search", by="phone", value="+8211") == changed
    ask.refused("none_found", "profiles", "search", by="phone", value="+8210")
    ask.refused("none_found", "profiles", "update", id="nobody", fields={"a": "b"})


def test_a_contact_is_associated(ask: Asker) -> None:
    made = ask("profiles", "create", fields={"phone": "+8210"})
    assert ask("profiles", "associate", id=made["id"], contact="c9") == {
        "id": made["id"], "contact": "c9",
    }  # fmt: skip
    ask.refused("none_found", "profiles", "associate", id="nobody")


@pytest.mark.parametrize(
    "fields",
    [
        {}, [], "text", {"id": "mine"}, {"created_at": "x"}, {"a b": "x"}, {"1a": "x"}, {"": "x"},
        {"a": [1]}, {"a": {"b": [1]}}, {"a": "x" * 4097}, {f"f{n}": "x" for n in range(65)},
    ],
)  # fmt: skip
def test_fields_are_checked(ask: Asker, fields: Any) -> None:
    ask.refused("invalid", "profiles", "create", fields=fields)


@pytest.mark.parametrize("service", ["profiles", "cases", "tasks", "sentiment", "speech", "hours"])
def test_an_operation_that_is_not_there_is_unknown(ask: Asker, service: str) -> None:
    ask.refused("unknown", service, "explode")


def test_a_repeated_change_changes_nothing_and_answers_the_same(ask: Asker) -> None:
    first = ask("profiles", "create", under="c/1/0", fields={"phone": "+8210"})
    later = NOW + timedelta(minutes=1)
    assert ask("profiles", "create", under="c/1/0", now=later, fields={"phone": "+8210"}) == first
    assert ask("profiles", "search", by="phone", value="+8210") == first
    first = ask("cases", "create", under="c/2/0", fields={"title": "a"})
    assert ask("cases", "create", under="c/2/0", fields={"title": "a"}) == first
    assert ask("cases", "create", fields={"title": "b"})["reference"] != first["reference"]


def test_a_refusal_is_remembered_too(ask: Asker) -> None:
    ask.refused("invalid", "cases", "create", under="c/3/0", fields={})
    ask.refused("invalid", "cases", "create", under="c/3/0", fields={"title": "now it has one"})


def test_old_answers_are_forgotten(ask: Asker) -> None:
    first = ask("profiles", "create", under="c/1/0", fields={"phone": "+8210"})
    ask.data.records.forget_old_answers(NOW + timedelta(days=7))
    assert ask("profiles", "create", under="c/1/0", fields={"phone": "+8210"}) == first
    ask.data.records.forget_old_answers(NOW + timedelta(days=9))
    again = ask("profiles", "update", under="c/1/0", id=first["id"], fields={"a": "b"})
    assert again["a"] == "b"


def test_what_was_over_long_ago_is_forgotten_and_the_rest_is_not(ask: Asker) -> None:
    profile = ask("profiles", "create", fields={"phone": "+8210"})
    closed = ask("cases", "create", fields={"title": "Bill", "status": "closed"}, link=True)
    still_open = ask("cases", "create", fields={"title": "Bill", "status": "open"})
    task = ask("tasks", "create", queue="Billing", name="Call back")
    waiting = ask("tasks", "create", queue="Billing", name="Call again")
    ask.data.tasks.start(task["id"], NOW)
    ask.data.forget(NOW, NOW - timedelta(seconds=1))
    assert ask("cases", "get", id=closed["id"])["title"] == "Bill"
    ask.data.forget(NOW, NOW)
    for service, found in (("cases", closed), ("tasks", task)):
        with pytest.raises(Refused, match=r"there is no (case|task)"):
            ask(service, "get", id=found["id"])
    with pytest.raises(Refused, match="there is no such case"):
        ask("cases", "get", fields={"title": "Bill"}, linked=True)
    assert ask("cases", "get", id=still_open["id"])["status"] == "open"
    assert ask("tasks", "get", id=waiting["id"])["state"] == "scheduled"
    assert ask("profiles", "get", id=profile["id"])


def test_the_task_that_is_due_first_is_found_among_any_number(ask: Asker) -> None:
    first = ask("tasks", "create", queue="Billing", name="first", delay_s=60)
    last = ask("tasks", "create", queue="Billing", name="last", delay_s=7200)
    for number in range(LISTED_AT_ONCE):
        ask("tasks", "create", queue="Billing", name=f"{number}", delay_s=3600)
    due = ask.data.tasks.due
    assert due(NOW + timedelta(seconds=59)) == []
    assert due(NOW + timedelta(seconds=60)) == [first]
    assert len(due(NOW + timedelta(seconds=7200))) == LISTED_AT_ONCE
    ask.data.tasks.start(first["id"], NOW)
    for task in due(NOW + timedelta(seconds=3600)):
        ask.data.tasks.start(task["id"], NOW)
    assert due(NOW + timedelta(seconds=7200)) == [last]
    ask.data.forget(NOW, NOW + timedelta(seconds=7200))
    assert ask.data.records.size("task") == 1


def test_what_an_older_version_kept_is_found_by_time(tmp_path: Path) -> None:
    path, keys = tmp_path / "services.db", MasterKeys(bytes(32))
    records = Records(path, keys)
    ask = open_data(records)
    task = ask("tasks", "create", queue="Billing", name="Call back")
    closed = ask("cases", "create", fields={"title": "Bill", "status": "closed"})
    records.close()
    with closing(sqlite3.connect(path)) as db:
        db.executescript("drop table listed; delete from counter where name like '% by time'")
    ask = open_data(Records(path, keys))
    assert ask.data.tasks.due(NOW) == [task]
    ask.data.forget(NOW, NOW)
    ask.refused("none_found", "cases", "get", id=closed["id"])
    ask.data.records.close()


def test_a_profile_can_be_forgotten(tmp_path: Path) -> None:
    path, keys = tmp_path / "services.db", MasterKeys(bytes(32))
    records = Records(path, keys)
    ask = open_data(records)
    gone = ask("profiles", "create", under="c/1/0", fields={"phone": "+8210", "name": "Hana"})
    kept = ask("profiles", "create", under="c/2/0", fields={"phone": "+8211"})
    for profile in (gone, kept):
        ask("profiles", "associate", id=profile["id"], contact=f"of {profile['phone']}")
    ask("profiles", "update", under="c/1/1", id=gone["id"], fields={"tier": "gold"})
    assert ask("profiles", "delete", under="c/1/2", id=gone["id"]) == {"id": gone["id"]}
    ask.refused("none_found", "profiles", "get", id=gone["id"])
    ask.refused("none_found", "profiles", "search", by="phone", value="+8210")
    assert [link["id"] for link in records.all("profile of contact")] == [kept["id"]]
    # What was asked before is not done again, and tells nothing of them any more.
    for under in ("c/1/0", "c/1/1"):
        operation = "create" if under == "c/1/0" else "update"
        assert ask("profiles", operation, under=under, fields={"a": "b"}) == {"id": gone["id"]}
    assert ask("profiles", "delete", under="c/1/2", id=gone["id"]) == {"id": gone["id"]}
    assert ask("profiles", "create", under="c/2/0", fields={"phone": "+8211"}) == kept
    ask.refused("none_found", "profiles", "delete", id="nobody")
    records.close()


def test_what_is_kept_outlives_the_process(tmp_path: Path) -> None:
    path, keys = tmp_path / "services.db", MasterKeys(bytes(32))
    records = Records(path, keys)
    made = open_data(records)("profiles", "create", under="c/1/0", fields={"phone": "+8210"})
    records.close()
    ask = open_data(Records(path, keys))
    assert ask("profiles", "get", id=made["id"]) == made
    assert ask("profiles", "search", by="phone", value="+8210") == made
    assert ask("profiles", "create", under="c/1/0", fields={"phone": "+8210"}) == made
    ask.data.records.close()


def test_a_copy_is_made_while_everybody_works_on(tmp_path: Path) -> None:
    path, keys = tmp_path / "services.db", MasterKeys(bytes(32))
    ask = open_data(Records(path, keys))
    made = ask("profiles", "create", fields={"phone": "+8210"})
    back_up(path, tmp_path / "copy.db")
    ask("profiles", "create", fields={"phone": "+8211"})
    ask.data.records.close()
    copy = open_data(Records(tmp_path / "copy.db", keys))
    assert copy("profiles", "get", id=made["id"]) == made
    copy.refused("none_found", "profiles", "search", by="phone", value="+8211")
    copy.data.records.close()
    back_up(tmp_path / "nothing.db", tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


def test_nobody_reads_it_without_the_master_key(tmp_path: Path) -> None:
    path = tmp_path / "services.db"
    ask = open_data(Records(path, MasterKeys(bytes(32))))
    ask("profiles", "create", fields={"phone": "+821012345678", "note": "very private"})
    key = {"city": "Private", "kind": "city"}
    ask("tables", "write", table="Branches", key=key, values={"seats": 1})
    ask.data.records.close()
    for file in tmp_path.iterdir():
        content = file.read_bytes().lower()
        for text in (b"1012345678", b"very private", b"private"):
            assert text not in content, file
    with pytest.raises(BadMasterKey):
        Records(path, MasterKeys(bytes(31) + b"1"))


def test_many_at_once_count_each(tmp_path: Path) -> None:
    ask = open_data(Records(tmp_path / "services.db", MasterKeys(bytes(32))))
    found: list[str] = []

    def make(number: int) -> None:
        made = ask(
            "cases", "create", under=f"t/{number % 20}", fields={"title": "x", "n": number % 20}
        )
        found.append(made["reference"])

    threads = [threading.Thread(target=make, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert len(set(found)) == 20
    ask.data.records.close()


# --- cases ------------------------------------------------------------------------------------


def test_a_case_is_made_found_changed_and_linked(ask: Asker) -> None:
    made = ask("cases", "create", profile="p1", template="refund",
               fields={"title": "Refund", "order": "55"})  # fmt: skip
    assert (made["status"], made["reference"]) == ("open", "1001")
    assert ask("cases", "get", id=made["id"]) == made
    assert ask("cases", "get", profile="p1") == made
    assert ask("cases", "get", fields={"order": 55, "status": "open"}) == made
    ask.refused("none_found", "cases", "get", linked=True)
    ask("cases", "link", id=made["id"], contact="c7")
    assert ask("cases", "get", linked=True, contact="c7") == made
    linked = {**made, "linked": True}
    assert ask("cases", "get", profile="p1", link=True, contact="c8") == linked
    assert ask("cases", "get", linked=True, contact="c8") == made
    closed = ask("cases", "update", id=made["id"], fields={"status": "closed"}, link=True)
    assert (closed["status"], closed["closed_at"]) == ("closed", NOW.isoformat())
    for contact in ("c1", "c7", "c8"):
        assert ask("cases", "get", linked=True, contact=contact)["status"] == "closed"
    ask.refused("none_found", "cases", "get", fields={"order": "55", "status": "open"})
    opened = ask("cases", "update", id=made["id"], fields={"status": ""})
    assert (opened["status"], "closed_at" in opened) == ("open", False)


def test_of_several_cases_the_newest_can_be_wanted(ask: Asker) -> None:
    one = ask("cases", "create", profile="p1", fields={"title": "one"})
    two = ask("cases", "create", profile="p1", fields={"title": "two"})
    ask.refused("multiple_found", "cases", "get", profile="p1")
    assert ask("cases", "get", profile="p1", newest=True) == two
    one = ask("cases", "update", id=one["id"], fields={"note": "again"})
    assert ask("cases", "get", profile="p1", newest=True) == one


def test_a_value_counts_in_its_own_field(ask: Asker) -> None:
    ask("cases", "create", fields={"title": "x", "a": "1", "b": "2"})
    ask.refused("none_found", "cases", "get", fields={"a": "2", "b": "1"})


def test_cases_refuse(ask: Asker) -> None:
    ask.refused("invalid", "cases", "create", fields={"note": "no title"})
    ask.refused("invalid", "cases", "create", fields={"title": "x", "reference": "1"})
    ask.refused("invalid", "cases", "get")
    ask.refused("none_found", "cases", "get", id="nobody")
    ask.refused("none_found", "cases", "link", id="nobody")
    ask.refused("invalid", "cases", "get", profile="p", newest="yes")
    made = ask("cases", "create", fields={"title": "x"})
    ask.refused("invalid", "cases", "update", id=made["id"], fields={"title": ""})


# --- tasks ------------------------------------------------------------------------------------


def test_a_task_waits_for_its_time(ask: Asker) -> None:
    now = ask("tasks", "create", name="Call back", queue="Billing", references={"order": "55"})
    later = ask("tasks", "create", name="Later", queue="Sales", delay_s=600)
    at = ask("tasks", "create", name="At", queue="Sales", at="2026-01-05T10:05:00+00:00")
    assert now["state"] == "scheduled"
    assert later["due_at"] == (NOW + timedelta(minutes=10)).isoformat()
    tasks = ask.data.tasks
    assert [task["id"] for task in tasks.due(NOW)] == [now["id"]]
    in_ten = NOW + timedelta(minutes=10)
    assert [task["id"] for task in tasks.due(in_ten)] == [now["id"], at["id"], later["id"]]
    tasks.start(now["id"], NOW)
    assert [task["id"] for task in tasks.due(NOW)] == []
    assert ask("tasks", "get", id=now["id"])["state"] == "started"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({}, "invalid"),
        ({"name": "x", "queue": "Nowhere"}, "unknown"),
        ({"name": "x"}, "invalid"),
        (
            {"name": "x", "queue": "Sales", "delay_s": 5, "at": "2026-01-05T11:00:00+00:00"},
            "invalid",
        ),
        ({"name": "x", "queue": "Sales", "delay_s": 518_401}, "invalid"),
        ({"name": "x", "queue": "Sales", "delay_s": -1}, "invalid"),
        ({"name": "x", "queue": "Sales", "delay_s": "soon"}, "invalid"),
        ({"name": "x", "queue": "Sales", "delay_s": True}, "invalid"),
        ({"name": "x", "queue": "Sales", "at": "2026-01-05T09:59:59+00:00"}, "invalid"),
        ({"name": "x", "queue": "Sales", "at": "tomorrow"}, "invalid"),
        (
            {"name": "x", "queue": "Sales", "references": {f"r{n}": "x" for n in range(26)}},
            "invalid",
        ),
        ({"name": "x" * 513, "queue": "Sales"}, "invalid"),
    ],
)
def test_tasks_refuse(ask: Asker, arguments: dict[str, Any], reason: Reason) -> None:
    ask.refused(reason, "tasks", "create", **arguments)


def test_the_longest_delay_is_taken(ask: Asker) -> None:
    assert ask("tasks", "create", name="x", queue="Sales", delay_s=518_400)


# --- tables -----------------------------------------------------------------------------------


def test_a_row_is_looked_up_by_its_key_or_any_column(ask: Asker) -> None:
    row = {"city": "Seoul", "kind": "shop", "seats": 5, "open": True, "since": "2020-03-01",
           "lock_version": 1}  # fmt: skip
    for key in [
        {"city": "Seoul", "kind": "shop"},
        {"seats": 5},
        {"seats": "5"},
        {"since": "2020-03-01"},
    ]:
        assert ask("tables", "look_up", table="Branches", key=key) == row
    ask.refused("multiple_found", "tables", "look_up", table="Branches", key={"city": "Seoul"})
    ask.refused("none_found", "tables", "look_up", table="Branches", key={"city": "Jeju"})
    ask.refused("none_found", "tables", "look_up", table="Branches",
                key={"city": "Jeju", "kind": "shop"})  # fmt: skip


def test_rows_are_listed(ask: Asker) -> None:
    found = ask("tables", "list", table="Branches", where={"open": True})
    assert [row["city"] for row in found["rows"]] == ["Seoul", "Busan"]
    assert ask("tables", "list", table="Branches", limit=1)["count"] == 3
    assert len(ask("tables", "list", table="Branches", limit=1)["rows"]) == 1
    assert ask("tables", "list", table="Branches", where={"city": "Jeju"}) == {
        "rows": [],
        "count": 0,
    }


def test_a_row_is_written_over_and_anew(ask: Asker) -> None:
    key = {"city": "Seoul", "kind": "shop"}
    written = ask("tables", "write", table="Branches", key=key, values={"seats": 6, "since": ""})
    assert written == {**key, "seats": 6, "open": True, "lock_version": 2}
    assert ask("tables", "look_up", table="Branches", key=key) == written
    assert len(ask("tables", "list", table="Branches")["rows"]) == 3
    new = {"city": "Jeju", "kind": "shop"}
    assert ask("tables", "write", table="Branches", key=new, values={})["lock_version"] == 1
    assert ask("tables", "list", table="Branches")["count"] == 4


def test_who_read_an_older_row_does_not_write_over_a_newer_one(ask: Asker) -> None:
    key = {"city": "Seoul", "kind": "shop"}
    write: dict[str, Any] = {"table": "Branches", "key": key}
    assert ask("tables", "write", **write, values={"seats": 6}, lock_version=1)
    detail = ask.refused("invalid", "tables", "write", **write, values={"seats": 7}, lock_version=1)
    assert "version 2" in detail
    assert ask("tables", "look_up", table="Branches", key=key)["seats"] == 6
    ask.refused("invalid", "tables", "write", table="Branches", lock_version=1,
                key={"city": "Jeju", "kind": "shop"}, values={})  # fmt: skip
    assert ask("tables", "write", table="Branches", lock_version=0,
               key={"city": "Jeju", "kind": "shop"}, values={})  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "arguments", "reason"),
    [
        ("look_up", {"table": "Nothing", "key": {"city": "x"}}, "unknown"),
        ("look_up", {"table": "Branches", "key": {"country": "x"}}, "unknown"),
        ("look_up", {"table": "Branches", "key": {"seats": "many"}}, "invalid"),
        ("look_up", {"table": "Branches"}, "invalid"),
        ("look_up", {}, "invalid"),
        ("list", {"table": "Branches", "limit": 0}, "invalid"),
        ("list", {"table": "Branches", "limit": 501}, "invalid"),
        ("write", {"table": "Branches", "key": {"city": "Seoul"}, "values": {}}, "invalid"),
        ("write", {"table": "Branches", "key": {"city": "", "kind": "shop"}}, "invalid"),
        ("write", {"table": "Branches", "key": AB, "values": {"city": "B"}}, "invalid"),
        ("write", {"table": "Branches", "key": AB, "values": {"seats": 1.5}}, "invalid"),
    ],
)  # fmt: skip
def test_tables_refuse(
    ask: Asker, operation: str, arguments: dict[str, Any], reason: Reason
) -> None:
    ask.refused(reason, "tables", operation, **arguments)


def test_a_table_is_full_at_its_limit(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "TABLE_ROWS_MAX", 4)
    ask("tables", "write", table="Branches", key=AB, values={})
    ask("tables", "write", table="Branches", key=AB, values={"seats": 2})
    full = {"city": "B", "kind": "b"}
    ask.refused("failed", "tables", "write", table="Branches", key=full, values={})
    known = {"city": "Seoul", "kind": "shop"}
    assert ask("tables", "write", table="Branches", key=known, values={"seats": 2})


# --- metrics ----------------------------------------------------------------------------------


def place(contact: str, since_s: int, priority: int = 5) -> Place:
    since = (NOW - timedelta(seconds=since_s)).isoformat()
    return Place(contact=contact, priority=priority, since=since)


def measured(desk: Desk, operation: str, contact: str = "c1", **arguments: Any) -> Value:
    question = Question(operation=operation, arguments=arguments, at=NOW, contact=contact)
    return measure(acorn(), desk, question)


BUSY = Desk(
    queues={"Billing": Queue(places={
        "a": place("a", 30), "b": place("b", 90), "c": place("c", 10, priority=1),
    })},
    agents={
        "jiwoo": Agent(presence="available", chats={"x": Chat(contact="x", queue="Billing",
                                                              offer="o", channel="voice")}),
        "minho": Agent(presence="missed"),
    },
)  # fmt: skip


def test_a_queue_is_measured() -> None:
    assert measured(BUSY, "queue", queue="Billing") == {
        "name": "Billing", "size": 3, "oldest_s": 90, "estimated_wait_s": 720, "online": 2,
        "available": 0, "staffed": 1, "busy": 1, "missed": 1,
    }  # fmt: skip


def test_an_empty_desk_has_nobody() -> None:
    found = measured(Desk(), "queue", queue="Sales")
    assert found == {
        "name": "Sales", "size": 0, "oldest_s": 0, "estimated_wait_s": None, "online": 0,
        "available": 0, "staffed": 0, "busy": 0, "missed": 0,
    }  # fmt: skip


def test_a_free_agent_means_no_wait() -> None:
    desk = Desk(agents={"minho": Agent(presence="available")})
    found = measured(desk, "queue", queue="Sales")
    assert (found["available"], found["estimated_wait_s"]) == (1, 0)
    ringing = Agent(presence="available", ringing=Ringing(offer="o", contact="x", queue="Sales"))
    found = measured(Desk(agents={"minho": ringing}), "queue", queue="Sales")
    assert (found["available"], found["busy"], found["staffed"]) == (0, 1, 1)


def test_a_position_counts_by_priority_then_time() -> None:
    assert measured(BUSY, "position", contact="c")["position"] == 1
    found = measured(BUSY, "position", contact="a")
    assert found == {"queue": "Billing", "position": 3, "estimated_wait_s": 540}
    with pytest.raises(Refused, match="no queue"):
        measured(BUSY, "position", contact="z")


def test_an_agent_is_measured() -> None:
    found = measured(BUSY, "agent", agent="jiwoo")
    assert (found["busy"], found["size"], found["available"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [("queue", {"queue": "Nowhere"}), ("agent", {"agent": "nobody"}), ("weather", {})],
)
def test_metrics_know_their_project(operation: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        measured(Desk(), operation, **arguments)
    assert caught.value.reason == "unknown"


# --- the rest ---------------------------------------------------------------------------------


def test_hours_say_whether_they_are_open(ask: Asker) -> None:
    assert ask("hours", "state", hours="Office") == {"open": True}
    assert ask("hours", "state", hours="Office", now=NOW.replace(hour=20)) == {"open": False}
    ask.refused("unknown", "hours", "state", hours="Nowhere")


def test_speech_is_the_text(ask: Asker) -> None:
    assert ask("speech", "synthesize", text="안녕하세요")["text"] == "안녕하세요"
    found = ask("speech", "synthesize", ssml="<speak>Hello <break time='1s'/>you</speak>")
    assert (found["text"], found["file"]) == ("Hello you", "")
    ask.refused("invalid", "speech", "synthesize")
    ask.refused("invalid", "speech", "synthesize", text="a", ssml="<speak>a</speak>")


def parcel(service: str, operation: str, **effect: Any) -> Parcel:
    body = {"effect": "AskService", "service": service, "operation": operation, **effect}
    return Parcel("c/1/0", "contact/c", "service", body, tried=False)


async def perform(services: Mapping[str, Any], asked: Parcel) -> Mapping[str, Any]:
    answer = await AskedServices(services, clock=lambda: NOW).perform(asked)
    assert answer is not None
    return answer


async def test_an_effect_is_answered_by_an_event(ask: Asker) -> None:
    services = {"cases": beside_the_loop(ask.data.services["cases"])}
    made = await perform(services, parcel("cases", "create", arguments={"fields": {"title": "x"}}))
    assert made["event"] == "ServiceAnswered"
    assert made["value"]["title"] == "x"
    refused = await perform(services, parcel("cases", "get", arguments={"id": "nobody"}))
    assert (refused["event"], refused["reason"]) == ("ServiceRefused", "none_found")
    unknown = await perform(services, parcel("weather", "get"))
    assert unknown["reason"] == "unknown"


async def test_a_service_that_breaks_hangs_or_says_too_much_is_refused() -> None:
    async def breaks(question: Question) -> Value:
        raise ZeroDivisionError

    async def hangs(question: Question) -> Value:
        await asyncio.sleep(60)
        return {}

    async def floods(question: Question) -> Value:
        return {"x": "a" * 40_000}

    services = {"breaks": breaks, "hangs": hangs, "floods": floods}
    reasons = [
        (await perform(services, parcel(name, "go", timeout_s=0.05)))["reason"] for name in services
    ]
    assert reasons == ["failed", "timeout", "failed"]
    long = parcel("breaks", "go", arguments={"x": "a" * 40_000})
    assert (await perform(services, long))["reason"] == "invalid"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)  # fmt: skip
ARGUMENTS = [
    "id", "by", "value", "fields", "key", "values", "where", "table", "queue", "name", "at",
    "delay_s", "limit", "profile", "linked", "newest", "text",
]  # fmt: skip
OPERATIONS = [
    ("profiles", "search get create update associate"), ("cases", "get create update link"),
    ("tasks", "create get"), ("tables", "look_up list write"), ("sentiment", "detect"),
    ("speech", "synthesize"), ("hours", "state"),
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    operation=st.sampled_from([(s, o) for s, names in OPERATIONS for o in names.split()]),
    arguments=st.dictionaries(st.sampled_from(ARGUMENTS), JSON),
    table=st.booleans(),
)
def test_strange_questions_are_refused_and_never_break(
    operation: tuple[str, str], arguments: dict[str, Any], table: bool
) -> None:
    if table:
        arguments["table"] = "Branches"
    question = Question(operation=operation[1], arguments=arguments, key="k", at=NOW)
    ask = open_data(Records())
    with suppress(Refused):
        ask.data.ask(operation[0], question)
    ask.data.records.close()
