"""Contacts of one customer, whichever channel they come on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runtime.contact import Contact
from runtime.customers import CustomerIndex
from runtime.stores import Commit
from runtime.stores.memory import MemoryStore

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Past:
    """Contacts that ended, and the index of them."""

    def __init__(self, *attributes: str) -> None:
        self.store = MemoryStore()
        self.index = CustomerIndex(self.store, attributes)
        self.count = 0

    async def add(self, channel: str, address: str, **values: Any) -> Contact:
        self.count += 1
        contact = Contact(
            id=f"c{self.count}", channel=channel, address=address, values=values,
            started_at=(NOON + timedelta(minutes=self.count)).isoformat(), status="ended",
        )  # fmt: skip
        turn = Commit(entity=f"contact/{contact.id}", version=0, event_id=contact.id,
                      at=NOON.timestamp(), state=contact.to_bytes())  # fmt: skip
        await self.store.commit(turn)
        for _ in range(2):  # a record may be written twice
            await self.index.write({"ContactId": contact.id})
        return contact

    async def before(self, contact: Contact) -> list[str]:
        return [each.id for each in await self.index.earlier(contact)]


@pytest.fixture
def past() -> Past:
    return Past("customer_id")


async def test_a_number_is_the_same_customer_on_every_channel(past: Past) -> None:
    await past.add("voice", "+8210")
    await past.add("whatsapp", "+8210")
    await past.add("sms", "+8299")
    assert await past.before(await past.add("sms", "+8210")) == ["c2", "c1"]


async def test_an_id_counts_on_its_own_channel_only(past: Past) -> None:
    await past.add("telegram", "77")
    await past.add("line", "77")
    assert await past.before(await past.add("telegram", "77")) == ["c1"]


async def test_attributes_that_the_project_names_join_customers(past: Past) -> None:
    await past.add("chat", "a", customer_id="C-17", city="Seoul")
    await past.add("chat", "b", customer_id="C-18", city="Seoul")
    await past.add("chat", "c", customer_id="")
    assert await past.before(await past.add("voice", "+8210", customer_id="C-17")) == ["c1"]
    assert await past.before(await past.add("chat", "d", customer_id="")) == []


async def test_an_agent_joins_two_who_are_one(past: Past) -> None:
    await past.add("voice", "+8210")
    written = await past.add("telegram", "77")
    assert await past.before(written) == []
    await past.index.join("telegram 77", "number +8210")
    assert await past.before(written) == ["c1"]
    later = await past.add("voice", "+8210")
    assert await past.before(written) == ["c3", "c1"]
    assert await past.before(later) == ["c2", "c1"]


async def test_whose_contact_was_erased_is_not_found(past: Past) -> None:
    await past.add("voice", "+8210")
    await past.store.put_note("customer", "number +8299", b'["gone"]')
    assert await past.before(await past.add("voice", "+8299")) == []
