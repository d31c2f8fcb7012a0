"""A queue: who waits, in which order, and who is asked to take them.

The queue alone decides who takes a contact. It *offers* a contact to one agent at a time; the
offer has an id, and only the acceptance of the offer that stands counts. So a crash, a time-out
and an acceptance in the same second end in one agent, or in the same place in the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import orjson

from runtime.desk.load import KINDS, kind_of
from runtime.desk.mail import Mail, moment
from runtime.desk.skills import Skills, Step, current, fits
from runtime.host import Body, Decision

RING_S = 20.0
REST_S = 60.0
"""For how long an agent who declined a contact is not asked again to take it."""
HANDLED_KEPT_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueSettings:
    capacity: int = 100
    """How many may wait."""
    ring_s: float = RING_S
    answer_within_s: float = 20
    """Who gets an agent within this time counts as served well."""


@dataclass(slots=True, kw_only=True)
class Place:
    """A contact in the queue. Its place is its priority and since when it waits."""

    contact: str
    priority: int
    since: str
    channel: str = ""
    name: str = ""
    offer: str = ""
    """The offer that stands, if one does."""
    number: int = 0
    agent: str = ""
    until: str = ""
    declined: dict[str, str] = field(default_factory=dict)
    """Agents who are not to be asked again before a time."""
    criteria: list[dict[str, Any]] = field(default_factory=list)
    """Who may take it, in steps (see `skills`)."""
    joined: str = ""
    """Since when the first step holds."""
    asked_by: str = ""
    """Whose customer it still is: nobody waits here for long, who does not take it says so."""

    @property
    def order(self) -> tuple[int, datetime, str]:
        return self.priority, datetime.fromisoformat(self.since), self.contact

    def withdraw(self) -> None:
        self.offer = self.agent = self.until = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """An agent who is free."""

    load: int
    """How many conversations they have."""
    since: str
    """Since when they have had no new one."""
    rooms: tuple[str, ...] = KINDS
    """What they can take."""
    delay_s: float = 0
    """How long a contact must have waited before they are asked."""


@dataclass(slots=True, kw_only=True)
class Numbers:
    """How one day went."""

    day: str = ""
    came: int = 0
    answered: int = 0
    in_time: int = 0
    left: int = 0
    """Those who did not want to wait any longer."""
    waited_s: float = 0
    """All waits of those who were answered."""

    @property
    def service_level(self) -> float | None:
        """Which share got an agent in time, of all whose wait is over."""
        over = self.answered + self.left
        return self.in_time / over if over else None


@dataclass(slots=True, kw_only=True)
class Queue:
    turn: int = 0
    offers: int = 0
    places: dict[str, Place] = field(default_factory=dict)
    agents: dict[str, Free] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    """Contacts that agents of this queue have in hand."""
    taken_at: dict[str, str] = field(default_factory=dict)
    handled_s: list[float] = field(default_factory=list)
    """How long the last conversations took, with what comes after them."""
    today: Numbers = field(default_factory=Numbers)

    def to_bytes(self) -> bytes:
        return orjson.dumps(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Queue:
        values = orjson.loads(data)
        values["places"] = {key: Place(**place) for key, place in values["places"].items()}
        values["agents"] = {key: _free(agent) for key, agent in values["agents"].items()}
        values["today"] = Numbers(**values.get("today", {}))
        return cls(**values)

    def in_order(self) -> list[Place]:
        return sorted(self.places.values(), key=lambda place: place.order)


def _free(value: Any) -> Free:
    """As it is written now, or as it was before agents said what they can take."""
    if isinstance(value, list):
        return Free(load=value[0], since=value[1])
    return Free(**{**value, "rooms": tuple(value["rooms"])})


class QueueEntity:
    """Decides turns of queues."""

    def __init__(
        self,
        queues: Mapping[str, QueueSettings],
        skills: Mapping[str, Skills] | None = None,
        zone: tzinfo = UTC,
    ) -> None:
        self.queues = queues
        self.zone = zone
        """Where their days begin and end."""
        self.skills = skills or {}
        """By agent, what they know."""

    def decide(self, name: str, state: bytes | None, event: Body) -> Decision | None:
        queue = Queue.from_bytes(state) if state is not None else Queue()
        queue.turn += 1
        day = moment(event).astimezone(self.zone).date().isoformat()
        if queue.today.day != day:
            queue.today = Numbers(day=day)
        turn = _Turn(name, queue, event, self.queues.get(name), self.skills)
        turn.take()
        turn.offer_all()
        turn.answer_agent()
        return Decision(
            state=queue.to_bytes(),
            outbox=tuple(turn.mail.sent),
            timers=turn.timers(),
            journal=turn.mail.journal(event, waiting=len(queue.places)),
        )


class _Turn:
    def __init__(
        self,
        name: str,
        queue: Queue,
        event: Body,
        settings: QueueSettings | None,
        skills: Mapping[str, Skills],
    ) -> None:
        self.name = name
        self.queue = queue
        self.event = event
        self.settings = settings
        self.skills = skills
        self.now = moment(event)
        self.mail = Mail(f"queue/{name}", queue.turn)

    # --- events -------------------------------------------------------------------------------

    def take(self) -> None:
        event, queue = self.event, self.queue
        match event["event"]:
            case "Join":
                self._join()
            case "Leave":
                self._leave(event["contact"])
            case "AgentAvailable":
                self._available()
            case "AgentGone":
                queue.agents.pop(event["agent"], None)
            case "OfferAccepted":
                self._accepted()
            case "OfferDeclined":
                self._declined()
            case "ContactClosed":
                self._closed()
            case "TimerFired":
                self._time_is_up()
            case _:
                pass

    def _available(self) -> None:
        event = self.event
        self.queue.agents[event["agent"]] = Free(
            load=event["load"],
            since=event["since"],
            rooms=tuple(event.get("rooms", KINDS)),
            delay_s=event.get("delay_s", 0),
        )

    def answer_agent(self) -> None:
        """Somebody who serves other queues after this one waits to hear that nobody is here."""
        event = self.event
        asks = event["event"] == "AgentAvailable" and event.get("asks")
        if asks and event["agent"] in self.queue.agents:
            self.mail.send(f"agent/{event['agent']}", "NobodyWaits", queue=self.name)

    def _closed(self) -> None:
        queue, contact = self.queue, self.event["contact"]
        queue.taken.pop(contact, None)
        if at := queue.taken_at.pop(contact, ""):
            lasted = (self.now - datetime.fromisoformat(at)).total_seconds()
            queue.handled_s = [*queue.handled_s, lasted][-HANDLED_KEPT_MAX:]

    def _join(self) -> None:
        event, places = self.event, self.queue.places
        if self.settings is None:
            self._refuse("unknown")
        elif agent := event.get("dialled_by"):
            self._join_at_once(agent)
        elif event.get("asked_by") and not self._has_somebody_for(event):
            self._refuse("busy")
        elif len(places) >= self.settings.capacity:
            self._refuse("full")
        else:
            place = Place(
                contact=event["contact"],
                priority=event["priority"],
                since=event["since"],
                channel=event.get("channel", ""),
                name=event.get("name", ""),
                criteria=event.get("criteria", []),
                joined=event["at"] if event.get("criteria") else "",
                asked_by=event.get("asked_by", ""),
            )
            places[place.contact] = place
            self.queue.today.came += not place.asked_by
            ahead = sum(other.order < place.order for other in places.values())
            self.mail.send(
                event["sender"], "Queued", key=event["id"], queue=self.name, position=ahead + 1
            )

    def _join_at_once(self, agent: str) -> None:
        """The agent who called this customer is on the line already."""
        event = self.event
        self._take(event["contact"], agent)
        self.mail.send(event["sender"], "Queued", key=event["id"], queue=self.name, position=1)
        self.mail.send(event["sender"], "AgentJoined", agent=agent,
                       agent_name=event["agent_name"], queue=self.name)  # fmt: skip

    def _has_somebody_for(self, event: Body) -> bool:
        kind = kind_of(event.get("channel", ""))
        return any(kind in free.rooms for free in self.queue.agents.values())

    def _refuse(self, reason: str) -> None:
        self.mail.send(self.event["sender"], "QueueRefused", key=self.event["id"], reason=reason)

    def _take(self, contact: str, agent: str) -> None:
        self.queue.taken[contact] = agent
        self.queue.taken_at[contact] = self.now.isoformat()

    def _leave(self, contact: str) -> None:
        place = self.queue.places.pop(contact, None)
        if place is not None:
            self.queue.today.left += not place.asked_by
            if place.offer:
                self._take_back(place, "left")
        elif contact in self.queue.taken:
            # They left while an agent accepted: they never heard of the agent, who must hear of
            # their leaving.
            agent = self.queue.taken[contact]
            self.mail.send(f"agent/{agent}", "ContactNews", contact=contact, what="left", text="")

    def _accepted(self) -> None:
        place = self._offered()
        if place is None:
            return
        del self.queue.places[place.contact]
        self._take(place.contact, place.agent)
        self._count_answer(place)
        self.mail.send(
            f"contact/{place.contact}",
            "AgentJoined",
            agent=place.agent,
            agent_name=self.event["agent_name"],
            queue=self.name,
        )

    def _count_answer(self, place: Place) -> None:
        if place.asked_by:
            return
        today = self.queue.today
        waited_s = (self.now - datetime.fromisoformat(place.since)).total_seconds()
        today.answered += 1
        today.waited_s += waited_s
        within_s = self.settings.answer_within_s if self.settings else 0
        today.in_time += waited_s <= within_s

    def _declined(self) -> None:
        place = self._offered()
        if place is None:
            return
        if place.asked_by:
            self._give_back(place, self.event["reason"])
            return
        if self.event["reason"] == "declined":
            rested = self.now + timedelta(seconds=REST_S)
            place.declined[place.agent] = rested.isoformat()
        place.withdraw()

    def _offered(self) -> Place | None:
        """The place that the event's offer is about, if that offer still stands."""
        place = self.queue.places.get(self.event["contact"])
        return place if place is not None and place.offer == self.event["offer"] else None

    def _give_back(self, place: Place, reason: str) -> None:
        """Nobody took over: the customer stays with whoever has them."""
        del self.queue.places[place.contact]
        self.mail.send(f"contact/{place.contact}", "HandoverRefused", queue=self.name,
                       reason=reason)  # fmt: skip

    def _time_is_up(self) -> None:
        for place in list(self.queue.places.values()):
            if place.offer and place.number == self.event["wait"]:
                self._take_back(place, "missed")
                if place.asked_by:
                    self._give_back(place, "missed")

    def _take_back(self, place: Place, reason: str) -> None:
        self.mail.send(
            f"agent/{place.agent}",
            "OfferWithdrawn",
            offer=place.offer,
            contact=place.contact,
            reason=reason,
        )
        place.withdraw()

    # --- offers -------------------------------------------------------------------------------

    def offer_all(self) -> None:
        """Ask for everybody whom nobody was asked to take, first come first served."""
        for place in self.queue.in_order():
            if not self.queue.agents:
                return
            if not place.offer and (agent := self._choose(place)):
                self._offer(place, agent)

    def _choose(self, place: Place) -> str | None:
        """Who has the fewest conversations, and of those who has waited longest for one."""
        place.declined = {
            agent: until
            for agent, until in place.declined.items()
            if datetime.fromisoformat(until) > self.now
        }
        step, _ = self._step(place)
        found = [
            (free.load, datetime.fromisoformat(free.since), agent)
            for agent, free in self.queue.agents.items()
            if agent not in place.declined
            if kind_of(place.channel) in free.rooms and self._asked_from(place, free) <= self.now
            if step is None or fits(step, agent, self.skills.get(agent, {}))
        ]
        return min(found)[2] if found else None

    def _asked_from(self, place: Place, free: Free) -> datetime:
        """From when on such an agent is asked to take it."""
        return datetime.fromisoformat(place.since) + timedelta(seconds=free.delay_s)

    def _step(self, place: Place) -> tuple[Step | None, datetime | None]:
        """Who may take it now, and until when."""
        if not place.criteria:
            return None, None
        return current(place.criteria, datetime.fromisoformat(place.joined), self.now)

    def _offer(self, place: Place, agent: str) -> None:
        self.queue.offers += 1
        # The agent says so when they are free again.
        del self.queue.agents[agent]
        ring_s = self.settings.ring_s if self.settings else RING_S
        place.number, place.agent = self.queue.offers, agent
        place.offer = f"{self.name}/{place.number}"
        place.until = (self.now + timedelta(seconds=ring_s)).isoformat()
        self.mail.send(
            f"agent/{agent}",
            "Offer",
            offer=place.offer,
            contact=place.contact,
            queue=self.name,
            channel=place.channel,
            name=place.name,
            since=place.since,
            until=place.until,
        )

    def timers(self) -> dict[str, tuple[int, datetime]]:
        timers: dict[str, tuple[int, datetime]] = {}
        rested: list[datetime] = []
        for place in self.queue.places.values():
            if place.offer:
                due = datetime.fromisoformat(place.until)
                timers[f"ring {place.contact}"] = (place.number, due)
            else:
                rested += [
                    datetime.fromisoformat(until)
                    for agent, until in place.declined.items()
                    if agent in self.queue.agents
                ]
                _, until = self._step(place)
                if until is not None and self.queue.agents:
                    rested.append(until)
                asked = [self._asked_from(place, free) for free in self.queue.agents.values()]
                rested += [from_ for from_ in asked if from_ > self.now]
        if rested:
            # Its number is negative, so that it is never taken for that of an offer.
            timers["rested"] = (-self.queue.turn, min(rested))
        return timers


def waiting(state: bytes) -> list[dict[str, Any]]:
    """Who waits, for people who look at the queue."""
    return [
        {
            "contact": place.contact,
            "name": place.name,
            "channel": place.channel,
            "priority": place.priority,
            "since": place.since,
            "agent": place.agent,
        }
        for place in Queue.from_bytes(state).in_order()
    ]
