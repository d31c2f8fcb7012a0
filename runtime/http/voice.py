"""What Twilio asks of a call, each question signed by Twilio."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, Response

from runtime.channels.calls import Calls, Placed
from runtime.channels.reception import TooMany
from runtime.channels.twilio import verified
from runtime.http.sites import sites_of
from runtime.http.webhooks import raw_body

router = APIRouter(include_in_schema=False)
TURN_MAX = 1_000_000


async def _genuine(request: Request) -> tuple[Calls, Mapping[str, str]]:
    """The calls of the project that Twilio means, and what it tells."""
    body = await raw_body(request)
    proof = request.headers.get("x-twilio-signature", "")
    query = f"?{request.url.query}" if request.url.query else ""
    for site in sites_of(request):
        if site.calls is None:
            continue
        url = f"{site.public_url}{request.url.path}{query}"
        form = verified(body, proof, url, site.calls.twilio.settings.tokens)
        if form is not None and (not form.get("To") or site.calls.knows(form)):
            return site.calls, form
    raise HTTPException(403)


def _xml(text: str) -> Response:
    return Response(text, media_type="text/xml")


@router.post("/webhooks/twilio/voice")
async def voice(
    request: Request,
    contact: str = "",
    after: Annotated[int, Query(ge=0, le=TURN_MAX)] = 0,
    why: Literal["heard", "next", "dialled"] = "next",
    entry: str = "",
    dialled: str = "",
    agent: str = "",
    queue: str = "",
) -> Response:
    calls, form = await _genuine(request)
    if contact:
        return _xml(await calls.go_on(contact, after, why, form))
    placed = Placed(contact=dialled, agent=agent, queue=queue) if dialled else None
    try:
        return _xml(await calls.ring(form, calling=entry, placed=placed))
    except TooMany as busy:
        raise HTTPException(429, headers={"Retry-After": str(busy.wait_s)}) from busy


@router.post("/webhooks/twilio/over")
async def over(request: Request, dialled: str = "", agent: str = "") -> Response:
    calls, form = await _genuine(request)
    await calls.over(form, dialled=dialled, agent=agent)
    return Response(status_code=204)


@router.post("/webhooks/twilio/agent")
async def agent(request: Request, contact: str = "") -> Response:
    calls, _ = await _genuine(request)
    return _xml(await calls.agent_leg(contact))


@router.post("/webhooks/twilio/agent-over")
async def agent_over(request: Request, contact: str = "", agent: str = "") -> Response:
    calls, form = await _genuine(request)
    await calls.over(form, contact, agent)
    return Response(status_code=204)


@router.post("/webhooks/twilio/hold")
async def hold(request: Request, contact: str = "", key: str = "") -> Response:
    calls, _ = await _genuine(request)
    return _xml(await calls.on_hold(contact, key))


@router.get("/recordings/{name:path}")
async def recording(request: Request, name: str) -> FileResponse:
    """What a prompt of the project says, recorded; no other file of it."""
    for site in sites_of(request):
        prompts = site.project.prompts.values()
        if any(name == audio for prompt in prompts for audio in prompt.audio.values()):
            return FileResponse(site.folder / name)
    raise HTTPException(404)
