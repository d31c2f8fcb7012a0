"""What was said in a contact that is over, put where the project's files are; and for each customer
of a channel, which contacts they had."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

from runtime.host import NotNow
from runtime.recording import kept_of
from runtime.services.files import Stores
from runtime.services.storage import NOTHING, Changed, StorageFailed
from runtime.stores import Store
from runtime.transcript import Line

CONTACTS_KEPT_MAX = 50
"""How many contacts of a customer are remembered."""
TRIES_MAX = 5


class Transcripts:
    """A place that records of ended contacts go to. It may get one twice."""

    def __init__(self, store: Store, stores: Stores) -> None:
        self.store = store
        self.stores = stores

    async def write(self, record: Mapping[str, Any]) -> None:
        contact, ended = record["ContactId"], record["DisconnectTimestamp"]
        kept = kept_of(await self.store.journal(f"contact/{contact}"))
        folder = f"transcripts/{ended[:10].replace('-', '/')}"
        name = f"{folder}/{contact}.json"
        try:
            await self._put(name, contact, kept.lines)
            if kept.originals:
                await self._put(f"{folder}/original/{contact}.json", contact, kept.originals)
            if endpoint := record.get("CustomerEndpoint"):
                customer = customer_name(record["Subtype"], endpoint["Address"])
                await self._remember(customer, {"contact": contact, "at": ended, "file": name})
        except StorageFailed as failure:
            raise NotNow(str(failure)) from failure

    async def _put(self, name: str, contact: str, lines: list[Line]) -> None:
        await self.stores.files.put(name, orjson.dumps({"contact": contact, "lines": lines}))

    async def _remember(self, name: str, contact: Mapping[str, str]) -> None:
        """Somebody else may remember another contact of the same customer at the same time."""
        for _ in range(TRIES_MAX):
            there = await self.stores.context.get(name)
            known = orjson.loads(there.data) if there else []
            if any(item["contact"] == contact["contact"] for item in known):
                return
            kept = orjson.dumps([*known, contact][-CONTACTS_KEPT_MAX:])
            try:
                await self.stores.context.put(name, kept, expected=there.hash if there else NOTHING)
            except Changed:
                continue
            return
        raise NotNow(f"{name} is changed all the time")


def customer_name(channel: str, address: str) -> str:
    """Where it stands what is known of a customer: their number itself is not written there."""
    return f"customers/{channel}/{hashlib.sha256(address.encode()).hexdigest()}"
