"""What a supervisor may see: what belongs to their group, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from designer.supervisor.floor import Floor, Wanted
from flowlang.project import load
from runtime.serving import Site, open_site
from runtime.versions import Sources

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROJECT = """
name = "Two branches"

[entries.north]
flow = "line"
channels = ["chat"]

[queues.North]
group = "north"
[queues.South]
group = "south"

[groups.all]
[groups.north]
above = "all"
[groups.south]
above = "all"

[agents.ann]
name = "Ann"
queues = ["North"]
group = "north"
[agents.bob]
name = "Bob"
queues = ["South"]
group = "south"

[people.nora]
name = "Nora"
roles = ["supervisor"]
group = "north"
[people.alma]
name = "Alma"
roles = ["supervisor"]
group = "all"
[people.vera]
name = "Vera"
roles = ["counter"]
group = "north"

[roles.counter]
may = ["queues.view"]
"""
FLOW = """
flow line
  channels chat
  on error -> hang_up

queue north = "North"
queue south = "South"

start:
  ask "Where?"
    on "north" -> north_desk
    on "south" -> south_desk
    on timeout, no_match -> hang_up

north_desk:
  transfer north
    on full -> hang_up

south_desk:
  transfer south
    on full -> hang_up
"""


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    (tmp_path / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "line.flow").write_text(FLOW, encoding="utf-8")
    project, problems = load(tmp_path)
    assert project is not None, problems
    site = open_site(project, tmp_path, catalogue(), clock=lambda: NOW, show=lambda text: None)
    await site.start(Sources.of_folder(tmp_path, project, {"line.flow": FLOW}))
    for branch in ("north", "south"):
        contact = await site.reception.begin(
            f"line {branch}", f"start {branch}", contact=branch, channel="chat", address=branch,
            entry="north",
        )  # fmt: skip
        heard = site.host.event("Heard", id=f"heard {branch}", text=branch, by="text")
        await site.host.post(f"contact/{contact}", heard)
    for agent, branch in (("ann", "north"), ("bob", "south")):
        await site.host.post(
            f"agent/{agent}", site.host.event("SetState", id=agent, state="available")
        )
        await site.host.idle()
        offer = f"{branch.capitalize()}/1"
        await site.host.post(
            f"agent/{agent}", site.host.event("Accept", id=f"accept {agent}", offer=offer)
        )
        await site.host.idle()
    yield site
    await site.stop()


@pytest.mark.parametrize(
    ("person", "seen"), [("nora", {"north"}), ("alma", {"north", "south"}), ("ann", set())]
)
async def test_a_group_and_those_below_it_are_seen(site: Site, person: str, seen: set[str]) -> None:
    floor = Floor(site, person)
    assert {row.name.casefold() for row in await floor.queues()} == seen
    agents = await floor.agents()
    assert {chat.contact for row in agents for chat in row.in_hand} == seen
    assert all(chat.may_follow for row in agents for chat in row.in_hand)
    assert {found.contact for found in await floor.search(Wanted())} == seen
    for branch in ("north", "south"):
        for permission in ("contacts.view", "contacts.monitor"):
            contact = await floor.contact(branch, permission)
            assert (contact is not None) == (branch in seen)


async def test_who_may_count_may_not_read(site: Site) -> None:
    floor = Floor(site, "vera")
    (queue,) = await floor.queues()
    assert (queue.name, queue.answered) == ("North", 1)
    (agent,) = await floor.agents()
    assert [chat.may_follow for chat in agent.in_hand] == [False]
    assert await floor.search(Wanted()) == []
    assert await floor.contact("north", "contacts.monitor") is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(text="NOR"), {"north"}),
        (Wanted(queue="South"), {"south"}),
        (Wanted(agent="ann"), {"north"}),
        (Wanted(channel="sms"), set()),
        (Wanted(since="2026-11-20", until="2026-11-20"), {"north", "south"}),
        (Wanted(until="2026-11-19"), set()),
        (Wanted(since="2026-11-21"), set()),
        (Wanted(since="no day"), {"north", "south"}),
    ],
)
async def test_contacts_are_found_by_what_is_known(
    site: Site, wanted: Wanted, found: set[str]
) -> None:
    assert {each.contact for each in await Floor(site, "alma").search(wanted)} == found


async def test_what_is_over_is_found_too(site: Site) -> None:
    closed = site.host.event("Close", id="close", contact="north")
    await site.host.post("agent/ann", closed)
    await site.host.idle()
    (north,) = [
        each for each in await Floor(site, "nora").search(Wanted()) if each.contact == "north"
    ]
    assert (north.queue, north.agent, north.ended) == ("North", "ann", NOW.isoformat())
