"""The services of a project for live contacts: each on the side that its environment picks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flowlang.project import Folder, Project
from runtime.contact import Contact
from runtime.host import Host, Performer
from runtime.security.keys import MasterKeys
from runtime.services.asked import AskedServices, Service
from runtime.services.callbacks import Callbacks
from runtime.services.callees import ProjectFunctions
from runtime.services.endpoints import HttpService
from runtime.services.environment import environment_of
from runtime.services.files import stores_of
from runtime.services.functions import Callee, Functions
from runtime.services.local.bot import Bot, LocalBots
from runtime.services.local.data import beside_the_loop, local_data
from runtime.services.local.history import HistoryService
from runtime.services.local.metrics import Metrics
from runtime.services.local.records import Records
from runtime.services.tasks import TaskStarter
from runtime.services.transcripts import Transcripts
from runtime.services.voice_identity import NoVoices, VoiceIdentity
from runtime.stores import Store
from runtime.stores.sqlite import KEY_FILE
from runtime.world import ProjectWorld

if TYPE_CHECKING:
    from runtime.services.aws.side import AmazonSide


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
        self.store = store
        self.clock = clock
        self.environment = environment_of(project, variables)
        self.amazon = self._amazon(variables, records.with_name("speech"))
        self.sinks = self._sinks(variables, records.parent)
        """Where else the record of a contact that ended goes."""
        self.functions = ProjectFunctions(project, folder, variables, clock)
        self.world = ProjectWorld(project)
        keys = MasterKeys.from_environment(variables, records.with_name(KEY_FILE))
        self.data = local_data(project, Folder(folder), Records(records, keys), self.world.hours)
        self._services = self._services_by_name()
        self.performers: dict[str, Performer] = {
            "function": Functions(self._callees()).perform,
            "bot": (self.amazon and self.amazon.ask_bot) or self._local_bots(),
            "service": AskedServices(self._services, clock=clock).perform,
            "callbacks": Callbacks(store, lambda asked: self._services["tasks"](asked),
                                   clock).perform,
        }  # fmt: skip
        self.starter: TaskStarter | None = None
        self._starting: asyncio.Task[None] | None = None

    async def start(self, host: Host) -> None:
        await self.functions.start()
        entry = self.project.default_entry or next(iter(self.project.entries), "")
        self.starter = TaskStarter(self.data.tasks, host, entry)
        self._services["tasks"] = self.starter.answer
        self._starting = asyncio.create_task(self.starter.run())

    def service(self, name: str) -> Service | None:
        return self._services.get(name)

    async def close(self) -> None:
        if self._starting is not None:
            self._starting.cancel()
            with suppress(asyncio.CancelledError):
                await self._starting
        await self.functions.close()
        if self.amazon is not None:
            self.amazon.close()
        self.data.records.close()

    async def tidy(self) -> None:
        """Forget what nobody will ask again, and what was kept long enough."""
        now = self.clock()
        before = now - timedelta(days=self.project.retention.days)
        await asyncio.to_thread(self.data.forget, now, before)

    # --- who answers --------------------------------------------------------------------------

    def _amazon(self, variables: Mapping[str, str], audio: Path) -> AmazonSide | None:
        if "aws" not in self.environment.services.values():
            return None
        from runtime.services.aws.side import AmazonSide

        return AmazonSide(self.environment, variables, contact_of=self._contact, audio=audio)

    def _sinks(self, variables: Mapping[str, str], own: Path) -> list[Transcripts]:
        """Copies are made where the environment says so, and nowhere else: they outlive what the
        project forgets."""
        if "files" not in self.environment.services:
            return []
        return [Transcripts(self.store, stores_of(self.environment, variables, own))]

    def _services_by_name(self) -> dict[str, Service]:
        return {
            **{name: beside_the_loop(answer) for name, answer in self.data.services.items()},
            "metrics": Metrics(self.project, self.store).answer,
            "history": HistoryService(self.store).answer,
            "http": HttpService(self.functions.web, self.functions.signer).answer,
            "voice_identity": VoiceIdentity(NoVoices()).answer,
            **(self.amazon.services if self.amazon else {}),
        }

    def _callees(self) -> dict[str, Callee]:
        """A function behind a web address is there on every side."""
        here = self.functions.by_name
        if self.amazon is None:
            return here
        behind_addresses = dict.fromkeys(self.functions.endpoints.urls, self.functions.endpoints)
        return {**here, **self.amazon.callees(self.project.functions), **behind_addresses}

    def _local_bots(self) -> Performer:
        bots = {name: Bot.of(name, item) for name, item in self.project.bots.items()}
        return LocalBots(bots, clock=self.clock, zone=self.world.zone).perform

    async def _contact(self, contact_id: str) -> Contact | None:
        found = await self.store.load(f"contact/{contact_id}")
        return Contact.from_bytes(found[1]) if found else None
