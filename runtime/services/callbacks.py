"""Customers who wanted to be called: whoever was not reached is called again later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from runtime.contact import Contact
from runtime.host import Body
from runtime.services.asked import Question, Value
from runtime.stores import Parcel, Store

SETTING = "callback"
RETRY_S = 600
"""When to call again, where the flow does not say."""


def wanted(contact: Contact) -> Mapping[str, Any]:
    """Whom the agent of a task is to call: `callback_number`, and how often (`attempts`)."""
    found: Mapping[str, Any] = contact.settings.get(SETTING, {})
    return found


class Callbacks:
    """The performer of what agents say of their callbacks."""

    def __init__(
        self,
        store: Store,
        create: Callable[[Question], Awaitable[Value]],
        clock: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.create = create
        """Makes a task."""
        self.clock = clock

    async def perform(self, parcel: Parcel) -> Body | None:
        found = await self.store.load(f"contact/{parcel.body['contact']}")
        contact = Contact.from_bytes(found[1]) if found else None
        asked = wanted(contact) if contact else {}
        if contact is None or parcel.body["reached"] or asked.get("attempts", 1) <= 1:
            return None
        await self.create(
            Question(
                operation="create",
                at=self.clock(),
                key=parcel.key,
                contact=contact.continues,
                arguments={
                    "name": contact.name,
                    "queue": contact.queue,
                    "delay_s": asked.get("retry_after_s", RETRY_S),
                    "references": {**asked, "attempts": asked["attempts"] - 1},
                },
            )
        )
        return None
