"""A whole system and everybody around it, under one seed: customers who call and write, agents,
services, a network that repeats and reorders, and a power supply that fails.

All of ours is the real thing: reception, host, contacts, queues, agents, invitations, bots. Only
the store is in memory, the clock is clockwork, and the people are random.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from blocks.catalogue import catalogue
from flowlang.effects import EFFECTS
from flowlang.project import Project, load
from runtime.channels.entries import Entries
from runtime.channels.reception import Message, Reception, TooMany
from runtime.contact import Contact
from runtime.contacts import ContactEntity
from runtime.desk.agent import Agent, AgentEntity
from runtime.desk.queue import QueueEntity
from runtime.host import Body, Host, NotNow
from runtime.limits import CHAT_AGE_MAX_S, FUNCTION_TIMEOUT_S_MAX
from runtime.records import Recorder
from runtime.services.functions import FunctionError, Functions
from runtime.services.invitations import Invitations
from runtime.services.local.bot import Bot, LocalBots
from runtime.serving import agents_of, entries_of, queues_of
from runtime.stores import Parcel
from runtime.stores.memory import MemoryStore
from runtime.versions import Sources, Versions
from runtime.world import ProjectWorld
from tests.simulation.clockwork import Clockwork

EXAMPLE = Path(__file__).parents[2] / "examples" / "support"
BUSY_S = 2 * 3600.0
"""How long people come and work; then only time passes."""
CALLERS = WRITERS = 10
SERVICE_S = (0.05, 0.4, 2.9, 3.1, 7.9, 8.1, 60.0)
"""How long the function takes: on both sides of every limit."""
WORDS = ("1", "2", "3", "9", "잔액 알려 주세요", "입출금", "상담원 연결", "", "왓츠앱", "🙂" * 40)


@cache
def example() -> tuple[Project, Sources]:
    project, problems = load(EXAMPLE)
    assert project is not None
    assert not problems
    text = (EXAMPLE / "support.flow").read_text("utf-8").replace("timeout: 3s", "timeout: 8s")
    return project, Sources.of_folder(EXAMPLE, project, {"support.flow": text})


@dataclass
class Town:
    seed: int
    loop: Clockwork
    store: MemoryStore = field(default_factory=MemoryStore)
    performed: Counter[str] = field(default_factory=Counter)
    crashes: int = 0
    refused: int = 0
    host: Host = field(init=False)
    reception: Reception = field(init=False)
    project: Project = field(init=False)
    entries: Entries = field(init=False)
    callers: dict[str, Caller] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.project, self.sources = example()
        self.entries = entries_of(self.project)
        self.versions = Versions(catalogue())
        self.services = self.random("services")
        self._doing: set[asyncio.Task[None]] = set()

    def random(self, *who: object) -> random.Random:
        """Everybody has dice of their own, so that one throw more changes nobody else's."""
        return random.Random(f"{self.seed}/{who}")

    # --- the system ---------------------------------------------------------------------------

    async def open(self) -> None:
        await self.versions.load(self.store)
        await self.versions.publish(self.store, self.sources, who="", at=self.loop.now())
        world = ProjectWorld(self.project)
        bots = {name: Bot.of(name, item) for name, item in self.project.bots.items()}
        invitations = Invitations(self.store, b"secret" * 6, self.entries, self._text,
                                  first_messages={}, public_url="https://town",
                                  clock=self.loop.now)  # fmt: skip
        functions = Functions(dict.fromkeys(self.project.functions, self))
        performers: Mapping[str, Callable[[Parcel], Awaitable[Body | None]]] = {
            "customer": self.customer,
            "function": functions.perform,
            "bot": LocalBots(bots, clock=self.loop.now, zone=world.zone).perform,
            "messenger": invitations.perform,
            "record": Recorder(self.store, self.versions, ()).perform,
        }
        self.host = Host(
            self.store,
            {
                "contact": ContactEntity(self.versions, world, records=True),
                "queue": QueueEntity(queues_of(self.project)),
                "agent": AgentEntity(agents_of(self.project)),
            },
            {name: self._noted(perform) for name, perform in performers.items()},
            clock=self.loop.now,
        )
        self.reception = Reception(self.host, self.entries, invitations)
        self.reception.rate.clock = self.loop.time
        await self.host.start()

    def _noted(self, perform: Callable[[Parcel], Awaitable[Body | None]]) -> Any:
        async def noted(parcel: Parcel) -> Body | None:
            if self.services.random() < 0.02:
                raise NotNow("the network is down")
            self.performed[parcel.key] += 1
            return await perform(parcel)

        return noted

    async def crash(self) -> None:
        """The process is gone in the middle of whatever it did; another one begins."""
        self.crashes += 1
        self.host._closing = True
        for task in filter(None, [*self.host._tasks, self.host._forgetting]):
            task.cancel()
        await self.open()

    async def call(self, function: str, arguments: Mapping[str, Any], *, key: str = "",
                   contact: str = "", timeout_s: float = 3) -> Mapping[str, Any]:  # fmt: skip
        """The customer data, sometimes late, sometimes not there."""
        takes_s = self.services.choice(SERVICE_S)
        try:
            async with asyncio.timeout(min(timeout_s, FUNCTION_TIMEOUT_S_MAX)):
                await asyncio.sleep(takes_s)
        except TimeoutError:
            raise FunctionError("timeout") from None
        match self.services.randrange(10):
            case 0:
                raise FunctionError("failed", "down")
            case 1:
                return {"tier": "platinum", "balance": "much"}
            case _:
                tier = self.services.choice(("gold", "silver", "standard"))
                return {"tier": tier, "balance": 120_000}

    async def _text(self, entry: str, address: str, text: str, key: str) -> None:
        await asyncio.sleep(self.services.random())

    async def customer(self, parcel: Parcel) -> None:
        """What comes out at the customer's end."""
        assert parcel.body["effect"] in EFFECTS
        caller = self.callers.get(parcel.sender)
        if caller is not None:
            caller.hear(parcel)

    # --- the people ---------------------------------------------------------------------------

    def soon(self, doing: Awaitable[None]) -> None:
        async def do() -> None:
            await doing

        task = self.loop.create_task(do())
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def live(self) -> None:
        await self.open()
        for name in self.project.agents:
            self.soon(AgentAtWork(self, name).live())
        for number in range(CALLERS):
            self.soon(Caller(self, number).live())
        for number in range(WRITERS):
            self.soon(Writer(self, number).live())
        dice = self.random("power")
        for _ in range(dice.randrange(3)):
            await asyncio.sleep(dice.random() * BUSY_S / 2)
            await self.crash()
        end = self.loop.time() + BUSY_S + CHAT_AGE_MAX_S + 86_400
        while self.loop.time() < end:
            await asyncio.sleep(3600)
        assert not self._doing, "people are not there for ever"
        await self.host.idle()
        await self.host.stop()


class Caller:
    """Somebody on the telephone, who may be silent, hang up at any moment, or press everything."""

    def __init__(self, town: Town, number: int) -> None:
        self.town = town
        self.dice = town.random("caller", number)
        self.number = number
        self.name = f"contact/call{number}"
        self.manner = self.dice.choice(("answers", "answers", "silent", "leaves", "floods"))
        self.events = 0
        self.is_over = False
        town.callers[self.name] = self

    async def live(self) -> None:
        await asyncio.sleep(self.dice.random() * BUSY_S / 2)
        await self.tell("Started", channel="voice", address=f"+82101234{self.number:04}",
                        entry="hotline")  # fmt: skip
        if self.manner == "leaves":
            await asyncio.sleep(self.dice.expovariate(1 / 30))
            await self.tell("CustomerLeft")
        if self.manner == "floods":
            for _ in range(60):
                await self.tell("Heard", text=self.dice.choice("0123456789"), by="digits")
                await asyncio.sleep(0.01)

    def hear(self, parcel: Parcel) -> None:
        match parcel.body["effect"]:
            case "HangUp":
                self.is_over = True
            case "Listen" if self.manner == "answers" and not self.is_over:
                self.town.soon(self.answer())
            case _:
                pass

    async def answer(self) -> None:
        await asyncio.sleep(self.dice.expovariate(1 / 4))
        text = self.dice.choice(WORDS)
        await self.tell("Heard", text=text, by="digits" if text.isdecimal() else "speech")

    async def tell(self, event: str, **values: Any) -> None:
        """The telephone network tells everything once, twice or three times."""
        self.events += 1
        event_id = f"{self.name}/event/{self.events}"
        for _ in range(self.dice.choice((1, 1, 1, 2, 3))):
            await self.town.host.post(self.name, self.town.host.event(event, id=event_id, **values))


class Writer:
    """Somebody who writes; each message comes as webhooks do, again and out of order."""

    def __init__(self, town: Town, number: int) -> None:
        self.town = town
        self.dice = town.random("writer", number)
        self.number = number
        self.channel = self.dice.choice(("sms", "whatsapp"))

    async def live(self) -> None:
        await asyncio.sleep(self.dice.random() * BUSY_S / 2)
        for number in range(self.dice.randrange(1, 12)):
            text = self.dice.choice(WORDS) or "?"
            for _ in range(self.dice.choice((1, 1, 2, 3))):
                self.town.soon(self.deliver(number, text, self.dice.expovariate(1 / 3)))
            await asyncio.sleep(self.dice.expovariate(1 / self.dice.choice((1, 20, 400))))

    async def deliver(self, number: int, text: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        to = next(e.numbers[self.channel] for e in self.town.entries.values()
                  if self.channel in e.numbers)  # fmt: skip
        message = Message(
            id=f"{self.channel}-{self.number}-{number}", channel=self.channel,
            address=f"+82105678{self.number:04}", to=to, text=text,
        )  # fmt: skip
        try:
            await self.town.reception.take(message)
        except TooMany:
            self.town.refused += 1


class AgentAtWork:
    """Takes most of what rings, says something, closes; or is gone one moment, for ever."""

    def __init__(self, town: Town, name: str) -> None:
        self.town = town
        self.dice = town.random("agent", name)
        self.name = name
        self.events = 0
        self.vanishes_at = self.dice.random() * BUSY_S * 2

    async def live(self) -> None:
        await self.tell("SetState", state="available")
        while self.town.loop.time() < min(BUSY_S, self.vanishes_at):
            await asyncio.sleep(1 + self.dice.random() * 5)
            found = await self.town.store.load(f"agent/{self.name}")
            assert found is not None
            await self.work(Agent.from_bytes(found[1]))
        if self.vanishes_at > BUSY_S:
            await self.tell("SetState", state="away")

    async def work(self, agent: Agent) -> None:
        if agent.presence == "missed":
            await self.tell("SetState", state="available")
        if agent.ringing is not None and (verb := self.dice.choice(
            ("Accept", "Accept", "Accept", "Decline", "")
        )):  # fmt: skip
            await self.tell(verb, offer=agent.ringing.offer)
        for contact, chat in list(agent.chats.items()):
            if chat.state == "left" or self.dice.random() < 0.2:
                await self.tell("Close", contact=contact)
            elif self.dice.random() < 0.5:
                await self.tell("Say", contact=contact, text="네, 도와드리겠습니다.")

    async def tell(self, event: str, **values: Any) -> None:
        self.events += 1
        event_id = f"agent {self.name} {self.events}"
        await self.town.host.post(
            f"agent/{self.name}", self.town.host.event(event, id=event_id, **values)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    town: Town
    contacts: Mapping[str, Contact]
    simulated: timedelta

    @property
    def history(self) -> bytes:
        """Everything that was decided, in order, byte for byte."""
        return b"\n".join(f"{entity} ".encode() + entry
                          for entity, entry in self.town.store.journals)  # fmt: skip


def live(seed: int) -> Lived:
    loop = Clockwork()
    try:
        asyncio.set_event_loop(loop)
        town = Town(seed, loop)
        loop.run_until_complete(town.live())
        found = loop.run_until_complete(town.store.entities("contact/"))
        contacts = {name: Contact.from_bytes(state) for name, state in found}
        simulated = timedelta(seconds=loop.time())
        return Lived(town=town, contacts=contacts, simulated=simulated)
    finally:
        asyncio.set_event_loop(None)
        loop.close()
