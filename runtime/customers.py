"""Who a customer is, over all channels: their contacts are found by what they have in common.

A number is the same on the telephone and on every messenger that knows numbers. Attributes that the
project names, such as the id of a profile, join contacts of any channels, and so may an agent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from runtime.contact import Contact
from runtime.stores import Store

CUSTOMER = "customer"
ALIAS = "customer alias"
KEPT_MAX = 50
"""How many contacts of a customer are found, the latest."""
ALIASES_MAX = 20

Identity = str


def identities(
    channel: str, address: str, values: Mapping[str, Any], attributes: Iterable[str]
) -> list[Identity]:
    """What a contact has in common with others of the same customer."""
    found = []
    if address:
        found.append(f"number {address}" if address.startswith("+") else f"{channel} {address}")
    for name in attributes:
        value = values.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            found.append(f"{name} {value}")
    return found


class CustomerIndex:
    """Finds earlier contacts; a place that records go to."""

    def __init__(self, store: Store, attributes: Sequence[str]) -> None:
        self.store = store
        self.attributes = attributes

    def identities_of(self, contact: Contact) -> list[Identity]:
        return identities(contact.channel, contact.address, contact.values, self.attributes)

    async def write(self, record: Mapping[str, Any]) -> None:
        """Called for every contact that is over, perhaps twice."""
        found = await self._contact(record["ContactId"])
        if found is None or found.channel == "task":
            return
        for identity in self.identities_of(found):
            known = await self._list(CUSTOMER, identity)
            if found.id not in known:
                await self._put(CUSTOMER, identity, [*known, found.id][-KEPT_MAX:])

    async def earlier(self, contact: Contact) -> list[Contact]:
        """The same customer's other contacts, the latest first."""
        ids: dict[str, None] = {}
        for identity in await self._same(self.identities_of(contact)):
            ids.update(dict.fromkeys(await self._list(CUSTOMER, identity)))
        ids.pop(contact.id, None)
        found = [await self._contact(id_) for id_ in ids]
        latest = sorted((each for each in found if each), key=lambda each: each.started_at)
        return latest[::-1][:KEPT_MAX]

    async def join(self, one: Identity, other: Identity) -> None:
        """Somebody says that these are the same customer."""
        for first, second in ((one, other), (other, one)):
            known = await self._list(ALIAS, first)
            if second not in known:
                await self._put(ALIAS, first, [*known, second][-ALIASES_MAX:])

    async def _same(self, wanted: Sequence[Identity]) -> list[Identity]:
        found: dict[Identity, None] = {}
        todo = list(wanted)
        while todo and len(found) < ALIASES_MAX:
            identity = todo.pop(0)
            if identity not in found:
                found[identity] = None
                todo += await self._list(ALIAS, identity)
        return list(found)

    async def _contact(self, contact: str) -> Contact | None:
        found = await self.store.load(f"contact/{contact}")
        return Contact.from_bytes(found[1]) if found else None

    async def _list(self, kind: str, key: str) -> list[str]:
        found = await self.store.note(kind, key)
        return list(orjson.loads(found)) if found else []

    async def _put(self, kind: str, key: str, value: list[str]) -> None:
        await self.store.put_note(kind, key, orjson.dumps(value))
