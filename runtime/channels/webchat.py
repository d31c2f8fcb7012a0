"""The chat on web pages: what a visitor's browser sends and gets, over a socket or by asking.

The journal is the only record. A browser that comes back gets the whole conversation again, each
line with the same id, and shows it once; so nothing has to be kept for browsers that went away.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, Literal

import orjson

from runtime import limits
from runtime.attachments import Attachment, Attachments, Unwanted, attachments_in
from runtime.channels.entries import Entry
from runtime.channels.reception import Reception, TooMany
from runtime.contact import Contact
from runtime.host import Body, Host
from runtime.security.rates import AtOnce, Rate
from runtime.security.tokens import Signer
from runtime.transcript import Line, Reader, is_thinking

log = logging.getLogger(__name__)

Frame = dict[str, Any]
"""What is sent to a browser."""
Side = Literal["customer", "agent"]

PROGRAM_NAME_LENGTH = 24
OUTLINE_MAX = 100
"""Frames that may wait for a browser; one that is so slow is let go, and comes again."""
TYPING = {"typing": True}
TYPING_EVERY_S = 1.0


class Typing:
    """Who is writing just now. It is told to those who look, and written down nowhere."""

    def __init__(self) -> None:
        self.watchers: list[Callable[[str, Side], None]] = []
        """Told of a contact and who of it is writing. They must be quick."""

    def note(self, contact: str, side: Side) -> None:
        for watcher in self.watchers:
            watcher(contact, side)


class WebChat:
    def __init__(
        self, host: Host, reception: Reception, secret: bytes, attachments: Attachments
    ) -> None:
        self.attachments = attachments
        self.host = host
        self.reception = reception
        self._signer = Signer(secret, "visitor")
        self._connections = Signer(secret, "connection")
        self._rate = Rate(limits.MESSAGES_MAX, limits.MESSAGES_WINDOW_S)
        self.starts = Rate(limits.STARTS_PER_ADDRESS_MAX, limits.STARTS_WINDOW_S)
        self.sockets = AtOnce(limits.SOCKETS_PER_ADDRESS_MAX)
        self.typing = Typing()
        self._listeners: dict[str, set[asyncio.Queue[Body | None]]] = {}
        self.is_closing = False
        self.typing.watchers.append(self._watch_typing)
        host.watchers.append(self._watch)

    # --- outwards: an adapter -----------------------------------------------------------------

    async def say(self, contact: Contact, key: str, effect: Body) -> str:
        """Browsers read the journal, where it stands already."""
        return ""

    async def hang_up(self, contact: Contact, key: str) -> None:
        """The end stands in the journal too."""

    def _watch(self, entity: str, journal: Body) -> None:
        for listener in self._listeners.get(entity, ()):
            _tell(listener, journal)

    def _watch_typing(self, contact: str, side: Side) -> None:
        if side == "agent":
            self._watch(f"contact/{contact}", TYPING)

    @property
    def listening_count(self) -> int:
        return sum(map(len, self._listeners.values()))

    def close(self) -> None:
        """Let everybody who listens go: they come back to the next process."""
        self.is_closing = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.put_nowait(None)

    # --- visitors -----------------------------------------------------------------------------

    def visitor(self, token: str, entry: Entry) -> tuple[str, str]:
        """Who a token names, or somebody new; and their token."""
        known = self._signer.read(token) or ""
        name, _, visitor = known.partition("/")
        if name != entry.name or not visitor:
            visitor = secrets.token_hex(12)
        return visitor, self._signer.sign(f"{entry.name}/{visitor}")

    def knows(self, token: str, entry: Entry) -> bool:
        """Whether a token names a visitor of this entry."""
        name, _, visitor = (self._signer.read(token) or "").partition("/")
        return name == entry.name and bool(visitor)

    def connection(self, conversation: Conversation, until: datetime) -> str:
        """A token for a visitor that is worth something until then."""
        named = f"{int(until.timestamp())}/{conversation.entry.name}/{conversation.visitor}"
        return self._connections.sign(named)

    def of_connection(
        self, token: str, entries: Mapping[str, Entry], now: datetime
    ) -> Conversation | None:
        until, _, named = (self._connections.read(token) or "").partition("/")
        name, _, visitor = named.rpartition("/")
        if name not in entries or int(until) < now.timestamp():
            return None
        return Conversation(self, entries[name], visitor, self._signer.sign(named))

    def open(self, entry: Entry, token: str) -> Conversation:
        visitor, token = self.visitor(token, entry)
        return Conversation(self, entry, visitor, token)

    def of_program(self, entry: Entry, name: str) -> Conversation:
        """A visitor whom a program speaks for; the same name is the same visitor."""
        visitor = self._signer.code(f"program/{entry.name}/{name}", PROGRAM_NAME_LENGTH).casefold()
        return Conversation(self, entry, visitor, self._signer.sign(f"{entry.name}/{visitor}"))

    async def files(self, contact: str) -> dict[str, Attachment]:
        journal = await self.host.store.journal(f"contact/{contact}")
        return attachments_in(map(orjson.loads, journal))

    async def say_with_file(self, contact: Contact, name: str, data: bytes) -> None:
        """An agent sends a file to their customer; raises `Unwanted`."""
        if len(await self.files(contact.id)) >= limits.FILES_MAX:
            raise Unwanted("file_many")
        kept = await self.attachments.keep(contact.id, name, data)
        event_id = f"file/{contact.id}/{kept.id}"
        event = self.host.event(
            "AgentSaid", id=event_id, agent=contact.agent, text=kept.name, file=kept.to_json()
        )
        await self.host.post(f"contact/{contact.id}", event)

    async def tidy(self) -> None:
        """Remove the files of contacts that nobody knows any more."""
        known = self.attachments.known()
        there = [name for name in known if await self.host.store.load(f"contact/{name}")]
        await self.attachments.tidy(there)

    def wait_s(self, visitor: str) -> int:
        return self._rate.wait_s(visitor)

    @asynccontextmanager
    async def listening(self, contact_id: str) -> AsyncIterator[asyncio.Queue[Body | None]]:
        entity, queue = f"contact/{contact_id}", asyncio.Queue[Body | None]()
        self._listeners.setdefault(entity, set()).add(queue)
        try:
            yield queue
        finally:
            self._listeners[entity].discard(queue)
            if not self._listeners[entity]:
                del self._listeners[entity]


def _tell(listener: asyncio.Queue[Body | None], news: Body) -> None:
    if listener.qsize() < OUTLINE_MAX:
        listener.put_nowait(news)
        return
    # What it missed it gets when it comes again; nothing is left out in the middle.
    while not listener.empty():
        listener.get_nowait()
    listener.put_nowait(None)


class Conversation:
    """One visitor at one entry."""

    def __init__(self, chat: WebChat, entry: Entry, visitor: str, token: str) -> None:
        self.chat = chat
        self.entry = entry
        self.visitor = visitor
        self.token = token
        self.line = f"chat/{entry.name}/{visitor}"
        self.told_typing_at = -TYPING_EVERY_S

    # --- inwards ------------------------------------------------------------------------------

    async def current(self) -> str:
        """The visitor's conversation, the last one if it is over."""
        found = await self.chat.host.store.note("line", self.line)
        return found.decode() if found else ""

    async def start(self, client_id: str, language: str = "", code: str = "") -> Frame | None:
        """Begin a conversation, or come over by a one-time link. The same `client_id` begins one
        only once."""
        reception = self.chat.reception
        if code:
            came = await reception.come_over(self.line, code, channel="chat", address=self.visitor)
            if came:
                return None
            state = await reception.invitations.state(code)
            return refused("link_used" if state == "used" else "link_expired")
        try:
            contact = await self.begin(client_id, language=language)
        except TooMany as busy:
            return refused("busy", wait_s=busy.wait_s)
        return None if contact or await self.current() else refused("closed")

    async def begin(self, client_id: str, *, language: str = "", **started: Any) -> str:
        """The conversation that is open, or a new one: its id. Raises `TooMany`."""
        found = await self.chat.reception.open_contact(self.line)
        if found is not None:
            return found.id
        return await self.chat.reception.begin(
            self.line,
            self._event_id(client_id),
            channel="chat",
            address=self.visitor,
            entry=self.entry.name,
            language=self.entry.language_for(language),
            **started,
        )

    async def say(self, client_id: str, text: str, *, is_choice: bool = False) -> Frame:
        """Take what the visitor wrote. The same `client_id` counts once."""
        if not text.strip():
            return refused("empty", client_id)
        if len(text.encode()) > limits.MESSAGE_BYTES_MAX:
            return refused("too_long", client_id)
        if wait_s := self.chat.wait_s(self.visitor):
            return refused("too_fast", client_id, wait_s=wait_s)
        contact = await self.chat.reception.open_contact(self.line)
        if contact is None:
            return refused("over", client_id)
        self.told_typing_at = -TYPING_EVERY_S
        host = self.chat.host
        event = host.event("Heard", id=self._event_id(client_id), text=text,
                           by="choice" if is_choice else "text")  # fmt: skip
        await host.post(f"contact/{contact.id}", event)
        return {"type": "got", "id": client_id}

    async def send_file(self, client_id: str, name: str, data: bytes) -> Frame:
        """Take a file, once somebody is there or on their way who can look at it."""
        contact = await self.chat.reception.open_contact(self.line)
        if contact is None:
            return refused("over", client_id)
        if contact.status == "flow":
            return refused("file_early", client_id)
        if wait_s := self.chat.wait_s(self.visitor):
            return refused("too_fast", client_id, wait_s=wait_s)
        if len(await self.files(contact.id)) >= limits.FILES_MAX:
            return refused("file_many", client_id)
        try:
            kept = await self.chat.attachments.keep(contact.id, name, data)
        except Unwanted as reason:
            return refused(reason.reason, client_id)
        event = self.chat.host.event("Heard", id=self._event_id(client_id), text=kept.name,
                                     by="text", file=kept.to_json())  # fmt: skip
        await self.chat.host.post(f"contact/{contact.id}", event)
        return {"type": "got", "id": client_id}

    async def files(self, contact: str) -> dict[str, Attachment]:
        return await self.chat.files(contact)

    async def types(self) -> None:
        """The visitor is writing: only who is looking at the moment is told."""
        now = time.monotonic()
        if now - self.told_typing_at < TYPING_EVERY_S:
            return
        self.told_typing_at = now
        if contact := await self.current():
            self.chat.typing.note(contact, "customer")

    async def leave(self, client_id: str) -> None:
        contact = await self.chat.reception.open_contact(self.line)
        if contact is not None:
            event = self.chat.host.event("CustomerLeft", id=self._event_id(client_id))
            await self.chat.host.post(f"contact/{contact.id}", event)

    def _event_id(self, client_id: str) -> str:
        return f"chat/{self.visitor}/{client_id}"

    # --- outwards -----------------------------------------------------------------------------

    async def frames(self, contact_id: str) -> AsyncIterator[Frame]:
        """The whole conversation, then what happens, until the browser or the server goes."""
        async with self.chat.listening(contact_id) as news:
            reader = Reader()
            journal = await self.chat.host.store.journal(f"contact/{contact_id}")
            lines = reader.read_all(journal)
            last = orjson.loads(journal[-1]) if journal else None
            yield {
                "type": "welcome",
                "token": self.token,
                "contact": contact_id,
                "lines": [shown(line) for line in lines],
                "thinking": last is not None and is_thinking(last),
            }
            turn = last["turn"] if last else 0
            while (entry := await news.get()) is not None:
                if entry is TYPING:
                    yield {"type": "typing"}
                    continue
                if entry["turn"] <= turn:
                    continue
                turn = entry["turn"]
                yield {
                    "type": "lines",
                    "lines": [shown(line) for line in reader.read(entry)],
                    "thinking": is_thinking(entry),
                }

    async def after(self, contact_id: str, line_id: str, wait_s: float) -> Frame:
        """For browsers without a socket: what came after a line, waited for if nothing did."""
        frames = self.frames(contact_id)
        try:
            welcome = await anext(frames)
            lines = welcome["lines"]
            seen = [line["id"] for line in lines]
            if line_id in seen:
                lines = lines[seen.index(line_id) + 1 :]
            if lines or not line_id:
                return {**welcome, "lines": lines}
            news = None
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    news = await anext(frames, None)
            if news == {"type": "typing"}:
                return {**welcome, "lines": [], "typing": True}
            return {
                **welcome,
                **(news or {}),
                "type": "welcome",
                "lines": (news or {}).get("lines", []),
            }
        finally:
            await frames.aclose()  # type: ignore[attr-defined]


def shown(line: Line) -> Mapping[str, Any]:
    """A line as a browser gets it: what is empty is left out, and its own words carry the id that
    it gave them."""
    ref = line["ref"].rpartition("/")[2]
    return {key: value for key, value in {**line, "ref": ref}.items() if value}


def refused(reason: str, client_id: str = "", *, wait_s: int = 0) -> Frame:
    frame: Frame = {"type": "refused", "reason": reason}
    if client_id:
        frame["id"] = client_id
    if wait_s:
        frame["wait_s"] = wait_s
    return frame
