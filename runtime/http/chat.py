"""The web chat: the page, the widget, the socket, and plain requests where sockets are blocked."""

from __future__ import annotations

import asyncio
import contextlib
from html import escape
from pathlib import Path
from typing import Any

import orjson
from fastapi import APIRouter, HTTPException, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field, ValidationError

from flowlang.project import said
from runtime import limits
from runtime.channels.webchat import Conversation, Frame, refused
from runtime.http.access import crowd_of
from runtime.http.sites import chat_entry, language_of, page

WEB = Path(__file__).parents[1] / "web"
POLL_S = 25.0
HELLO_S = 10.0
# The widget runs on other people's pages; what it may do hangs on its token, not on cookies.
ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "content-type, authorization",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
router = APIRouter(include_in_schema=False)


class Said(BaseModel):
    """What a browser sends."""

    type: str = Field(max_length=20)
    id: str = Field("", max_length=64)
    token: str = Field("", max_length=200)
    text: str = Field("", max_length=4 * limits.MESSAGE_BYTES_MAX)
    choice: bool = False
    language: str = Field("", max_length=20)
    code: str = Field("", max_length=40)


@router.get("/chat/{entry}")
async def chat_page(request: Request, entry: str) -> HTMLResponse:
    _, found = chat_entry(request, entry)
    language = found.language or language_of(request)
    title = said(found.titles, language)
    head = (
        f'<script src="/widget.js" data-entry="{escape(entry)}" data-title="{escape(title)}" '
        f'data-language="{escape(language)}" data-page="yes" defer></script>'
    )
    return page(title, "", language=language, head=head)


@router.get("/widget.js")
async def widget() -> Response:
    headers = {**ANYWHERE, "Cache-Control": "public, max-age=300"}
    return FileResponse(WEB / "widget.js", media_type="text/javascript", headers=headers)


@router.get("/web/page.css")
async def page_style() -> Response:
    return FileResponse(WEB / "page.css", media_type="text/css")


# --- the socket ---------------------------------------------------------------------------------


@router.websocket("/ws/chat/{entry}")
async def socket(websocket: WebSocket, entry: str) -> None:
    try:
        site, found = chat_entry(websocket, entry)
    except HTTPException:
        await websocket.close(4404)
        return
    crowd = crowd_of(websocket)
    with site.chat.sockets.one_more(crowd) as has_room:
        if not has_room:
            await websocket.close(4429)
            return
        await websocket.accept()
        with contextlib.suppress(WebSocketDisconnect, TimeoutError):
            hello = await asyncio.wait_for(_receive(websocket), HELLO_S)
            if hello is not None:
                await _Line(websocket, site.chat.open(found, hello.token), crowd).run()


async def _receive(websocket: WebSocket) -> Said | None:
    """The next frame; None, after hanging up, if it is not one of ours."""
    try:
        return Said.model_validate(orjson.loads(await websocket.receive_text()))
    except (ValidationError, orjson.JSONDecodeError, KeyError):
        await websocket.close(4400)
        return None


class _Line:
    """A browser on a socket: it may speak at any time, and hears whatever happens."""

    def __init__(self, websocket: WebSocket, conversation: Conversation, crowd: str) -> None:
        self.websocket = websocket
        self.conversation = conversation
        self.crowd = crowd
        self.telling: asyncio.Task[None] | None = None
        self.contact = ""

    async def run(self) -> None:
        try:
            await self._tell_current()
            while (said := await _receive(self.websocket)) is not None:
                if (frame := await act(self.conversation, said, self.crowd)) is not None:
                    await self._send(frame)
                # Who only writes stays in the conversation they are in.
                is_writing = said.type in ("say", "typing") and self.contact
                if not is_writing and await self.conversation.current() != self.contact:
                    await self._tell_current()
        finally:
            await self._stop_telling()

    async def _tell_current(self) -> None:
        await self._stop_telling()
        self.contact = await self.conversation.current()
        if self.contact:
            self.telling = asyncio.create_task(self._tell(self.contact))
        else:
            await self._send({"type": "new", "token": self.conversation.token})

    async def _tell(self, contact: str) -> None:
        # Whoever is too slow or gone is noticed by the side that listens.
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            async for frame in self.conversation.frames(contact):
                await self._send(frame)
            await self.websocket.close(1012)

    async def _stop_telling(self) -> None:
        if self.telling is not None:
            self.telling.cancel()
            await asyncio.gather(self.telling, return_exceptions=True)
            self.telling = None

    async def _send(self, frame: Frame) -> None:
        await self.websocket.send_text(orjson.dumps(frame).decode())


async def act(conversation: Conversation, said: Said, crowd: str) -> Frame | None:
    """Do what a browser asks for; `crowd` is whose share of new conversations it takes."""
    match said.type:
        case "start":
            if crowd and (wait_s := conversation.chat.starts.wait_s(crowd)):
                return refused("busy", wait_s=wait_s)
            return await conversation.start(said.id, said.language, said.code)
        case "say":
            return await conversation.say(said.id, said.text, is_choice=said.choice)
        case "typing":
            await conversation.types()
            return None
        case "leave":
            await conversation.leave(said.id)
            return None
        case _:
            return None


# --- plain requests -----------------------------------------------------------------------------


@router.options("/chat/{entry}/{_path:path}")
async def allow(entry: str, _path: str) -> Response:
    return Response(headers=ANYWHERE)


@router.post("/chat/{entry}/act")
async def plain_act(request: Request, entry: str, said: Said) -> Response:
    site, found = chat_entry(request, entry)
    conversation = site.chat.open(found, said.token)
    frame = await act(conversation, said, crowd_of(request)) or {"type": "got", "id": said.id}
    answer: dict[str, Any] = {**frame, "token": conversation.token}
    headers = dict(ANYWHERE)
    status = 200
    if frame.get("reason") in ("busy", "too_fast"):
        status = 429
        headers["Retry-After"] = str(frame["wait_s"])
    return JSONResponse(answer, status_code=status, headers=headers)


@router.get("/chat/{entry}/lines")
async def plain_lines(
    request: Request, entry: str, token: str = "", contact: str = "", after: str = ""
) -> Response:
    """What came after a line; an answer is held back until something came."""
    site, found = chat_entry(request, entry)
    conversation = site.chat.open(found, token)
    current = await conversation.current()
    if not current:
        return JSONResponse({"type": "new", "token": conversation.token}, headers=ANYWHERE)
    frame = await conversation.after(current, after if current == contact else "", POLL_S)
    return JSONResponse(frame, headers=ANYWHERE)
