"""Puts the routes together and gives every answer the headers that keep browsers careful."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.http import (
    api,
    api_page,
    chat,
    links,
    participants,
    problems,
    sign_in,
    voice,
    webhooks,
)
from runtime.http.bodies import BoundedBodies
from runtime.http.sites import language_of, notice
from runtime.serving import Site

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self' ws: wss:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
# The pages of the team are drawn by NiceGUI, which brings scripts and styles of its own.
TEAM = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)
TEAM_PATHS = ("/desk", "/designer", "/supervisor", "/_nicegui")
API_VERSION = "1"
ABOUT = (
    "Start conversations, tasks and calls, talk as a customer, read what happened. Programs send "
    "`Authorization: Bearer` with a token of the server's environment; whoever speaks for a "
    "customer sends the token that the start of the chat gave. What is refused is told as JSON "
    "(`application/problem+json`) with a `reason`."
)
HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"SAMEORIGIN",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(self)",
}


def create_app(sites: Sequence[Site]) -> FastAPI:
    app = FastAPI(title="Flowlang", version=API_VERSION, description=ABOUT, docs_url=None,
                  redoc_url=None, openapi_url="/api/openapi.json")  # fmt: skip
    app.state.sites = sites
    app.add_middleware(BoundedBodies)
    app.add_middleware(SafeHeaders)
    problems.install(app)
    for module in (chat, links, voice, webhooks, sign_in, api, participants, api_page):
        app.include_router(module.router)

    @app.get("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ready", include_in_schema=False)
    async def ready() -> Response:
        is_ready = all(site.is_ready and not site.chat.is_closing for site in sites)
        return JSONResponse({"ready": is_ready}, status_code=200 if is_ready else 503)

    return app


WORDS_MISSING: dict[str, str] = {
    "en": "There is no page at this address.",
    "ko": "이 주소에는 페이지가 없습니다.",
}


def _is_for_people(request: Request) -> bool:
    """Whether a browser asks for a page to show, not a program or a page for its parts."""
    accepts_pages = "text/html" in request.headers.get("accept", "")
    return request.method == "GET" and accepts_pages and not request.url.path.startswith("/api")


def _with_own_notice(send: Send, request: Request) -> Send:
    """What is missing is told by a page of ours, whichever part of the server missed it."""
    is_missing = False

    async def tell(message: Message) -> None:
        nonlocal is_missing
        if message["type"] == "http.response.start" and message["status"] == 404:
            is_missing = True
            language = language_of(request)
            page = notice(WORDS_MISSING[language], language=language, status=404)
            others = [pair for pair in message["headers"] if not pair[0].startswith(b"content-")]
            policy = [pair for pair in message["headers"] if pair[0] == b"content-security-policy"]
            await send({**message, "headers": [*others, *policy, *page.raw_headers]})
            await send({"type": "http.response.body", "body": bytes(page.body)})
        elif not is_missing:
            await send(message)

    return tell


class SafeHeaders:
    """Adds the headers to every answer that does not say otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        request = Request(scope)
        if _is_for_people(request):
            send = _with_own_notice(send, request)
        is_team = path == "/" or path.startswith(TEAM_PATHS)
        policy = (TEAM if is_team else STRICT).encode()

        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {key.lower() for key, _ in message["headers"]}
                wanted = {**HEADERS, b"content-security-policy": policy}
                message["headers"] = [
                    *message["headers"],
                    *((key, value) for key, value in wanted.items() if key not in present),
                ]
            await send(message)

        await self.app(scope, receive, careful)
