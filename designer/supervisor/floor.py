"""The floor at one moment: queues and agents, and contacts of now and of before, as far as
somebody may see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson

from runtime.contact import Contact
from runtime.desk.agent import AVAILABLE, Agent
from runtime.desk.queue import Numbers, Queue
from runtime.serving import Site

FOUND_MAX = 100
RECORDS_AT_ONCE = 500
SCANNED_MAX = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    name: str
    size: int = 0
    oldest_since: str = ""
    free: int = 0
    came: int = 0
    answered: int = 0
    left: int = 0
    service_level: float | None = None
    target: float = 0
    within_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    contact: str
    channel: str
    name: str
    state: str
    since: str
    may_follow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    name: str
    presence: str
    since: str = ""
    ringing: bool = False
    in_hand: tuple[InHand, ...] = ()
    contacts: int = 0
    average_s: float = 0
    available_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What contacts are searched by; what is empty does not count."""

    text: str = ""
    """An id, a number, or a part of a name."""
    channel: str = ""
    queue: str = ""
    agent: str = ""
    since: str = ""
    until: str = ""

    def fits(self, found: Found) -> bool:
        needle = self.text.strip().casefold()
        words = (found.contact, found.address, found.name)
        return (
            (not needle or any(needle in word.casefold() for word in words))
            and self.channel in ("", found.channel)
            and self.queue in ("", found.queue)
            and self.agent in ("", found.agent)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    contact: str
    channel: str
    address: str
    name: str
    queue: str
    agent: str
    began: str
    ended: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step that a contact left."""

    flow: str
    step: str
    outcome: str


@dataclass(slots=True)
class Floor:
    """A site as one person may see it."""

    site: Site
    person: str
    _now: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._now = self.site.host.clock()

    # --- what one may -------------------------------------------------------------------------

    def may(self, permission: str, group: str) -> bool:
        return self.site.people.may(self.person, permission, group)

    def group_of(self, queue: str, agent: str = "") -> str:
        """Whose a contact is: its queue's, else its agent's."""
        return self.site.project.group_of(queue, agent)

    # --- now ----------------------------------------------------------------------------------

    async def queues(self) -> list[QueueRow]:
        self._now = self.site.host.clock()
        states = await self._states("queue/")
        return [
            self._queue(name, Queue.from_bytes(states[name]) if name in states else Queue())
            for name, queue in self.site.project.queues.items()
            if self.may("queues.view", queue.group)
        ]

    def _queue(self, name: str, queue: Queue) -> QueueRow:
        settings, today = self.site.project.queues[name], queue.today
        since = [datetime.fromisoformat(place.since) for place in queue.places.values()]
        day = self._now.astimezone(self.site.services.world.zone).date().isoformat()
        if today.day != day:
            today = Numbers(day=day)
        return QueueRow(
            name=name, size=len(since), free=len(queue.agents),
            oldest_since=min(since).isoformat() if since else "",
            came=today.came, answered=today.answered, left=today.left,
            service_level=today.service_level, target=settings.service_level,
            within_s=settings.answer_within_s,
        )  # fmt: skip

    def waited_s(self, since: str) -> float:
        """From a moment until now."""
        if not since:
            return 0.0
        waited = self.site.host.clock() - datetime.fromisoformat(since)
        return max(0.0, waited.total_seconds())

    async def agents(self) -> list[AgentRow]:
        states = await self._states("agent/")
        return [
            self._agent(name, Agent.from_bytes(states[name]) if name in states else Agent())
            for name, agent in self.site.project.agents.items()
            if self.may("queues.view", agent.group)
        ]

    def _agent(self, name: str, agent: Agent) -> AgentRow:
        today = agent.today
        available_s = today.spent_s.get(AVAILABLE, 0.0)
        if agent.presence == AVAILABLE and agent.presence_since:
            since = datetime.fromisoformat(agent.presence_since)
            available_s += (self._now - since).total_seconds()
        in_hand = tuple(
            InHand(
                contact=chat.contact, channel=chat.channel, name=chat.name, state=chat.state,
                since=chat.since,
                may_follow=chat.state == "open"
                and self.may("contacts.monitor", self.group_of(chat.queue, name)),
            )
            for chat in agent.chats.values()
        )  # fmt: skip
        return AgentRow(
            name=name, presence=agent.presence, since=agent.presence_since,
            ringing=agent.ringing is not None, in_hand=in_hand, contacts=today.contacts,
            average_s=today.handled_s / today.contacts if today.contacts else 0,
            available_s=available_s,
        )  # fmt: skip

    async def _states(self, prefix: str) -> dict[str, bytes]:
        found = await self.site.store.entities(prefix)
        return {entity.partition("/")[2]: state for entity, state in found}

    # --- contacts -----------------------------------------------------------------------------

    async def search(self, wanted: Wanted) -> list[Found]:
        """Contacts that are under way, then those that are over, the latest first."""
        since, until = self._between(wanted)
        found = [
            each
            for each in [*await self._under_way(), *await self._over(since, until)]
            if wanted.fits(each) and self._may_see(each)
            if since <= datetime.fromisoformat(each.began).timestamp() < until
        ]
        return sorted(found, key=lambda each: each.began, reverse=True)[:FOUND_MAX]

    def _may_see(self, found: Found) -> bool:
        return self.may("contacts.view", self.group_of(found.queue, found.agent))

    def _between(self, wanted: Wanted) -> tuple[float, float]:
        zone = self.site.services.world.zone
        since = datetime.combine(_day(wanted.since) or date(1970, 1, 2), time(), zone)
        last = _day(wanted.until)
        until = datetime.combine(last, time(), zone) + timedelta(days=1) if last else None
        return since.timestamp(), until.timestamp() if until else float("inf")

    async def _under_way(self) -> list[Found]:
        states = await self.site.store.alive("contact/")
        return [_found(Contact.from_bytes(state)) for _, state in states[:SCANNED_MAX]]

    async def _over(self, since: float, until: float) -> list[Found]:
        """Their records, page by page; who ended before `since` began before it too."""
        found: list[Found] = []
        after = since
        while len(found) < SCANNED_MAX:
            page = [orjson.loads(r) for r in await self.site.store.records(after, RECORDS_AT_ONCE)]
            found += map(_recorded, page)
            if len(page) < RECORDS_AT_ONCE:
                break
            after = datetime.fromisoformat(page[-1]["DisconnectTimestamp"]).timestamp()
        return found

    async def contact(self, contact_id: str, permission: str) -> Contact | None:
        """A contact, if there is one and they may do this with it."""
        contact = await self.site.reception.contact(contact_id)
        if contact is None:
            return None
        group = self.group_of(contact.queue, contact.agent)
        return contact if self.may(permission, group) else None

    async def way(self, contact: Contact) -> list[Taken]:
        """Every step that it left."""
        journal = await self.site.store.journal(f"contact/{contact.id}")
        program = self.site.versions(contact.program)
        return list(_steps(map(orjson.loads, journal), program.path if program else ""))

    async def wrap_up(self, contact_id: str) -> Mapping[str, Any]:
        for entry in reversed(await self.site.store.journal(f"contact/{contact_id}")):
            event: Mapping[str, Any] = orjson.loads(entry)["event"]
            if event["event"] == "WrappedUp":
                return event
        return {}


def _steps(journal: Iterator[Mapping[str, Any]], first: str) -> Iterator[Taken]:
    """`first` is the flow that a contact begins with, which needs no name."""
    for entry in journal:
        for step, outcome in entry["trail"]:
            flow, _, name = step.rpartition(":")
            yield Taken(flow=flow or first, step=name, outcome=outcome)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _found(contact: Contact) -> Found:
    return Found(
        contact=contact.id, channel=contact.channel, address=contact.address, name=contact.name,
        queue=contact.queue, agent=contact.agent, began=contact.started_at,
    )  # fmt: skip


def _recorded(record: Mapping[str, Any]) -> Found:
    queue, agent = record["Queue"] or {}, record["Agent"] or {}
    return Found(
        contact=record["ContactId"],
        channel=record["Subtype"],
        address=(record["CustomerEndpoint"] or {}).get("Address", ""),
        name=record["CustomerName"] or "",
        queue=queue.get("Name", ""),
        agent=agent.get("Username", ""),
        began=record["InitiationTimestamp"],
        ended=record["DisconnectTimestamp"],
        how=(record.get("WrapUp") or {}).get("Disposition", ""),
    )
