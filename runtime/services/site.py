"""The services of a project for live contacts: each on the side that its environment picks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from flowlang.project import Environment, Folder, Project
from runtime.engine import World
from runtime.host import Host, Performer
from runtime.services.asked import AskedServices, Service
from runtime.services.endpoints import Endpoints, HttpService
from runtime.services.functions import Callee, Functions
from runtime.services.local.bot import Bot, LocalBots
from runtime.services.local.data import LocalData, beside_the_loop, local_data
from runtime.services.local.functions import LocalFunctions
from runtime.services.local.metrics import Metrics
from runtime.services.local.records import Records
from runtime.services.tasks import TaskStarter
from runtime.services.voice_identity import NoVoices, VoiceIdentity
from runtime.services.web import Allowed, Web, WebhookSigner
from runtime.stores import Store
from runtime.world import ProjectWorld

ENVIRONMENT = "FLOWLANG_ENVIRONMENT"
SECRET = "FLOWLANG_WEBHOOK_SECRET"
SECRET_BEFORE = "FLOWLANG_WEBHOOK_SECRET_PREVIOUS"


class NoSuchEnvironment(Exception):
    """The project has no environment of that name."""


def environment_of(project: Project, variables: Mapping[str, str]) -> Environment:
    """The environment that the variables name; without one, everything is local."""
    name = variables.get(ENVIRONMENT, "")
    if not name:
        return Environment()
    if name not in project.environments:
        known = ", ".join(sorted(project.environments)) or "none"
        raise NoSuchEnvironment(f"{ENVIRONMENT} is {name}; the project has: {known}")
    return project.environments[name]


class SiteServices:
    """Everything that carries out what flows ask of functions, bots and services."""

    def __init__(
        self,
        project: Project,
        folder: Path,
        store: Store,
        *,
        records: Path,
        variables: Mapping[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        """`records`: the file for what they keep."""
        self.project = project
        self.environment = environment_of(project, variables)
        self.clock = clock
        self.web = Web(Allowed(hosts=project.http.hosts, networks=project.http.private_networks))
        self.signer = WebhookSigner.of(variables.get(SECRET, ""), variables.get(SECRET_BEFORE, ""))
        self.functions = LocalFunctions(
            folder, {name: item.python for name, item in project.functions.items() if item.python}
        )
        world = ProjectWorld(project)
        self.data = _local_data(project, folder, Records(records), world)
        self._services: dict[str, Service] = {
            **{name: beside_the_loop(answer) for name, answer in self.data.services.items()},
            "metrics": Metrics(project, store).answer,
            "http": HttpService(self.web, self.signer).answer,
            "voice_identity": VoiceIdentity(NoVoices()).answer,
        }
        bots = {name: Bot.of(name, item) for name, item in project.bots.items()}
        self.performers: dict[str, Performer] = {
            "function": Functions(self._callees()).perform,
            "bot": LocalBots(bots, clock=clock, zone=world.zone).perform,
            "service": AskedServices(self._services, clock=clock).perform,
        }
        self.starter: TaskStarter | None = None
        self._starting: asyncio.Task[None] | None = None

    def _callees(self) -> dict[str, Callee]:
        urls = {name: item.url for name, item in self.project.functions.items() if item.url}
        endpoints = Endpoints(self.web, urls, self.signer, clock=self.clock)
        return {
            **dict.fromkeys(self.functions.targets, self.functions),
            **dict.fromkeys(urls, endpoints),
        }

    async def start(self, host: Host) -> None:
        await self.functions.start()
        if self.environment.side("tasks") == "local":
            entry = self.project.default_entry or next(iter(self.project.entries), "")
            self.starter = TaskStarter(self.data.tasks, host, entry)
            self._services["tasks"] = self.starter.answer
            self._starting = asyncio.create_task(self.starter.run())

    async def close(self) -> None:
        if self._starting is not None:
            self._starting.cancel()
            with suppress(asyncio.CancelledError):
                await self._starting
        await self.functions.close()
        await self.web.close()
        self.data.records.close()

    async def tidy(self) -> None:
        await asyncio.to_thread(self.data.records.forget_old_answers, self.clock())


def _local_data(project: Project, folder: Path, records: Records, world: World) -> LocalData:
    return local_data(project, Folder(folder), records, world.hours)
