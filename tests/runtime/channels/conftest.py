"""A project served on every messenger, with each vendor's interface on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from blocks.catalogue import catalogue
from flowlang.project import load
from runtime.http import create_app
from runtime.serving import Site, open_site
from runtime.versions import Sources
from tests.runtime.http.conftest import FLOW, caller, free_port, served

PROJECT = """
name = "Shop"

[entries.shop]
flow = "shop"
channels = ["chat", "sms", "whatsapp", "messenger", "instagram", "telegram", "line", "x"]
number = "+8225550101"

[entries.shop.accounts]
messenger = "1000"
instagram = "2000"
telegram = "acorn_bot"
line = "@acorn"
x = "3000"

[entries.shop.templates]
whatsapp = "go_on"

[queues.Desk]
capacity = 1

[functions.orders]
python = "orders.py:find"

[bots.Shop.intents.Order]
utterances = ["where is my order"]
"""
ORDERS = 'def find(number):\n    return {"state": f"Order {number} comes tomorrow."}\n'
SECRET, OLD_SECRET = "secret-of-today", "secret-of-yesterday"


@dataclass
class Post:
    """What a vendor got from us."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


@dataclass
class FakeVendors:
    """Answers as the vendors' documentation says, and remembers what it was sent."""

    posts: list[Post] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Statuses of the next answers; 200 when there is none."""

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/{path:path}")
        async def post(request: Request, path: str) -> JSONResponse:
            status = self.answers.pop(0) if self.answers else 200
            if status == 200:
                self.posts.append(Post(f"/{path}", request.headers, await request.json()))
            return JSONResponse(_answer(path, len(self.posts)), status)

        return app

    def bodies(self, part: str) -> list[dict[str, Any]]:
        return [post.body for post in self.posts if part in post.path]


def _answer(path: str, number: int) -> dict[str, Any]:
    if path.endswith("sendMessage"):
        return {"ok": True, "result": {"message_id": number}}
    if path.endswith("push"):
        return {"sentMessages": [{"id": str(number)}]}
    if "/dm_conversations/" in path:
        return {"data": {"dm_event_id": str(number)}}
    if path.endswith("me/messages"):
        return {"message_id": f"m{number}"}
    return {"messages": [{"id": f"wamid.{number}"}]}


@dataclass
class Clock:
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Shop:
    site: Site
    client: httpx.AsyncClient
    vendors: FakeVendors
    clock: Clock

    async def settle(self) -> None:
        await self.site.host.idle()

    async def deliver(
        self, vendor: str, told: Any, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """A webhook, signed as the vendor does unless `headers` say otherwise."""
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        proof = prove(vendor, body, SECRET) if headers is None else headers
        answer = await self.client.post(f"/webhooks/{vendor}", content=body, headers=dict(proof))
        await self.settle()
        return answer

    async def contacts(self) -> list[str]:
        return [name for name, _ in await self.site.store.entities("contact/")]


def prove(vendor: str, body: bytes, secret: str) -> dict[str, str]:
    """The proof that each vendor sends along, computed here."""
    mac = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    in_base64 = base64.b64encode(mac).decode()
    return {
        "meta": {"X-Hub-Signature-256": f"sha256={mac.hex()}"},
        "line": {"X-Line-Signature": in_base64},
        "x": {"X-Twitter-Webhooks-Signature": f"sha256={in_base64}"},
        "telegram": {"X-Telegram-Bot-Api-Secret-Token": secret},
    }[vendor]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    (tmp_path / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "shop.flow").write_text(FLOW, encoding="utf-8")
    (tmp_path / "orders.py").write_text(ORDERS, encoding="utf-8")
    project, problems = load(tmp_path)
    assert project is not None, problems
    vendors, clock, port = FakeVendors(), Clock(), free_port()
    async with served(vendors.app(), free_port()) as api:
        environment = {
            "META_APP_SECRET": SECRET,
            "META_APP_SECRET_PREVIOUS": OLD_SECRET,
            "META_VERIFY_TOKEN": "verify-me",
            "META_PAGE_TOKEN": "page",
            "WHATSAPP_TOKEN": "wa",
            "WHATSAPP_PHONE_ID": "777",
            "META_API_URL": api,
            "TELEGRAM_BOT_TOKEN": "1:abc",
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_WEBHOOK_SECRET_PREVIOUS": OLD_SECRET,
            "TELEGRAM_API_URL": api,
            "LINE_CHANNEL_ACCESS_TOKEN": "line",
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_SECRET_PREVIOUS": OLD_SECRET,
            "LINE_API_URL": api,
            "X_ACCESS_TOKEN": "x",
            "X_CONSUMER_SECRET": SECRET,
            "X_CONSUMER_SECRET_PREVIOUS": OLD_SECRET,
            "X_API_URL": api,
        }
        url = f"http://127.0.0.1:{port}"
        site = open_site(
            project, tmp_path, catalogue(), public_url=url, environment=environment,
            show=lambda text: None, clock=clock,
        )  # fmt: skip
        await site.start(Sources.alone({"shop": FLOW}))
        async with served(create_app([site]), port), caller(url) as client:
            yield Shop(site, client, vendors, clock)
        await site.stop()
