"""What vendors send. The raw bytes are verified before anything of them is believed."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from runtime import limits
from runtime.channels.provider import Delivery, News, Provider, Unreadable
from runtime.channels.reception import TooMany
from runtime.http.sites import sites_of
from runtime.serving import Site

router = APIRouter(prefix="/webhooks", include_in_schema=False)


async def raw_body(request: Request) -> bytes:
    """The body, if it is not longer than vendors' are."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > limits.WEBHOOK_BYTES_MAX:
        raise HTTPException(413)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limits.WEBHOOK_BYTES_MAX:
            raise HTTPException(413)
    return bytes(body)


@router.get("/{name}")
async def greeting(request: Request, name: str) -> Response:
    """Some vendors ask first whether we are who we say."""
    for site in sites_of(request):
        provider = site.providers.get(name)
        answer = provider.greet(request.query_params) if provider else None
        if answer is not None:
            kind = "application/json" if answer.startswith("{") else "text/plain"
            return Response(answer, media_type=kind)
    raise HTTPException(403)


@router.post("/{name}")
async def webhook(request: Request, name: str) -> Response:
    body = await raw_body(request)
    query = f"?{request.url.query}" if request.url.query else ""
    answered: Provider | None = None
    for site in sites_of(request):
        provider = site.providers.get(name)
        if provider is None:
            continue
        url = f"{site.public_url}{request.url.path}{query}"
        delivery = Delivery(url=url, headers=request.headers, body=body)
        if not provider.is_genuine(delivery):
            continue
        answered = provider
        if await _take(site, provider, delivery):
            break
    if answered is None:
        raise HTTPException(403)
    text, kind = answered.answer
    return Response(text, media_type=kind)


async def _take(site: Site, provider: Provider, delivery: Delivery) -> bool:
    """Hand the news on; whether anybody in this project was meant."""
    try:
        news: News = provider.news(delivery)
    except Unreadable as reason:
        raise HTTPException(400, str(reason)) from reason
    was_meant = False
    try:
        for message in news.messages:
            was_meant |= bool(await site.reception.take(message))
    except TooMany as busy:
        raise HTTPException(429, headers={"Retry-After": str(busy.wait_s)}) from busy
    for failed in news.failed:
        was_meant |= await site.reception.learn_of(failed)
    return was_meant
