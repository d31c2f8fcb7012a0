"""What an agent sees at one moment, and what they can do about it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from designer.desk.board import Callback, Customer, Passage, Waiting
from runtime.desk.agent import Agent, Chat, Ringing
from runtime.serving import Site


@dataclass(slots=True, kw_only=True)
class State:
    agent: Agent = field(default_factory=Agent)
    waiting: Waiting = field(default_factory=Waiting)
    callbacks: list[Callback] = field(default_factory=list)
    available: list[str] = field(default_factory=list)
    """The other agents who could take somebody over, while that is asked."""
    chosen: str = ""
    """The conversation that is open."""
    opened: str = ""
    """The earlier conversation that is looked at."""
    is_handing: bool = False
    passages: list[Passage] = field(default_factory=list)
    customer: Customer = field(default_factory=Customer)

    @property
    def chat(self) -> Chat | None:
        return self.agent.chats.get(self.chosen)


class Hands:
    """What an agent does, as events of theirs."""

    def __init__(self, site: Site, person: str, show: Callable[[], Awaitable[None]]) -> None:
        self.site = site
        self.person = person
        self.show = show
        """Load and draw anew: something else is looked at."""

    async def do(self, event: str, event_id: str = "", **values: Any) -> None:
        identity = event_id or f"desk/{self.person}/{secrets.token_hex(8)}"
        host = self.site.host
        await host.post(f"agent/{self.person}", host.event(event, id=identity, **values))

    async def accept(self, offer: Ringing) -> None:
        await self.do("Accept", f"accept/{offer.offer}", offer=offer.offer)

    async def decline(self, offer: Ringing) -> None:
        await self.do("Decline", f"decline/{offer.offer}", offer=offer.offer)

    async def dial(self, number: str, queue: str, task: str = "") -> None:
        await self.do("Dial", number=number, queue=queue, task=task)

    def may_call(self, agent: Agent) -> bool:
        """Somebody with a telephone, who is on no call."""
        is_on_call = any(chat.channel == "voice" for chat in agent.chats.values())
        return self.has_phone and not is_on_call

    @property
    def has_phone(self) -> bool:
        profile = self.site.project.agents[self.person]
        return self.site.calls is not None and bool(profile.phone)
