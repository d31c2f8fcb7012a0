"""A customer calls outside hours, gets a notice, and is called back by whoever takes the task."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from blocks.catalogue import catalogue
from flowlang.project import load
from runtime.desk.agent import Agent, Chat
from runtime.http import create_app
from runtime.publishing import checked
from runtime.serving import open_site
from tests.runtime.channels.test_calls import FakeTwilio, Line, _form, spoken
from tests.runtime.http.conftest import ACCOUNT, TOKEN, caller, free_port, served

EXAMPLE = Path(__file__).parents[3] / "examples" / "field_sales"
SALES, OUTBOUND, TEXTS = "+12125550140", "+12125550142", "+12125550141"
CALLER, MARIA = "+12125550177", "+12125550151"
EVENING = datetime(2026, 11, 24, 1, tzinfo=UTC)


@dataclass
class Twilio(FakeTwilio):
    sent: list[dict[str, str]] = field(default_factory=list)
    held: list[dict[str, str]] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = super().app()
        root = f"/2010-04-01/Accounts/{ACCOUNT}"

        @app.post(f"{root}/Messages.json")
        async def message(request: Request) -> JSONResponse:
            self.sent.append(await _form(request))
            return JSONResponse({"sid": f"SM{len(self.sent)}"}, 201)

        @app.get(f"{root}/Conferences.json")
        async def conferences() -> JSONResponse:
            return JSONResponse({"conferences": [{"sid": "CF1"}], "page": 0})

        @app.post(f"{root}/Conferences/CF1/Participants/{{call}}.json")
        async def participant(request: Request, call: str) -> JSONResponse:
            self.held.append({"call": call, **await _form(request)})
            return JSONResponse({"call_sid": call}, 200)

        return app


class Clock:
    def __init__(self) -> None:
        self.now = EVENING

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Evening(Line):
    clock: Clock

    async def agent(self) -> Agent:
        found = await self.site.store.load("agent/maria")
        assert found is not None
        return Agent.from_bytes(found[1])

    async def do(self, event: str, **values: Any) -> None:
        host = self.site.host
        spelled = f"{event} {sorted(values.items())}"
        await host.post("agent/maria", host.event(event, id=spelled, **values))
        await self.settle()

    async def task(self) -> Chat:
        """The callback, in Maria's hand."""
        self.clock.now += timedelta(seconds=31)
        starter = self.site.services.starter
        assert starter is not None
        await starter.start_due()
        await self.settle()
        await self.do("SetState", state="available")
        ringing = (await self.agent()).ringing
        assert ringing is not None
        assert ringing.channel == "task"
        await self.do("Accept", offer=ringing.offer)
        (chat,) = (await self.agent()).chats.values()
        return chat


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Evening]:
    folder = tmp_path / "field_sales"
    shutil.copytree(EXAMPLE, folder)
    project, problems = load(folder)
    assert project is not None, problems
    found = checked(folder, catalogue())
    assert found.sources is not None, found.errors
    twilio, port, clock = Twilio(), free_port(), Clock()
    async with served(twilio.app(), free_port()) as api:
        environment = {
            "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_URL": api,
        }  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        site = open_site(
            project, folder, catalogue(), public_url=url, environment=environment,
            show=lambda text: None, clock=clock,
        )  # fmt: skip
        await site.start(found.sources)
        async with served(create_app([site]), port), caller(url) as client:
            yield Evening(site, client, twilio, url, clock)
        await site.stop()


async def asked_for_a_call(line: Evening) -> Chat:
    """A customer called in the evening and wants to be called back; Maria has the task."""
    them = {"From": CALLER, "To": SALES}
    heard = await line.ask("/webhooks/twilio/voice", **them)
    assert "We are out of the office." in spoken(heard)
    gather = heard.find("Gather")
    assert gather is not None
    said = await line.ask(gather.attrib["action"], Digits="1", **them)
    assert "We call you back as soon as somebody is free." in spoken(said)
    await line.until(lambda: line.twilio.sent)
    (notice,) = line.twilio.sent
    assert (notice["To"], notice["From"]) == (CALLER, TEXTS)
    await line.post("/webhooks/twilio/over", {"CallSid": "CA0", "CallStatus": "completed", **them})
    await line.settle()
    return await line.task()


async def dialled(line: Evening, chat: Chat) -> dict[str, str]:
    await line.do("Dial", number=CALLER, queue="Sales", task=chat.contact)
    await line.until(lambda: line.twilio.placed)
    call = line.twilio.placed[-1]
    assert (call["To"], call["From"]) == (CALLER, OUTBOUND)
    return call


async def reached(line: Evening, call: dict[str, str]) -> str:
    """The customer answers, and Maria's telephone is called into the conference; the contact."""
    us = {"From": OUTBOUND, "To": CALLER, "CallSid": "CA1"}
    heard: ET.Element = await line.ask(call["Url"], **us)
    assert spoken(heard)[0] == "Acorn Tools, sales. This call is recorded. One moment."
    await line.until(lambda: len(line.twilio.placed) == 2)
    leg = line.twilio.placed[-1]
    assert (leg["To"], leg["From"]) == (MARIA, OUTBOUND)
    (dialled_call,) = (await line.agent()).dialled
    assert dialled_call.result == "reached"
    return dialled_call.contact


async def test_a_customer_who_called_in_the_evening_is_called_back(line: Evening) -> None:
    task = await asked_for_a_call(line)
    contact = await reached(line, await dialled(line, task))
    customer = await line.ask(
        line.twilio.redirected[-1][1], From=OUTBOUND, To=CALLER, CallSid="CA1"
    )
    assert customer.find("Dial/Conference").text == contact  # type: ignore[union-attr]
    found = await line.site.reception.contact(contact)
    assert found is not None
    assert (found.status, found.agent, found.address) == ("connected", "maria", CALLER)
    await line.do("CalledBack", contact=task.contact, reached=True)
    assert task.contact not in (await line.agent()).chats
    assert line.site.services.data.tasks.due(line.clock.now + timedelta(days=1)) == []


async def test_who_is_not_reached_is_called_again_later(line: Evening) -> None:
    task = await asked_for_a_call(line)
    call = await dialled(line, task)
    over = {"CallSid": "CA1", "CallStatus": "no-answer", "From": OUTBOUND, "To": CALLER}
    assert (await line.post(call["StatusCallback"], over)).status_code == 204
    await line.settle()
    agent = await line.agent()
    assert [each.result for each in agent.dialled] == ["no-answer"]
    assert list(agent.chats) == [task.contact]
    await line.do("CalledBack", contact=task.contact, reached=False)
    tasks = line.site.services.data.tasks
    assert tasks.due(line.clock.now + timedelta(minutes=59)) == []
    (again,) = tasks.due(line.clock.now + timedelta(hours=1))
    assert again["references"]["attempts"] == 2
    assert again["queue"] == "Sales"


async def test_an_agent_gives_a_call_up(line: Evening) -> None:
    task = await asked_for_a_call(line)
    await dialled(line, task)
    (call,) = (await line.agent()).dialled
    await line.do("Close", contact=call.contact)
    await line.until(lambda: line.twilio.ended)
    assert [each.result for each in (await line.agent()).dialled] == ["canceled"]


async def test_a_caller_on_hold_hears_twilio_and_comes_back(line: Evening) -> None:
    task = await asked_for_a_call(line)
    contact = await reached(line, await dialled(line, task))
    await line.do("Hold", contact=contact, on=True)
    await line.until(lambda: line.twilio.held)
    await line.do("Hold", contact=contact, on=False)
    await line.until(lambda: len(line.twilio.held) == 2)
    assert [(each["call"], each["Hold"].lower()) for each in line.twilio.held] == [
        ("CA1", "true"), ("CA1", "false"),
    ]  # fmt: skip


async def test_a_call_is_handed_to_another_number(line: Evening) -> None:
    task = await asked_for_a_call(line)
    contact = await reached(line, await dialled(line, task))
    told = len(line.twilio.redirected)
    await line.do("Transfer", contact=contact, to="number", target="+12125550999", note="")
    await line.until(lambda: len(line.twilio.redirected) > told)
    us = {"From": OUTBOUND, "To": CALLER, "CallSid": "CA1"}
    heard = await line.ask(line.twilio.redirected[-1][1], **us)
    assert heard.find("Dial/Number").text == "+12125550999"  # type: ignore[union-attr]
    assert contact not in (await line.agent()).chats
    # Maria's own telephone hangs up a moment later: the customer talks on.
    leg = line.twilio.placed[-1]
    over = {"CallSid": "CA2", "CallStatus": "completed", "From": OUTBOUND, "To": MARIA}
    await line.post(leg["StatusCallback"], over)
    await line.settle()
    found = await line.site.reception.contact(contact)
    assert found is not None
    assert found.status == "flow"
    dial = heard.find("Dial")
    assert dial is not None
    await line.ask(dial.attrib["action"], DialCallStatus="completed", **us)
    found = await line.site.reception.contact(contact)
    assert found is not None
    assert (found.status, found.reason) == ("ended", "transferred")
