"""Figures and logs say how many and how long, never who or what."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from runtime.http.app import SafeHeaders
from runtime.logs import where
from tests.runtime.http.conftest import FakeTwilio, Live, free_port, running, served

TOKEN = {"Authorization": "Bearer figures"}
NAME, NUMBER, CARD = "Hong Gildong", "+821099998888", "4929 1234 5678"
SECRETS = (NAME, NUMBER, CARD, "9999", "parcel is purple", "purple")


@pytest.fixture(autouse=True)
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLANG_METRICS_TOKEN", "figures")
    monkeypatch.setenv("FLOWLANG_API_TOKEN", "secret")


def figure(text: str, name: str, **labels: str) -> float:
    """The sum of a figure over all that has these labels."""
    found = 0.0
    for line in text.splitlines():
        match = re.fullmatch(rf"flowlang_{name}(?:\{{(.*)\}})? (\S+)", line)
        if match and all(f'{key}="{value}"' in (match[1] or "") for key, value in labels.items()):
            found += float(match[2])
    return found


async def figures(live: Live) -> str:
    answer = await live.client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    return answer.text


async def test_figures_are_for_their_token(live: Live) -> None:
    assert (await live.client.get("/metrics")).status_code == 401
    wrong = {"Authorization": "Bearer secre"}
    assert (await live.client.get("/metrics", headers=wrong)).status_code == 401
    everything = {"Authorization": "Bearer secret"}
    assert (await live.client.get("/metrics", headers=everything)).status_code == 200


async def test_figures_tell_how_many_and_how_long(live: Live) -> None:
    async with live.browser() as one, live.browser() as two:
        for browser in (one, two):
            await browser.frame("new")
            await browser.start()
        await one.say("person", "m1")
        await one.hear("queued")
        await live.settle()
        text = await figures(live)
    assert figure(text, "contacts", channel="chat", status="queued") == 1
    assert figure(text, "contacts", channel="chat", status="flow") == 1
    assert figure(text, "queue_waiting", queue="Desk") == 1
    assert figure(text, "queue_oldest_seconds", queue="Desk") >= 0
    assert figure(text, "events_total", kind="contact", event="Started") == 2
    assert figure(text, "turn_seconds_count", kind="contact") >= 3
    assert figure(text, "chat_listeners") == 2
    assert figure(text, "outbox_parcels") == 0
    assert figure(text, "agents", presence="away") == 1
    assert figure(text, "log_messages") >= 0


async def test_answers_are_counted_by_class(live: Live) -> None:
    await live.client.get("/chat/shop")
    await live.client.get("/nothing")
    text = await figures(live)
    assert figure(text, "http_requests_total", answer="2xx") >= 1
    assert figure(text, "http_requests_total", answer="4xx") >= 1


async def test_nothing_that_was_said_is_in_a_log_or_a_figure(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With a function that breaks on its argument and a vendor that repeats the number in its
    refusal."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("websockets").setLevel(logging.INFO)  # its debugging prints every frame
    (project / "orders.py").write_text(
        f'def find(number):\n    raise ValueError("{CARD}", number)\n'
    )
    twilio = FakeTwilio(answers=[400])
    async with served(twilio.app(), free_port()) as url, running(project, twilio, url) as live:
        async with live.browser() as browser:
            await browser.frame("new")
            await browser.start()
            await browser.say("order", "m1")
            await browser.say("please track my parcel is purple", "m2")
            await browser.hear("Which number?")
            await browser.say("9999", "m3")
            await browser.hear("ended")
            await browser.send(type="start", id="s2")
            await browser.send(type="say", id="m4", text="purple " * 600)
            await browser.frame("refused")
        await live.text(f"my card is {CARD}", "SM1", sender=NUMBER, ProfileName=NAME)
        await live.text("write", "SM2", sender=NUMBER)
        await live.client.post(
            "/api/v1/contacts/chat",
            headers={"Authorization": "Bearer secret"},
            json={"ContactFlowId": "shop", "ParticipantDetails": {"DisplayName": NAME}},
        )
        await live.settle()
        text = await figures(live)
    assert figure(text, "events_total", event="FunctionFailed") == 1
    assert any("function" in record.getMessage() for record in caplog.records)
    told = "\n".join([text, *(caplog.handler.format(record) for record in caplog.records)])
    # What the tests' own client writes of its requests is not ours.
    ours = "\n".join(line for line in told.splitlines() if "httpx" not in line)
    for secret in SECRETS:
        # Four figures in a row stand in some measurement by chance.
        assert not re.search(rf"(?<![\d.]){re.escape(secret)}(?!\d)", ours)


def test_where_an_error_was_is_told_without_its_words() -> None:
    try:
        int(CARD)
    except ValueError as error:
        told = where(error)
    assert told.startswith("ValueError at test_metrics.py:")
    assert CARD not in told


async def test_what_we_did_not_foresee_is_told_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    import httpx

    answered: list[int] = []
    app = FastAPI()
    app.add_middleware(SafeHeaders, answered=answered.append)

    @app.get("/breaks")
    async def breaks() -> None:
        raise ValueError(CARD)

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        answer = await client.get("/breaks")
    assert answer.status_code == 500
    assert answer.json()["reason"] == "failed"
    assert answered == [500]
    assert CARD not in answer.text + caplog.text
    assert "ValueError at test_metrics.py" in caplog.text
