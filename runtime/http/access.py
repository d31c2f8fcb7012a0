"""Which address is for whom: every route of the server stands in this table, and a test refuses
one that does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.requests import HTTPConnection, Request

from runtime.security.signin import COOKIE
from runtime.serving import Site

HOME_BITS = 64
"""Of an address of the newer kind, what a whole household or company shares."""
SESSIONS_MAX = 2
"""How many people one browser can be at a time."""

EVERYBODY = ""
"""Customers, and whoever wants to sign in."""
SIGNED = "signed"
"""Vendors, who prove themselves by a signature."""
TOKEN = "token"
"""Programs, by a token of the environment; whoever speaks for a customer, by the chat's."""
ANYBODY_KNOWN = "known"
"""Whoever is signed in; what they see is what they may."""

ROUTES: Mapping[str, str] = {
    "/": ANYBODY_KNOWN,
    "/health": EVERYBODY,
    "/ready": EVERYBODY,
    "/metrics": TOKEN,
    "/sign-in": EVERYBODY,
    "/sign-in/{token}": EVERYBODY,
    "/sign-out": EVERYBODY,
    "/account": ANYBODY_KNOWN,
    "/account/password": ANYBODY_KNOWN,
    "/account/second-factor": ANYBODY_KNOWN,
    "/widget.js": EVERYBODY,
    "/web/page.css": EVERYBODY,
    "/chat/{entry}": EVERYBODY,
    "/chat/{entry}/act": EVERYBODY,
    "/chat/{entry}/lines": EVERYBODY,
    "/chat/{entry}/files": EVERYBODY,
    "/chat/{entry}/files/{file}": EVERYBODY,
    "/chat/{entry}/{_path:path}": EVERYBODY,
    "/files/{contact}": "desk.use",
    "/files/{contact}/{file}": "desk.use",
    "/ws/chat/{entry}": EVERYBODY,
    "/go/{code}": EVERYBODY,
    "/recordings/{name:path}": EVERYBODY,
    "/webhooks/{name}": SIGNED,
    "/webhooks/twilio/voice": SIGNED,
    "/webhooks/twilio/over": SIGNED,
    "/webhooks/twilio/agent": SIGNED,
    "/webhooks/twilio/agent-over": SIGNED,
    "/webhooks/twilio/hold": SIGNED,
    "/api/openapi.json": EVERYBODY,
    "/api/docs": EVERYBODY,
    "/api/v1/contacts": TOKEN,
    "/api/v1/contacts/chat": TOKEN,
    "/api/v1/contacts/task": TOKEN,
    "/api/v1/contacts/outbound-voice": TOKEN,
    "/api/v1/contacts/{contact_id}": TOKEN,
    "/api/v1/contacts/{contact_id}/events": TOKEN,
    "/api/v1/contacts/{contact_id}/history": TOKEN,
    "/api/v1/contacts/{contact_id}/original": TOKEN,
    "/api/v1/records": TOKEN,
    "/api/v1/participant/connection": TOKEN,
    "/api/v1/participant/message": TOKEN,
    "/api/v1/participant/event": TOKEN,
    "/api/v1/participant/transcript": TOKEN,
    "/api/v1/participant/disconnect": TOKEN,
    "/desk": "desk.use",
    "/supervisor": "queues.view",
    "/designer": "flows.view",
    "/designer/{address:path}": "flows.view",
}


async def people_of(connection: HTTPConnection, sites: Sequence[Site]) -> list[tuple[Site, str]]:
    """Who is signed in in this browser, and where they belong. One person may be two: the
    administrator of a small company answers at the desk too."""
    return [
        (site, person)
        for session in sessions_in(connection)
        for site in sites
        if (person := await site.sign_ins.person(session)) and site.people.knows(person)
    ]


async def who_may(
    connection: HTTPConnection, sites: Sequence[Site], permission: str
) -> tuple[Site, str] | None:
    """The first of the people in this browser who may, and where."""
    for site, person in await people_of(connection, sites):
        if site.people.may_somewhere(person, permission):
            return site, person
    return None


def sessions_in(connection: HTTPConnection) -> list[str]:
    kept = connection.cookies.get(COOKIE, "").split(".")
    return [session for session in kept if session][:SESSIONS_MAX]


def address_of(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""


def crowd_of(connection: HTTPConnection) -> str:
    """Whose share of what all share a browser takes: that of its address, or of its network where
    everybody has as many addresses as they like. Nothing for this machine, where a proxy is."""
    try:
        address = ip_address(address_of(connection).partition("%")[0])
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback:
        return ""
    return str(ip_network((address, HOME_BITS), strict=False) if address.version == 6 else address)


def from_own_page(request: Request) -> None:
    """Changes come from pages of ours: a browser says where a form was sent from."""
    origin = request.headers.get("origin") or request.headers.get("referer", "")
    if not origin or urlsplit(origin).netloc != request.headers.get("host", ""):
        raise HTTPException(403)
