"""The interface for a customer's end of a chat, for apps and pages that have a window of their own.

After Amazon Connect's participant service: a participant's token, which `StartChat` gave, opens a
connection; the connection's token does everything else.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request

from runtime.channels.webchat import Conversation
from runtime.http.problems import Problem, too_many
from runtime.http.programs import bearer
from runtime.http.shapes import (
    TEXT,
    AskTranscript,
    Connect,
    Connection,
    ConnectionCredentials,
    Item,
    Leave,
    Role,
    SendMessage,
    SendSignal,
    Sent,
    Transcript,
    Websocket,
)
from runtime.http.sites import sites_of
from runtime.serving import Site
from runtime.transcript import Line, Reader

CONNECTION_S = 86_400
EVENTS = "application/vnd.amazonaws.connect.event."
EVENT_NAMES = {
    "joined": "participant.joined",
    "left": "participant.left",
    "ended": "chat.ended",
    "queued": "transfer.succeeded",
    "undelivered": "message.undelivered",
}
ROLES: dict[str, Role] = {"customer": "CUSTOMER", "agent": "AGENT"}

router = APIRouter(prefix="/api/v1/participant", tags=["Participants"])
Authorization = Annotated[str, Header(include_in_schema=False)]
Amazon = Annotated[str, Header(alias="X-Amz-Bearer", include_in_schema=False)]


def _participant(
    request: Request, authorization: Authorization = "", amazon: Amazon = ""
) -> tuple[Site, Conversation]:
    token = amazon or bearer(authorization)
    for site in sites_of(request):
        for entry in site.entries.values():
            if "chat" in entry.channels and site.chat.knows(token, entry):
                return site, site.chat.open(entry, token)
    raise _refused("participant's")


def _connected(
    request: Request, authorization: Authorization = "", amazon: Amazon = ""
) -> tuple[Site, Conversation]:
    token = amazon or bearer(authorization)
    for site in sites_of(request):
        conversation = site.chat.of_connection(token, site.entries, site.host.clock())
        if conversation is not None:
            return site, conversation
    raise _refused("connection's")


def _refused(whose: str) -> Problem:
    detail = f"Send `Authorization: Bearer` with the {whose} token."
    return Problem(401, "no_token", detail, headers={"WWW-Authenticate": "Bearer"})


Participant = Annotated[tuple[Site, Conversation], Depends(_participant)]
Connected = Annotated[tuple[Site, Conversation], Depends(_connected)]


@router.post("/connection")
async def connect(asked: Connect, who: Participant) -> Connection:
    """Open a connection, with the participant's token. The socket wants
    `{"type": "hello", "token": <participant's token>}` first, and speaks as the widget does."""
    site, conversation = who
    expiry = site.host.clock() + timedelta(seconds=CONNECTION_S)
    answer = Connection()
    if "WEBSOCKET" in asked.type:
        base = site.public_url.replace("http", "ws", 1)
        url = f"{base}/ws/chat/{conversation.entry.name}"
        answer.websocket = Websocket(url=url, connection_expiry=expiry.isoformat())
    if "CONNECTION_CREDENTIALS" in asked.type:
        answer.connection_credentials = ConnectionCredentials(
            connection_token=site.chat.connection(conversation, expiry), expiry=expiry.isoformat()
        )
    return answer


@router.post("/message")
async def send_message(asked: SendMessage, who: Connected) -> Sent:
    """Say something."""
    site, conversation = who
    client_id = asked.client_token or secrets.token_hex(12)
    answer = await conversation.say(client_id, asked.content)
    match answer.get("reason"):
        case None:
            return _sent(site, client_id)
        case "too_fast":
            raise too_many(answer["wait_s"], "More messages than one person writes.")
        case "too_long":
            raise Problem(413, "too_long", "A message has at most 4,096 bytes.")
        case "over":
            raise Problem(409, "over", "This conversation is over.")
        case reason:
            raise Problem(422, reason, "A message has words.")


@router.post("/event")
async def send_event(asked: SendSignal, who: Connected) -> Sent:
    """Tell that the customer is writing."""
    site, conversation = who
    await conversation.types()
    return _sent(site, asked.client_token or secrets.token_hex(12))


@router.post("/transcript")
async def transcript(asked: AskTranscript, who: Connected) -> Transcript:
    """What was said and what happened, page by page."""
    site, conversation = who
    contact = await conversation.current()
    journal = await site.store.journal(f"contact/{contact}")
    items = [_item(line) for line in Reader().read_all(journal)]
    if asked.scan_direction == "BACKWARD":
        items.reverse()
    first = int(asked.next_token or 0)
    page = items[first : first + asked.max_results]
    rest = first + len(page)
    is_reversed = asked.scan_direction == "BACKWARD"
    if is_reversed == (asked.sort_order == "ASCENDING"):
        page.reverse()
    return Transcript(
        initial_contact_id=contact,
        transcript=page,
        next_token=str(rest) if rest < len(items) else "",
    )


@router.post("/disconnect")
async def disconnect(asked: Leave, who: Connected) -> dict[str, str]:
    """Leave: the conversation is over."""
    _, conversation = who
    await conversation.leave(asked.client_token or "disconnect")
    return {}


def _sent(site: Site, client_id: str) -> Sent:
    now: datetime = site.host.clock()
    return Sent(id=client_id, absolute_time=now.isoformat())


def _item(line: Line) -> Item:
    is_event = line["who"] == "event"
    kind = f"{EVENTS}{EVENT_NAMES.get(line['what'], line['what'])}" if is_event else TEXT
    return Item(
        id=line["id"],
        absolute_time=line["at"],
        type="EVENT" if is_event else "MESSAGE",
        content_type=kind,
        content=line["text"],
        participant_role=ROLES.get(line["who"], "SYSTEM"),
        display_name=line["name"],
    )
