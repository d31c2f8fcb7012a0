"""An agent: whether they are free, what rings, and the conversations they are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from runtime.desk.mail import Mail, moment
from runtime.host import Body, Decision

Presence = Literal["away", "available", "missed"]
CHATS_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings:
    name: str
    queues: tuple[str, ...] = ()
    chats_max: int = CHATS_MAX


@dataclass(slots=True, kw_only=True)
class Ringing:
    offer: str
    contact: str
    queue: str
    channel: str = ""
    name: str = ""
    since: str = ""
    until: str = ""


@dataclass(slots=True, kw_only=True)
class Chat:
    """A conversation from the acceptance until the agent closes it."""

    contact: str
    queue: str
    offer: str
    channel: str = ""
    name: str = ""
    since: str = ""
    state: Literal["joining", "open", "left"] = "joining"
    unsent: list[str] = field(default_factory=list)
    """Written before the contact knew its agent."""
    unread: int = 0
    last: str = ""
    whispers: list[str] = field(default_factory=list)
    """What a flow told the agent alone, before the customer heard them."""


@dataclass(slots=True, kw_only=True)
class Agent:
    turn: int = 0
    presence: Presence = "away"
    since: str = ""
    """When the last conversation came, or the presence changed."""
    ringing: Ringing | None = None
    chats: dict[str, Chat] = field(default_factory=dict)
    told: dict[str, list[Any]] = field(default_factory=dict)
    """What each queue was told the last time: load and since; nothing, if it was told `gone`."""
    notice: str = ""
    """The last thing that went otherwise than the agent wanted: `missed`, `left`, `taken_back`."""

    def to_bytes(self) -> bytes:
        return orjson.dumps(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Agent:
        values = orjson.loads(data)
        values["ringing"] = Ringing(**values["ringing"]) if values["ringing"] else None
        values["chats"] = {key: Chat(**chat) for key, chat in values["chats"].items()}
        return cls(**values)


class AgentEntity:
    """Decides turns of agents."""

    def __init__(self, agents: Mapping[str, AgentSettings]) -> None:
        self.agents = agents

    def decide(self, name: str, state: bytes | None, event: Body) -> Decision | None:
        agent = Agent.from_bytes(state) if state is not None else Agent(since=event["at"])
        agent.turn += 1
        # Somebody who is no longer on the project's list still ends what they have in hand.
        settings = self.agents.get(name, AgentSettings(name=name))
        turn = _Turn(name, agent, event, settings)
        turn.take()
        turn.tell_queues()
        return Decision(
            state=agent.to_bytes(),
            outbox=tuple(turn.mail.sent),
            journal=turn.mail.journal(event),
        )


class _Turn:
    def __init__(self, name: str, agent: Agent, event: Body, settings: AgentSettings) -> None:
        self.name = name
        self.agent = agent
        self.event = event
        self.settings = settings
        self.now = moment(event).isoformat()
        self.mail = Mail(f"agent/{name}", agent.turn)

    # --- what others tell ---------------------------------------------------------------------

    def take(self) -> None:
        match self.event["event"]:
            case "Offer":
                self._offered()
            case "OfferWithdrawn":
                self._withdrawn()
            case "ContactNews":
                self._news()
            case "SetState":
                self._set_presence(self.event["state"])
            case "Accept":
                self._accept()
            case "Decline":
                self._decline()
            case "Say":
                self._say()
            case "Read":
                self._read()
            case "Close":
                self._close()
            case _:
                pass

    def _offered(self) -> None:
        offer = {key: self.event[key] for key in Ringing.__dataclass_fields__}
        if self._is_free():
            self.agent.ringing, self.agent.notice = Ringing(**offer), ""
        else:
            self._answer("OfferDeclined", Ringing(**offer), reason="busy")

    def _withdrawn(self) -> None:
        agent, offer = self.agent, self.event["offer"]
        if agent.ringing is not None and agent.ringing.offer == offer:
            agent.ringing, agent.notice = None, self.event["reason"]
            if self.event["reason"] == "missed":
                agent.presence, agent.since = "missed", self.now
            return
        chat = agent.chats.get(self.event["contact"])
        if chat is not None and chat.offer == offer:
            # Accepted too late: the queue had given it up a moment before.
            del agent.chats[chat.contact]
            agent.notice = "taken_back"

    def _news(self) -> None:
        chat = self.agent.chats.get(self.event["contact"])
        if chat is None:
            if self.event["what"] == "joined":
                # Closed before the contact knew: now it can hear of it.
                self._tell(self.event["contact"], "AgentLeft")
            return
        match self.event["what"]:
            case "joined" if chat.state == "joining":
                chat.state = "open"
                for text in chat.unsent:
                    self._tell(chat.contact, "AgentSaid", text=text)
                chat.unsent = []
            case "whispered":
                chat.whispers.append(self.event["text"])
            case "said":
                chat.unread += 1
                chat.last = self.event["text"]
            case "left":
                chat.state, chat.unsent = "left", []
            case _:
                pass

    # --- what the agent does ------------------------------------------------------------------

    def _set_presence(self, presence: Presence) -> None:
        agent = self.agent
        agent.notice = ""
        if presence != agent.presence:
            agent.presence, agent.since = presence, self.now
        if presence == "away" and agent.ringing is not None:
            self._decline_ringing(agent.ringing, "gone")

    def _accept(self) -> None:
        ringing = self.agent.ringing
        if ringing is None or ringing.offer != self.event["offer"]:
            return
        self.agent.ringing, self.agent.since, self.agent.notice = None, self.now, ""
        self.agent.chats[ringing.contact] = Chat(
            contact=ringing.contact,
            queue=ringing.queue,
            offer=ringing.offer,
            channel=ringing.channel,
            name=ringing.name,
            since=self.now,
        )
        self._answer("OfferAccepted", ringing, agent_name=self.settings.name)

    def _decline(self) -> None:
        ringing = self.agent.ringing
        if ringing is not None and ringing.offer == self.event["offer"]:
            self._decline_ringing(ringing, "declined")

    def _decline_ringing(self, ringing: Ringing, reason: str) -> None:
        self.agent.ringing = None
        self._answer("OfferDeclined", ringing, reason=reason)

    def _say(self) -> None:
        chat = self.agent.chats.get(self.event["contact"])
        if chat is None or chat.state == "left":
            return
        chat.unread, chat.last = 0, self.event["text"]
        if chat.state == "open":
            self._tell(chat.contact, "AgentSaid", text=self.event["text"])
        else:
            chat.unsent.append(self.event["text"])

    def _read(self) -> None:
        chat = self.agent.chats.get(self.event["contact"])
        if chat is not None:
            chat.unread = 0

    def _close(self) -> None:
        chat = self.agent.chats.pop(self.event["contact"], None)
        if chat is None:
            return
        self.agent.since = self.now
        if chat.state != "left":
            self._tell(chat.contact, "AgentLeft")
        self.mail.send(f"queue/{chat.queue}", "ContactClosed", contact=chat.contact)

    # --- messages -----------------------------------------------------------------------------

    def _tell(self, contact: str, event: str, **body: Any) -> None:
        self.mail.send(f"contact/{contact}", event, agent=self.name, **body)

    def _answer(self, event: str, offer: Ringing, **body: Any) -> None:
        self.mail.send(
            f"queue/{offer.queue}",
            event,
            offer=offer.offer,
            contact=offer.contact,
            agent=self.name,
            **body,
        )

    def _is_free(self) -> bool:
        """One offer at a time: two telephones that ring at once are answered by nobody."""
        agent = self.agent
        return (
            agent.presence == "available"
            and agent.ringing is None
            and len(agent.chats) < self.settings.chats_max
        )

    def tell_queues(self) -> None:
        """Every queue knows whether this agent is free, and is told of each change once."""
        agent = self.agent
        free = [len(agent.chats), agent.since] if self._is_free() else []
        for queue in sorted({*self.settings.queues, *agent.told}):
            news = free if queue in self.settings.queues else []
            if agent.told.get(queue, []) == news:
                continue
            if news:
                self.mail.send(f"queue/{queue}", "AgentAvailable", agent=self.name,
                               load=news[0], since=news[1])  # fmt: skip
            else:
                self.mail.send(f"queue/{queue}", "AgentGone", agent=self.name)
            agent.told[queue] = news
