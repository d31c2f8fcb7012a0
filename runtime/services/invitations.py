"""One-time links by which a customer goes on in a messenger.

The link is derived from the effect's key, and the conversation behind it from the link. So the
effect performed twice makes one link, and the link opened twice makes one conversation.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

import orjson

from flowlang.channels import MESSENGERS
from runtime.channels.entries import Entries
from runtime.channels.outgoing import SendText
from runtime.channels.provider import ByTemplate, Undeliverable
from runtime.contact import Contact
from runtime.host import Body
from runtime.security.tokens import Signer
from runtime.stores import Parcel, Store

log = logging.getLogger(__name__)

CODE_LENGTH = 16
_CODE = re.compile(rf"\b[A-Z2-7]{{{CODE_LENGTH}}}\b")

State = Literal["open", "used", "expired", "unknown"]


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
        first_messages: Mapping[str, ByTemplate],
        public_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.entries = entries
        self.send = send
        self.first_messages = first_messages
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
        if not effect["address"]:
            return {"event": "Delivered", "link": self._link(code)}
        if not invitation.sent:
            try:
                await self._send(contact, invitation, effect, code, parcel.key)
            except Undeliverable as reason:
                log.warning("%s: invitation not delivered", parcel.key)
                return {"event": "Undeliverable", "reason": str(reason)}
            await self._keep(code, Invitation(**{**asdict(invitation), "sent": True}))
        return {"event": "Delivered"}

    async def _send(
        self, contact: Contact, invitation: Invitation, effect: Body, code: str, key: str
    ) -> None:
        """By an approved message in the messenger itself, where there is one; whoever answers it
        is the one who was invited. Else by a link in a text message."""
        channel, address = invitation.channel, effect["address"]
        template = self.entries.template(channel, contact.entry)
        first = self.first_messages.get(channel)
        if template and first is not None:
            line = f"{channel}/{self.entries.number(channel, contact.entry)}/{address}"
            await self.store.put_note("awaited", line, code.encode())
            await first.say_by_template(address, template, contact.language, effect["text"], key)
            return
        text = f"{effect['text']}\n{self._link(code)}".strip()
        await self.send(contact.entry, address, text, key)

    async def awaited(self, line: str) -> str:
        """The code of somebody who was written to first, and now answers."""
        found = await self.store.note("awaited", line)
        code = found.decode() if found else ""
        return code if code and await self.state(code) == "open" else ""

    def _link(self, code: str) -> str:
        return f"{self.public_url}/go/{code}"

    def _is_reachable(self, channel: str, entry: str) -> bool:
        if channel == "chat":
            return bool(self.entries.chat(entry))
        return channel in MESSENGERS and bool(self.entries.number(channel, entry))

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
        account = quote(number, safe="@")
        match invitation.channel:
            case "whatsapp":
                return f"https://wa.me/{number.lstrip('+')}?text={text}"
            case "sms":
                return f"sms:{number}?&body={text}"
            case "messenger":
                return f"https://m.me/{account}?ref={code}"
            case "instagram":
                return f"https://ig.me/m/{account}?ref={code}"
            case "telegram":
                return f"https://t.me/{account}?start={code}"
            case "line":
                return f"https://line.me/R/oaMessage/{account}/?{text}"
            case "x":
                return f"https://x.com/messages/compose?recipient_id={account}&text={text}"
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
            "settings": contact.settings,
            "continues": contact.id,
            "queue": invitation.queue,
            "waiting_since": (contact.waiting_since or invitation.at) if invitation.queue else "",
        }
