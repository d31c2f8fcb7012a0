"""The record of a contact: written with its end, the same however often it is delivered."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from blocks.catalogue import catalogue
from runtime.contacts import ContactEntity
from runtime.engine import World
from runtime.host import Body, Decision, Host, NotNow
from runtime.program import compile_text
from runtime.records import S3, JsonLines, Recorder, Sink, sinks_of
from runtime.stores import Outgoing, Parcel
from runtime.stores.sqlite import SqliteStore

SOURCE = """
flow desk
  on error -> bye

queue desk = "Desk"
function crm = "crm" (phone: phone) -> (tier: text, card: sensitive text)
attribute wish: text = ""
attribute card: sensitive text = ""

start:
  crm phone: caller.number
  set wish: "tea", card: crm.card
  transfer desk
    on full -> bye

bye:
  play "Bye."
  -> hang_up
"""
BEGAN = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Desk:
    """A host whose clock the test sets, with an agent who is there when the test says so."""

    def __init__(self, folder: Path, *sinks: Sink) -> None:
        program = compile_text(SOURCE, catalogue())
        self.program = program
        self.now = BEGAN
        self.store = SqliteStore(folder / "store.db")
        self.recorder = Recorder(self.store, lambda _: program, sinks)
        self.recorded: list[str] = []
        self.host = Host(
            self.store,
            {"contact": ContactEntity(lambda _: program, World(), records=True), "queue": Line(),
             "agent": Quiet()},
            {"customer": self.take, "function": self.look_up, "record": self.record},
            clock=lambda: self.now,
        )  # fmt: skip

    async def take(self, parcel: Parcel) -> Body | None:
        return None

    async def look_up(self, parcel: Parcel) -> Body | None:
        return {"event": "FunctionReturned", "value": {"tier": "gold", "card": "4929 1234"}}

    async def record(self, parcel: Parcel) -> Body | None:
        self.recorded.append(parcel.key)
        return await self.recorder.perform(parcel)

    async def post(self, event: str, after_s: float = 0, **values: Any) -> None:
        self.now += timedelta(seconds=after_s)
        await self.host.post("contact/c1", self.host.event(event, id=f"{event} 1", **values))
        await self.host.idle()

    async def talk(self) -> None:
        await self.host.start()
        await self.post("Started", channel="voice", address="+821012345678", entry="hotline")
        await self.post("AgentJoined", 40, agent="ann", agent_name="Ann")
        await self.post("AgentLeft", 80, agent="ann")

    async def close(self) -> None:
        await self.host.stop()
        await self.store.close()


class Line:
    """A queue with a place for everybody."""

    def decide(self, name: str, state: bytes | None, event: Body) -> Decision:
        reply = {"event": "Queued", "queue": name, "key": event["id"]}
        return Decision(state=b"", outbox=(Outgoing(f"{name}/0", event["sender"], reply),))


class Quiet:
    def decide(self, name: str, state: bytes | None, event: Body) -> None:
        return None


class Kept:
    """A place that fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.found: list[dict[str, Any]] = []

    async def write(self, record: Any) -> None:
        self.found.append(record)
        if len(self.found) <= self.failures:
            raise NotNow("full")


async def test_it_tells_what_happened(tmp_path: Path) -> None:
    kept = Kept()
    desk = Desk(tmp_path, kept)
    await desk.talk()
    (record,) = kept.found
    assert json.loads((await desk.store.records(0, 9))[0]) == record
    await desk.close()
    assert record == {
        "Key": "c1/5/record",
        "ContactId": "c1",
        "Channel": "VOICE",
        "Subtype": "voice",
        "InitiationMethod": "INBOUND",
        "PreviousContactId": None,
        "InitiationTimestamp": "2026-11-20T09:00:00+00:00",
        "ConnectedToSystemTimestamp": "2026-11-20T09:00:00+00:00",
        "DisconnectTimestamp": "2026-11-20T09:02:00+00:00",
        "DisconnectReason": "AGENT_DISCONNECT",
        "Reason": "agent",
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+821012345678"},
        "SystemEndpoint": {"Type": "ENTRY", "Address": "hotline"},
        "CustomerName": None,
        "Language": None,
        "Attributes": record["Attributes"],
        "Queue": {
            "Name": "Desk",
            "EnqueueTimestamp": "2026-11-20T09:00:00+00:00",
            "DequeueTimestamp": "2026-11-20T09:00:40+00:00",
            "Duration": 40,
        },
        "Agent": {
            "Username": "ann",
            "Name": "Ann",
            "ConnectedToAgentTimestamp": "2026-11-20T09:00:40+00:00",
            "AgentInteractionDuration": 80,
        },
        "Recordings": [],
        "Transcript": None,
        "Analysis": {"Requested": "off"},
        "WrapUp": None,
        "Flow": "desk",
        "FlowVersion": desk.program.id,
        "Steps": 3,
    }
    assert record["Attributes"]["wish"] == "tea"
    assert record["Attributes"]["card"] == "••••"
    assert "4929" not in json.dumps(record)


async def test_it_is_written_once_with_the_end(tmp_path: Path) -> None:
    kept = Kept()
    desk = Desk(tmp_path, kept)
    await desk.talk()
    await desk.post("CustomerLeft", 5)
    await desk.close()
    assert [record["Key"] for record in kept.found] == ["c1/5/record"]


async def test_a_place_that_is_full_gets_it_later_and_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.host.RETRY_FIRST_S", 0.001)
    kept = Kept(failures=2)
    desk = Desk(tmp_path, kept)
    await desk.talk()
    await desk.close()
    assert len(kept.found) == 3
    assert kept.found[0] == kept.found[1] == kept.found[2]


async def test_a_crash_before_it_is_delivered_delivers_it(tmp_path: Path) -> None:
    first = Desk(tmp_path)
    hang: Callable[[Parcel], Any] = lambda parcel: asyncio.Event().wait()  # noqa: E731
    first.host.performers = {**first.host.performers, "record": hang}
    await first.host.start()
    await first.host.post("contact/c1", first.host.event(
        "Started", id="1", channel="chat", address="me", entry="x"))  # fmt: skip
    await first.host.post("contact/c1", first.host.event("CustomerLeft", id="2"))
    await asyncio.sleep(0.05)
    await first.close()
    kept = Kept()
    second = Desk(tmp_path, kept)
    await second.host.start()
    await second.host.idle()
    await second.close()
    assert [record["DisconnectReason"] for record in kept.found] == ["CUSTOMER_DISCONNECT"]


async def test_an_erased_contact_leaves_no_record(tmp_path: Path) -> None:
    kept = Kept()
    desk = Desk(tmp_path, kept)
    await desk.talk()
    await desk.store.erase(desk.now.timestamp() + 1)
    await desk.record(Parcel("c1/5/record", "contact/c1", "record", {}, False))
    assert await desk.store.records(0, 9) == []
    await desk.close()
    assert len(kept.found) == 1


async def test_lines_of_json(tmp_path: Path) -> None:
    lines = JsonLines(tmp_path / "kept" / "records.jsonl")
    await lines.write({"Key": "a"})
    await lines.write({"Key": "b", "Name": "지우"})
    found = lines.path.read_text().splitlines()
    assert [json.loads(line)["Key"] for line in found] == ["a", "b"]
    assert lines.path.stat().st_mode & 0o777 == 0o600


async def test_objects_in_s3() -> None:
    import boto3
    from moto import mock_aws

    environment = {
        "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
    }  # fmt: skip
    record = {"ContactId": "c1", "DisconnectTimestamp": "2026-11-20T09:02:00+00:00"}
    with mock_aws():
        client = boto3.client(
            "s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        sink = S3("acorn-records/live", environment)
        with pytest.raises(NotNow, match="NoSuchBucket"):
            await sink.write(record)
        client.create_bucket(Bucket="acorn-records")
        await sink.write(record)
        await sink.write(record)
        listed = client.list_objects_v2(Bucket="acorn-records")["Contents"]
        assert [item["Key"] for item in listed] == ["live/2026/11/20/c1.json"]
        found = client.get_object(Bucket="acorn-records", Key=listed[0]["Key"])
        assert json.loads(found["Body"].read()) == record
        assert found["ContentType"] == "application/json"


def test_the_environment_decides_before_the_project(tmp_path: Path) -> None:
    assert sinks_of("", "", tmp_path, {}) == []
    lines, s3 = sinks_of("a.jsonl", "bucket", tmp_path, {"FLOWLANG_RECORDS_S3": "other/live"})
    assert isinstance(lines, JsonLines)
    assert lines.path == tmp_path / "a.jsonl"
    assert isinstance(s3, S3)
    assert (s3.storage.bucket, s3.storage.prefix) == ("other", "live/")
    assert sinks_of("a.jsonl", "", tmp_path, {"FLOWLANG_RECORDS_FILE": ""}) == []
