"""The project around a flow: its world for a simulated conversation, and its own services."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from flowlang.effects import AskBot, Effect
from flowlang.project import FILE_NAME, Folder, Project, load
from runtime.engine import World
from runtime.performed import Performed
from runtime.publishing import Found
from runtime.services.callees import ProjectFunctions
from runtime.services.functions import Functions
from runtime.services.local.bot import Bot, understand
from runtime.services.simulated import SimulatedServices
from runtime.simulator import FirstOf, Reply, Services
from runtime.world import ProjectWorld


@dataclass(frozen=True)
class Surroundings:
    folder: Path
    project: Project | None

    @cached_property
    def world(self) -> World:
        return ProjectWorld(self.project) if self.project else World()

    @cached_property
    def _bots(self) -> Mapping[str, Bot]:
        described = self.project.bots if self.project else {}
        return {name: Bot.of(name, bot) for name, bot in described.items()}

    def services(self, at: datetime) -> Services:
        """What the project answers without going out: its bots, which understand, its tables, its
        hours; profiles, cases and tasks begin empty. For all of them it is `at`."""
        bots = ProjectBots(self._bots, at.astimezone(self.world.zone).date())
        if self.project is None:
            return bots
        return FirstOf((bots, SimulatedServices(self.project, Folder(self.folder), at)))

    def functions(self) -> Performed | None:
        """The project's own functions, for whoever talks with a flow by hand. Close them."""
        if self.project is None:
            return None
        callees = ProjectFunctions(self.project, self.folder, os.environ, _now)
        performer = Functions(callees.by_name).perform
        return Performed({"function": performer}, close=callees.close)


@dataclass(frozen=True, slots=True)
class ProjectBots:
    """Bots for a simulated conversation: they answer at once."""

    bots: Mapping[str, Bot]
    today: date

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        if not isinstance(effect, AskBot):
            return None
        # A name may end in a version that only other bots know: `FaqBot/live`.
        bot = self.bots.get(effect.bot) or self.bots.get(effect.bot.partition("/")[0])
        if bot is None:
            return None
        found = understand(bot, effect.text, effect.session, effect.language, self.today)
        return Reply(body={"event": "BotAnswered", **asdict(found)})


def project_folder(path: Path) -> Path:
    """The nearest folder above a file with a project file; else the file's own."""
    parents = path.resolve().parents
    return next((folder for folder in parents if (folder / FILE_NAME).is_file()), path.parent)


def surroundings(path: Path) -> Surroundings:
    folder = project_folder(path)
    project = load(folder)[0] if (folder / FILE_NAME).is_file() else None
    return Surroundings(folder, project)


def broken_projects(paths: Iterable[Path]) -> list[Found]:
    """The project files of these that cannot be read at all: without their bots, hours and
    functions every test would tell of something else."""
    folders = dict.fromkeys(project_folder(path) for path in paths)
    files = [folder / FILE_NAME for folder in folders if (folder / FILE_NAME).is_file()]
    found = [(file, *load(file.parent)) for file in files]
    return [
        Found(path=file, source=_text_of(file), problems=tuple(problems))
        for file, project, problems in found
        if project is None
    ]


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig", errors="replace")
    except OSError:
        return ""


def _now() -> datetime:
    return datetime.now(UTC)
