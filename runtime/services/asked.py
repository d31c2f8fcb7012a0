"""Services that flows ask: `AskService` in, an answer or a refusal with its reason out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

from runtime.host import Body
from runtime.logs import where
from runtime.stores import Parcel

log = logging.getLogger(__name__)

Reason = Literal["none_found", "multiple_found", "invalid", "unknown", "failed", "timeout"]

REASONS: tuple[Reason, ...] = (
    "none_found", "multiple_found", "invalid", "unknown", "failed", "timeout",
)  # fmt: skip
NAMES = (
    "cases", "history", "hours", "http", "knowledge", "metrics", "profiles", "sentiment", "speech",
    "streaming", "tables", "tasks", "voice_identity",
)  # fmt: skip
"""What blocks can ask."""
ARGUMENTS_BYTES_MAX = 32_768
ANSWER_BYTES_MAX = 32_768
TIMEOUT_S_MAX = 30.0


class Refused(Exception):
    """A service's no. The reason is for flows, the detail for people."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason: Reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    operation: str
    at: datetime
    arguments: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    """The same for ever: the same question again gets the same answer."""
    contact: str = ""
    """Id of the contact that asks."""
    timeout_s: float = TIMEOUT_S_MAX


Value = Mapping[str, Any]
Service = Callable[[Question], Awaitable[Value]]
"""Answers one question, or raises `Refused`."""


class AskedServices:
    """Gives each question to its service, keeps the limits and the time."""

    def __init__(self, services: Mapping[str, Service], *, clock: Callable[[], datetime]) -> None:
        self.services = services
        self.clock = clock

    async def perform(self, parcel: Parcel) -> Body:
        """Carry out `AskService`."""
        effect = parcel.body
        try:
            value = await self.ask(effect["service"], self._question(parcel))
        except Refused as refusal:
            log.info("%s: %s", effect["service"], refusal.reason)
            return {"event": "ServiceRefused", "reason": refusal.reason, "detail": refusal.detail}
        return {"event": "ServiceAnswered", "value": value}

    async def ask(self, service: str, question: Question) -> Value:
        answer = self.services.get(service)
        if answer is None:
            raise Refused("unknown", f"there is no service {service} here")
        check_size(question.arguments, ARGUMENTS_BYTES_MAX, "invalid", "the question")
        try:
            async with asyncio.timeout(min(question.timeout_s, TIMEOUT_S_MAX)):
                value = await answer(question)
        except TimeoutError:
            raise Refused("timeout", f"no answer within {question.timeout_s:g} s") from None
        except Refused:
            raise
        except Exception as error:
            # One service that breaks must not keep the contact waiting for its timer.
            log.error("%s %s broke: %s", service, question.operation, where(error))
            raise Refused("failed", type(error).__name__) from error
        check_size(value, ANSWER_BYTES_MAX, "failed", "the answer")
        return value

    def _question(self, parcel: Parcel) -> Question:
        effect = parcel.body
        return Question(
            operation=effect["operation"],
            arguments=effect.get("arguments", {}),
            at=self.clock(),
            key=parcel.key,
            contact=parcel.sender.removeprefix("contact/"),
            timeout_s=effect.get("timeout_s", TIMEOUT_S_MAX),
        )


def check_size(value: Value, bytes_max: int, reason: Reason, what: str) -> None:
    if len(orjson.dumps(value, default=str)) > bytes_max:
        raise Refused(reason, f"{what} is longer than {bytes_max} bytes")
