"""The local services that answer at once: for live contacts, and for simulated ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flowlang.block import HoursTable
from flowlang.project import Files, Project
from runtime.services.asked import (
    ANSWER_BYTES_MAX,
    ARGUMENTS_BYTES_MAX,
    Question,
    Service,
    Value,
    check_size,
)
from runtime.services.local.cases import Cases
from runtime.services.local.hours import HoursService
from runtime.services.local.profiles import Profiles
from runtime.services.local.records import Records
from runtime.services.local.sentiment import Sentiment
from runtime.services.local.speech import Speech
from runtime.services.local.tables import Tables
from runtime.services.local.tasks import Tasks

AtOnce = Callable[[Question], Value]


@dataclass(frozen=True, slots=True)
class LocalData:
    """What a project keeps and knows on this machine."""

    records: Records
    cases: Cases
    tasks: Tasks
    services: Mapping[str, AtOnce]
    """By name."""

    def forget(self, now: datetime, before: datetime) -> None:
        """What nobody asks again by now, and what was over before the time that the project keeps
        it. Profiles and open cases are not over."""
        self.records.forget_old_answers(now)
        self.cases.forget(before)
        self.tasks.forget(before)

    def ask(self, service: str, question: Question) -> Value:
        """The answer of one that is here, within its limits, or `Refused`."""
        check_size(question.arguments, ARGUMENTS_BYTES_MAX, "invalid", "the question")
        value = self.services[service](question)
        check_size(value, ANSWER_BYTES_MAX, "failed", "the answer")
        return value


def local_data(
    project: Project,
    files: Files | None,
    records: Records,
    hours: Callable[[str], HoursTable | None],
) -> LocalData:
    texts = {
        name: text
        for name, table in project.tables.items()
        if table.file and files is not None and (text := files.text(table.file)) is not None
    }
    cases, tasks = Cases(records), Tasks(records, project.queues)
    services: dict[str, AtOnce] = {
        "profiles": Profiles(records).answer,
        "cases": cases.answer,
        "tasks": tasks.answer,
        "tables": Tables(records, project.tables, texts).answer,
        "hours": HoursService(hours).answer,
        "sentiment": Sentiment().answer,
        "speech": Speech().answer,
    }
    return LocalData(records, cases, tasks, services)


def beside_the_loop(answer: AtOnce) -> Service:
    """What waits for the disk does not hold everybody else up."""

    async def service(question: Question) -> Value:
        return await asyncio.to_thread(answer, question)

    return service
