"""The reception: finds the conversation that a message belongs to, or begins one."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from flowlang.channels import CHANNELS
from runtime import limits
from runtime.channels.entries import Entries
from runtime.channels.provider import Failed, Message
from runtime.contact import Contact
from runtime.host import Host
from runtime.security.rates import Rate
from runtime.services.invitations import Invitations


class TooMany(Exception):
    """More new conversations than we take in a second."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"try again in {wait_s} s")
        self.wait_s = wait_s


class Reception:
    def __init__(self, host: Host, entries: Entries, invitations: Invitations) -> None:
        self.host = host
        self.entries = entries
        self.invitations = invitations
        self.rate = Rate(limits.NEW_CONTACTS_MAX, 1.0)
        self._locks: dict[str, asyncio.Lock] = {}

    async def take(self, message: Message) -> str:
        """Hand a message to its conversation; its id, or nothing if nobody is meant."""
        line = f"{message.channel}/{message.to}/{message.address}"
        lock = self._locks.setdefault(line, asyncio.Lock())
        try:
            async with lock:
                return await self._take(message, line)
        finally:
            if not lock.locked():
                self._locks.pop(line, None)

    async def _take(self, message: Message, line: str) -> str:
        await self._note_heard(message)
        found = await self.open_contact(line)
        code = self.invitations.code_in(message.text)
        if not code and found is None:
            code = await self.invitations.awaited(line)
        if code and (came := await self._come_over(message, code, line, found)):
            return came
        if found is not None:
            text = message.text[: limits.MESSAGE_BYTES_MAX]
            by = "choice" if message.is_choice else "text"
            await self.host.post(
                f"contact/{found.id}", self.host.event("Heard", id=message.id, text=text, by=by)
            )
            return found.id
        entry = self.entries.of_number(message.channel, message.to)
        if entry is None:
            return ""
        return await self.begin(
            line,
            message.id,
            channel=message.channel,
            address=message.address,
            entry=entry.name,
            name=message.name,
            opening=message.text[: limits.MESSAGE_BYTES_MAX],
        )

    async def _note_heard(self, message: Message) -> None:
        """Some channels let us answer for a while only."""
        if CHANNELS[message.channel].window_s is not None:
            line = f"{message.channel}/{message.address}"
            now = self.host.clock().isoformat()
            await self.host.store.put_note("heard", line, now.encode())

    async def learn_of(self, failed: Failed) -> bool:
        """A message of ours did not arrive; whether it was one of ours."""
        found = await self.host.store.note("sent", f"{failed.channel}/{failed.id}")
        if found is None:
            return False
        key = found.decode()
        event = self.host.event("Undeliverable", id=f"{key}/failed", key=key, reason=failed.reason)
        await self.host.post(f"contact/{key.partition('/')[0]}", event)
        return True

    async def open_contact(self, line: str) -> Contact | None:
        """The conversation that is open with somebody."""
        contact_id = await self.host.store.note("line", line)
        if contact_id is None:
            return None
        contact = await self.contact(contact_id.decode())
        return contact if contact is not None and contact.status != "ended" else None

    async def contact(self, contact_id: str) -> Contact | None:
        found = await self.host.store.load(f"contact/{contact_id}")
        return Contact.from_bytes(found[1]) if found else None

    async def begin(self, line: str, event_id: str, *, contact: str = "", **started: Any) -> str:
        """Begin a conversation. Its id comes from the event's, so that the same event, delivered
        again, begins none."""
        contact = contact or hashlib.sha256(f"{line} {event_id}".encode()).hexdigest()[:20]
        is_new = await self.host.store.load(f"contact/{contact}") is None
        if is_new and (wait_s := self.rate.wait_s()):
            raise TooMany(wait_s)
        event = self.host.event("Started", id=event_id, **started)
        await self.host.post(f"contact/{contact}", event)
        if is_new and await self.host.store.load(f"contact/{contact}") is None:
            # The message was one of an earlier conversation, delivered once more.
            return ""
        await self.host.store.put_note("line", line, contact.encode())
        return contact

    async def _come_over(
        self, message: Message, code: str, line: str, found: Contact | None
    ) -> str:
        """Somebody came by a one-time link: they go on where they were."""
        came = await self.come_over(
            line, code, channel=message.channel, address=message.address,
            opening=message.text[: limits.MESSAGE_BYTES_MAX],
        )  # fmt: skip
        if came and found is not None and found.id != came:
            left = self.host.event("CustomerLeft", id=f"{message.id}/over", reason="continued")
            await self.host.post(f"contact/{found.id}", left)
        return came

    async def come_over(
        self, line: str, code: str, *, channel: str, address: str, **more: Any
    ) -> str:
        """The conversation that a one-time link leads to, for whoever comes first; else nothing."""
        contact_id = self.invitations.contact_of(code)
        before = await self.contact(contact_id)
        if before is not None:
            return contact_id if before.address == address else ""
        started = await self.invitations.started(code)
        if started is None:
            return ""
        return await self.begin(
            line,
            f"invitation/{code}",
            contact=contact_id,
            **{**started, **more, "channel": channel, "address": address},
        )
