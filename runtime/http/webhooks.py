"""What vendors send. The raw bytes are verified before anything of them is believed."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from runtime import limits
from runtime.channels.reception import TooMany
from runtime.channels.twilio import message_of, verified
from runtime.http.sites import sites_of

router = APIRouter(prefix="/webhooks", include_in_schema=False)

NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


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


@router.post("/twilio")
async def twilio(request: Request) -> Response:
    body = await raw_body(request)
    signature = request.headers.get("x-twilio-signature", "")
    query = f"?{request.url.query}" if request.url.query else ""
    refused = True
    for site in sites_of(request):
        if site.twilio is None:
            continue
        url = f"{site.public_url}{request.url.path}{query}"
        parameters = verified(body, signature, url, site.twilio.tokens)
        if parameters is None:
            continue
        refused = False
        message = message_of(parameters)
        if message is None:
            break
        try:
            if await site.reception.take(message):
                break
        except TooMany as busy:
            raise HTTPException(429, headers={"Retry-After": str(busy.wait_s)}) from busy
    if refused:
        raise HTTPException(403)
    return Response(NOTHING_TO_SAY, media_type="text/xml")
