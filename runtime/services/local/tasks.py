"""Tasks: work that somebody does later, without a customer on the line."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from runtime.services.asked import Question, Refused, Value
from runtime.services.local import fields as read
from runtime.services.local.records import Records, id_from

DELAY_S_MAX = 518_400
"""Six days, as in Amazon Connect."""
REFERENCES_MAX = 25
SCHEDULED, STARTED = "tasks to begin", "tasks begun"
"""Lists by the time at which they are to begin, or were."""


class Tasks:
    def __init__(self, records: Records, queues: Collection[str]) -> None:
        self.records = records
        self.queues = queues
        records.once("tasks by time", self._list_all)

    def answer(self, question: Question) -> Value:
        match question.operation:
            case "create":
                return self.records.change(question, lambda: self._create(question))
            case "get":
                return self._get(read.text(question, "id"))
            case other:
                raise Refused("unknown", f"tasks have no operation {other}")

    def due(self, now: datetime) -> list[Value]:
        """Those that are to begin by now, the first one first; of very many, the first."""
        return self.records.listed(SCHEDULED, now)

    @staticmethod
    def due_at(task: Value) -> datetime:
        return datetime.fromisoformat(task["due_at"])

    def start(self, id_: str, now: datetime) -> Value:
        """Note that a task began."""
        question = Question(operation="start", at=now, key=id_)
        return self.records.change(question, lambda: self._put({**self._get(id_),
                                                                "state": "started"}))  # fmt: skip

    def forget(self, before: datetime) -> None:
        """Those that began before then: the rest of them is a contact's."""
        while begun := self.records.listed(STARTED, before):
            self.records.forget("task", [task["id"] for task in begun])

    def _get(self, id_: str) -> Value:
        found = self.records.get("task", id_)
        if found is None:
            raise Refused("none_found", f"there is no task {id_}")
        return found

    def _create(self, question: Question) -> Value:
        queue = read.text(question, "queue")
        if queue not in self.queues:
            raise Refused("unknown", f"there is no queue {queue}")
        references = read.fields(question, "references")
        if len(references) > REFERENCES_MAX:
            raise Refused("invalid", f"a task has at most {REFERENCES_MAX} references")
        task = {
            "id": id_from(question, "task"),
            "name": read.text(question, "name"),
            "description": read.text(
                question, "description", needed=False, characters_max=read.TEXT_CHARACTERS_MAX
            ),
            "queue": queue,
            "references": references,
            "contact": question.contact,
            "created_at": question.at.isoformat(),
            "due_at": self._due(question).isoformat(),
            "state": "scheduled",
        }
        return self._put(task)

    def _due(self, question: Question) -> datetime:
        at, delay = read.moment(question, "at"), question.arguments.get("delay_s")
        if at is not None and delay:
            raise Refused("invalid", "a task has delay_s or at, and not both")
        if at is None:
            if not isinstance(delay, int | float | None) or isinstance(delay, bool):
                raise Refused("invalid", "delay_s is a number of seconds")
            at = question.at + timedelta(seconds=self._in_range(delay or 0))
        self._in_range((at - question.at).total_seconds())
        return at

    def _in_range(self, seconds: float) -> float:
        if not 0 <= seconds <= DELAY_S_MAX:
            raise Refused("invalid", f"a task begins within {DELAY_S_MAX} s from now")
        return seconds

    def _put(self, task: Value) -> Value:
        by_time = SCHEDULED if task["state"] == "scheduled" else STARTED
        self.records.put("task", task["id"], task, lists={by_time: self.due_at(task)})
        return task

    def _list_all(self) -> None:
        for task in self.records.all("task"):
            self._put(task)
