"""The interface for programs: start conversations, tasks and calls, send them events, read them.

What has a counterpart in Amazon Connect's interface has its names.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal
from weakref import WeakValueDictionary

import orjson
from fastapi import APIRouter, Depends, Query, Request

from flowlang.channels import CHANNELS
from runtime import limits
from runtime.channels.calls import contact_of
from runtime.channels.provider import Undeliverable
from runtime.channels.reception import TooMany
from runtime.contact import Contact
from runtime.history import history
from runtime.host import NotNow
from runtime.http.problems import Problem, too_many
from runtime.http.programs import allowed
from runtime.http.shapes import (
    ChatStarted,
    SendEvent,
    StartCall,
    StartChat,
    Started,
    StartTask,
    Taken,
)
from runtime.http.sites import sites_of
from runtime.recording import kept_of
from runtime.services.asked import Question, Refused
from runtime.serving import Site

RECORDS_MAX = 1_000
FOUND_MAX = 100
REQUESTS = "request"
"""Notes of what was asked under a client token."""
BUSY = "More new contacts than we take in a second."

router = APIRouter(prefix="/api/v1", tags=["Programs"])
_locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


# --- start ----------------------------------------------------------------------------------------


@router.post("/contacts/chat", dependencies=[Depends(allowed("contacts.start"))])
async def start_chat(request: Request, asked: StartChat) -> ChatStarted:
    """Start a chat for a customer. What the participant's token opens stands below *Participants*;
    a browser may take it to the chat's socket too."""
    site = _site_with(request, asked.contact_flow_id, "chat")
    entry = site.entries[asked.contact_flow_id]
    token = asked.client_token or secrets.token_hex(16)
    conversation = site.chat.of_program(entry, token)
    opening = asked.initial_message.content if asked.initial_message else ""
    async with _once(site, "chat", asked):
        try:
            contact = await conversation.begin(
                "start",
                language=asked.language_code,
                name=asked.participant_details.display_name,
                values=asked.attributes,
                **({"opening": opening} if opening else {}),
            )
        except TooMany as busy:
            raise too_many(busy.wait_s, BUSY) from busy
        # A contact that was started before, and is over, is still the answer.
        contact = contact or await conversation.current()
    if not contact:
        raise Problem(409, "closed", "Nobody can be reached at this entry at the moment.")
    return ChatStarted(
        contact_id=contact,
        participant_id=conversation.visitor,
        participant_token=conversation.token,
    )


@router.post("/contacts/task", dependencies=[Depends(allowed("contacts.start"))])
async def start_task(request: Request, asked: StartTask) -> Started:
    """Give the agents of a queue something to do, now or within six days."""
    site = _site_with(request, asked.contact_flow_id)
    starter = site.services.starter
    if starter is None:
        raise Problem(503, "not_ready", "The server has just begun.", headers={"Retry-After": "1"})
    arguments = {
        "name": asked.name,
        "queue": asked.queue,
        "description": asked.description,
        "references": asked.references,
        **({"at": asked.scheduled_time.isoformat()} if asked.scheduled_time else {}),
    }
    key = f"api/task/{asked.client_token or secrets.token_hex(16)}"
    question = Question(operation="create", at=site.host.clock(), arguments=arguments, key=key)
    async with _once(site, "task", asked):
        try:
            task = await starter.answer(question)
        except Refused as refused:
            raise Problem(422, refused.reason, refused.detail) from refused
    return Started(contact_id=f"task-{task['id']}")


@router.post("/contacts/outbound-voice", dependencies=[Depends(allowed("contacts.start"))])
async def start_call(request: Request, asked: StartCall) -> Started:
    """Call a customer. The contact begins when they answer; a crash at the very moment of dialling
    can hide that it was dialled."""
    site = _site_with(request, asked.contact_flow_id, "voice")
    if site.calls is None:
        raise Problem(409, "no_telephone", "No telephone line is set up for this project.")
    async with _once(site, "call", asked) as note:
        known = await site.store.note(REQUESTS, f"{note}/call") if note else None
        if known is not None:
            return Started(contact_id=contact_of(known.decode()))
        if wait_s := site.reception.rate.wait_s():
            raise too_many(wait_s, BUSY)
        try:
            call = await site.calls.place(asked.contact_flow_id, asked.destination_phone_number)
        except Undeliverable as reason:
            raise Problem(422, "undeliverable", "The telephone company refuses it.") from reason
        except NotNow as reason:
            detail = "The telephone company cannot be reached."
            raise Problem(503, "not_now", detail, headers={"Retry-After": "5"}) from reason
        if note:
            await site.store.put_note(REQUESTS, f"{note}/call", call.encode())
    return Started(contact_id=contact_of(call))


@router.post("/contacts/{contact_id}/events", dependencies=[Depends(allowed("contacts.start"))])
async def send_event(request: Request, contact_id: str, asked: SendEvent) -> Taken:
    """Let a contact hear something as if its customer had written it, or end it."""
    site, contact = await _found(request, contact_id)
    if contact.status == "ended":
        raise Problem(409, "over", "This contact is over.")
    event_id = f"api/{contact_id}/{asked.client_token or secrets.token_hex(16)}"
    if asked.type == "disconnect":
        event = site.host.event("CustomerLeft", id=event_id)
    else:
        _can_hear(contact, asked.content)
        event = site.host.event("Heard", id=event_id, text=asked.content, by="text")
    return Taken(is_new=await site.host.post(f"contact/{contact_id}", event))


def _can_hear(contact: Contact, text: str) -> None:
    if CHANNELS[contact.channel].medium == "voice":
        raise Problem(409, "not_written", "Nothing can be written to a call.")
    if not text.strip():
        raise Problem(422, "empty", "A message has words.")
    if len(text.encode()) > limits.MESSAGE_BYTES_MAX:
        detail = f"A message has at most {limits.MESSAGE_BYTES_MAX} bytes."
        raise Problem(413, "too_long", detail)


# --- read -----------------------------------------------------------------------------------------

READ = [Depends(allowed("contacts.read"))]


@router.get("/contacts", dependencies=READ)
async def search(
    request: Request,
    status: Literal["", "flow", "queued", "connected"] = "",
    channel: Annotated[str, Query(max_length=20)] = "",
    entry: Annotated[str, Query(max_length=200)] = "",
    queue: Annotated[str, Query(max_length=256)] = "",
    agent: Annotated[str, Query(max_length=256)] = "",
    limit: Annotated[int, Query(ge=1, le=FOUND_MAX)] = FOUND_MAX,
) -> dict[str, Any]:
    """Contacts that are under way, newest first. Those that are over are in the records."""
    wanted = {"status": status, "channel": channel, "entry": entry, "queue": queue, "agent": agent}
    wanted = {name: value for name, value in wanted.items() if value}
    found = [
        contact
        for site in sites_of(request)
        for _, state in await site.store.alive("contact/")
        if _matches(contact := Contact.from_bytes(state), wanted)
    ]
    found.sort(key=lambda contact: contact.started_at, reverse=True)
    return {"count": len(found), "contacts": [_described(contact) for contact in found[:limit]]}


def _matches(contact: Contact, wanted: Mapping[str, str]) -> bool:
    return all(getattr(contact, name) == value for name, value in wanted.items())


@router.get("/contacts/{contact_id}", dependencies=READ)
async def contact(request: Request, contact_id: str) -> dict[str, Any]:
    """Where a contact stands, and what is kept of what was said in it."""
    site, found = await _found(request, contact_id)
    kept = kept_of(await site.store.journal(f"contact/{contact_id}"))
    return {**_described(found), "transcript": kept.lines, "recording": kept.described}


@router.get("/contacts/{contact_id}/original", dependencies=[Depends(allowed("contacts.original"))])
async def original(request: Request, contact_id: str) -> dict[str, Any]:
    """What was said before anything was taken out, where the flow keeps that too."""
    site, _ = await _found(request, contact_id)
    kept = kept_of(await site.store.journal(f"contact/{contact_id}"))
    if not kept.originals:
        raise Problem(404, "not_kept", "The flow keeps no original of this contact.")
    return {"id": contact_id, "transcript": kept.originals}


@router.get("/contacts/{contact_id}/history", dependencies=READ)
async def contact_history(request: Request, contact_id: str) -> list[dict[str, Any]]:
    """What happened, turn by turn, with what is sensitive masked."""
    site, found = await _found(request, contact_id)
    journal = await site.store.journal(f"contact/{contact_id}")
    return history(map(orjson.loads, journal), site.versions(found.program))


@router.get("/records", dependencies=READ)
async def records(
    request: Request,
    after: float = 0,
    limit: Annotated[int, Query(ge=1, le=RECORDS_MAX)] = RECORDS_MAX,
) -> list[dict[str, Any]]:
    """The records of contacts that ended after a moment (seconds since 1970), oldest first."""
    found = [body for site in sites_of(request) for body in await site.store.records(after, limit)]
    read = map(orjson.loads, found)
    return sorted(read, key=lambda record: str(record["DisconnectTimestamp"]))[:limit]


def _described(found: Contact) -> dict[str, Any]:
    return {
        "id": found.id,
        "channel": found.channel,
        "entry": found.entry,
        "status": found.status,
        "reason": found.reason,
        "started_at": found.started_at,
        "continues": found.continues,
        "queue": found.queue,
        "agent": found.agent,
        "step": found.step,
    }


# --- shared ---------------------------------------------------------------------------------------


def _site_with(request: Request, entry: str, channel: str = "") -> Site:
    for site in sites_of(request):
        found = site.entries.get(entry)
        if found is not None and (not channel or channel in found.channels):
            return site
    what = f"that is reached by {channel}" if channel else "of this name"
    raise Problem(404, "no_such_entry", f"There is no entry {what}.")


async def _found(request: Request, contact_id: str) -> tuple[Site, Contact]:
    for site in sites_of(request):
        found = await site.store.load(f"contact/{contact_id}")
        if found is not None:
            return site, Contact.from_bytes(found[1])
    raise Problem(404, "no_such_contact", "There is no such contact.")


@asynccontextmanager
async def _once(
    site: Site, kind: str, asked: StartChat | StartTask | StartCall
) -> AsyncIterator[str]:
    """One at a time for each client token; a token that was used for something else is refused.
    Gives the name of its note, or nothing where there is no token."""
    if not asked.client_token:
        yield ""
        return
    name = f"{kind}/{asked.client_token}"
    lock = _locks.setdefault(f"{site.folder}/{name}", asyncio.Lock())
    async with lock:
        meant = hashlib.sha256(asked.model_dump_json().encode()).digest()
        known = await site.store.note(REQUESTS, name)
        if known is not None and known != meant:
            detail = "This client token was used for something else."
            raise Problem(409, "token_used", detail)
        if known is None:
            await site.store.put_note(REQUESTS, name, meant)
        yield name
