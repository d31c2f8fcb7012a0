"""Tasks come to agents: a task that is due becomes a contact of its own, in a queue."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

from runtime.contact import Contact
from runtime.host import Body, Host
from runtime.services.asked import Question, Value
from runtime.services.callbacks import SETTING
from runtime.services.local.tasks import Tasks

log = logging.getLogger(__name__)

CHANNEL = "task"
LOOK_AGAIN_S = 60.0


class TaskStarter:
    """Starts tasks at their time, each once: the contact has the task's id."""

    def __init__(self, tasks: Tasks, host: Host, entry: str) -> None:
        """`entry`: by which tasks come in that have no contact behind them."""
        self.tasks = tasks
        self.host = host
        self.entry = entry
        self._new = asyncio.Event()

    async def answer(self, question: Question) -> Value:
        """The service `tasks`."""
        task = await asyncio.to_thread(self.tasks.answer, question)
        self._new.set()
        return task

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            self._new.clear()
            try:
                await self.start_due()
            except Exception:
                log.exception("tasks cannot be started just now")
            try:
                async with asyncio.timeout(await self._pause_s()):
                    await self._new.wait()
            except TimeoutError:
                continue

    async def start_due(self) -> None:
        now = self.host.clock()
        while due := await asyncio.to_thread(self.tasks.due, now):
            for task in due:
                await self._start(task)
                await asyncio.to_thread(self.tasks.start, task["id"], now)

    async def _start(self, task: Value) -> None:
        behind = await self._contact(task["contact"])
        entity = f"contact/task-{task['id']}"
        entry = behind.entry if behind else self.entry
        started = self.host.event(
            "Started",
            id=f"{entity}/started",
            channel=CHANNEL,
            entry=entry,
            name=task["name"],
            language=behind.language if behind else "",
            values=dict(behind.values) if behind else {},
            settings=_callback(task),
            continues=behind.id if behind else "",
            queue=task["queue"],
            waiting_since=task["due_at"],
        )
        await self.host.post(entity, started)
        text = "\n".join(_words_of(task))
        if text:
            heard = self.host.event("Heard", id=f"{entity}/described", text=text, by="text")
            await self.host.post(entity, heard)

    async def _contact(self, contact_id: str) -> Contact | None:
        found = await self.host.store.load(f"contact/{contact_id}")
        return Contact.from_bytes(found[1]) if found else None

    async def _pause_s(self) -> float:
        now = self.host.clock()
        soon = await asyncio.to_thread(self.tasks.due, now + timedelta(seconds=LOOK_AGAIN_S))
        if not soon:
            return LOOK_AGAIN_S
        return max(0.0, (self.tasks.due_at(soon[0]) - now).total_seconds())


def _callback(task: Value) -> dict[str, Any]:
    """A task to call somebody says whom."""
    references = task["references"]
    return {SETTING: dict(references)} if "callback_number" in references else {}


def _words_of(task: Value) -> list[str]:
    lines = [task["description"]] if task["description"] else []
    return lines + [f"{name}: {value}" for name, value in task["references"].items()]


class TaskDesk:
    """The channel of tasks: nobody is on the other side."""

    async def say(self, contact: Contact, key: str, effect: Body) -> str:
        return ""

    async def hang_up(self, contact: Contact, key: str) -> None:
        """A task is over when its agent leaves it."""
