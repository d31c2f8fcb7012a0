"""What an agent sees, read from the store, and who wants to know when it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from runtime.contact import Contact
from runtime.desk.agent import AVAILABLE, Agent
from runtime.desk.queue import Queue
from runtime.host import Body
from runtime.masks import Masks
from runtime.services.callbacks import wanted
from runtime.serving import Site
from runtime.transcript import Line, Reader

EARLIER_MAX = 3
"""How many conversations that led to this one are shown."""
CALLBACKS_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A conversation, or one that led to it."""

    contact: Contact
    lines: list[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    count: int = 0
    longest_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier contact of the same customer, on whatever channel."""

    contact: Contact
    disposition: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What is known of who writes or calls."""

    contact: Contact | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    earlier: tuple[Earlier, ...] = ()
    callback: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A customer who waits for a call of ours."""

    contact: str
    number: str
    queue: str
    since: str
    attempts: int


@dataclass(slots=True)
class Board:
    """One for a site: tells its listeners which entity changed."""

    site: Site
    listeners: set[Callable[[str], None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.site.host.watchers.append(self._watch)

    def _watch(self, entity: str, _journal: Body) -> None:
        for listener in list(self.listeners):
            listener(entity)

    async def agent(self, name: str) -> Agent:
        found = await self.site.store.load(f"agent/{name}")
        return Agent.from_bytes(found[1]) if found else Agent()

    async def queue(self, name: str) -> Queue:
        found = await self.site.store.load(f"queue/{name}")
        return Queue.from_bytes(found[1]) if found else Queue()

    async def waiting(self, queues: tuple[str, ...]) -> Waiting:
        places = [p for name in queues for p in (await self.queue(name)).places.values()]
        since = [datetime.fromisoformat(place.since) for place in places]
        if not since:
            return Waiting()
        longest = (self.site.host.clock() - min(since)).total_seconds()
        return Waiting(count=len(since), longest_s=longest)

    async def available(self, but: str) -> list[str]:
        """The other agents who could take somebody over."""
        states = await self.site.store.entities("agent/")
        found = {entity.partition("/")[2]: Agent.from_bytes(state) for entity, state in states}
        return [
            name
            for name in self.site.project.agents
            if name != but and name in found and found[name].presence == AVAILABLE
        ]

    async def callbacks(self, queues: tuple[str, ...]) -> list[Callback]:
        """Who waits for a call in these queues."""
        found: list[Callback] = []
        for name in queues:
            for place in (await self.queue(name)).in_order():
                if place.channel == "task" and len(found) < CALLBACKS_MAX:
                    contact = await self.site.reception.contact(place.contact)
                    asked = wanted(contact) if contact else {}
                    if asked:
                        found.append(
                            Callback(
                                contact=place.contact, number=asked["callback_number"],
                                queue=name, since=place.since,
                                attempts=int(asked.get("attempts", 1)),
                            )
                        )  # fmt: skip
        return found

    async def passages(self, contact_id: str) -> list[Passage]:
        """The conversation and those that it goes on from, oldest first."""
        found: list[Passage] = []
        while contact_id and len(found) <= EARLIER_MAX:
            contact = await self.site.reception.contact(contact_id)
            if contact is None:
                break
            journal = await self.site.store.journal(f"contact/{contact_id}")
            found.append(Passage(contact=contact, lines=Reader().read_all(journal)))
            contact_id = contact.continues
        return found[::-1]

    async def customer(self, contact_id: str, opened: str = "") -> Customer:
        """Who they are and what they asked before; of `opened` also what was said."""
        contact = await self.site.reception.contact(contact_id)
        if contact is None:
            return Customer()
        earlier = [
            await self._earlier(each, is_open=each.id == opened)
            for each in await self.site.customers.earlier(contact)
            if each.id != contact.continues
        ]
        return Customer(
            contact=contact,
            attributes=tuple((await self.attributes(contact)).items()),
            earlier=tuple(earlier),
            callback=wanted(contact),
        )

    async def attributes(self, contact: Contact) -> dict[str, str]:
        """What flows know of them, as people may see it."""
        masks = Masks(self.site.versions(contact.program))
        for entry in await self.site.store.journal(f"contact/{contact.id}"):
            masks.learn(orjson.loads(entry))
        return {
            name: str(masks(value))
            for name, value in contact.values.items()
            if isinstance(value, str | int | float) and value != ""
        }

    async def _earlier(self, contact: Contact, *, is_open: bool) -> Earlier:
        journal = await self.site.store.journal(f"contact/{contact.id}")
        events = [orjson.loads(entry)["event"] for entry in journal]
        noted = [event for event in events if event["event"] == "WrappedUp"]
        return Earlier(
            contact=contact,
            disposition=noted[-1].get("disposition", "") if noted else "",
            lines=tuple(Reader().read_all(journal)) if is_open else (),
        )
