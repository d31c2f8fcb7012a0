"""The services of a project for a simulated conversation. They answer at once and keep what they
keep only as long as the conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from flowlang.effects import AskService, Effect
from flowlang.project import Files, Project
from runtime.services.asked import Question, Refused, Value
from runtime.services.local.data import LocalData, local_data
from runtime.services.local.metrics import Desk, measure
from runtime.services.local.records import Records
from runtime.simulator import Reply
from runtime.world import ProjectWorld


class SimulatedServices:
    def __init__(self, project: Project, files: Files | None, at: datetime) -> None:
        self.project = project
        self.files = files
        self.at = at
        self._asked = 0

    @cached_property
    def _data(self) -> LocalData:
        hours = ProjectWorld(self.project).hours
        return local_data(self.project, self.files, Records(), hours)

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        if not isinstance(effect, AskService):
            return None
        self._asked += 1
        question = Question(
            operation=effect.operation,
            arguments=effect.arguments,
            at=self.at,
            key=f"simulated/{self._asked}",
            contact="simulated",
        )
        if effect.service == "metrics":
            # Nobody waits and nobody works in a simulated conversation.
            return service_reply(lambda: measure(self.project, Desk(), question))
        if effect.service in self._data.services:
            return service_reply(lambda: self._data.ask(effect.service, question))
        return None


class NobodyThere:
    """Says no for services that do not answer in a simulated conversation, so that it goes on."""

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        if not isinstance(effect, AskService):
            return None
        return Reply(body={"event": "ServiceRefused", "reason": "failed"})


def service_reply(ask: Callable[[], Value]) -> Reply:
    try:
        return Reply(body={"event": "ServiceAnswered", "value": ask()})
    except Refused as refusal:
        return Reply(body={"event": "ServiceRefused", "reason": refusal.reason,
                           "detail": refusal.detail})  # fmt: skip
