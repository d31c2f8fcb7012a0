"""What an agent sees, read from the store, and who wants to know when it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from runtime.contact import Contact
from runtime.desk.agent import Agent
from runtime.desk.queue import waiting
from runtime.host import Body
from runtime.serving import Site
from runtime.transcript import Line, Reader

EARLIER_MAX = 3
"""How many conversations that led to this one are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A conversation, or one that led to it."""

    contact: Contact
    lines: list[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    count: int = 0
    longest_s: float = 0


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

    async def waiting(self, queues: tuple[str, ...]) -> Waiting:
        since: list[datetime] = []
        for queue in queues:
            found = await self.site.store.load(f"queue/{queue}")
            places = waiting(found[1]) if found else []
            since += [datetime.fromisoformat(place["since"]) for place in places]
        if not since:
            return Waiting()
        longest = (self.site.host.clock() - min(since)).total_seconds()
        return Waiting(count=len(since), longest_s=longest)

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
