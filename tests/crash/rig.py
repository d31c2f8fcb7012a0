"""The kill rig: run a conversation in a child process, kill it at its k-th crash point, start
again on the same store, and compare what remains with an undisturbed run.

Children are forked from this warm parent, so a point costs milliseconds. The outside world is a
log file that survives the kill: every effect that is performed leaves its key there.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from blocks.catalogue import catalogue
from flowlang.project import Texts
from flowlang.project import read as read_project
from flowlang.syntax.parser import parse
from runtime import faults
from runtime.bundle import Bundle
from runtime.contacts import ContactEntity
from runtime.engine import World
from runtime.host import Body, Decision, Host
from runtime.program import Program, program_id
from runtime.security.keys import KEY_BYTES, MasterKeys
from runtime.services.asked import AskedServices
from runtime.services.local.data import beside_the_loop, local_data
from runtime.services.local.records import Records
from runtime.stores import Outgoing, Parcel
from runtime.stores.sqlite import SqliteStore

CONTACT = "contact/c1"
NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
"""Time stands still in the rig: no timer falls due by chance."""


@cache
def program_of(source: str, beside: tuple[tuple[str, str], ...] = ()) -> Program:
    """Compiled in the parent, so that children start warm. `beside`: other flows, by path."""
    bundle = Bundle(Texts(dict(beside)), catalogue())
    return bundle.compile(parse(source).document, "main.flow", program_id(source))


class Hours:
    """Always open, so that a run does not depend on the day."""

    def is_open(self, at: datetime) -> bool:
        return True


class OpenWorld(World):
    def hours(self, name: str) -> Hours:
        return Hours()


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """What the outside does: the customer's answers in order, and what services reply."""

    source: str
    beside: tuple[tuple[str, str], ...] = ()
    """Other flows of the same version, by path."""
    answers: Sequence[str] = ()
    channel: str = "voice"
    address: str = "+821012345678"
    replies: Mapping[str, Body] = field(default_factory=dict)
    """By effect name, the event that answers it."""
    bot: Sequence[Body] = ()
    """The bot's replies in order."""
    queue: Body = field(default_factory=lambda: {"event": "Queued", "queue": "Q"})
    project: str = ""
    """The project whose services answer, as they do for live contacts."""


@dataclass(frozen=True)
class Outcome:
    """What is left after a run, without times."""

    history: list[dict[str, Any]]
    performed: Counter[str]
    kept: Mapping[str, Sequence[Any]]
    """What services keep, by kind."""

    @property
    def net(self) -> set[str]:
        return set(self.performed)


def undisturbed(conversation: Conversation, folder: Path) -> tuple[Outcome, int]:
    """The outcome without a kill, and how many crash points the run passes."""
    program_of(conversation.source, conversation.beside)
    counter = folder / "points"
    _in_child(lambda: _run(conversation, folder, count_to=counter))
    return _read(folder), int(counter.read_text())


def killed_at(conversation: Conversation, folder: Path, point: int) -> Outcome:
    """The outcome of a run that was killed at its `point`-th crash point and started again."""
    _in_child(lambda: _run(conversation, folder, kill_at=point), killed=True)
    _in_child(lambda: _run(conversation, folder))
    return _read(folder)


def assert_nothing_lost(outcome: Outcome, expected: Outcome, where: str) -> None:
    """Same history, every key performed, none more than twice; what it did to the services was
    done once."""
    assert outcome.history == expected.history, where
    assert outcome.kept == expected.kept, where
    assert outcome.net == expected.net, where
    often = {key: n for key, n in outcome.performed.items() if n > 2}
    assert not often, f"{where}: performed more than twice: {often}"


# --- in the child -----------------------------------------------------------------------------


def _in_child(work: Callable[[], None], *, killed: bool = False) -> None:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except Exception:  # noqa: BLE001 - the child tells, the parent fails
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    # Commits that fall together pass fewer points, so the last ones may not be reached.
    by_hand = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert status == 0 or (killed and by_hand), f"the child failed: {status}"


def _run(
    conversation: Conversation,
    folder: Path,
    *,
    kill_at: int = 0,
    count_to: Path | None = None,
) -> None:
    reached = 0

    def count(_point: str) -> None:
        nonlocal reached
        reached += 1
        if reached == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    faults.on_reach(count)
    asyncio.run(_converse(conversation, folder))
    if count_to is not None:
        count_to.write_text(str(reached))


async def _converse(conversation: Conversation, folder: Path) -> None:
    store = SqliteStore(folder / "store.db")
    program = program_of(conversation.source, conversation.beside)
    outside = Outside(conversation, folder)
    records = _records(folder) if conversation.project else None
    performers = dict.fromkeys(("customer", "function", "bot", "messenger"), outside.perform)
    if records is not None:
        outside.services = _services(conversation, records)
        performers["service"] = outside.perform
    host = Host(
        store,
        {
            "contact": ContactEntity(lambda _: program, OpenWorld()),
            "queue": QueueDouble(conversation),
        },
        performers,
        clock=lambda: NOW,
    )
    outside.host = host
    await host.start()
    started = host.event(
        "Started",
        id="start",
        channel=conversation.channel,
        address=conversation.address,
        program=program.id,
    )
    await host.post(CONTACT, started)
    await host.idle()
    await host.stop()
    await store.close()
    if records is not None:
        records.close()


def _records(folder: Path) -> Records:
    return Records(folder / "services.db", MasterKeys(bytes(KEY_BYTES)))


def _services(conversation: Conversation, records: Records) -> AskedServices:
    project, problems = read_project(conversation.project)
    assert project is not None, problems
    data = local_data(project, None, records, project.hours.get)
    services = {name: beside_the_loop(answer) for name, answer in data.services.items()}
    return AskedServices(services, clock=lambda: NOW)


class QueueDouble:
    """A queue that answers as the conversation says (queues have a rig of their own)."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation

    def decide(self, name: str, state: bytes | None, event: Body) -> Decision | None:
        turns = int(state or b"0") + 1
        reply = {**self.conversation.queue, "key": event["id"]}
        outbox = (Outgoing(f"queue/{name}/{turns}/0", event["sender"], reply),)
        return Decision(state=str(turns).encode(), outbox=outbox, journal={"queue": name})


class Outside:
    """Customer and services. Their log is written before the parcel counts as performed."""

    def __init__(self, conversation: Conversation, folder: Path) -> None:
        self.conversation = conversation
        self.log = os.open(folder / "performed", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self.host: Host
        self.services: AskedServices | None = None

    async def perform(self, parcel: Parcel) -> Body | None:
        os.write(self.log, f"{parcel.key}\n".encode())
        effect = parcel.body["effect"]
        if effect == "AskService" and self.services is not None:
            return await self.services.perform(parcel)
        if effect == "Listen":
            await self._answer(parcel)
        if effect == "AskBot":
            return self.conversation.bot[await self._count("AskBot", parcel.key)]
        return self.conversation.replies.get(effect)

    async def _answer(self, parcel: Parcel) -> None:
        """The customer answers each question once; asked again, they say the same."""
        index = await self._count("Listen", parcel.key)
        if index < len(self.conversation.answers):
            text = self.conversation.answers[index]
            heard = self.host.event(
                "Heard",
                id=f"{parcel.key}/heard",
                text=text,
                by="digits" if text.isdecimal() else "speech",
            )
            await self.host.post(parcel.sender, heard)

    async def _count(self, effect: str, key: str) -> int:
        """The how-manieth effect of its kind this is, by the durable history."""
        keys = [
            found_key
            for entry in await self.host.store.journal(CONTACT)
            for found_key, body in orjson.loads(entry)["effects"]
            if body["effect"] == effect
        ]
        return keys.index(key)


# --- what is left -----------------------------------------------------------------------------


def _read(folder: Path) -> Outcome:
    performed = Counter((folder / "performed").read_text().split())
    return Outcome(_history(folder), performed, _kept(folder))


KINDS = ("profile", "profile of contact", "case", "contacts of case", "task", "row Bookings")


def _kept(folder: Path) -> dict[str, list[Any]]:
    if not (folder / "services.db").exists():
        return {}
    records = _records(folder)
    try:
        return {kind: [_without_times(item) for item in records.all(kind)] for kind in KINDS}
    finally:
        records.close()


def _history(folder: Path) -> list[dict[str, Any]]:
    async def read() -> Sequence[bytes]:
        store = SqliteStore(folder / "store.db")
        try:
            return await store.journal(CONTACT)
        finally:
            await store.close()

    return [_without_times(json.loads(entry)) for entry in asyncio.run(read())]


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_times(v) for k, v in value.items() if k not in ("at", "waiting_since")}
    if isinstance(value, list):
        return [_without_times(item) for item in value]
    return value
