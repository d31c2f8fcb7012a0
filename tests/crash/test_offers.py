"""kill -9 at every crash point of offers: one agent, or the same place in the queue."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from runtime import faults
from runtime.contact import Contact
from runtime.contacts import ContactEntity
from runtime.desk.agent import Agent, AgentEntity, AgentSettings
from runtime.desk.queue import Queue, QueueEntity, QueueSettings
from runtime.engine import World
from runtime.host import Body, Host
from runtime.stores import Parcel
from runtime.stores.sqlite import SqliteStore
from tests.crash import rig

pytestmark = pytest.mark.crash

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
"""Time stands still: timers fire when the script says so."""
SOURCE = """
flow waiting
  on error -> bye

start:
  -> bye

bye:
  play "Bye."
  -> nowhere
"""
AGENTS = {
    name: AgentSettings(name=name.upper(), queues=("Q", f"@{name}"), wrap_up_s={"Q": 60})
    for name in ("ann", "bob", "cat")
}
QUEUES = {name: QueueSettings(capacity=9) for name in ("Q", "@ann", "@bob", "@cat")}


class Desk:
    """One run of the process: entities, their host, and people who do as the script says.

    A script runs again from its start after a kill; the ids of its events are the same, and what
    it does next it reads from what it sees.
    """

    def __init__(self, folder: Path) -> None:
        self.store = SqliteStore(folder / "store.db")
        self.heard = os.open(folder / "heard", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        program = rig.program_of(SOURCE)
        self.host = Host(
            self.store,
            {
                "contact": ContactEntity(lambda _: program, World()),
                "queue": QueueEntity(QUEUES),
                "agent": AgentEntity(AGENTS),
            },
            {"customer": self.hear},
            clock=lambda: NOW,
        )

    async def hear(self, parcel: Parcel) -> Body | None:
        os.write(self.heard, json.dumps([parcel.key, parcel.body]).encode() + b"\n")
        return None

    async def post(self, entity: str, event: str, event_id: str, **values: Any) -> None:
        await self.host.post(entity, self.host.event(event, id=event_id, **values))

    async def arrive(self, contact: str, minutes_ago: int) -> None:
        since = (NOW - timedelta(minutes=minutes_ago)).isoformat()
        await self.post(f"contact/{contact}", "Started", f"start {contact}", channel="chat",
                        queue="Q", waiting_since=since, program="p")  # fmt: skip

    async def ready(self, *agents: str) -> None:
        for agent in agents:
            await self.post(f"agent/{agent}", "SetState", f"ready {agent}", state="available")
        await self.host.idle()

    async def agent(self, name: str) -> Agent:
        found = await self.store.load(f"agent/{name}")
        return Agent.from_bytes(found[1]) if found else Agent()

    async def answer(self, agent: str, event: str, contact: str = "c1") -> None:
        """Accept or decline a contact, if it rings."""
        ringing = (await self.agent(agent)).ringing
        if ringing is not None and ringing.contact == contact:
            await self.post(f"agent/{agent}", event, f"{event} {ringing.offer}",
                            offer=ringing.offer)  # fmt: skip
        await self.host.idle()

    async def let_ring(self, agent: str) -> None:
        """Let the time of an offer pass, if this agent has one."""
        if (await self.agent(agent)).ringing is None:
            return
        for due in await self.store.due((NOW + timedelta(seconds=20)).timestamp(), 10):
            await self.host._fire(due)
        await self.host.idle()


Script = Callable[[Desk], Awaitable[None]]


async def accepted(desk: Desk) -> None:
    await desk.arrive("c1", 2)
    await desk.arrive("c2", 1)
    await desk.ready("ann")
    await desk.answer("ann", "Accept")
    await desk.post("agent/ann", "Say", "say 1", contact="c1", text="hello")
    await desk.host.idle()
    await desk.post("contact/c1", "Heard", "heard 1", text="hi")
    await desk.host.idle()
    await desk.post("agent/ann", "Close", "close 1", contact="c1")
    await desk.host.idle()


async def declined(desk: Desk) -> None:
    await desk.arrive("c1", 2)
    await desk.ready("ann", "bob")
    await desk.answer("ann", "Decline")
    await desk.answer("bob", "Accept")


async def missed(desk: Desk) -> None:
    await desk.arrive("c1", 2)
    await desk.ready("ann")
    await desk.let_ring("ann")
    await desk.arrive("c2", 1)
    await desk.ready("bob")
    await desk.answer("bob", "Accept")


async def left(desk: Desk) -> None:
    await desk.arrive("c1", 2)
    await desk.arrive("c2", 1)
    await desk.ready("ann")
    await desk.post("contact/c1", "CustomerLeft", "left c1")
    await desk.host.idle()


async def handed(desk: Desk) -> None:
    """To a colleague who declines, then to one who takes them; then it is written down."""
    await desk.arrive("c1", 2)
    await desk.ready("ann")
    await desk.answer("ann", "Accept")
    await desk.ready("bob", "cat")
    for target, answer in (("bob", "Decline"), ("cat", "Accept")):
        await desk.post("agent/ann", "Transfer", f"hand to {target}", contact="c1", to="agent",
                        target=target, note="note")  # fmt: skip
        await desk.host.idle()
        await desk.answer(target, answer)
    await desk.post("agent/ann", "Finish", "finish 1", contact="c1", disposition="solved")
    await desk.host.idle()


SCRIPTS: dict[str, Script] = {
    script.__name__: script for script in (accepted, declined, missed, left, handed)
}


async def crossing(desk: Desk) -> None:
    """The acceptance and the time-out in the same moment."""
    await desk.arrive("c1", 2)
    await desk.ready("ann")
    await asyncio.gather(desk.answer("ann", "Accept"), desk.let_ring("ann"))
    await desk.host.idle()


# --- runs ---------------------------------------------------------------------------------------


def run(script: Script, folder: Path, *, kill_at: int = 0) -> None:
    reached = 0

    def count(_point: str) -> None:
        nonlocal reached
        reached += 1
        if reached == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    async def live() -> None:
        desk = Desk(folder)
        await desk.host.start()
        # The prologue that a restart adds is not part of the script: what was under way ends.
        await desk.host.idle()
        await script(desk)
        await desk.host.stop()
        await desk.store.close()
        (folder / "points").write_text(str(reached))

    faults.on_reach(count)
    asyncio.run(live())


def result(folder: Path) -> dict[str, Any]:
    """Where everybody is in the end, and what the customers heard."""

    async def read() -> dict[str, Any]:
        store = SqliteStore(folder / "store.db")
        found = {entity: state for prefix in ("contact/", "queue/", "agent/")
                 for entity, state in await store.entities(prefix)}  # fmt: skip
        left_over = await store.undelivered()
        await store.close()
        assert not left_over
        return {entity: summary(entity, state) for entity, state in found.items()}

    heard = dict(map(json.loads, (folder / "heard").read_text().splitlines()))
    return {**asyncio.run(read()), "heard": heard}


def summary(entity: str, state: bytes) -> Any:
    if entity.startswith("contact/"):
        contact = Contact.from_bytes(state)
        return contact.status, contact.agent, contact.reason
    if entity.startswith("agent/"):
        agent = Agent.from_bytes(state)
        chats = {chat.contact: chat.state for chat in agent.chats.values()}
        return agent.presence, agent.ringing and agent.ringing.contact, chats
    queue = Queue.from_bytes(state)
    places = [(place.contact, place.since, place.agent) for place in queue.in_order()]
    return places, queue.taken, sorted(queue.agents)


def is_whole(found: dict[str, Any]) -> bool:
    """The contact is with one agent, or waits and rings at most once."""
    places, taken, _ = found["queue/Q"]
    presence, ringing, chats = found["agent/ann"]
    status, agent, _ = found["contact/c1"]
    joined = (
        status == "connected"
        and agent == "ann"
        and taken == {"c1": "ann"}
        and chats == {"c1": "open"}
        and not places
        and ringing is None
    )
    waits = (
        status == "queued"
        and [place[0] for place in places] == ["c1"]
        and places[0][1] == (NOW - timedelta(minutes=2)).isoformat()
        and not chats
        and not taken
        and (ringing == "c1") == (places[0][2] == "ann")
    )
    return presence in ("available", "missed") and (joined != waits)


def points_of(folder: Path, script: Script) -> int:
    folder.mkdir()
    rig._in_child(lambda: run(script, folder))
    return int((folder / "points").read_text())


def kill(script: Script, folder: Path, point: int) -> dict[str, Any] | None:
    """The result after a kill; None where this run, whose tasks take turns as they like, was over
    before its `point`-th crash point."""
    folder.mkdir()
    (folder / "heard").touch()
    child = os.fork()
    if child == 0:
        try:
            run(script, folder, kill_at=point)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        assert (folder / "points").exists(), "the child failed"
        return None
    rig._in_child(lambda: run(script, folder))
    return result(folder)


def kill_all(
    script: Script, folder: Path, points: int, share: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    chosen: Sequence[int] = range(1, points + 1)
    if share == "eighth":
        chosen = sorted(Random(script.__name__).sample(chosen, points // 8 + 1))
    killed = 0
    for point in chosen:
        found = kill(script, folder / f"{point}", point)
        if found is not None:
            killed += 1
            yield f"{script.__name__}, killed at point {point} of {points}", found
    assert killed > len(chosen) * 0.8


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    rig.program_of(SOURCE)


SHARES = ["eighth", pytest.param("all", marks=pytest.mark.soak)]


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_killed_offer_ends_as_if_nothing_had_happened(
    name: str, share: str, tmp_path: Path
) -> None:
    points = points_of(tmp_path / "0", SCRIPTS[name])
    expected = result(tmp_path / "0")
    assert points > 30
    for where, found in kill_all(SCRIPTS[name], tmp_path, points, share):
        assert found == expected, where


@pytest.mark.parametrize("share", SHARES)
def test_an_acceptance_that_crosses_the_time_out_ends_whole(share: str, tmp_path: Path) -> None:
    points = points_of(tmp_path / "0", crossing)
    assert is_whole(result(tmp_path / "0"))
    for where, found in kill_all(crossing, tmp_path, points, share):
        assert is_whole(found), f"{where}: {found}"
