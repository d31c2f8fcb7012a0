"""One-time links by which a customer goes on in a messenger.

The link is derived from the effect's key, and the conversation behind it from the link. So the
effect performed twice makes one link, and the link opened twice makes one conversation.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

import orjson

from runtime.channels.entries import Entries
from runtime.contact import Contact
from runtime.host import Body
from runtime.security.tokens import Signer
from runtime.stores import Parcel, Store

log = logging.getLogger(__name__)

CODE_LENGTH = 16
_CODE = re.compile(rf"\b[A-Z2-7]{{{CODE_LENGTH}}}\b")

SendText = Callable[[str, str, str, str], Awaitable[None]]
"""Sends a text message: entry, address, text, key. It raises `Undeliverable` or `NotNow`."""
State = Literal["open", "used", "expired", "unknown"]


class Undeliverable(Exception):
    """The message will never arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    contact: str
    """Who was invited."""
    channel: str
    queue: str
    at: str
    until: str
    sent: bool = False


class Invitations:
    def __init__(
        self,
        store: Store,
        secret: bytes,
        entries: Entries,
        send: SendText,
        *,
        public_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.entries = entries
        self.send = send
        self.public_url = public_url.rstrip("/")
        self.clock = clock
        self._signer = Signer(secret, "invitation")

    # --- making them --------------------------------------------------------------------------

    async def perform(self, parcel: Parcel) -> Body:
        """Carry out `Invite`."""
        effect = parcel.body
        contact = await self._contact(parcel.sender.removeprefix("contact/"))
        if contact is None or not self._is_reachable(effect["channel"], contact.entry):
            return {"event": "Undeliverable", "reason": f"no {effect['channel']} here"}
        code = self._signer.code(parcel.key, CODE_LENGTH)
        invitation = await self._invitation(code)
        if invitation is None:
            now = self.clock()
            invitation = Invitation(
                contact=contact.id,
                channel=effect["channel"],
                queue=effect.get("queue", ""),
                at=now.isoformat(),
                until=(now + timedelta(seconds=effect.get("valid_s", 86_400))).isoformat(),
            )
            await self._keep(code, invitation)
        link = f"{self.public_url}/go/{code}"
        if not effect["address"]:
            return {"event": "Delivered", "link": link}
        if not invitation.sent:
            text = f"{effect['text']}\n{link}".strip()
            try:
                await self.send(contact.entry, effect["address"], text, parcel.key)
            except Undeliverable as reason:
                log.warning("%s: invitation not delivered: %s", parcel.key, reason)
                return {"event": "Undeliverable", "reason": str(reason)}
            await self._keep(code, Invitation(**{**asdict(invitation), "sent": True}))
        return {"event": "Delivered"}

    def _is_reachable(self, channel: str, entry: str) -> bool:
        if channel == "chat":
            return bool(self.entries.chat(entry))
        return channel in ("whatsapp", "sms") and bool(self.entries.number(channel, entry))

    async def _contact(self, contact_id: str) -> Contact | None:
        found = await self.store.load(f"contact/{contact_id}")
        return Contact.from_bytes(found[1]) if found else None

    async def _invitation(self, code: str) -> Invitation | None:
        found = await self.store.note("invitation", code)
        return Invitation(**orjson.loads(found)) if found else None

    async def _keep(self, code: str, invitation: Invitation) -> None:
        await self.store.put_note("invitation", code, orjson.dumps(invitation))

    # --- following them -----------------------------------------------------------------------

    def code_in(self, text: str) -> str:
        found = _CODE.search(text)
        return found[0] if found else ""

    def contact_of(self, code: str) -> str:
        return f"go-{code}"

    async def state(self, code: str) -> State:
        invitation = await self._invitation(code)
        if invitation is None:
            return "unknown"
        if await self.store.load(f"contact/{self.contact_of(code)}") is not None:
            return "used"
        until = datetime.fromisoformat(invitation.until)
        return "expired" if self.clock() > until else "open"

    async def language(self, code: str) -> str:
        """In which language to speak with whoever follows a link."""
        invitation = await self._invitation(code)
        contact = await self._contact(invitation.contact) if invitation else None
        return contact.language if contact else ""

    async def target(self, code: str) -> str:
        """Where a link leads: into the messenger, with the code as the first message."""
        invitation = await self._invitation(code)
        contact = await self._contact(invitation.contact) if invitation else None
        if invitation is None or contact is None:
            return ""
        korean = contact.language.startswith("ko")
        text = quote(f"상담을 이어 갈게요. {code}" if korean else f"Let us go on. {code}")
        number = self.entries.number(invitation.channel, contact.entry)
        match invitation.channel:
            case "whatsapp":
                return f"https://wa.me/{number.lstrip('+')}?text={text}"
            case "sms":
                return f"sms:{number}?&body={text}"
            case _:
                return f"/chat/{quote(self.entries.chat(contact.entry))}?go={code}"

    async def started(self, code: str) -> dict[str, Any] | None:
        """How the conversation behind a link begins, if the link can still be followed."""
        if await self.state(code) != "open":
            return None
        invitation = await self._invitation(code)
        contact = await self._contact(invitation.contact) if invitation else None
        if invitation is None or contact is None:
            return None
        return {
            "program": contact.program,
            "entry": contact.entry,
            "name": contact.name or contact.address,
            "language": contact.language,
            "values": contact.values,
            "continues": contact.id,
            "queue": invitation.queue,
            "waiting_since": (contact.waiting_since or invitation.at) if invitation.queue else "",
        }
