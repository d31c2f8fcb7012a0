"""The record of a contact that is over: when, over what, with whom, how it ended.

Its fields have the names of Amazon Connect's contact records, so that what reads those reads ours.
It is derived from the journal, in which everything stands durably before the record is asked for;
so however often it is written, it is the same, under the same `Key`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import orjson

from flowlang.channels import CHANNELS
from runtime.amazon import customer_endpoint, initiation_method
from runtime.analysis import Service, analysis_of
from runtime.contact import Contact
from runtime.host import Body, NotNow
from runtime.masks import Masks
from runtime.program import Program
from runtime.recording import Kept, kept_in
from runtime.services.aws.clients import Clients
from runtime.services.aws.storage import S3Storage
from runtime.services.storage import StorageFailed
from runtime.stores import Parcel, Store

Record = Mapping[str, Any]
REASONS = {
    "customer": "CUSTOMER_DISCONNECT",
    "agent": "AGENT_DISCONNECT",
    "flow": "CONTACT_FLOW_DISCONNECT",
    "continued": "TRANSFERRED",
    "expired": "EXPIRED",
}


class Sink(Protocol):
    """A place that records go to. It may get one twice."""

    async def write(self, record: Record) -> None: ...


class Recorder:
    """The performer of records."""

    def __init__(
        self,
        store: Store,
        programs: Callable[[str], Program | None],
        sinks: Sequence[Sink],
        sentiment: Service | None = None,
    ) -> None:
        self.store = store
        self.sentiment = sentiment
        self.programs = programs
        self.sinks = sinks

    async def perform(self, parcel: Parcel) -> Body | None:
        found = await self.store.load(parcel.sender)
        if found is None:
            # Erased while it waited: nobody shall know any more.
            return None
        contact = Contact.from_bytes(found[1])
        journal = [orjson.loads(entry) for entry in await self.store.journal(parcel.sender)]
        kept = kept_in(journal)
        record = record_of(parcel.key, contact, journal, self.programs(contact.program), kept)
        ended = datetime.fromisoformat(record["DisconnectTimestamp"])
        medium = CHANNELS[contact.channel].medium
        language = kept.orders.language or contact.language
        record["Analysis"] = await analysis_of(kept, medium, language, ended, self.sentiment)
        await self.store.put_record(contact.id, ended.timestamp(), orjson.dumps(record))
        for sink in self.sinks:
            await sink.write(record)
        return None


def record_of(
    key: str,
    contact: Contact,
    journal: Sequence[Mapping[str, Any]],
    program: Program | None,
    kept: Kept,
) -> dict[str, Any]:
    masks = Masks(program)
    for entry in journal:
        masks.learn(entry)
    ended = next(entry for entry in journal if entry["status"] == "ended")["event"]["at"]
    began = contact.started_at
    medium = CHANNELS[contact.channel].medium
    return {
        "Key": key,
        "ContactId": contact.id,
        "Channel": medium.upper(),
        "Subtype": contact.channel,
        "InitiationMethod": initiation_method(contact),
        "PreviousContactId": contact.continues or None,
        "InitiationTimestamp": began,
        "ConnectedToSystemTimestamp": began,
        "DisconnectTimestamp": ended,
        "DisconnectReason": REASONS.get(contact.reason, "OTHER"),
        "Reason": contact.reason,
        "CustomerEndpoint": customer_endpoint(contact),
        "SystemEndpoint": {"Type": "ENTRY", "Address": contact.entry},
        "CustomerName": contact.name or None,
        "Language": contact.language or None,
        "Attributes": masks.values(contact.values),
        "Queue": _queue(contact, journal, ended),
        "Agent": _agent(contact, journal, ended),
        "Recordings": list(_recordings(journal)) if medium == "voice" else [],
        "Transcript": kept.described if medium == "chat" else None,
        "WrapUp": _wrap_up(journal),
        "Flow": program.name if program else None,
        "FlowVersion": contact.program,
        "Steps": contact.steps,
    }


def _queue(
    contact: Contact, journal: Sequence[Mapping[str, Any]], ended: str
) -> dict[str, Any] | None:
    if not contact.queue or not contact.waiting_since:
        return None
    left = _moment(journal, "AgentJoined") or ended
    return {
        "Name": contact.queue,
        "EnqueueTimestamp": contact.waiting_since,
        "DequeueTimestamp": left,
        "Duration": _seconds(contact.waiting_since, left),
    }


def _agent(
    contact: Contact, journal: Sequence[Mapping[str, Any]], ended: str
) -> dict[str, Any] | None:
    joined = _moment(journal, "AgentJoined")
    if not contact.agent or joined is None:
        return None
    return {
        "Username": contact.agent,
        "Name": contact.agent_name,
        "ConnectedToAgentTimestamp": joined,
        "AgentInteractionDuration": _seconds(joined, ended),
    }


def _wrap_up(journal: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
    """What the agent noted in the end; a record is written again when they do."""
    for entry in reversed(journal):
        event = entry["event"]
        if event["event"] == "WrappedUp":
            return {
                "Agent": event["agent"],
                "Disposition": event.get("disposition", ""),
                "Notes": event.get("notes", ""),
            }
    return None


def _moment(journal: Sequence[Mapping[str, Any]], event: str) -> str | None:
    found = (entry["event"] for entry in journal)
    return next((each["at"] for each in found if each["event"] == event), None)


def _recordings(journal: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each order to record, by its key: the recording is found under it."""
    for entry in journal:
        for key, effect in entry["effects"]:
            if effect["effect"] == "Record" and effect.get("participants"):
                yield {
                    "Reference": key,
                    "Participants": list(effect["participants"]),
                    "StartTimestamp": entry["event"]["at"],
                }


def _seconds(since: str, until: str) -> int:
    return round((datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds())


# --- where they go --------------------------------------------------------------------------------


class JsonLines:
    """A line for each, durable before the next."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def write(self, record: Record) -> None:
        await asyncio.to_thread(self._append, orjson.dumps(record) + b"\n")

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            os.write(file, line)
            os.fsync(file)
        finally:
            os.close(file)


class S3:
    """An object for each: written twice it is the same one."""

    def __init__(self, place: str, environment: Mapping[str, str]) -> None:
        bucket, _, prefix = place.partition("/")
        self.storage = S3Storage(Clients(environment), bucket, prefix)

    async def write(self, record: Record) -> None:
        day = record["DisconnectTimestamp"][:10].replace("-", "/")
        try:
            await self.storage.put(f"{day}/{record['ContactId']}.json", orjson.dumps(record))
        except StorageFailed as error:
            raise NotNow(f"S3: {error}") from error


def sinks_of(file: str, s3: str, folder: Path, environment: Mapping[str, str]) -> list[Sink]:
    """As the environment says, else the project."""
    file = environment.get("FLOWLANG_RECORDS_FILE", file)
    s3 = environment.get("FLOWLANG_RECORDS_S3", s3)
    found: list[Sink] = []
    if file:
        found.append(JsonLines(folder / file))
    if s3:
        found.append(S3(s3, environment))
    return found
