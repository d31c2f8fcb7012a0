"""A project, live: its entities, services and channels around one store."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flowlang.catalogue import Catalogue
from flowlang.channels import MESSENGERS
from flowlang.project import Project
from runtime.channels.customers import Adapter, Customers
from runtime.channels.entries import Entries, Entry
from runtime.channels.reception import Reception
from runtime.channels.twilio import ConsolePhone, Twilio, TwilioSettings
from runtime.channels.webchat import WebChat
from runtime.contacts import ContactEntity
from runtime.desk.agent import AgentEntity, AgentSettings
from runtime.desk.queue import QueueEntity, QueueSettings
from runtime.host import Host
from runtime.security.signin import ADMIN, SignIns
from runtime.security.tokens import installation_secret
from runtime.services.functions import Functions
from runtime.services.invitations import Invitations
from runtime.services.local.bot import Bot, LocalBots
from runtime.services.local.functions import LocalFunctions
from runtime.stores.sqlite import SqliteStore
from runtime.versions import Versions
from runtime.world import ProjectWorld

log = logging.getLogger(__name__)

FOLDER = ".flowlang"
"""Where a project keeps what its contacts leave: inside its own folder."""
TIDY_S = 3600.0
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
    versions: Versions
    functions: LocalFunctions
    twilio: TwilioSettings | None
    phone: Twilio | ConsolePhone
    _tidying: asyncio.Task[None] | None = None

    @property
    def is_ready(self) -> bool:
        return self._tidying is not None and not self._tidying.done()

    async def start(self, flows: Mapping[str, str]) -> None:
        """Publish the flows, by entry, and go on where the last run stopped."""
        await self.versions.load(self.store)
        await self.versions.publish(self.store, flows)
        await self.functions.start()
        await self.host.start()
        boot = secrets.token_hex(8)
        known = [entity for entity, _ in await self.store.entities("agent/")]
        for agent in {*known, *(f"agent/{name}" for name in self.project.agents)}:
            # Who answers which queue may have changed while nobody ran.
            await self.host.post(agent, self.host.event("Refresh", id=f"refresh/{boot}/{agent}"))
        self._tidying = asyncio.create_task(self._tidy())

    async def stop(self) -> None:
        self.chat.close()
        if self._tidying is not None:
            self._tidying.cancel()
            with suppress(asyncio.CancelledError):
                await self._tidying
        await self.host.stop()
        await self.functions.close()
        await self.store.close()

    async def new_links(self) -> dict[str, str]:
        """A link to sign in for everybody who never did."""
        people = [*self.project.agents, ADMIN]
        return {
            person: await self.sign_in_link(person)
            for person in people
            if not await self.sign_ins.has_come(person)
        }

    async def sign_in_link(self, person: str) -> str:
        return f"{self.public_url}/sign-in/{await self.sign_ins.new_link(person)}"

    async def _tidy(self) -> None:
        while True:
            await self.store.forget_old_events(self.host.clock().timestamp())
            await asyncio.sleep(TIDY_S)


def open_site(
    project: Project,
    folder: Path,
    catalogue: Catalogue,
    *,
    public_url: str = PUBLIC_URL,
    store: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    show: Callable[[str], None] = print,
) -> Site:
    """Put the parts together; nothing runs yet."""
    own = folder / FOLDER
    database = SqliteStore(store or own / "store.db")
    secret = installation_secret(own / "secret.key")
    entries = entries_of(project)
    twilio = TwilioSettings.from_environment(environment)
    phone: Twilio | ConsolePhone = Twilio(twilio, entries) if twilio else ConsolePhone(show=show)
    versions = Versions(catalogue)
    functions = LocalFunctions(
        folder, {name: item.python for name, item in project.functions.items() if item.python}
    )
    invitations = Invitations(
        database, secret, entries, phone.send_text, public_url=public_url, clock=_now
    )
    adapters: dict[str, Adapter] = {"whatsapp": phone, "sms": phone}
    world = ProjectWorld(project)
    bots = {name: Bot.of(name, item) for name, item in project.bots.items()}
    host = Host(
        database,
        {
            "contact": ContactEntity(versions, world),
            "queue": QueueEntity(queues_of(project)),
            "agent": AgentEntity(agents_of(project)),
        },
        {
            "customer": Customers(database, adapters).perform,
            "function": Functions(dict.fromkeys(functions.targets, functions)).perform,
            "bot": LocalBots(bots, clock=_now, zone=world.zone).perform,
            "messenger": invitations.perform,
        },
        clock=_now,
    )
    reception = Reception(host, entries, invitations)
    chat = adapters["chat"] = WebChat(host, reception, secret)
    return Site(
        project, folder, public_url.rstrip("/"), database, host, entries, reception, chat,
        invitations, SignIns(database, _now), versions, functions, twilio, phone,
    )  # fmt: skip


def entries_of(project: Project) -> Entries:
    return Entries(
        {
            name: Entry(
                name=name,
                titles=entry.title or {"": project.name},
                language=entry.language or "",
                languages=project.languages,
                channels=entry.channels,
                numbers={
                    channel: entry.number
                    for channel in entry.channels
                    if channel in MESSENGERS and entry.number
                },
            )
            for name, entry in project.entries.items()
        }
    )


def queues_of(project: Project) -> dict[str, QueueSettings]:
    return {
        name: QueueSettings(capacity=queue.capacity, ring_s=queue.ring_s)
        for name, queue in project.queues.items()
    }


def agents_of(project: Project) -> dict[str, AgentSettings]:
    return {
        name: AgentSettings(name=agent.name, queues=agent.queues, chats_max=agent.chats_max)
        for name, agent in project.agents.items()
    }


def _now() -> datetime:
    return datetime.now(UTC)
