"""The deflection example, live: a caller who goes on in a messenger, and everything that can go
wrong on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.examples.conftest import Shown, spoken

NUMBER, CALLER, OTHER = "+4930901820", "+4915112345678", "+4915199999999"
WHATSAPP = "4930901821"


def whatsapp(text: str, number: int = 1, sender: str = CALLER) -> dict[str, Any]:
    value = {
        "metadata": {"display_phone_number": WHATSAPP},
        "contacts": [{"wa_id": sender[1:], "profile": {"name": "Kim"}}],
        "messages": [
            {"from": sender[1:], "id": f"wamid.in{number}", "text": {"body": text}},
        ],
    }
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}


async def long_queue(deflection: Shown) -> None:
    """Somebody has been waiting for three minutes."""
    said = await deflection.ring(OTHER, NUMBER, "CA-before")
    assert said.find("Redirect") is not None
    deflection.clock.ahead = timedelta(minutes=3)


async def offered(deflection: Shown) -> Any:
    await long_queue(deflection)
    heard = await deflection.ring(CALLER, NUMBER)
    assert any("before you: 1" in text for text in spoken(heard))
    return heard


async def press(deflection: Shown, heard: Any, keys: str) -> Any:
    said = await deflection.answer(heard, CALLER, NUMBER, Digits=keys)
    await deflection.settle()
    return said


async def test_a_caller_goes_on_in_whatsapp_with_their_place_and_an_agent(
    deflection: Shown,
) -> None:
    said = await press(deflection, await offered(deflection), "1")
    assert "We write to you there" in " ".join(spoken(said)), await _story(deflection)
    assert said[-1].tag == "Hangup"
    (template,) = deflection.vendors.bodies("/777/messages")
    assert template["template"]["name"] == "go_on"
    assert template["to"] == CALLER[1:]
    await deflection.meta(whatsapp("Here I am"))
    (there,) = [name for name in await deflection.contacts() if name.startswith("go-")]
    contact = await deflection.contact(there)
    assert (contact.status, contact.channel) == ("queued", "whatsapp")
    (call,) = [
        name for name in await deflection.contacts()
        if (await deflection.contact(name)).address == CALLER and name != there
    ]  # fmt: skip
    assert (await deflection.contact(call)).status == "ended"
    assert contact.continues == call
    # Who waited before them comes first, then they do.
    first = await deflection.accept("lena")
    assert first != there
    assert await deflection.accept("tom") == there
    host = deflection.site.host
    say = host.event("Say", id="say", contact=there, text="Hello, this is Tom.")
    await host.post("agent/tom", say)
    await deflection.settle()
    last = deflection.vendors.bodies("/777/messages")[-1]
    assert last["text"]["body"] == "Hello, this is Tom."


async def test_whoever_declines_waits_on_the_line(deflection: Shown) -> None:
    said = await press(deflection, await offered(deflection), "0")
    assert said.find("Redirect") is not None
    assert deflection.vendors.posts == []


async def test_whoever_is_silent_waits_on_the_line(deflection: Shown) -> None:
    heard = await offered(deflection)
    while heard.find("Gather") is not None:
        heard = await deflection.answer(heard, CALLER, NUMBER)
    assert heard.find("Redirect") is not None


@pytest.mark.parametrize("keys", ["1"])
async def test_a_message_that_cannot_be_delivered_keeps_the_caller(
    deflection: Shown, keys: str
) -> None:
    heard = await offered(deflection)
    deflection.vendors.answers = [400]
    said = await press(deflection, heard, keys)
    assert any("stay with us here" in text for text in spoken(said))
    assert said[-1].tag == "Redirect"


async def test_answering_twice_makes_one_conversation(deflection: Shown) -> None:
    await press(deflection, await offered(deflection), "1")
    for _ in range(2):
        await deflection.meta(whatsapp("Here I am"))
    await deflection.meta(whatsapp("Hello?", 2))
    there = [name for name in await deflection.contacts() if name.startswith("go-")]
    assert len(there) == 1


async def test_whoever_answers_too_late_begins_anew(deflection: Shown) -> None:
    await press(deflection, await offered(deflection), "1")
    deflection.clock.ahead = timedelta(days=2)
    await deflection.meta(whatsapp("Here I am"))
    assert not [name for name in await deflection.contacts() if name.startswith("go-")]
    channels = [(await deflection.contact(name)).channel for name in await deflection.contacts()]
    assert "whatsapp" in channels


async def test_a_short_queue_is_waited_for(deflection: Shown) -> None:
    heard = await deflection.ring(CALLER, NUMBER)
    assert heard.find("Gather") is None
    assert heard.find("Redirect") is not None


async def _story(deflection: Shown) -> str:
    """What happened, for whoever reads a failure."""
    stories = []
    for name in await deflection.contacts():
        contact = await deflection.contact(name)
        lines = [f"{line['who']}: {line['text']}" for line in await deflection.lines(name)]
        stories.append(f"{name} {contact.channel} {contact.status} {contact.step}: {lines}")
    return "\n".join(stories)
