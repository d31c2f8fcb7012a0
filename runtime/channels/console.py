"""A telephone on the console: what stands in for a vendor while there is no account."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from runtime.channels.wording import readable
from runtime.contact import Contact
from runtime.host import Body


@dataclass(slots=True)
class ConsolePhone:
    """Shows what would be sent."""

    show: Callable[[str], None] = print
    shown: deque[tuple[str, str, str]] = field(default_factory=lambda: deque(maxlen=100))
    """Channel, address, text: the last ones."""

    async def say(self, contact: Contact, key: str, effect: Body) -> str:
        self._put(contact.channel, contact.address, readable(effect))
        return ""

    async def hang_up(self, contact: Contact, key: str) -> None:
        """A messenger has no end of a conversation."""

    async def send_text(self, entry: str, address: str, text: str, key: str) -> None:
        self._put("sms", address, text)

    def _put(self, channel: str, address: str, text: str) -> None:
        self.shown.append((channel, address, text))
        self.show(f"[{channel} to {address}] {text}")
