"""Example projects that are really served, with Twilio and Meta on loopback."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from fastapi import FastAPI

from blocks.catalogue import catalogue
from flowlang.project import load
from runtime.commands.new import examples
from runtime.contact import Contact
from runtime.desk.agent import Agent
from runtime.http import create_app
from runtime.serving import Site, open_site
from runtime.transcript import Line, Reader
from runtime.versions import Sources
from tests.runtime.channels.conftest import SECRET, Clock, FakeVendors, prove
from tests.runtime.channels.test_calls import FakeTwilio
from tests.runtime.http.conftest import ACCOUNT, TOKEN, caller, free_port, served, sign


@dataclass
class Shown:
    """An example at work, seen from outside."""

    site: Site
    client: httpx.AsyncClient
    url: str
    twilio: FakeTwilio
    vendors: FakeVendors
    clock: Clock

    async def settle(self) -> None:
        await self.site.host.idle()

    # --- calls --------------------------------------------------------------------------------

    async def call(self, path: str, **form: str) -> ET.Element:
        address = path if path.startswith("http") else f"{self.url}{path}"
        proof = {"X-Twilio-Signature": sign(address, form, TOKEN)}
        answer = await self.client.post(address, data=form, headers=proof)
        assert answer.status_code == 200, answer.text
        return ET.fromstring(answer.text)

    async def ring(self, caller: str, number: str, call: str = "CA0") -> ET.Element:
        return await self.call("/webhooks/twilio/voice", CallSid=call, From=caller, To=number)

    async def answer(
        self, heard: ET.Element, caller: str, number: str, call: str = "CA0", **form: str
    ) -> ET.Element:
        """Press, say or do nothing at a question."""
        gather = heard.find("Gather")
        assert gather is not None, ET.tostring(heard)
        action = gather.attrib["action"]
        return await self.call(action, CallSid=call, From=caller, To=number, **form)

    # --- messengers ---------------------------------------------------------------------------

    async def meta(self, told: Any) -> None:
        body = json.dumps(told).encode()
        answer = await self.client.post(
            "/webhooks/meta", content=body, headers=prove("meta", body, SECRET)
        )
        assert answer.status_code == 200
        await self.settle()

    # --- agents -------------------------------------------------------------------------------

    async def accept(self, agent: str) -> str:
        """The agent is there and takes whoever rings; the contact."""
        host = self.site.host
        event = host.event("SetState", id=f"available {self.clock()}", state="available")
        await host.post(f"agent/{agent}", event)
        await self.settle()
        ringing = (await self.agent(agent)).ringing
        assert ringing is not None
        await host.post(
            f"agent/{agent}", host.event("Accept", id=f"a {ringing.offer}", offer=ringing.offer)
        )
        await self.settle()
        return ringing.contact

    async def agent(self, name: str) -> Agent:
        found = await self.site.store.load(f"agent/{name}")
        assert found is not None
        return Agent.from_bytes(found[1])

    # --- contacts -----------------------------------------------------------------------------

    async def contact(self, name: str) -> Contact:
        found = await self.site.reception.contact(name)
        assert found is not None
        return found

    async def lines(self, name: str) -> list[Line]:
        return Reader().read_all(await self.site.store.journal(f"contact/{name}"))

    async def contacts(self) -> list[str]:
        names = [name for name, _ in await self.site.store.entities("contact/")]
        return [name.removeprefix("contact/") for name in names]


def spoken(element: ET.Element) -> list[str]:
    return ["".join(say.itertext()) for say in element.iter("Say")]


@asynccontextmanager
async def shown(name: str, folder: Path) -> AsyncIterator[Shown]:
    shutil.copytree(examples()[name], folder, dirs_exist_ok=True)
    project, problems = load(folder)
    assert project is not None, problems
    twilio, vendors, clock, port = FakeTwilio(), FakeVendors(), Clock(), free_port()
    apis: list[FastAPI] = [twilio.app(), vendors.app()]
    async with served(apis[0], free_port()) as calls, served(apis[1], free_port()) as meta:
        environment = {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": calls,
            "META_APP_SECRET": SECRET,
            "META_VERIFY_TOKEN": "verify-me",
            "META_PAGE_TOKEN": "page",
            "WHATSAPP_TOKEN": "wa",
            "WHATSAPP_PHONE_ID": "777",
            "META_API_URL": meta,
        }
        url = f"http://127.0.0.1:{port}"
        site = open_site(
            project, folder, catalogue(), public_url=url, environment=environment,
            show=lambda text: None, clock=clock,
        )  # fmt: skip
        await site.start(Sources.of_folder(folder, project))
        async with served(create_app([site]), port), caller(url) as client:
            yield Shown(site, client, url, twilio, vendors, clock)
            site.chat.close()
        await site.stop()


@pytest.fixture
async def deflection(tmp_path: Path) -> AsyncIterator[Shown]:
    async with shown("deflection", tmp_path) as found:
        yield found


@pytest.fixture
async def bank(tmp_path: Path) -> AsyncIterator[Shown]:
    async with shown("bank", tmp_path) as found:
        yield found
