"""What goes out to customers, by the channel they are on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from flowlang.channels import CHANNELS
from flowlang.effects import Effect
from runtime.channels.entries import Entries
from runtime.channels.provider import Adapter, ByTemplate, CallAdapter, Undeliverable
from runtime.channels.wording import readable
from runtime.contact import Contact
from runtime.host import Body
from runtime.stores import Parcel, Store

log = logging.getLogger(__name__)


ON_CALLS = ("Bridge", "Record", "Hold")
"""What only a call has to be told; what is written is in the journal, every word."""
CARRIED_OUT = frozenset({"Say", "HangUp", *ON_CALLS})
READ_THE_JOURNAL = frozenset({"chat"})
"""Channels on which customers see for themselves what happened."""


def goes_out(channel: str, effect: Effect) -> bool:
    """Whether an effect has to leave us: most of what is for customers on a web page need not."""
    if effect.receiver != "customer":
        return True
    return channel not in READ_THE_JOURNAL and type(effect).__name__ in CARRIED_OUT


class Customers:
    """Carries out what is for the customer. On channels of writing there is nothing to do for
    listening, recording and knowing a voice: they always listen, the journal keeps every word."""

    def __init__(
        self,
        store: Store,
        adapters: Mapping[str, Adapter],
        entries: Entries,
        clock: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.adapters = adapters
        self.entries = entries
        self.clock = clock

    async def perform(self, parcel: Parcel) -> Body | None:
        effect = parcel.body
        if effect["effect"] not in CARRIED_OUT:
            return None
        found = await self.store.load(parcel.sender)
        if found is None:
            return None
        contact = Contact.from_bytes(found[1])
        adapter = self.adapters.get(contact.channel)
        if adapter is None:
            log.error("%s: nobody serves %s here", parcel.key, contact.channel)
            return _undeliverable(f"nobody serves {contact.channel} here")
        try:
            sent = await self._carry_out(adapter, contact, parcel.key, effect)
        except Undeliverable as reason:
            # The reason is the vendor's and may name the customer; the conversation is told.
            log.warning("%s: not delivered", parcel.key)
            return _undeliverable(str(reason))
        if sent:
            await self.store.put_note("sent", f"{contact.channel}/{sent}", parcel.key.encode())
        return None

    async def _carry_out(self, adapter: Adapter, contact: Contact, key: str, effect: Body) -> str:
        match effect["effect"]:
            case "Say":
                return await self._say(adapter, contact, key, effect)
            case "HangUp":
                await adapter.hang_up(contact, key)
            case "Bridge" if isinstance(adapter, CallAdapter):
                await adapter.bridge(contact, key, effect["agent"])
            case "Record" if isinstance(adapter, CallAdapter):
                await adapter.record(contact, key, effect)
            case "Hold" if isinstance(adapter, CallAdapter):
                await adapter.hold(contact, key, effect)
        return ""

    async def _say(self, adapter: Adapter, contact: Contact, key: str, effect: Body) -> str:
        """Freely as long as the channel lets us, after that by a template, if there is one."""
        if await self._may_write(contact):
            return await adapter.say(contact, key, effect)
        template = self.entries.template(contact.channel, contact.entry)
        if not template or not isinstance(adapter, ByTemplate):
            raise Undeliverable("the customer's last message is too old to answer")
        return await adapter.say_by_template(
            contact.address, template, contact.language, readable(effect), key
        )

    async def _may_write(self, contact: Contact) -> bool:
        window_s = CHANNELS[contact.channel].window_s
        if window_s is None:
            return True
        heard = await self.store.note("heard", f"{contact.channel}/{contact.address}")
        if heard is None:
            return False
        age = self.clock() - datetime.fromisoformat(heard.decode())
        return age.total_seconds() < window_s


def _undeliverable(reason: str) -> Body:
    return {"event": "Undeliverable", "reason": reason}
