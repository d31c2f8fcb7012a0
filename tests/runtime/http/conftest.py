"""A project that is really served, on loopback, with real processes and sockets."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from websockets.asyncio.client import ClientConnection, connect

from blocks.catalogue import catalogue
from flowlang.project import load
from runtime.http import create_app
from runtime.serving import Site, open_site
from runtime.versions import Sources

PROJECT = """
name = "Shop"
languages = ["en-US", "ko-KR"]

[entries.shop]
flow = "shop"
channels = ["chat"]
title = { en = "Acorn <Store>", ko = "에이콘" }

[entries.phone]
flow = "shop"
channels = ["sms", "whatsapp"]
number = "+8225550101"

[queues.Desk]
capacity = 1

[agents.ann]
name = "Ann"
queues = ["Desk"]

[functions.orders]
python = "orders.py:find"

[bots.Shop.intents.Order]
utterances = ["where is my order", "track my parcel"]
[bots.Shop.intents.Order.slots.number]
type = "number"
prompt = "Which number?"
"""
FLOW = """
flow shop
  channels voice, chat
  language en-US

queue desk = "Desk"
bot shop = "Shop" (Order(number: number))
function orders = "orders" (number: number) -> (state: text)

start:
  ask "Hello. What can we do?"
    on "order" -> order
    on "person" -> person
    on "write" -> deflect
    on timeout, no_match -> bye
    on error -> bye

order:
  talk shop, "Tell me about it."
    on Order -> found
    on no_match -> bye
    on error -> bye

found:
  orders number: shop.number
    on error -> bye
  play "{orders.state}"
  -> bye

person:
  transfer desk
    on full -> deflect
    on error -> bye

deflect:
  offer_messenger "All are busy. Elsewhere?", channels: [sms, whatsapp, chat]
    on accepted, declined, undeliverable, timeout, error -> bye

bye:
  play "Goodbye."
  -> hang_up
"""
ORDERS = 'def find(number):\n    return {"state": f"Order {number} comes tomorrow."}\n'
ACCOUNT = "AC" + "0" * 32
TOKEN, OLD_TOKEN = "a" * 32, "b" * 32


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PromptServer(uvicorn.Server):
    """Ends when it is told to, not at its next look at the clock."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.began, self.ending = asyncio.Event(), asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        self.began.set()
        await self.ending.wait()


@asynccontextmanager
async def served(app: FastAPI, port: int) -> AsyncIterator[str]:
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error")
    server = PromptServer(config)
    task = asyncio.create_task(server.serve())
    began = asyncio.create_task(server.began.wait())
    await asyncio.wait((task, began), return_when=asyncio.FIRST_COMPLETED)
    assert began.done(), "the server did not start"
    yield f"http://127.0.0.1:{port}"
    server.ending.set()
    await task


def caller(url: str) -> httpx.AsyncClient:
    """A client on loopback, which needs to trust nobody."""
    return httpx.AsyncClient(base_url=url, verify=False)


@dataclass
class FakeTwilio:
    """Answers like Twilio's Messages API, and remembers what it was sent."""

    sent: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Statuses of the next answers; 201 when there is none."""

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/2010-04-01/Accounts/{account}/Messages.json")
        async def messages(request: Request, account: str) -> JSONResponse:
            assert account == ACCOUNT
            form = {key: str(value) for key, value in (await request.form()).items()}
            status = self.answers.pop(0) if self.answers else 201
            if status != 201:
                return JSONResponse({"status": status, "code": 1, "message": "no"}, status)
            self.sent.append(form)
            return JSONResponse({"sid": f"SM{len(self.sent)}", "status": "queued"}, 201)

        return app

    def texts(self, to: str) -> list[str]:
        return [form["Body"] for form in self.sent if form["To"] == to]


@dataclass
class Live:
    """The served project, seen from outside."""

    folder: Path
    url: str
    site: Site
    client: httpx.AsyncClient
    twilio: FakeTwilio

    # --- chat ---------------------------------------------------------------------------------

    @asynccontextmanager
    async def browser(self, token: str = "", entry: str = "shop") -> AsyncIterator[Browser]:
        url = f"{self.url.replace('http', 'ws')}/ws/chat/{entry}"
        async with connect(url) as socket:
            browser = Browser(socket, token)
            await browser.send(type="hello", token=token)
            yield browser

    # --- twilio -------------------------------------------------------------------------------

    async def text(self, body: str, sid: str, *, sender: str = "+821011112222",
                   to: str = "+8225550101", token: str = TOKEN,
                   signature: str | None = None, **more: str) -> httpx.Response:  # fmt: skip
        form = {"MessageSid": sid, "From": sender, "To": to, "Body": body, **more}
        url = f"{self.url}/webhooks/twilio"
        proof = sign(url, form, token) if signature is None else signature
        return await self.client.post(
            "/webhooks/twilio", data=form, headers={"X-Twilio-Signature": proof}
        )

    async def settle(self) -> None:
        await self.site.host.idle()

    async def until(self, happened: Callable[[], Any]) -> None:
        async with asyncio.timeout(10):
            while not happened():
                await asyncio.sleep(0.02)


def sign(url: str, form: dict[str, str], token: str) -> str:
    """Twilio's signature, computed without Twilio's library."""
    text = url + "".join(key + form[key] for key in sorted(form))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


@dataclass
class Browser:
    """A visitor's end of the socket."""

    socket: ClientConnection
    token: str
    lines: list[dict[str, Any]] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def frame(self, kind: str) -> dict[str, Any]:
        """The next frame of a kind; lines are collected on the way."""
        async with asyncio.timeout(10):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                self.frames.append(frame)
                self.token = frame.get("token", self.token)
                if frame["type"] == "welcome":
                    self.lines = []
                self.lines += frame.get("lines", [])
                if frame["type"] == kind:
                    return frame

    async def start(self, client_id: str = "s1", **more: str) -> None:
        await self.send(type="start", id=client_id, **more)
        await self.frame("welcome")

    async def say(self, text: str, client_id: str) -> None:
        await self.send(type="say", id=client_id, text=text)
        await self.frame("got")

    async def hear(self, text: str) -> dict[str, Any]:
        """Wait for a line that holds a text."""
        async with asyncio.timeout(10):
            while True:
                for line in self.lines:
                    if text in line.get("text", "") or text == line["what"]:
                        return line
                await self.frame("lines")

    @property
    def texts(self) -> list[str]:
        return [line["text"] for line in self.lines if line["what"] == "said"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "shop.flow").write_text(FLOW, encoding="utf-8")
    (tmp_path / "orders.py").write_text(ORDERS, encoding="utf-8")
    return tmp_path


@asynccontextmanager
async def running(folder: Path, twilio: FakeTwilio, twilio_url: str = "") -> AsyncIterator[Live]:
    found, problems = load(folder)
    assert found is not None
    assert not problems
    port = free_port()
    environment = {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_AUTH_TOKEN_PREVIOUS": OLD_TOKEN,
        "TWILIO_API_URL": twilio_url,
    }
    url = f"http://127.0.0.1:{port}"
    site = open_site(
        found, folder, catalogue(), public_url=url, environment=environment if twilio_url else {},
        show=lambda text: None,
    )  # fmt: skip
    source = (folder / "shop.flow").read_text()
    await site.start(Sources.alone(dict.fromkeys(found.entries, source)))
    async with served(create_app([site]), port), caller(url) as client:
        yield Live(folder, url, site, client, twilio)
        site.chat.close()
    await site.stop()


@pytest.fixture
async def live(project: Path) -> AsyncIterator[Live]:
    twilio = FakeTwilio()
    async with served(twilio.app(), free_port()) as url, running(project, twilio, url) as live:
        yield live
