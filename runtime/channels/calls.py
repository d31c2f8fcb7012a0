"""Calls over Twilio.

Twilio asks what a call hears next, with each answer of the caller, and gets it rendered from the
journal: everything since the turn that it knows (`after`). What it was told up to is written down
before it is told, so that the same question gets the same answer. What happens while nobody asks
(a timer, an agent) reaches the call through the Calls API, which makes Twilio ask.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode
from weakref import WeakValueDictionary

import orjson

from runtime.channels.asked import Links, dials
from runtime.channels.entries import Entries
from runtime.channels.provider import Undeliverable
from runtime.channels.reception import Reception
from runtime.channels.twilio import Twilio
from runtime.contact import Contact
from runtime.host import Body, Host
from runtime.stores import Parcel

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 8.0
"""Twilio waits 15 seconds for an answer; this long we wait for a service's."""
VOICE_PATH = "/webhooks/twilio/voice"
HOLD_PATH = "/webhooks/twilio/hold"
CALLS = "call"
TOLD = "told"
NOBODY = '<?xml version="1.0" encoding="UTF-8"?><Response><Reject/></Response>'
OVER = '<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'
ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})

Why = Literal["heard", "next", "dialled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """Where an agent is called."""

    number: str
    caller_number: str = ""
    """What they see, if not the number that the customer dialled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """How the agents of a queue call customers."""

    entry: str = ""
    """Whose flow the customer hears first."""
    number: str = ""
    """What they see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A call that an agent placed, as its links say."""

    contact: str
    agent: str
    queue: str


@dataclass(slots=True)
class Calls:
    host: Host
    reception: Reception
    entries: Entries
    twilio: Twilio
    public_url: str
    phones: Mapping[str, Phone] = field(default_factory=dict)
    """By agent."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What customers call each agent."""
    outbound: Mapping[str, Outbound] = field(default_factory=dict)
    """By queue."""
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _news: dict[str, asyncio.Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.host.watchers.append(self._watch)

    # --- Twilio asks --------------------------------------------------------------------------

    async def ring(
        self, form: Mapping[str, str], calling: str = "", placed: Placed | None = None
    ) -> str:
        """A call comes in; or with `calling`, an entry, one that we placed is answered, perhaps
        for an agent who waits for it."""
        entry = self.entries.get(calling) or self.entries.of_number("voice", form.get("To", ""))
        call = form.get("CallSid", "")
        if entry is None or not call:
            return NOBODY
        customer = form.get("To" if calling else "From", "")
        contact = placed.contact if placed else contact_of(call)
        more = self._started_by(placed) if placed else {}
        # Written down first: what the flow does with the call may be carried out at once.
        await self.host.store.put_note(CALLS, contact, call.encode())
        async with self._lock(contact):
            begun = await self.reception.begin(
                f"voice/{call}",
                f"twilio/{call}",
                contact=contact,
                channel="voice",
                address=_number(customer),
                entry=entry.name,
                name=form.get("CallerName", ""),
                language=entry.language,
                **more,
            )
            return await self._answer(contact, after=0, why="next") if begun else OVER

    def _started_by(self, placed: Placed) -> dict[str, Any]:
        """Whoever is reached is the caller's: after the flow of the queue's own, or at once."""
        name = self.names.get(placed.agent, placed.agent)
        settings = {"dialled_by": {"agent": placed.agent, "name": name}}
        if self.outbound.get(placed.queue, Outbound()).entry:
            return {"settings": settings}
        now = self.host.clock().isoformat()
        return {"settings": settings, "queue": placed.queue, "waiting_since": now}

    async def go_on(self, contact: str, after: int, why: Why, form: Mapping[str, str]) -> str:
        """The caller pressed, said or did nothing, or Twilio wants to know what is new."""
        if not await self._is_call_of(contact, form.get("CallSid", "")):
            return OVER
        async with self._lock(contact):
            if why == "heard":
                await self._hear(contact, after, form)
            elif why == "dialled":
                await self._came_back(contact, form)
            return await self._answer(contact, after, why)

    async def agent_leg(self, contact: str) -> str:
        """An agent took the phone: first what a flow tells them alone, then the customer."""
        found = await self._contact(contact)
        if found is None or found.status != "connected":
            return OVER
        journal = map(orjson.loads, await self.host.store.journal(f"contact/{contact}"))
        whispers = [
            effect["text"]
            for entry in journal
            for _, effect in entry["effects"]
            if effect["effect"] == "TellAgent" and effect["what"] == "whispered"
        ]
        from runtime.channels.twiml import join

        return join(contact, whispers, found.language)

    async def over(
        self, form: Mapping[str, str], contact: str = "", agent: str = "", dialled: str = ""
    ) -> None:
        """A call ended: the customer's, with `contact` that of their agent, with `dialled` one
        that an agent placed."""
        call = form.get("CallSid", "")
        if form.get("CallStatus") not in ENDED:
            return
        if contact:
            await self._agent_hung_up(contact, call, agent)
            return
        if dialled and await self._contact(dialled) is None:
            event = self.host.event("NotReached", id=f"twilio/{call}/unreached", contact=dialled,
                                    reason=form["CallStatus"])  # fmt: skip
            await self.host.post(f"agent/{agent}", event)
            return
        found = await self.host.store.note("line", f"voice/{call}")
        if found is not None:
            left = self.host.event("CustomerLeft", id=f"twilio/{call}/over")
            await self.host.post(f"contact/{found.decode()}", left)

    async def _agent_hung_up(self, contact: str, call: str, agent: str) -> None:
        """Whoever handed the customer on hangs up too, which is nothing to the one who has them
        now."""
        found = await self._contact(contact)
        if found is not None and found.agent == agent:
            left = self.host.event("AgentLeft", id=f"twilio/{call}/over", agent=agent)
            await self.host.post(f"contact/{contact}", left)

    async def _hear(self, contact: str, after: int, form: Mapping[str, str]) -> None:
        event_id = f"twilio/{form.get('CallSid', '')}/{after}"
        digits, speech = form.get("Digits", ""), form.get("SpeechResult", "")
        if digits or speech:
            by = "digits" if digits else "speech"
            event = self.host.event("Heard", id=event_id, text=digits or speech, by=by)
        else:
            event = self.host.event("Silent", id=event_id)
        await self.host.post(f"contact/{contact}", event)

    async def _came_back(self, contact: str, form: Mapping[str, str]) -> None:
        """The call to somebody else is over, or never came about."""
        journal = await self.host.store.journal(f"contact/{contact}")
        for entry in map(orjson.loads, reversed(journal)):
            for key, effect in entry["effects"]:
                if dials(effect):
                    await self.host.post(f"contact/{contact}", self._dial_result(key, form))
                    return

    def _dial_result(self, key: str, form: Mapping[str, str]) -> Body:
        status = form.get("DialCallStatus", "failed")
        if status in ("completed", "answered"):
            return self.host.event("ServiceAnswered", id=f"{key}/answer", key=key, value={})
        reason = "timeout" if status == "no-answer" else "failed"
        return self.host.event(
            "ServiceRefused", id=f"{key}/answer", key=key, reason=reason, detail=status
        )

    # --- our answer ---------------------------------------------------------------------------

    async def _answer(self, contact: str, after: int, why: Why) -> str:
        """The same answer to the same event, however often it is told; only who asks for what is
        new gets what is new."""
        question = f"{contact}/{after}/{why}"
        known = await self.host.store.note(TOLD, question) if why != "next" else None
        if known is None:
            until, status = await self._settled(contact, after)
            known = orjson.dumps([until, status])
            if why != "next":
                await self.host.store.put_note(TOLD, question, known)
            await self.host.store.put_note(TOLD, contact, str(until).encode())
        return await self._rendered(contact, after, *orjson.loads(known))

    async def _settled(self, contact: str, after: int) -> tuple[int, str]:
        """The last turn, once the flow waits for the caller and for nobody else."""
        news = self._news.setdefault(contact, asyncio.Event())
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                while True:
                    news.clear()
                    found = await self._contact(contact)
                    if found is None or not await self._is_thinking(found):
                        break
                    await news.wait()
        except TimeoutError:
            found = await self._contact(contact)
        finally:
            self._news.pop(contact, None)
        return (found.turn, found.status) if found else (after, "ended")

    async def _is_thinking(self, contact: Contact) -> bool:
        """Whether the flow waits for a service, which the caller shall not hear us wait for."""
        wait = contact.wait
        if contact.status != "flow" or wait is None or wait.listening or not wait.keys:
            return False
        journal = await self.host.store.journal(f"contact/{contact.id}")
        effects = orjson.loads(journal[-1])["effects"] if journal else []
        return not (effects and dials(effects[-1][1]))

    def _lock(self, contact: str) -> asyncio.Lock:
        """One answer at a time for each call; nothing is kept of a call that nobody asks for."""
        lock = self._locks.get(contact)
        if lock is None:
            lock = self._locks[contact] = asyncio.Lock()
        return lock

    async def _rendered(self, contact: str, after: int, until: int, status: str) -> str:
        entries = [
            entry
            for entry in map(orjson.loads, await self.host.store.journal(f"contact/{contact}"))
            if after < entry["turn"] <= until
        ]
        # Twilio's library is there only where somebody has an account.
        from runtime.channels.twiml import render

        return render(entries, status, self._links(contact, until), conference=contact)

    def _links(self, contact: str, after: int) -> Links:
        def link(why: Why) -> str:
            query = urlencode({"contact": contact, "after": after, "why": why})
            return f"{self.public_url}{VOICE_PATH}?{query}"

        return Links(
            heard=link("heard"),
            next=link("next"),
            dialled=link("dialled"),
            recordings=f"{self.public_url}/recordings/",
        )

    # --- what happens while nobody asks: an adapter ---------------------------------------------

    async def say(self, contact: Contact, key: str, effect: Body) -> str:
        await self._interrupt(contact, key)
        return ""

    async def hang_up(self, contact: Contact, key: str) -> None:
        if contact.reason != "customer":
            await self._interrupt(contact, key)

    async def bridge(self, contact: Contact, key: str, agent: str) -> None:
        """The customer waits in a conference, and the agent is called into it."""
        await self._interrupt(contact, key)
        phone = self.phones.get(agent)
        if phone is None:
            raise Undeliverable(f"{agent} has no telephone")
        if await self.host.store.note("leg", key) is not None:
            return
        query = urlencode({"contact": contact.id})
        over = urlencode({"contact": contact.id, "agent": agent})
        await self.twilio.call(
            to=phone.number,
            sender=phone.caller_number or self.entries.number("voice", contact.entry),
            url=f"{self.public_url}/webhooks/twilio/agent?{query}",
            over=f"{self.public_url}/webhooks/twilio/agent-over?{over}",
        )
        await self.host.store.put_note("leg", key, phone.number.encode())

    async def record(self, contact: Contact, key: str, effect: Body) -> None:
        """Twilio records both sides from here on; which of them is kept, the record says."""
        call = await self.host.store.note(CALLS, contact.id)
        if call is not None:
            await self.twilio.record(call.decode(), on=bool(effect.get("participants")))

    async def hold(self, contact: Contact, key: str, effect: Body) -> None:
        call = await self.host.store.note(CALLS, contact.id)
        if call is None:
            return
        query = urlencode({"contact": contact.id, "key": key})
        url = f"{self.public_url}{HOLD_PATH}?{query}" if effect.get("text") else ""
        await self.twilio.hold(contact.id, call.decode(), on=effect.get("on", True), url=url)

    async def on_hold(self, contact: str, key: str) -> str:
        """What a flow has for somebody on hold: all that it said in that turn."""
        for entry in map(orjson.loads, await self.host.store.journal(f"contact/{contact}")):
            holds = {name: each for name, each in entry["effects"] if each["effect"] == "Hold"}
            if key in holds:
                texts = [each["text"] for each in holds.values() if each.get("text")]
                from runtime.channels.twiml import held

                return held(texts, holds[key].get("language", ""))
        return OVER

    async def call_for_agent(self, parcel: Parcel) -> Body | None:
        """An agent calls a customer, or gives it up. Whom they reach becomes a contact of theirs;
        Twilio tells if nobody answers."""
        body = parcel.body
        known = await self.host.store.note("placed", body["contact"])
        if body["event"] == "Cancel" and known is not None:
            await self.twilio.end(known.decode())
        if body["event"] == "Cancel" or known is not None:
            return None
        way = self.outbound.get(body["queue"], Outbound())
        entry = way.entry or self._voice_entry()
        placed = {"dialled": body["contact"], "agent": body["agent"], "queue": body["queue"]}
        try:
            call = await self.twilio.call(
                to=body["number"],
                sender=way.number or self.entries.number("voice", entry),
                url=f"{self.public_url}{VOICE_PATH}?{urlencode({'entry': entry, **placed})}",
                over=f"{self.public_url}/webhooks/twilio/over?{urlencode(placed)}",
            )
        except Undeliverable:
            log.warning("%s: not called", parcel.key)
            return {"event": "NotReached", "contact": body["contact"], "reason": "failed"}
        await self.host.store.put_note("placed", body["contact"], call.encode())
        return None

    def _voice_entry(self) -> str:
        return next((name for name, entry in self.entries.items() if "voice" in entry.numbers), "")

    async def dial(self, parcel: Parcel) -> Body | None:
        """Call somebody else and connect the caller with them. Twilio tells later how that went."""
        found = await self._contact(parcel.sender.removeprefix("contact/"))
        if found is None or found.channel != "voice":
            return {"event": "ServiceRefused", "reason": "failed", "detail": "this is no call"}
        await self._interrupt(found, parcel.key)
        return None

    async def place(self, entry: str, number: str) -> str:
        """Call somebody; their contact begins when they answer. Twilio's id of the call."""
        query = urlencode({"entry": entry})
        return await self.twilio.call(
            to=number,
            sender=self.entries.number("voice", entry),
            url=f"{self.public_url}{VOICE_PATH}?{query}",
            over=f"{self.public_url}/webhooks/twilio/over",
        )

    async def _interrupt(self, contact: Contact, key: str) -> None:
        """Make Twilio ask, unless it is asking or knows already."""
        async with self._lock(contact.id):
            told = await self.host.store.note(TOLD, contact.id)
        after = int(told) if told else 0
        if int(key.split("/")[1]) <= after:
            return
        call = await self.host.store.note(CALLS, contact.id)
        if call is not None:
            await self.twilio.redirect(call.decode(), self._links(contact.id, after).next)

    def _watch(self, entity: str, journal: Body) -> None:
        news = self._news.get(entity.removeprefix("contact/"))
        if news is not None:
            news.set()

    async def _contact(self, contact: str) -> Contact | None:
        found = await self.host.store.load(f"contact/{contact}")
        return Contact.from_bytes(found[1]) if found else None

    async def _is_call_of(self, contact: str, call: str) -> bool:
        """A link of one call is worth nothing to another."""
        found = await self.host.store.note(CALLS, contact)
        return found is not None and found.decode() == call

    def knows(self, form: Mapping[str, str]) -> bool:
        """Whether one of the two numbers is of this project."""
        numbers = {entry.numbers.get("voice") for entry in self.entries.values()}
        return bool(numbers & {form.get("To"), form.get("From")})


def contact_of(call: str) -> str:
    """The contact of a call, by Twilio's id of it."""
    return f"call-{hashlib.sha256(call.encode()).hexdigest()[:20]}"


def _number(spelled: str) -> str:
    """A number, or nothing where the caller withholds it."""
    return spelled if spelled.startswith("+") else ""
