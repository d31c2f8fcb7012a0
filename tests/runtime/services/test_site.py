"""A project's services, live: wired to its host, on the side that its environment picks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from blocks.catalogue import catalogue
from flowlang.diagnostics.words import LANGUAGES
from flowlang.project import load, read
from runtime.contact import Contact
from runtime.desk.queue import Queue
from runtime.services.asked import Question, Refused
from runtime.services.callees import SECRETS
from runtime.services.environment import VARIABLE, WORDS, UnusableEnvironment, environment_of
from runtime.services.local.history import HistoryService
from runtime.services.site import SiteServices
from runtime.services.transcripts import customer_name
from runtime.serving import Site, open_site
from runtime.stores import Parcel
from runtime.stores.sqlite import SqliteStore
from runtime.transcript import Reader
from runtime.versions import Sources

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
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
[environments.copies.services]
files = "local"
"""


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def open_here(tmp_path: Path, clock: Clock, **variables: str) -> AsyncIterator[Site]:
    (tmp_path / "desk.flow").write_text(FLOW)
    (tmp_path / "prices.csv").write_text("item,price\napple,1.5\n")
    (tmp_path / "flowlang.toml").write_text(TOML)
    found, problems = load(tmp_path)
    assert found is not None, problems
    site = open_site(found, tmp_path, catalogue(), environment=variables, clock=clock)
    await site.start(Sources.of_folder(tmp_path, found))
    yield site
    await site.stop()


@pytest.fixture
async def site(tmp_path: Path, clock: Clock) -> AsyncIterator[Site]:
    async with open_here(tmp_path, clock) as site:
        yield site


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
    shown = Reader().read_all(await site.store.journal(entity))
    assert [line["text"] for line in shown if line["text"]] == ["About the bill\norder: 55"]
    read = await ask(site, "tasks", "get", id=task["id"])
    assert read["value"]["state"] == "started"


async def test_what_is_kept_stands_beside_the_store(site: Site, tmp_path: Path) -> None:
    await ask(site, "cases", "create", fields={"title": "Broken"})
    assert (tmp_path / ".flowlang" / "store-services.db").is_file()
    await site.services.tidy()


async def call_in(site: Site, contact: str) -> None:
    event = site.host.event("Started", id=f"{contact}/s", channel="task", address="+8210",
                            entry="support")  # fmt: skip
    await site.host.post(f"contact/{contact}", event)
    await site.host.idle()


async def test_transcripts_are_put_where_the_environment_says(tmp_path: Path, clock: Clock) -> None:
    async with open_here(tmp_path, clock, **{VARIABLE: "copies"}) as site:
        for contact in ("c1", "c2"):
            await call_in(site, contact)
        stores = site.services.sinks[0].stores
        for number in (1, 2):
            stored = await stores.files.get(f"transcripts/2026/01/05/c{number}.json")
            assert stored is not None
            lines = orjson.loads(stored.data)["lines"]
            assert lines[0]["text"] == "Hello."
        known = await stores.context.get(customer_name("task", "+8210"))
        assert known is not None
        assert [item["contact"] for item in orjson.loads(known.data)] == ["c1", "c2"]
        # Told a second time, nothing is remembered twice.
        record = {"ContactId": "c1", "DisconnectTimestamp": clock().isoformat(), "Subtype": "task",
                  "CustomerEndpoint": {"Address": "+8210"}}  # fmt: skip
        await site.services.sinks[0].write(record)
        again = await stores.context.get(customer_name("task", "+8210"))
        assert again == known
    assert not (tmp_path / ".flowlang/files/customers").exists()


async def test_nothing_is_copied_unasked(site: Site, tmp_path: Path) -> None:
    await call_in(site, "c1")
    assert site.services.sinks == []
    assert not (tmp_path / ".flowlang/files").exists()


async def test_a_contact_goes_on_from_one_of_the_same_customer(site: Site) -> None:
    for contact in ("c1", "c2"):
        await call_in(site, contact)
    event = site.host.event("Started", id="x/s", channel="task", address="+8299", entry="support")
    await site.host.post("contact/x", event)
    history = HistoryService(site.store)

    async def join(here: str, there: str) -> str:
        asked = Question(operation="join", arguments={"contact": there}, contact=here, at=NOW)
        try:
            return str((await history.answer(asked))["contact"])
        except Refused as refusal:
            return refusal.reason

    assert await join("c2", "c1") == "c1"
    for there in ("x", "c2", "nobody"):
        assert await join("c2", there) == "none_found"


# --- environments -----------------------------------------------------------------------------

LIVE = """
[functions.crm]
python = "crm.py:lookup"
[functions.web]
url = "https://crm.test/"
[http]
hosts = ["crm.test"]
[environments.live.names.function]
crm = "arn:aws:lambda:ap-northeast-2:123456789012:function:crm"
[environments.live.services]
"""
ALL = ("functions", "bots", "profiles", "cases", "sentiment", "speech", "voice_identity")
WHO = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", VARIABLE: "live",
    "FLOWLANG_PROFILES_DOMAIN": "acorn", "FLOWLANG_CASES_DOMAIN": "d",
    "FLOWLANG_CASES_TEMPLATE": "t",
}  # fmt: skip


def services(tmp_path: Path, aws: tuple[str, ...], variables: dict[str, str]) -> SiteServices:
    toml = 'name = "Acorn"\n' + LIVE + "".join(f'{name} = "aws"\n' for name in aws)
    found, problems = read(toml)
    assert found is not None, problems
    return SiteServices(
        found, tmp_path, SqliteStore(tmp_path / "store.db"), records=tmp_path / "services.db",
        variables=variables, clock=Clock(),
    )  # fmt: skip


async def test_an_environment_is_picked_by_a_variable(tmp_path: Path) -> None:
    live = services(tmp_path, ALL, WHO)
    assert live.amazon is not None
    assert set(live.amazon.services) == set(ALL) - {"functions", "bots"}
    callees = live._callees()
    assert {name: type(callee).__name__ for name, callee in callees.items()} == {
        "crm": "Lambdas", "web": "Endpoints",
    }  # fmt: skip
    await live.close()
    local = services(tmp_path, ALL, {})
    assert local.amazon is None
    assert type(local._callees()["crm"]).__name__ == "LocalFunctions"
    await local.close()


@pytest.mark.parametrize(
    ("aws", "variables", "reason"),
    [
        ((), {VARIABLE: "liev"}, "unknown"),
        (("metrics",), WHO, "side"),
        (("profiles",), {**WHO, "FLOWLANG_PROFILES_DOMAIN": ""}, "variable"),
        ((), {SECRETS[0]: "whsec_?"}, "secret"),
    ],
)
async def test_an_environment_that_cannot_be_is_refused(
    tmp_path: Path, aws: tuple[str, ...], variables: dict[str, str], reason: str
) -> None:
    with pytest.raises(UnusableEnvironment) as caught:
        services(tmp_path, aws, variables)
    assert caught.value.reason == reason
    for language in LANGUAGES:
        assert "{" not in caught.value.said(language)
    assert reason in WORDS


def test_without_an_environment_everything_is_local(tmp_path: Path) -> None:
    found, _ = read('name = "x"')
    assert found is not None
    assert environment_of(found, {}).side("profiles") == "local"
