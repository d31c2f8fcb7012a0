"""A project's services, live: wired to its host, on the side that its environment picks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from blocks.catalogue import catalogue
from flowlang.project import load
from runtime.contact import Contact
from runtime.desk.queue import Queue
from runtime.services.site import ENVIRONMENT, NoSuchEnvironment, environment_of
from runtime.serving import Site, open_site
from runtime.stores import Parcel
from runtime.versions import Sources

FLOW = """
flow desk
  on error -> hang_up

start:
  found = find_profile phone: caller.number
    on none -> nobody
    on several, error -> nobody
  play "Hello {found.first_name}."
  -> hang_up

nobody:
  play "Hello."
  -> hang_up
"""
TOML = """
name = "Acorn"
[entries.support]
flow = "desk"
channels = ["chat"]
[queues.Billing]
[tables.Prices]
columns = { item = "text", price = "number" }
key = ["item"]
file = "prices.csv"
[environments.live.services]
profiles = "local"
"""


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def site(tmp_path: Path, clock: Clock) -> AsyncIterator[Site]:
    (tmp_path / "desk.flow").write_text(FLOW)
    (tmp_path / "prices.csv").write_text("item,price\napple,1.5\n")
    (tmp_path / "flowlang.toml").write_text(TOML)
    found, problems = load(tmp_path)
    assert found is not None, problems
    site = open_site(found, tmp_path, catalogue(), environment={}, clock=clock)
    await site.start(Sources.of_folder(tmp_path, found))
    yield site
    await site.stop()


async def ask(site: Site, service: str, operation: str, **arguments: Any) -> dict[str, Any]:
    effect = {"effect": "AskService", "service": service, "operation": operation,
              "arguments": arguments}  # fmt: skip
    parcel = Parcel(f"c/1/{arguments}", "contact/c", "service", effect, tried=False)
    answer = await site.services.performers["service"](parcel)
    assert answer is not None
    return dict(answer)


async def test_a_contact_asks_a_service(site: Site) -> None:
    made = await ask(site, "profiles", "create", fields={"phone": "+8210", "first_name": "Hana"})
    assert made["event"] == "ServiceAnswered"
    event = site.host.event("Started", id="s1", channel="task", address="+8210", entry="support")
    await site.host.post("contact/c1", event)
    await site.host.idle()
    history = [entry.decode() for entry in await site.store.journal("contact/c1")]
    assert any("Hello Hana." in entry for entry in history)


async def test_every_service_is_there(site: Site) -> None:
    price = await ask(site, "tables", "look_up", table="Prices", key={"item": "apple"})
    assert price["value"]["price"] == 1.5
    assert (await ask(site, "metrics", "queue", queue="Billing"))["value"]["size"] == 0
    assert (await ask(site, "sentiment", "detect", text="Great, thanks"))["value"]["score"] > 0
    assert (await ask(site, "voice_identity", "check"))["reason"] == "failed"
    assert (await ask(site, "http", "request", url="https://x.test/"))["reason"] == "unknown"
    assert (await ask(site, "weather", "get"))["reason"] == "unknown"


async def test_a_task_comes_to_its_queue_at_its_time(site: Site, clock: Clock) -> None:
    made = await ask(site, "tasks", "create", name="Call back", queue="Billing", delay_s=600,
                     description="About the bill", references={"order": "55"})  # fmt: skip
    task = made["value"]
    entity = f"contact/task-{task['id']}"
    starter = site.services.starter
    assert starter is not None
    await starter.start_due()
    assert await site.store.load(entity) is None
    clock.now += timedelta(seconds=600)
    for _ in range(2):
        await starter.start_due()
    await site.host.idle()
    found = await site.store.load(entity)
    assert found is not None
    contact = Contact.from_bytes(found[1])
    assert (contact.status, contact.channel, contact.name) == ("queued", "task", "Call back")
    state = await site.store.load("queue/Billing")
    assert state is not None
    assert list(Queue.from_bytes(state[1]).places) == [contact.id]
    read = await ask(site, "tasks", "get", id=task["id"])
    assert read["value"]["state"] == "started"


async def test_what_is_kept_stands_beside_the_store(site: Site, tmp_path: Path) -> None:
    await ask(site, "cases", "create", fields={"title": "Broken"})
    assert (tmp_path / ".flowlang" / "store-services.db").is_file()
    await site.services.tidy()


async def test_an_environment_is_picked_by_a_variable(site: Site) -> None:
    assert environment_of(site.project, {}).side("profiles") == "local"
    assert environment_of(site.project, {ENVIRONMENT: "live"}).services == {"profiles": "local"}
    with pytest.raises(NoSuchEnvironment, match="live"):
        environment_of(site.project, {ENVIRONMENT: "liev"})
