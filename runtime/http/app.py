"""Puts the routes together and gives every answer the headers that keep browsers careful."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.http import (
    api,
    api_page,
    chat,
    files,
    links,
    participants,
    problems,
    sign_in,
    voice,
    webhooks,
)
from runtime.http.bodies import BoundedBodies
from runtime.http.problems import problem
from runtime.http.programs import allowed
from runtime.http.sites import language_of, notice
from runtime.logs import where
from runtime.metrics import CONTENT_TYPE, Metrics
from runtime.serving import Site

log = logging.getLogger(__name__)

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
    metrics = app.state.metrics = Metrics(sites)
    app.add_middleware(BoundedBodies)
    app.add_middleware(SafeHeaders, answered=metrics.answered)
    problems.install(app)
    for module in (files, chat, links, voice, webhooks, sign_in, api, participants, api_page):
        app.include_router(module.router)

    @app.get("/health", include_in_schema=False)
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ready", include_in_schema=False)
    async def ready() -> Response:
        is_ready = all(site.is_ready and not site.chat.is_closing for site in sites)
        return JSONResponse({"ready": is_ready}, status_code=200 if is_ready else 503)

    @app.get("/metrics", include_in_schema=False, dependencies=[Depends(allowed("metrics.read"))])
    async def figures() -> Response:
        return Response(await metrics.text(), media_type=CONTENT_TYPE)

    return app


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


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

    def __init__(self, app: ASGIApp, answered: Callable[[int], None]) -> None:
        self.app = app
        self.answered = answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            try:
                await self.app(scope, receive, send)
            except Exception as error:  # noqa: BLE001 - told without its words
                await self._tell_failure(scope, error, send, is_begun=True)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        request = Request(scope)
        if _is_for_people(request):
            send = _with_own_notice(send, request)
        is_team = path == "/" or path.startswith(TEAM_PATHS)
        policy = (TEAM if is_team else STRICT).encode()

        is_begun = False

        async def careful(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            if message["type"] == "http.response.start":
                self.answered(message["status"])
                present = {key.lower() for key, _ in message["headers"]}
                wanted = {**HEADERS, b"content-security-policy": policy}
                message["headers"] = [
                    *message["headers"],
                    *((key, value) for key, value in wanted.items() if key not in present),
                ]
            await send(message)

        try:
            await self.app(scope, receive, careful)
        except Exception as error:  # noqa: BLE001 - told without its words
            await self._tell_failure(scope, error, careful, is_begun=is_begun)

    async def _tell_failure(
        self, scope: Scope, error: Exception, send: Send, *, is_begun: bool
    ) -> None:
        """What we did not foresee. Servers would write the words of the exception to the log."""
        log.error("%s failed: %s", scope["type"], where(error))
        if scope["type"] == "websocket":
            with suppress(RuntimeError):
                await send({"type": "websocket.close", "code": 1011})
        elif not is_begun:
            answer = problem(500, "failed", "Something went wrong here.")
            await answer(scope, _nothing, send)
