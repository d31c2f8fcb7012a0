"""An agent: whether they are free, what rings, and the conversations they are in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Literal

import orjson

from runtime.desk.load import Kind, kind_of, rooms
from runtime.desk.mail import Mail, moment
from runtime.host import Body, Decision

AVAILABLE, AWAY, MISSED = "available", "away", "missed"
Presence = str
"""One of the three, or a reason of the project's to be away: `lunch`, `meeting`."""
CHATS_MAX = 4
CALLS_KEPT_MAX = 20
MORE_S = 60.0
"""How much longer one may ask to have for what comes after a conversation."""
Target = Literal["agent", "queue", "flow", "number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """How an agent serves a queue."""

    priority: int = 1
    delay_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSettings:
    name: str
    queues: tuple[str, ...] = ()
    chats_max: int = CHATS_MAX
    calls_max: int = 1
    tasks_max: int = CHATS_MAX
    ranks: Mapping[str, Rank] = field(default_factory=dict)
    """By queue, where it is not the usual one."""
    wrap_up_s: Mapping[str, float] = field(default_factory=dict)
    """By queue, how long one has after a conversation."""

    @property
    def most(self) -> dict[Kind, int]:
        return {"voice": self.calls_max, "chat": self.chats_max, "task": self.tasks_max}

    def rank(self, queue: str) -> Rank:
        return self.ranks.get(queue, Rank())


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
    """A conversation from the acceptance until the agent is done with it."""

    contact: str
    queue: str
    offer: str
    channel: str = ""
    name: str = ""
    since: str = ""
    state: Literal["joining", "dialling", "open", "left", "wrap_up"] = "joining"
    unsent: list[str] = field(default_factory=list)
    """Written before the contact knew its agent."""
    unread: int = 0
    last: str = ""
    whispers: list[str] = field(default_factory=list)
    """What a flow told the agent alone, before the customer heard them."""
    handing: str = ""
    """Whom it is being handed to, until they take it or do not."""
    refused: str = ""
    """Why nobody took it: `busy`, `declined`, `missed`, `full`, `unknown`."""
    held: bool = False
    until: str = ""
    """When the time after the conversation is up."""
    number: int = 0
    """The turn that said so."""
    task: str = ""
    """The task for which a customer is called."""


@dataclass(slots=True, kw_only=True)
class Dialled:
    """A call that the agent placed, and what became of it."""

    contact: str
    number: str
    queue: str
    at: str
    task: str = ""
    result: str = ""
    """Empty: it rings. Else `reached`, or what the line said: `busy`, `no-answer`, `failed`."""


@dataclass(slots=True, kw_only=True)
class Today:
    """What one day was like."""

    day: str = ""
    spent_s: dict[str, float] = field(default_factory=dict)
    """By state, as far as it is over."""
    contacts: int = 0
    handled_s: float = 0


@dataclass(slots=True, kw_only=True)
class Agent:
    turn: int = 0
    presence: Presence = AWAY
    presence_since: str = ""
    since: str = ""
    """When the last conversation came, or the presence changed."""
    ringing: Ringing | None = None
    chats: dict[str, Chat] = field(default_factory=dict)
    told: dict[str, list[Any]] = field(default_factory=dict)
    """What each queue was told the last time; nothing, if it was told `gone`."""
    reached: int = 0
    """The priority down to which queues know that this agent is free."""
    unheard: list[str] = field(default_factory=list)
    """Queues of that priority that did not say yet that they have nobody."""
    notice: str = ""
    """The last thing that went otherwise than the agent wanted: `missed`, `left`, `taken_back`."""
    dialled: list[Dialled] = field(default_factory=list)
    """The latest first."""
    today: Today = field(default_factory=Today)

    def to_bytes(self) -> bytes:
        return orjson.dumps(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Agent:
        values = orjson.loads(data)
        values["ringing"] = Ringing(**values["ringing"]) if values["ringing"] else None
        values["chats"] = {key: Chat(**chat) for key, chat in values["chats"].items()}
        values["dialled"] = [Dialled(**call) for call in values.get("dialled", ())]
        values["today"] = Today(**values.get("today", {}))
        return cls(**values)


class AgentEntity:
    """Decides turns of agents."""

    def __init__(self, agents: Mapping[str, AgentSettings], zone: tzinfo = UTC) -> None:
        self.agents = agents
        self.zone = zone
        """Where their days begin and end."""

    def decide(self, name: str, state: bytes | None, event: Body) -> Decision | None:
        agent = Agent.from_bytes(state) if state is not None else Agent(since=event["at"])
        agent.turn += 1
        # Somebody who is no longer on the project's list still ends what they have in hand.
        settings = self.agents.get(name, AgentSettings(name=name))
        turn = _Turn(name, agent, event, settings, self.zone)
        turn.take()
        turn.tell_queues()
        return Decision(
            state=agent.to_bytes(),
            outbox=tuple(turn.mail.sent),
            timers=turn.timers(),
            journal=turn.mail.journal(event),
        )


class _Turn:
    def __init__(
        self, name: str, agent: Agent, event: Body, settings: AgentSettings, zone: tzinfo
    ) -> None:
        self.name = name
        self.agent = agent
        self.event = event
        self.settings = settings
        self.at = moment(event)
        self.now = self.at.isoformat()
        self.mail = Mail(f"agent/{name}", agent.turn)
        day = self.at.astimezone(zone).date().isoformat()
        if agent.today.day != day:
            agent.today = Today(day=day)

    # --- what others tell ---------------------------------------------------------------------

    def take(self) -> None:
        match self.event["event"]:
            case "Offer":
                self._offered()
            case "OfferWithdrawn":
                self._withdrawn()
            case "NobodyWaits":
                self._nobody_waits()
            case "ContactNews":
                self._news()
            case "NotReached":
                self._not_reached(self.event["contact"], self.event["reason"])
            case "TimerFired":
                self._time_is_up()
            case _:
                self._act()

    def _act(self) -> None:
        """What the agent does."""
        match self.event["event"]:
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
            case "More":
                self._take_longer()
            case "Finish":
                self._finish()
            case "Transfer":
                self._transfer()
            case "Hold":
                self._hold()
            case "Dial":
                self._dial()
            case "CalledBack":
                self._called_back()
            case _:
                pass

    def _offered(self) -> None:
        offer = Ringing(**{key: self.event[key] for key in Ringing.__dataclass_fields__})
        if kind_of(offer.channel) in self._rooms():
            self.agent.ringing, self.agent.notice = offer, ""
        else:
            self._answer("OfferDeclined", offer, reason="busy")

    def _withdrawn(self) -> None:
        agent, offer = self.agent, self.event["offer"]
        if agent.ringing is not None and agent.ringing.offer == offer:
            agent.ringing, agent.notice = None, self.event["reason"]
            if self.event["reason"] == MISSED:
                self._change_presence(MISSED)
            return
        chat = agent.chats.get(self.event["contact"])
        if chat is not None and chat.offer == offer:
            # Accepted too late: the queue had given it up a moment before.
            del agent.chats[chat.contact]
            agent.notice = "taken_back"

    def _nobody_waits(self) -> None:
        if self.event["queue"] in self.agent.unheard:
            self.agent.unheard.remove(self.event["queue"])

    def _news(self) -> None:
        chat = self.agent.chats.get(self.event["contact"])
        if chat is None or chat.state == "wrap_up":
            if self.event["what"] == "joined":
                # Closed before the contact knew: now it can hear of it.
                self._tell(self.event["contact"], "AgentLeft")
            return
        match self.event["what"]:
            case "joined" if chat.state in ("joining", "dialling"):
                self._joined(chat)
            case "whispered":
                chat.whispers.append(self.event["text"])
            case "said":
                chat.unread += 1
                chat.last = self.event["text"]
            case "left" if chat.state == "dialling":
                self._not_reached(chat.contact, "left")
            case "left":
                chat.state, chat.unsent, chat.held, chat.handing = "left", [], False, ""
            case "handed":
                self._wrap_up(chat)
            case "refused":
                chat.handing, chat.refused = "", self.event["text"]
            case _:
                pass

    def _joined(self, chat: Chat) -> None:
        if chat.state == "dialling":
            self._note_call(chat.contact, "reached")
        chat.state = "open"
        for text in chat.unsent:
            self._tell(chat.contact, "AgentSaid", text=text)
        chat.unsent = []

    # --- whether they are there ---------------------------------------------------------------

    def _set_presence(self, presence: Presence) -> None:
        agent = self.agent
        agent.notice = ""
        if presence != agent.presence:
            self._change_presence(presence)
        if presence != AVAILABLE and agent.ringing is not None:
            self._decline_ringing(agent.ringing, "gone")

    def _change_presence(self, presence: Presence) -> None:
        agent, spent_s = self.agent, self.agent.today.spent_s
        if agent.presence_since:
            lasted = self.at - datetime.fromisoformat(agent.presence_since)
            spent_s[agent.presence] = spent_s.get(agent.presence, 0) + lasted.total_seconds()
        agent.presence, agent.presence_since, agent.since = presence, self.now, self.now

    # --- offers -------------------------------------------------------------------------------

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

    # --- conversations ------------------------------------------------------------------------

    def _chat(self) -> Chat | None:
        """The conversation that the event is about, if there is one."""
        return self.agent.chats.get(self.event["contact"])

    def _open_chat(self) -> Chat | None:
        chat = self._chat()
        return chat if chat is not None and chat.state == "open" else None

    def _say(self) -> None:
        chat = self._chat()
        if chat is None or chat.state in ("left", "wrap_up"):
            return
        chat.unread, chat.last = 0, self.event["text"]
        if chat.state == "open":
            self._tell(chat.contact, "AgentSaid", text=self.event["text"])
        else:
            chat.unsent.append(self.event["text"])

    def _read(self) -> None:
        chat = self._chat()
        if chat is not None:
            chat.unread = 0

    def _close(self) -> None:
        chat = self._chat()
        if chat is None or chat.state == "wrap_up":
            return
        if chat.state == "dialling":
            self.mail.send("telephony", "Cancel", contact=chat.contact)
            self._not_reached(chat.contact, "canceled")
        elif chat.state != "left":
            self._tell(chat.contact, "AgentLeft")
        if chat.contact in self.agent.chats:
            self._wrap_up(chat)

    def _hold(self) -> None:
        chat = self._open_chat()
        if chat is not None and chat.held != self.event["on"]:
            chat.held = self.event["on"]
            self._tell(chat.contact, "AgentHeld", on=chat.held)

    def _transfer(self) -> None:
        chat = self._open_chat()
        if chat is not None and not chat.handing:
            chat.handing, chat.refused = self.event["target"], ""
            more = {key: self.event[key] for key in ("to", "target", "note")}
            self._tell(chat.contact, "AgentTransferred", **more)

    # --- after a conversation -----------------------------------------------------------------

    def _wrap_up(self, chat: Chat) -> None:
        """The customer is gone, or with somebody else; what is left is to say how it went."""
        limit_s = self.settings.wrap_up_s.get(chat.queue, 0)
        if not limit_s:
            self._done(chat)
            return
        chat.state, chat.unsent, chat.held, chat.handing = "wrap_up", [], False, ""
        self._give_until(chat, self.at + timedelta(seconds=limit_s))

    def _take_longer(self) -> None:
        chat = self._chat()
        if chat is not None and chat.state == "wrap_up":
            until = datetime.fromisoformat(chat.until)
            self._give_until(chat, until + timedelta(seconds=MORE_S))

    def _give_until(self, chat: Chat, until: datetime) -> None:
        chat.until, chat.number = until.isoformat(), self.agent.turn

    def _time_is_up(self) -> None:
        for chat in list(self.agent.chats.values()):
            if chat.state == "wrap_up" and chat.number == self.event["wait"]:
                self._done(chat)

    def _finish(self) -> None:
        """What the agent says of a conversation that is over."""
        chat = self._chat()
        if chat is None or chat.state not in ("wrap_up", "left"):
            return
        said = {key: self.event.get(key, "") for key in ("disposition", "notes")}
        if any(said.values()):
            self._tell(chat.contact, "WrappedUp", **said)
        self._done(chat)

    def _done(self, chat: Chat) -> None:
        agent = self.agent
        del agent.chats[chat.contact]
        agent.since = self.now
        agent.today.contacts += 1
        lasted = self.at - datetime.fromisoformat(chat.since)
        agent.today.handled_s += lasted.total_seconds()
        self.mail.send(f"queue/{chat.queue}", "ContactClosed", contact=chat.contact)

    # --- calls that the agent places ----------------------------------------------------------

    def _dial(self) -> None:
        """Only a free agent calls: whom they reach is theirs at once."""
        agent, event = self.agent, self.event
        if agent.ringing is not None or any(c.channel == "voice" for c in agent.chats.values()):
            agent.notice = "not_free"
            return
        spelled = hashlib.sha256(f"{self.name}/{agent.turn}".encode()).hexdigest()
        contact = f"out-{spelled[:20]}"
        agent.notice = ""
        agent.chats[contact] = Chat(
            contact=contact, queue=event["queue"], offer="", channel="voice",
            name=event["number"], since=self.now, state="dialling", task=event.get("task", ""),
        )  # fmt: skip
        call = Dialled(contact=contact, number=event["number"], queue=event["queue"], at=self.now,
                       task=event.get("task", ""))  # fmt: skip
        agent.dialled = [call, *agent.dialled][:CALLS_KEPT_MAX]
        self.mail.send("telephony", "Dial", contact=contact, number=event["number"],
                       queue=event["queue"], agent=self.name)  # fmt: skip

    def _called_back(self) -> None:
        """A customer who wanted to be called was reached, or is to be called again."""
        chat = self._open_chat()
        if chat is not None and chat.channel == "task":
            self.mail.send("callbacks", "CalledBack", contact=chat.contact,
                           reached=self.event["reached"])  # fmt: skip
            self._tell(chat.contact, "AgentLeft")
            self._wrap_up(chat)

    def _not_reached(self, contact: str, reason: str) -> None:
        chat = self.agent.chats.get(contact)
        if chat is None or chat.state != "dialling":
            return
        del self.agent.chats[contact]
        self.agent.since = self.now
        self._note_call(contact, reason)

    def _note_call(self, contact: str, result: str) -> None:
        for call in self.agent.dialled:
            if call.contact == contact:
                call.result = result

    # --- messages -----------------------------------------------------------------------------

    def _tell(self, contact: str, event: str, /, **body: Any) -> None:
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

    def _rooms(self) -> list[Kind]:
        """What they can take. One offer at a time: two telephones that ring at once are answered
        by nobody."""
        agent = self.agent
        if agent.presence != AVAILABLE or agent.ringing is not None:
            return []
        return rooms(self.settings.most, (chat.channel for chat in agent.chats.values()))

    def tell_queues(self) -> None:
        """Every queue knows whether this agent is free, and is told of each change once. Of a free
        agent the queues of the first priority hear first; the next, when those have nobody."""
        free = self._rooms()
        served = set(self.settings.queues)
        if not free:
            self.agent.reached, self.agent.unheard = 0, []
        for queue in sorted({*served, *self.agent.told}):
            if not free or queue not in served:
                self._tell_queue(queue, [])
        if free:
            self._tell_by_priority(free)

    def _tell_by_priority(self, free: list[Kind]) -> None:
        agent = self.agent
        agent.unheard = [queue for queue in agent.unheard if queue in self.settings.queues]
        priorities = sorted({self._priority(queue) for queue in self.settings.queues})
        while True:
            for queue in sorted(self.settings.queues):
                if self._priority(queue) <= agent.reached:
                    self._tell_queue(queue, [len(agent.chats), agent.since, free])
            following = [priority for priority in priorities if priority > agent.reached]
            if agent.unheard or not following:
                return
            agent.reached = following[0]
            if len(following) > 1:
                agent.unheard = [queue for queue in sorted(self.settings.queues)
                                 if self._priority(queue) == agent.reached]  # fmt: skip

    def _priority(self, queue: str) -> int:
        return self.settings.rank(queue).priority

    def _tell_queue(self, queue: str, news: list[Any]) -> None:
        agent = self.agent
        if agent.told.get(queue, []) == news:
            return
        if news:
            self.mail.send(
                f"queue/{queue}", "AgentAvailable", agent=self.name, load=news[0], since=news[1],
                rooms=news[2], delay_s=self.settings.rank(queue).delay_s,
                asks=queue in agent.unheard,
            )  # fmt: skip
        else:
            self.mail.send(f"queue/{queue}", "AgentGone", agent=self.name)
        agent.told[queue] = news

    def timers(self) -> dict[str, tuple[int, datetime]]:
        return {
            f"wrap up {chat.contact}": (chat.number, datetime.fromisoformat(chat.until))
            for chat in self.agent.chats.values()
            if chat.state == "wrap_up"
        }
