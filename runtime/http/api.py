"""The interface for programs. It wants a token; without one configured it answers nobody."""

from __future__ import annotations

import hmac
import os
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request

from runtime.contact import Contact
from runtime.history import history
from runtime.http.sites import sites_of
from runtime.transcript import Line, Reader

TOKEN = "FLOWLANG_API_TOKEN"
RECORDS_MAX = 1_000


def authorized(authorization: Annotated[str, Header()] = "") -> None:
    wanted = os.environ.get(TOKEN, "")
    given = authorization.removeprefix("Bearer ")
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})


router = APIRouter(prefix="/api/v1", dependencies=[Depends(authorized)])


@router.get("/contacts/{contact_id}")
async def contact(request: Request, contact_id: str) -> dict[str, Any]:
    """Where a conversation stands, and what was said in it."""
    for site in sites_of(request):
        found = await site.store.load(f"contact/{contact_id}")
        if found is not None:
            journal = await site.store.journal(f"contact/{contact_id}")
            return _described(Contact.from_bytes(found[1]), Reader().read_all(journal))
    raise HTTPException(404)


@router.get("/contacts/{contact_id}/history")
async def contact_history(request: Request, contact_id: str) -> list[dict[str, Any]]:
    """What happened, turn by turn, with what is sensitive masked."""
    for site in sites_of(request):
        found = await site.store.load(f"contact/{contact_id}")
        if found is not None:
            journal = await site.store.journal(f"contact/{contact_id}")
            program = site.versions(Contact.from_bytes(found[1]).program)
            return history(map(orjson.loads, journal), program)
    raise HTTPException(404)


@router.get("/records")
async def records(
    request: Request,
    after: float = 0,
    limit: Annotated[int, Query(ge=1, le=RECORDS_MAX)] = RECORDS_MAX,
) -> list[dict[str, Any]]:
    """The records of contacts that ended after a moment (seconds since 1970), oldest first."""
    found = [body for site in sites_of(request) for body in await site.store.records(after, limit)]
    read = map(orjson.loads, found)
    return sorted(read, key=lambda record: str(record["DisconnectTimestamp"]))[:limit]


def _described(found: Contact, lines: list[Line]) -> dict[str, Any]:
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
        "transcript": lines,
    }
