"""What goes out to customers, by the channel they are on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from runtime.contact import Contact
from runtime.host import Body
from runtime.stores import Parcel, Store

log = logging.getLogger(__name__)


class Adapter(Protocol):
    """One channel, outwards."""

    async def say(self, contact: Contact, key: str, effect: Body) -> None: ...

    async def hang_up(self, contact: Contact, key: str) -> None: ...


class Customers:
    """Carries out what is for the customer. On channels of writing there is nothing to do for
    listening, recording and knowing a voice: they always listen, the journal keeps every word."""

    def __init__(self, store: Store, adapters: Mapping[str, Adapter]) -> None:
        self.store = store
        self.adapters = adapters

    async def perform(self, parcel: Parcel) -> Body | None:
        effect = parcel.body
        if effect["effect"] not in ("Say", "HangUp"):
            return None
        found = await self.store.load(parcel.sender)
        if found is None:
            return None
        contact = Contact.from_bytes(found[1])
        adapter = self.adapters.get(contact.channel)
        if adapter is None:
            log.error("%s: nobody serves %s here", parcel.key, contact.channel)
        elif effect["effect"] == "Say":
            await adapter.say(contact, parcel.key, effect)
        else:
            await adapter.hang_up(contact, parcel.key)
        return None
