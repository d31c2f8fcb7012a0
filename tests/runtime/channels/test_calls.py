"""Calls over Twilio: a caller's side of a conversation, question by question."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from blocks.catalogue import catalogue
from flowlang.project import load
from runtime.channels.asked import Links
from runtime.channels.twiml import render
from runtime.desk.agent import Agent
from runtime.http import create_app
from runtime.serving import Site, open_site
from runtime.versions import Sources
from tests.runtime.http.conftest import ACCOUNT, TOKEN, caller, free_port, served, sign

NUMBER, CALLER, ANN = "+8225550101", "+821011112222", "+821099990000"
PROJECT = f"""
name = "Line"

[entries.line]
flow = "line"
channels = ["voice"]
number = "{NUMBER}"

[queues.Desk]
capacity = 5

[prompts.Welcome]
text = "Welcome."
audio = "welcome.wav"

[agents.ann]
name = "Ann"
queues = ["Desk"]
phone = "{ANN}"

[functions.slow]
python = "slow.py:wait"
"""
SLOW = """
import time

def wait(seconds):
    time.sleep(seconds)
    return {"said": "done"}
"""
FLOW = """
flow line
  channels voice
  language en-US
  on error -> sorry

queue desk = "Desk"
function slow = "slow" (seconds: number) -> (said: text)

start:
  record agent, customer
  play "Welcome."
  ask "Press 1 for a person, 2 to wait, 3 for our partner."
    digits: 1
    timeout: 4s
    on "1" -> person
    on "2" -> waiting
    on "3" -> partner
    on timeout, no_match -> sorry

person:
  transfer desk
    on full -> sorry

waiting:
  slow seconds: 0.5
  play "It is {slow.said}."
  -> hang_up

partner:
  transfer_phone "+8225550999", timeout: 20s
    on failed, timeout -> sorry
  play "Welcome back."
  -> hang_up

sorry:
  play "Goodbye <&>."
  -> hang_up
"""


@dataclass
class FakeTwilio:
    """Answers like Twilio's interface for calls, and remembers what it was told."""

    placed: list[dict[str, str]] = field(default_factory=list)
    redirected: list[tuple[str, str]] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Statuses of the next calls that are placed; 201 when there is none."""

    def app(self) -> FastAPI:
        app = FastAPI()
        root = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"

        @app.post(f"{root}.json")
        async def create(request: Request) -> JSONResponse:
            status = self.answers.pop(0) if self.answers else 201
            if status != 201:
                return JSONResponse({"status": status, "code": 1, "message": "no"}, status)
            self.placed.append(await _form(request))
            return JSONResponse({"sid": f"CA{len(self.placed)}"}, 201)

        @app.post(f"{root}/{{call}}.json")
        async def update(request: Request, call: str) -> JSONResponse:
            form = await _form(request)
            if "Url" in form:
                self.redirected.append((call, form["Url"]))
            else:
                self.ended.append(call)
            return JSONResponse({"sid": call}, 200)

        @app.post(f"{root}/{{call}}/Recordings.json")
        async def record(call: str) -> JSONResponse:
            self.recorded.append(call)
            return JSONResponse({"sid": "RE1"}, 201)

        @app.post(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
        async def message(request: Request) -> JSONResponse:
            self.sent.append(await _form(request))
            return JSONResponse({"sid": f"SM{len(self.sent)}"}, 201)

        return app


async def _form(request: Request) -> dict[str, str]:
    return {key: str(value) for key, value in (await request.form()).items()}


@dataclass
class Line:
    site: Site
    client: httpx.AsyncClient
    twilio: FakeTwilio
    url: str

    async def post(self, path: str, form: Mapping[str, str]) -> httpx.Response:
        address = path if path.startswith("http") else f"{self.url}{path}"
        headers = {"X-Twilio-Signature": sign(address, dict(form), TOKEN)}
        return await self.client.post(address, data=dict(form), headers=headers)

    async def ask(self, path: str, **more: str) -> ET.Element:
        form = {"CallSid": "CA0", "From": CALLER, "To": NUMBER, **more}
        answer = await self.post(path, form)
        assert answer.status_code == 200, answer.text
        return ET.fromstring(answer.text)

    async def ring(self) -> ET.Element:
        return await self.ask("/webhooks/twilio/voice")

    async def press(self, heard: ET.Element, keys: str) -> ET.Element:
        gather = heard.find("Gather")
        assert gather is not None
        return await self.ask(gather.attrib["action"], Digits=keys)

    async def settle(self) -> None:
        await self.site.host.idle()

    async def until(self, happened: Any) -> None:
        async with asyncio.timeout(10):
            while not happened():
                await asyncio.sleep(0.02)

    async def contact(self) -> str:
        ((name, _),) = await self.site.store.entities("contact/")
        return name.removeprefix("contact/")


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Line]:
    (folder / "flowlang.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "line.flow").write_text(FLOW, encoding="utf-8")
    (folder / "slow.py").write_text(SLOW, encoding="utf-8")
    project, problems = load(folder)
    assert project is not None, problems
    twilio, port = FakeTwilio(), free_port()
    async with served(twilio.app(), free_port()) as api:
        environment = {
            "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_URL": api,
        }  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        site = open_site(
            project, folder, catalogue(), public_url=url, environment=environment,
            show=lambda text: None,
        )  # fmt: skip
        await site.start(Sources.alone({"line": FLOW}))
        async with served(create_app([site]), port), caller(url) as client:
            yield Line(site, client, twilio, url)
        await site.stop()


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    async with opened(tmp_path) as found:
        yield found


def spoken(element: ET.Element) -> list[str]:
    return ["".join(say.itertext()) for say in element.iter("Say")]


# --- a caller -----------------------------------------------------------------------------------


async def test_a_call_hears_the_flow_and_is_listened_to(line: Line) -> None:
    heard = await line.ring()
    assert [child.tag for child in heard] == ["Say", "Gather"]
    assert spoken(heard)[0] == "Welcome."
    gather = heard[1]
    assert gather.attrib["numDigits"] == "1"
    assert gather.attrib["timeout"] == "4"
    assert gather.attrib["actionOnEmptyResult"] == "true"
    # What belongs to the question may be interrupted by the answer.
    assert spoken(gather) == ["Press 1 for a person, 2 to wait, 3 for our partner."]


async def test_the_same_event_gets_the_same_bytes(line: Line) -> None:
    heard = await line.ring()
    action = heard.find("Gather").attrib["action"]  # type: ignore[union-attr]
    form = {"CallSid": "CA0", "From": CALLER, "To": NUMBER, "Digits": "2"}
    answers = await asyncio.gather(*(line.post(action, form) for _ in range(10)))
    assert len({answer.content for answer in answers}) == 1
    later = await line.post(action, form)
    assert later.content == answers[0].content
    assert spoken(ET.fromstring(later.text)) == ["It is done."]


async def test_silence_is_an_answer(line: Line) -> None:
    heard = await line.ring()
    action = heard.find("Gather").attrib["action"]  # type: ignore[union-attr]
    said = await line.ask(action)
    assert spoken(said) == ["Goodbye <&>."]
    assert said[-1].tag == "Hangup"


async def test_a_service_is_waited_for_within_one_answer(line: Line) -> None:
    said = await line.press(await line.ring(), "2")
    assert spoken(said) == ["It is done."]
    await line.settle()
    assert line.twilio.redirected == []


async def test_the_caller_hangs_up(line: Line) -> None:
    await line.ring()
    form = {"CallSid": "CA0", "From": CALLER, "To": NUMBER, "CallStatus": "completed"}
    assert (await line.post("/webhooks/twilio/over", form)).status_code == 204
    await line.settle()
    found = await line.site.reception.contact(await line.contact())
    assert found is not None
    assert (found.status, found.reason) == ("ended", "customer")


async def test_what_is_to_be_recorded_is_recorded(line: Line) -> None:
    await line.ring()
    await line.until(lambda: line.twilio.recorded)
    assert line.twilio.recorded == ["CA0"]


async def test_a_number_of_nobody_is_not_answered(line: Line) -> None:
    form = {"CallSid": "CA9", "From": CALLER, "To": "+15550001111"}
    assert (await line.post("/webhooks/twilio/voice", form)).status_code == 403


# --- agents -------------------------------------------------------------------------------------


async def test_an_agent_is_called_into_a_conference(line: Line) -> None:
    waiting = await line.press(await line.ring(), "1")
    assert [child.tag for child in waiting] == ["Pause", "Redirect"]
    contact = await line.contact()
    host = line.site.host
    await host.post("agent/ann", host.event("SetState", id="p", state="available"))
    await line.settle()
    found = await line.site.store.load("agent/ann")
    assert found is not None
    ringing = Agent.from_bytes(found[1]).ringing
    assert ringing is not None
    await host.post("agent/ann", host.event("Accept", id="a", offer=ringing.offer))
    await line.until(lambda: line.twilio.placed)
    ((call, url),) = line.twilio.redirected
    assert call == "CA0"
    customer = await line.ask(url)
    assert customer.find("Dial/Conference").text == contact  # type: ignore[union-attr]
    (leg,) = line.twilio.placed
    assert (leg["To"], leg["From"]) == (ANN, NUMBER)
    agent = await line.ask(leg["Url"], CallSid="CA1", To=ANN, From=NUMBER)
    assert agent.find("Dial/Conference").text == contact  # type: ignore[union-attr]
    over = {"CallSid": "CA1", "To": ANN, "From": NUMBER, "CallStatus": "completed"}
    await line.post(leg["StatusCallback"], over)
    await line.until(lambda: len(line.twilio.redirected) == 2)
    goodbye = await line.ask(line.twilio.redirected[-1][1])
    assert [child.tag for child in goodbye] == ["Hangup"]


async def test_nobody_forges_a_question(line: Line) -> None:
    heard = await line.ring()
    action = heard.find("Gather").attrib["action"]  # type: ignore[union-attr]
    form = {"CallSid": "CA0", "From": CALLER, "To": NUMBER, "Digits": "1"}
    for path in (action, f"{line.url}/webhooks/twilio/agent?contact=x"):
        unsigned = await line.client.post(path, data=form)
        assert unsigned.status_code == 403
    # A link of one call is worth nothing to another, though Twilio signed it.
    stranger = await line.ask(action, CallSid="CA7", Digits="1")
    assert [child.tag for child in stranger] == ["Hangup"]


# --- somebody else ------------------------------------------------------------------------------


async def test_a_caller_is_connected_with_somebody_else_and_comes_back(line: Line) -> None:
    dialled = await line.press(await line.ring(), "3")
    dial = dialled.find("Dial")
    assert dial is not None
    assert dial.find("Number").text == "+8225550999"  # type: ignore[union-attr]
    back = await line.ask(dial.attrib["action"], DialCallStatus="completed")
    assert spoken(back) == ["Welcome back."]


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
async def test_nobody_answers_there(line: Line, status: str) -> None:
    dialled = await line.press(await line.ring(), "3")
    action = dialled.find("Dial").attrib["action"]  # type: ignore[union-attr]
    assert spoken(await line.ask(action, DialCallStatus=status)) == ["Goodbye <&>."]


async def test_a_call_that_we_place_begins_when_it_is_answered(line: Line) -> None:
    assert line.site.calls is not None
    assert await line.site.calls.place("line", CALLER) == "CA1"
    (placed,) = line.twilio.placed
    assert (placed["To"], placed["From"]) == (CALLER, NUMBER)
    assert not await line.site.store.entities("contact/")
    heard = await line.ask(placed["Url"], CallSid="CA1", To=CALLER, From=NUMBER)
    assert spoken(heard)[0] == "Welcome."
    found = await line.site.reception.contact(await line.contact())
    assert found is not None
    assert found.address == CALLER


async def test_a_program_calls_somebody_once(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLANG_API_TOKEN", "secret")
    path, me = "/api/v1/contacts/outbound-voice", {"Authorization": "Bearer secret"}
    call = {"ContactFlowId": "line", "DestinationPhoneNumber": CALLER, "ClientToken": "call-1"}
    answers = [await line.client.post(path, json=call, headers=me) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    (contact,) = {answer.json()["ContactId"] for answer in answers}
    (placed,) = line.twilio.placed
    assert (placed["To"], placed["From"]) == (CALLER, NUMBER)
    ringing = await line.client.get(f"/api/v1/contacts/{contact}", headers=me)
    assert ringing.status_code == 404
    heard = await line.ask(placed["Url"], CallSid="CA1", To=CALLER, From=NUMBER)
    assert spoken(heard)[0] == "Welcome."
    found = (await line.client.get(f"/api/v1/contacts/{contact}", headers=me)).json()
    assert (found["channel"], found["status"]) == ("voice", "flow")
    other = {**call, "DestinationPhoneNumber": ANN}
    assert (await line.client.post(path, json=other, headers=me)).status_code == 409
    line.twilio.answers = [400, 503]
    refused = await line.client.post(path, json={**call, "ClientToken": "call-2"}, headers=me)
    assert (refused.status_code, refused.json()["reason"]) == (422, "undeliverable")
    later = await line.client.post(path, json={**call, "ClientToken": "call-3"}, headers=me)
    assert (later.status_code, later.headers["Retry-After"]) == (503, "5")


async def test_who_does_not_answer_a_programs_call_has_no_contact(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWLANG_API_TOKEN", "secret")
    call = {"ContactFlowId": "line", "DestinationPhoneNumber": CALLER}
    me = {"Authorization": "Bearer secret"}
    assert (await line.client.post("/api/v1/contacts/outbound-voice", json=call,
                                   headers=me)).status_code == 200  # fmt: skip
    (placed,) = line.twilio.placed
    over = {"CallSid": "CA1", "To": CALLER, "From": NUMBER, "CallStatus": "no-answer"}
    assert (await line.post(placed["StatusCallback"], over)).status_code == 204
    assert not await line.site.store.entities("contact/")


async def test_recordings_of_prompts_are_handed_out_and_nothing_else(line: Line) -> None:
    (line.site.folder / "welcome.wav").write_bytes(b"RIFF")
    found = await line.client.get("/recordings/welcome.wav")
    assert (found.status_code, found.content) == (200, b"RIFF")
    for name in ("line.flow", "flowlang.toml", "../welcome.wav", "%2e%2e/welcome.wav"):
        assert (await line.client.get(f"/recordings/{name}")).status_code == 404


# --- words --------------------------------------------------------------------------------------

LINKS = Links(heard="h", next="n", dialled="d", recordings="https://example.com/recordings/")


def rendered(*effects: dict[str, Any], status: str = "flow") -> str:
    numbered = [[f"c/1/{number}", effect] for number, effect in enumerate(effects)]
    return render([{"turn": 1, "effects": numbered}], status, LINKS, "c")


def test_speech_markup_is_read_and_nothing_else_in_it() -> None:
    ssml = (
        '<speak>One <break time="1s"/> <x>two</x> <say-as interpret-as="digits">3</say-as></speak>'
    )
    text = rendered({"effect": "Say", "text": "One two 3", "ssml": ssml, "language": "en-US"})
    assert (
        '<Say language="en-US">One <break time="1s" /> two '
        '<say-as interpret-as="digits">3</say-as></Say>' in text
    )


@pytest.mark.parametrize(
    "ssml",
    ['<!DOCTYPE x [<!ENTITY a "b">]><speak>&a;</speak>', "<speak>", "<speak>&nope;</speak>"],
)
def test_markup_that_is_none_is_said_as_text(ssml: str) -> None:
    assert "<Say>plain</Say>" in rendered({"effect": "Say", "text": "plain", "ssml": ssml})


def test_recordings_and_voices() -> None:
    text = rendered(
        {"effect": "Say", "text": "x", "audio": "welcome.wav"},
        {"effect": "Say", "text": "y", "voice": {"voice": "Seoyeon", "engine": "neural"}},
    )
    assert "<Play>https://example.com/recordings/welcome.wav</Play>" in text
    assert '<Say voice="Polly.Seoyeon-Neural">y</Say>' in text
