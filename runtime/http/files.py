"""Files in chats: a customer's end by the chat's token, an agent's end by their session.

A file is only ever downloaded: no browser is given the chance to run what somebody sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from runtime import limits
from runtime.attachments import Attachment, Unwanted
from runtime.channels.webchat import Conversation
from runtime.contact import Contact
from runtime.desk.agent import Agent
from runtime.http.access import address_of, from_own_page, people_of
from runtime.http.chat import ANYWHERE
from runtime.http.programs import bearer
from runtime.http.sites import chat_entry, sites_of
from runtime.serving import Site

STATUS = {"file_large": 413, "file_type": 415, "too_fast": 429}
LED_TO_MAX = 10
"""How far back one conversation is followed to another."""
router = APIRouter(include_in_schema=False)
Authorization = Annotated[str, Header()]


# --- the customer's end -------------------------------------------------------------------------


@router.post("/chat/{entry}/files")
async def send(
    request: Request, entry: str, name: str, id: str, authorization: Authorization = ""
) -> Response:
    _, conversation = _conversation(request, entry, authorization)
    data = await _body(request)
    frame = await conversation.send_file(id[:64], name, data)
    status = STATUS.get(frame["reason"], 409) if frame["type"] == "refused" else 200
    return JSONResponse(frame, status, ANYWHERE)


@router.get("/chat/{entry}/files/{file}")
async def fetch(
    request: Request, entry: str, file: str, authorization: Authorization = ""
) -> Response:
    site, conversation = _conversation(request, entry, authorization)
    return await _sent(site, await conversation.current(), file, ANYWHERE)


def _conversation(request: Request, entry: str, authorization: str) -> tuple[Site, Conversation]:
    site, found = chat_entry(request, entry)
    token = bearer(authorization)
    if not site.chat.knows(token, found):
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return site, site.chat.open(found, token)


# --- the agent's end ----------------------------------------------------------------------------


@router.post("/files/{contact}")
async def give(request: Request, contact: str, name: str) -> Response:
    from_own_page(request)
    site, found = await _in_hand(request, contact)
    data = await _body(request)
    if found.status != "connected" or found.channel != "chat":
        return JSONResponse({"reason": "over"}, 409)
    try:
        await site.chat.say_with_file(found, name, data)
    except Unwanted as refused:
        return JSONResponse({"reason": refused.reason}, STATUS.get(refused.reason, 409))
    return JSONResponse({})


@router.get("/files/{contact}/{file}")
async def take(request: Request, contact: str, file: str) -> Response:
    site, found = await _readable(request, contact)
    return await _sent(site, found.id, file, {})


async def _in_hand(request: Request, contact: str) -> tuple[Site, Contact]:
    """A conversation that somebody in this browser has in hand at the moment."""
    for site, person in await _known(request):
        found = await site.reception.contact(contact)
        if found is not None and contact in await _chats(site, person):
            return site, found
    raise HTTPException(403)


async def _readable(request: Request, contact: str) -> tuple[Site, Contact]:
    """One that somebody in this browser has in hand, an earlier one of a customer whom they have in
    hand, or one that they may read as whoever supervises."""
    for site, person in await _known(request):
        found = await site.reception.contact(contact)
        if found is None:
            continue
        chats = await _chats(site, person)
        if contact in chats or await _is_earlier(site, contact, chats):
            return site, found
        if site.people.may(
            person, "contacts.view", site.project.group_of(found.queue, found.agent)
        ):
            address = address_of(request)
            await asyncio.to_thread(site.audit.note, person, "file.read", contact, address=address)
            return site, found
    raise HTTPException(403)


async def _known(request: Request) -> list[tuple[Site, str]]:
    known = await people_of(request, sites_of(request))
    if not known:
        raise HTTPException(401)
    return known


async def _chats(site: Site, person: str) -> Collection[str]:
    state = await site.store.load(f"agent/{person}")
    may = site.people.may_somewhere(person, "desk.use")
    return Agent.from_bytes(state[1]).chats if state is not None and may else ()


async def _is_earlier(site: Site, contact: str, chats: Collection[str]) -> bool:
    """Whether a customer of one of these conversations had that one before."""
    for chat in chats:
        found = await site.reception.contact(chat)
        if found is not None:
            if contact in {each.id for each in await site.customers.earlier(found)}:
                return True
            if contact in await _led_to(site, found):
                return True
    return False


async def _led_to(site: Site, contact: Contact) -> list[str]:
    """The conversations that it goes on from, on whatever channel."""
    found: list[str] = []
    before: Contact | None = contact
    while before is not None and before.continues and len(found) < LED_TO_MAX:
        found.append(before.continues)
        before = await site.reception.contact(before.continues)
    return found


# --- both ---------------------------------------------------------------------------------------


async def _body(request: Request) -> bytes:
    """At most one byte more than is taken: what a file is too large by does not matter."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > limits.FILE_BYTES_MAX:
            break
    return bytes(data)


async def _sent(site: Site, contact: str, file: str, headers: dict[str, str]) -> Response:
    kept = (await site.chat.files(contact)).get(file)
    data = await site.chat.attachments.open(contact, kept) if kept else None
    if kept is None or data is None:
        raise HTTPException(404)
    return Response(data, headers={**_only_saved(kept), **headers})


def _only_saved(kept: Attachment) -> dict[str, str]:
    return {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(kept.name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
