"""Messages that a flow sends to somebody beside the conversation."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from runtime.channels.entries import Entries
from runtime.channels.provider import ByTemplate, Undeliverable
from runtime.contact import Contact
from runtime.host import Body
from runtime.stores import Parcel, Store

log = logging.getLogger(__name__)

SendText = Callable[[str, str, str, str], Awaitable[None]]
"""Sends a text message: entry, address, text, key. It raises `Undeliverable` or `NotNow`."""


class Outgoing:
    def __init__(
        self,
        store: Store,
        entries: Entries,
        send_text: SendText,
        first_messages: Mapping[str, ByTemplate],
    ) -> None:
        self.store = store
        self.entries = entries
        self.send_text = send_text
        self.first_messages = first_messages

    async def perform(self, parcel: Parcel) -> Body:
        """Carry out `SendMessage`."""
        found = await self.store.load(parcel.sender)
        if found is None:
            return {"event": "Undeliverable", "reason": "the conversation is gone"}
        try:
            await self._send(Contact.from_bytes(found[1]), parcel)
        except Undeliverable as reason:
            log.warning("%s: not delivered", parcel.key)
            return {"event": "Undeliverable", "reason": str(reason)}
        return {"event": "Delivered"}

    async def _send(self, contact: Contact, parcel: Parcel) -> None:
        channel, address, text = (parcel.body[key] for key in ("channel", "address", "text"))
        if channel == "sms":
            await self.send_text(contact.entry, address, text, parcel.key)
            return
        template = self.entries.template(channel, contact.entry)
        first = self.first_messages.get(channel)
        if first is None or not template:
            raise Undeliverable(f"the project has no template to write first on {channel}")
        await first.say_by_template(address, template, contact.language, text, parcel.key)
