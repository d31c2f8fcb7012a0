"""Functions, wherever they run: in a file of the project, behind a web address, in a cloud."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from runtime import limits
from runtime.host import Body
from runtime.stores import Parcel

log = logging.getLogger(__name__)

TIMEOUT_S_MAX = limits.FUNCTION_TIMEOUT_S_MAX
ANSWER_BYTES_MAX = limits.FUNCTION_ANSWER_BYTES_MAX

Reason = Literal["failed", "timeout", "unknown", "bad_answer"]


class FunctionError(Exception):
    """A call that brought no answer."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


class Callee(Protocol):
    """A place where functions run."""

    async def call(
        self,
        function: str,
        arguments: Mapping[str, Any],
        *,
        key: str = "",
        contact: str = "",
        timeout_s: float = 3,
    ) -> Mapping[str, Any]:
        """What the function gives, or `FunctionError`."""
        ...


class Functions:
    """Calls each function where it runs."""

    def __init__(self, callees: Mapping[str, Callee]) -> None:
        self.callees = callees
        """By the name of the function."""

    async def perform(self, parcel: Parcel) -> Body:
        """Carry out `CallFunction`."""
        effect = parcel.body
        name = effect["function"]
        try:
            callee = self.callees.get(name)
            if callee is None:
                raise FunctionError("unknown", f"the project has no function {name}")
            value = await callee.call(
                name,
                effect.get("arguments", {}),
                key=parcel.key,
                contact=parcel.sender.removeprefix("contact/"),
                timeout_s=effect.get("timeout_s", 3),
            )
        except FunctionError as error:
            # The detail is for the contact's journal: it may hold what somebody said.
            log.warning("function %s: %s", name, error.reason)
            return {"event": "FunctionFailed", "reason": error.reason, "detail": error.detail}
        return {"event": "FunctionReturned", "value": value}
