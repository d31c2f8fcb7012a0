"""All that is kept of one customer, and how it is forgotten before its time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from runtime.contact import Contact
from runtime.customers import ALIAS, CUSTOMER, identities
from runtime.services.asked import Question
from runtime.services.local.profiles import Profiles
from runtime.services.local.records import Records
from runtime.stores.sqlite import CONTACTS, SqliteStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    contacts: tuple[Contact, ...]
    """Those that are over."""
    running: tuple[Contact, ...]
    profiles: tuple[str, ...]
    """Their ids."""


async def find(store: SqliteStore, records: Records, who: str) -> Forgotten:
    """Contacts from an address, and the profiles that have it."""
    states = await store.entities(CONTACTS)
    contacts = [
        contact for _, state in states if (contact := Contact.from_bytes(state)).address == who
    ]
    return Forgotten(
        contacts=tuple(each for each in contacts if each.status == "ended"),
        running=tuple(each for each in contacts if each.status != "ended"),
        profiles=tuple(await asyncio.to_thread(Profiles(records).known_by, who)),
    )


async def forget(store: SqliteStore, records: Records, found: Forgotten, at: datetime) -> None:
    profiles = Profiles(records)
    for id_ in found.profiles:
        question = Question(operation="delete", arguments={"id": id_}, at=at)
        await asyncio.to_thread(profiles.answer, question)
    await store.erase_contacts([f"{CONTACTS}{contact.id}" for contact in found.contacts])
    for contact in found.contacts:
        for identity in identities(contact.channel, contact.address, {}, ()):
            for kind in (CUSTOMER, ALIAS):
                await store.take_note(kind, identity)
