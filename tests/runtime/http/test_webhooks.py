"""Twilio's webhooks: what is believed, what is refused, what is counted once."""

from __future__ import annotations

import asyncio
import base64
from urllib.parse import parse_qsl

import pytest

from runtime.channels.twilio import verified
from runtime.channels.wording import parts
from tests.runtime.http.conftest import OLD_TOKEN, TOKEN, Live, sign

PHONE = "+821011112222"
# Published by Twilio in its documentation of webhook security.
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
BODY = (b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309"
        b"&To=%2B18005551212")  # fmt: skip
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_published_vector_passes() -> None:
    assert verified(BODY, SIGNATURE, URL, ["12345"]) is not None


def test_a_flip_of_any_bit_is_refused() -> None:
    proof = base64.b64decode(SIGNATURE)
    for index in range(len(proof) * 8):
        flipped = bytearray(proof)
        flipped[index // 8] ^= 1 << index % 8
        signature = base64.b64encode(bytes(flipped)).decode()
        assert verified(BODY, signature, URL, ["12345"]) is None
    for index in range(len(BODY) * 8):
        body = bytearray(BODY)
        body[index // 8] ^= 1 << index % 8
        # `%2B` and `%2b` spell one thing: what is signed are the values.
        if parse_qsl(body.decode("latin-1")) != parse_qsl(BODY.decode("latin-1")):
            assert verified(bytes(body), SIGNATURE, URL, ["12345"]) is None
    for wrong in ("12344", "1234", "123456", ""):
        assert verified(BODY, SIGNATURE, URL, [wrong]) is None
    assert verified(BODY, SIGNATURE, URL.replace("https", "http"), ["12345"]) is None


async def test_an_unsigned_body_is_refused_whatever_it_is(live: Live) -> None:
    for signature in ({}, {"X-Twilio-Signature": "wrong"}, {"X-Twilio-Signature": SIGNATURE}):
        for body in (b"", b"{}", b"\xff\xfe", b"a=b", b"x" * 3_000_000):
            answer = await live.client.post("/webhooks/twilio", content=body, headers=signature)
            assert answer.status_code == 403
    assert not await live.site.store.entities("contact/")


async def test_a_body_that_is_too_long_is_not_read(live: Live) -> None:
    async def endless() -> object:
        for _ in range(40):
            yield b"x" * 100_000

    answer = await live.client.post("/webhooks/twilio", content=b"x" * 3_000_001)
    assert answer.status_code == 413
    answer = await live.client.post("/webhooks/twilio", content=endless())
    assert answer.status_code == 413


async def test_a_message_begins_a_contact_and_the_answer_goes_out(live: Live) -> None:
    answer = await live.text("hi", "SM1", ProfileName="Kim")
    assert answer.status_code == 200
    assert "<Response/>" in answer.text
    await live.settle()
    assert live.twilio.sent == [
        {"From": "+8225550101", "To": PHONE, "Body": "Hello. What can we do?"}
    ]


async def test_both_secrets_are_valid_during_a_rotation(live: Live) -> None:
    assert (await live.text("hi", "SM1", token=OLD_TOKEN)).status_code == 200
    assert (await live.text("hi", "SM2", token="c" * 32)).status_code == 403


async def test_whatsapp_is_a_channel_of_its_own(live: Live) -> None:
    await live.text("hi", "SM1", sender=f"whatsapp:{PHONE}", to="whatsapp:+8225550101")
    await live.settle()
    # With three answers, WhatsApp could show buttons; without them they are written.
    assert live.twilio.texts(f"whatsapp:{PHONE}") == [
        "Hello. What can we do?\n• order\n• person\n• write"
    ]


async def test_the_next_message_reaches_the_same_contact(live: Live) -> None:
    await live.text("hi", "SM1")
    await live.settle()
    await live.text("order", "SM2")
    await live.text("where is my order", "SM3")
    await live.settle()
    await live.text("7", "SM4")
    await live.settle()
    assert live.twilio.texts(PHONE)[-2:] == ["Order 7 comes tomorrow.", "Goodbye."]
    assert len(await live.site.store.entities("contact/")) == 1


async def test_after_the_end_a_message_begins_anew_and_an_old_one_does_not(live: Live) -> None:
    await live.text("hi", "SM1")
    await live.text("nothing you know", "SM2")
    await live.settle()
    assert live.twilio.texts(PHONE)[-1] == "Goodbye."
    for sid in ("SM1", "SM2"):
        await live.text("again", sid)
    await live.settle()
    assert len(await live.site.store.entities("contact/")) == 1
    await live.text("hi", "SM3")
    await live.settle()
    assert len(await live.site.store.entities("contact/")) == 2


async def test_a_hundred_deliveries_at_once_are_one_event(live: Live) -> None:
    await live.text("hi", "SM1")
    await live.settle()
    answers = await asyncio.gather(*(live.text("order", "SM2") for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    await live.settle()
    assert live.twilio.texts(PHONE) == ["Hello. What can we do?", "Tell me about it."]


async def test_a_number_of_nobody_begins_nothing(live: Live) -> None:
    assert (await live.text("hi", "SM1", to="+15550009999")).status_code == 200
    assert not await live.site.store.entities("contact/")


async def test_reports_on_our_own_messages_are_taken_and_forgotten(live: Live) -> None:
    form = {"MessageSid": "SM9", "MessageStatus": "delivered"}
    proof = sign(f"{live.url}/webhooks/twilio", form, TOKEN)
    answer = await live.client.post(
        "/webhooks/twilio", data=form, headers={"X-Twilio-Signature": proof}
    )
    assert answer.status_code == 200


async def test_what_twilio_cannot_take_now_is_sent_later(live: Live) -> None:
    live.twilio.answers = [503, 429]
    await live.text("hi", "SM1")
    await live.until(lambda: live.twilio.sent)
    assert live.twilio.texts(PHONE) == ["Hello. What can we do?"]


async def test_what_twilio_refuses_stops_nothing(live: Live) -> None:
    live.twilio.answers = [400]
    await live.text("hi", "SM1")
    await live.settle()
    await live.text("order", "SM2")
    await live.settle()
    assert live.twilio.texts(PHONE) == ["Tell me about it."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("aaaa bbbb cccc", ["aaaa bbbb", "cccc"]),
        ("a" * 25, ["a" * 10, "a" * 10, "a" * 5]),
    ],
)
def test_long_texts_are_cut_between_words(text: str, expected: list[str]) -> None:
    assert parts(text, 10) == expected
