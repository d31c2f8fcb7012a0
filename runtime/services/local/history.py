"""Earlier conversations: a contact may go on from one that the same customer had."""

from __future__ import annotations

from runtime.contact import Contact
from runtime.services.asked import Question, Refused, Value
from runtime.services.local import fields as read
from runtime.stores import Store


class HistoryService:
    """The service `history`."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def answer(self, question: Question) -> Value:
        if question.operation != "join":
            raise Refused("unknown", f"history has no operation {question.operation}")
        wanted = read.text(question, "contact")
        here, there = await self._contact(question.contact), await self._contact(wanted)
        if here is None or there is None or here.id == there.id:
            raise Refused("none_found", f"there is no earlier contact {wanted}")
        if (here.channel, here.address) != (there.channel, there.address) or not here.address:
            # Nobody reads what somebody else said, whatever a flow was told to join.
            raise Refused("none_found", f"contact {wanted} was somebody else's")
        return {"contact": there.id, "started_at": there.started_at}

    async def _contact(self, contact_id: str) -> Contact | None:
        found = await self.store.load(f"contact/{contact_id}")
        return Contact.from_bytes(found[1]) if found else None
