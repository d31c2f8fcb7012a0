"""The world of a project, for live contacts and for simulated ones."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flowlang.block import HoursTable, Prompt
from flowlang.project import Project
from runtime.engine import World


class _Always:
    def is_open(self, at: datetime) -> bool:
        return True


ALWAYS = _Always()
"""The hours of a queue that has none."""


class ProjectWorld(World):
    def __init__(self, project: Project) -> None:
        self.project = project
        self.zone = ZoneInfo(project.timezone)

    def hours(self, name: str) -> HoursTable | None:
        return self.project.hours.get(name)

    def queue_hours(self, queue: str) -> HoursTable | None:
        found = self.project.queues.get(queue)
        if found is None:
            return None
        return self.hours(found.hours) if found.hours else ALWAYS

    def prompt(self, name: str, language: str) -> Prompt | None:
        text = self.project.prompt(name, language)
        if text is None:
            return None
        recordings = self.project.prompts[name].audio
        family = language.partition("-")[0]
        found = (recordings[key] for key in (language, family, "") if key in recordings)
        return Prompt(text=text, audio=next(found, ""))
