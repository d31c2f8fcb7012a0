"""A project, live: its entities, services and channels around one store."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flowlang.catalogue import Catalogue
from flowlang.channels import MESSENGERS
from flowlang.effects import queue_of
from flowlang.project import Project
from flowlang.project import model as project_model
from runtime.attachments import Attachments
from runtime.channels.calls import Calls, Outbound, Phone
from runtime.channels.console import ConsolePhone
from runtime.channels.customers import Customers, goes_out
from runtime.channels.entries import Entries, Entry
from runtime.channels.outgoing import Outgoing
from runtime.channels.provider import Adapter, ByTemplate, Provider
from runtime.channels.providers import open_providers
from runtime.channels.reception import Reception
from runtime.channels.twilio import Twilio
from runtime.channels.webchat import WebChat
from runtime.contacts import ContactEntity
from runtime.customers import CustomerIndex
from runtime.desk.agent import AgentEntity, AgentSettings, Rank
from runtime.desk.queue import QueueEntity, QueueSettings
from runtime.desk.skills import Skills
from runtime.flow_counts import FlowCounts
from runtime.host import Body, Host, Performer
from runtime.place import master_keys, open_store, own_folder, services_file
from runtime.records import Recorder, sinks_of
from runtime.security.audit import AuditLog
from runtime.security.permissions import People
from runtime.security.signin import SignIns
from runtime.security.tokens import installation_secret
from runtime.services.invitations import Invitations
from runtime.services.site import SiteServices
from runtime.services.tasks import CHANNEL as TASKS
from runtime.services.tasks import TaskDesk
from runtime.stores import Parcel
from runtime.stores.sqlite import SqliteStore
from runtime.versions import Release, Sources, Versions
from runtime.world import ProjectWorld

log = logging.getLogger(__name__)

TIDY_S = 3600.0
LEARN_S = 1.0
COUNTED_AT_ONCE = 200
DAY_S = 86_400
PUBLIC_URL = "http://127.0.0.1:8080"


@dataclass(slots=True)
class Site:
    """One project with everything that it runs on."""

    project: Project
    folder: Path
    public_url: str
    store: SqliteStore
    host: Host
    entries: Entries
    reception: Reception
    chat: WebChat
    invitations: Invitations
    sign_ins: SignIns
    people: People
    audit: AuditLog
    versions: Versions
    services: SiteServices
    providers: Mapping[str, Provider]
    phone: Twilio | ConsolePhone
    """What text messages go out by."""
    calls: Calls | None
    customers: CustomerIndex
    counts: FlowCounts = field(default_factory=FlowCounts)
    """Who is where in the flows, for those who watch."""
    _counting: asyncio.Task[None] | None = None
    _tidying: asyncio.Task[None] | None = None
    _learning: asyncio.Task[None] | None = None

    @property
    def is_ready(self) -> bool:
        return self._tidying is not None and not self._tidying.done()

    async def start(self, sources: Sources) -> None:
        """Publish what is new, and go on where the last run stopped."""
        await self.versions.load(self.store)
        newest = self.versions.newest
        if newest is None or newest.sources != sources.id:
            # Not what is on the disk decides but what of it is new: who went back to an older
            # version gets that one after a restart too.
            await self.publish(sources, who="")
        self.host.watchers.append(self.counts.watch)
        self._counting = asyncio.create_task(self._count())
        await self.host.start()
        await self.services.start(self.host)
        boot = secrets.token_hex(8)
        known = [entity for entity, _ in await self.store.entities("agent/")]
        for agent in {*known, *(f"agent/{name}" for name in self.project.agents)}:
            # Who answers which queue may have changed while nobody ran.
            await self.host.post(agent, self.host.event("Refresh", id=f"refresh/{boot}/{agent}"))
        self._tidying = asyncio.create_task(self._tidy())
        self._learning = asyncio.create_task(self._learn())

    async def stop(self) -> None:
        self.chat.close()
        for task in (self._tidying, self._learning, self._counting):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self.host.stop()
        await self.services.close()
        for provider in self.providers.values():
            await provider.close()
        await self.store.close()

    def is_shown_here(self, channel: str) -> bool:
        """Whether nobody carries a messenger, and its messages are only shown on the console."""
        return all(channel not in provider.channels for provider in self.providers.values())

    async def new_links(self) -> dict[str, str]:
        """A link to sign in for everybody who never did."""
        return {
            person: await self.sign_in_link(person)
            for person in self.people.persons
            if not await self.sign_ins.has_come(person)
        }

    async def sign_in_link(self, person: str) -> str:
        return f"{self.public_url}/sign-in/{await self.sign_ins.new_link(person)}"

    async def publish(self, sources: Sources, *, who: str) -> Release:
        """From now on new contacts get these."""
        before = self.versions.newest
        release = await self.versions.publish(self.store, sources, who=who, at=self.host.clock())
        self.audit.note(
            who, "flows.published", self.project.name,
            before=before.sources if before else "", after=sources.id,
        )  # fmt: skip
        return release

    async def roll_back(self, number: int, *, who: str) -> Release | None:
        """From now on new contacts get an older version again; None if there is none such."""
        before = self.versions.current
        release = await self.versions.roll_back(self.store, number, who=who, at=self.host.clock())
        if release is not None:
            self.audit.note(
                who, "flows.rolled-back", self.project.name,
                before=before.sources.id if before else "", after=release.sources,
            )  # fmt: skip
        return release

    async def _count(self) -> None:
        """Know who is under way already, a few at a time: nobody waits for it."""
        states = await self.store.alive("contact/")
        for first in range(0, len(states), COUNTED_AT_ONCE):
            self.counts.read(states[first : first + COUNTED_AT_ONCE])
            await asyncio.sleep(0)
        self.counts.all_read()

    async def _learn(self) -> None:
        """What others publish counts here a second later."""
        while True:
            await asyncio.sleep(LEARN_S)
            try:
                await self.versions.load(self.store)
            except Exception:
                log.exception("what is published cannot be read")

    async def _tidy(self) -> None:
        while True:
            try:
                await self.tidy()
            except Exception:
                log.exception("what is old cannot be erased; the next try is in an hour")
            await asyncio.sleep(TIDY_S)

    async def tidy(self) -> None:
        """Forget what was kept long enough."""
        now = self.host.clock().timestamp()
        await self.store.forget_old_events(now)
        if erased := await self.store.erase(now - self.project.retention.days * DAY_S):
            log.info("%d contacts are erased for good", erased)
        await self.services.tidy()
        await self.chat.tidy()


def open_site(
    project: Project,
    folder: Path,
    catalogue: Catalogue,
    *,
    public_url: str = PUBLIC_URL,
    store: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    show: Callable[[str], None] = print,
    clock: Callable[[], datetime] | None = None,
) -> Site:
    """Put the parts together; nothing runs yet."""
    own = own_folder(folder)
    clock = clock or _now
    database = open_store(folder, store, environment)
    secret = installation_secret(own / "secret.key")
    entries = entries_of(project)
    providers = open_providers(environment, entries)
    twilio = providers.get("twilio")
    console = ConsolePhone(show=show)
    phone = twilio if isinstance(twilio, Twilio) else console
    adapters: dict[str, Adapter] = dict.fromkeys(MESSENGERS, console)
    for provider in providers.values():
        adapters.update(dict.fromkeys(provider.channels, provider))
    versions = Versions(catalogue)
    adapters[TASKS] = TaskDesk()
    services = SiteServices(
        project, folder, database, variables=environment, clock=clock,
        records=services_file(database.path),
    )  # fmt: skip
    first_messages = {
        name: adapter for name, adapter in adapters.items() if isinstance(adapter, ByTemplate)
    }
    invitations = Invitations(
        database, secret, entries, phone.send_text, first_messages=first_messages,
        public_url=public_url, clock=clock,
    )  # fmt: skip
    outgoing = Outgoing(database, entries, phone.send_text, first_messages)
    world = ProjectWorld(project)
    sinks = sinks_of(project.records.file, project.records.s3, folder, environment)
    customers = CustomerIndex(database, project.customers.attributes)
    performers: dict[str, Performer] = {
        "customer": Customers(database, adapters, entries, clock).perform,
        **services.performers,
        "messenger": _by_effect({"Invite": invitations.perform, "SendMessage": outgoing.perform}),
        "record": Recorder(
            database, versions, [*sinks, *services.sinks, customers], services.service("sentiment")
        ).perform,
    }
    host = Host(
        database,
        {
            "contact": ContactEntity(versions, world, records=True, goes_out=goes_out),
            "queue": QueueEntity(queues_of(project), skills_of(project), world.zone),
            "agent": AgentEntity(agents_of(project), world.zone),
        },
        performers,
        clock=clock,
        catch_up=lambda: versions.load(database),
    )
    reception = Reception(host, entries, invitations)
    chat = adapters["chat"] = WebChat(host, reception, secret, Attachments(own / "attachments"))
    calls: Calls | None = None
    if isinstance(twilio, Twilio):
        phones = {
            name: Phone(number=agent.phone) for name, agent in project.agents.items() if agent.phone
        }
        calls = adapters["voice"] = Calls(
            host, reception, entries, twilio, public_url.rstrip("/"), phones,
            {name: agent.name for name, agent in project.agents.items()}, outbound_of(project),
        )  # fmt: skip
    performers["telephony"] = calls.call_for_agent if calls else _no_telephone
    performers["service"] = _with_telephony(performers["service"], calls)
    sign_ins = SignIns(database, clock, master_keys(database.path, environment))
    return Site(
        project, folder, public_url.rstrip("/"), database, host, entries, reception, chat,
        invitations, sign_ins, People.of(project),
        AuditLog(own, secret, clock), versions, services, providers, phone, calls, customers,
    )  # fmt: skip


async def _no_telephone(parcel: Parcel) -> Body | None:
    return {"event": "NotReached", "contact": parcel.body["contact"], "reason": "no_telephone"}


def _with_telephony(others: Performer, calls: Calls | None) -> Performer:
    """Calls to somebody else are a service of the line that the caller is on."""

    async def perform(parcel: Parcel) -> Body | None:
        if calls is not None and parcel.body["service"] == "telephony":
            return await calls.dial(parcel)
        return await others(parcel)

    return perform


def _by_effect(performers: Mapping[str, Performer]) -> Performer:
    async def perform(parcel: Parcel) -> Body | None:
        return await performers[parcel.body["effect"]](parcel)

    return perform


def entries_of(project: Project) -> Entries:
    return Entries(
        {
            name: Entry(
                name=name,
                titles=entry.title or {"": project.name},
                language=entry.language or "",
                languages=project.languages,
                channels=entry.channels,
                numbers=_numbers(entry),
                templates=entry.templates,
            )
            for name, entry in project.entries.items()
        }
    )


def _numbers(entry: project_model.Entry) -> dict[str, str]:
    """How each messenger of an entry is reached: by an account's name, or by its number."""
    found = {name: entry.accounts.get(name) or entry.number for name in entry.channels}
    reached = (*MESSENGERS, "voice")
    return {name: known for name, known in found.items() if known and name in reached}


def queues_of(project: Project) -> dict[str, QueueSettings]:
    return {
        **{queue_of(name): QueueSettings() for name in project.agents},
        **{
            name: QueueSettings(
                capacity=queue.capacity, ring_s=queue.ring_s, answer_within_s=queue.answer_within_s
            )
            for name, queue in project.queues.items()
        },
    }


def skills_of(project: Project) -> dict[str, Skills]:
    return {name: agent.skills for name, agent in project.agents.items() if agent.skills}


def outbound_of(project: Project) -> dict[str, Outbound]:
    return {
        name: Outbound(entry=queue.outbound_entry, number=queue.outbound_number or "")
        for name, queue in project.queues.items()
    }


def agents_of(project: Project) -> dict[str, AgentSettings]:
    wrap_up_s = {name: queue.wrap_up_s for name, queue in project.queues.items()}
    found = {}
    for name, agent in project.agents.items():
        served, most = project.queues_of(name), project.concurrency_of(name)
        found[name] = AgentSettings(
            name=agent.name, queues=(*served, queue_of(name)),
            chats_max=most.chat, calls_max=most.voice, tasks_max=most.task,
            ranks={
                queue: Rank(priority=rank.priority, delay_s=rank.delay_s)
                for queue, rank in served.items()
            },
            # Who was handed over belongs to no queue but the agent's own.
            wrap_up_s=wrap_up_s
            | {queue_of(name): max((wrap_up_s.get(queue, 0) for queue in served), default=0)},
        )  # fmt: skip
    return found


def _now() -> datetime:
    return datetime.now(UTC)
