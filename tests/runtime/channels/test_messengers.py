"""The messengers: what each vendor tells us, what it gets from us, and what nobody may forge."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.channels.console import ConsolePhone
from runtime.channels.line import Line
from runtime.channels.meta import Meta
from runtime.channels.provider import Delivery, Provider, Unreadable
from runtime.channels.telegram import Telegram
from runtime.channels.x import X
from runtime.stores import Parcel
from runtime.transcript import Reader
from tests.runtime.channels.conftest import OLD_SECRET, SECRET, Shop, prove

PHONE = "+821011112222"
VENDORS = ("meta", "telegram", "line", "x")
GREETING = "Hello. What can we do?"
CHOICES = ["order", "person", "write"]


def on_messenger(text: str, number: int = 1, page: str = "1000", **more: Any) -> dict[str, Any]:
    message = {"mid": f"m{number}", "text": text, **more}
    event = {"sender": {"id": "55"}, "recipient": {"id": page}, "timestamp": 1, "message": message}
    return {"object": "page", "entry": [{"id": page, "messaging": [event]}]}


def on_instagram(text: str, number: int = 1) -> dict[str, Any]:
    return {**on_messenger(text, number, "2000"), "object": "instagram"}


def on_whatsapp(text: str, number: int = 1) -> dict[str, Any]:
    message = {"from": PHONE[1:], "id": f"wamid.in{number}", "type": "text", "text": {"body": text}}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "82 2-555-0101", "phone_number_id": "777"},
        "contacts": [{"wa_id": PHONE[1:], "profile": {"name": "Kim"}}],
        "messages": [message],
    }
    entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def on_telegram(text: str, number: int = 1) -> dict[str, Any]:
    person = {"id": 55, "is_bot": False, "first_name": "Min", "last_name": "Kim"}
    chat = {"id": 55, "type": "private"}
    return {"update_id": number, "message": {"chat": chat, "from": person, "text": text}}


def on_line(text: str, number: int = 1) -> dict[str, Any]:
    return {
        "destination": "U0",
        "events": [
            {
                "type": "message",
                "webhookEventId": f"e{number}",
                "source": {"type": "user", "userId": "U55"},
                "message": {"type": "text", "id": "9", "text": text},
            }
        ],
    }


def on_x(text: str, number: int = 1) -> dict[str, Any]:
    created = {"sender_id": "55", "message_data": {"text": text}}
    return {
        "for_user_id": "3000",
        "direct_message_events": [
            {"type": "message_create", "id": str(number), "message_create": created}
        ],
        "users": {"55": {"name": "Kim"}},
    }


SAYS = {
    "meta": on_messenger,
    "telegram": on_telegram,
    "line": on_line,
    "x": on_x,
}


# --- each vendor as it speaks -------------------------------------------------------------------


async def test_messenger_gets_quick_replies(shop: Shop) -> None:
    answer = await shop.deliver("meta", on_messenger("hi"))
    assert (answer.status_code, answer.text) == (200, "EVENT_RECEIVED")
    (post,) = shop.vendors.posts
    assert post.path == "/me/messages"
    assert post.headers["authorization"] == "Bearer page"
    assert post.body["recipient"] == {"id": "55"}
    assert post.body["message"]["text"] == GREETING
    assert [reply["title"] for reply in post.body["message"]["quick_replies"]] == CHOICES


async def test_instagram_is_a_channel_of_its_own(shop: Shop) -> None:
    await shop.deliver("meta", on_instagram("hi"))
    await shop.deliver("meta", on_messenger("hi", 2))
    assert len(await shop.contacts()) == 2


async def test_whatsapp_gets_buttons(shop: Shop) -> None:
    await shop.deliver("meta", on_whatsapp("hi"))
    (post,) = shop.vendors.posts
    assert post.path == "/777/messages"
    assert post.body["to"] == PHONE[1:]
    interactive = post.body["interactive"]
    assert interactive["body"]["text"] == GREETING
    titles = [button["reply"]["title"] for button in interactive["action"]["buttons"]]
    assert titles == CHOICES


async def test_a_button_of_whatsapp_is_a_choice(shop: Shop) -> None:
    await shop.deliver("meta", on_whatsapp("hi"))
    told = on_whatsapp("", 2)
    message = told["entry"][0]["changes"][0]["value"]["messages"][0]
    message.pop("text")
    message["interactive"] = {"button_reply": {"id": "order", "title": "order"}}
    await shop.deliver("meta", told)
    assert shop.vendors.posts[-1].body["text"]["body"] == "Tell me about it."


async def test_telegram_gets_a_keyboard(shop: Shop) -> None:
    await shop.deliver("telegram", on_telegram("/start"))
    (post,) = shop.vendors.posts
    assert post.path == "/bot1:abc/sendMessage"
    assert (post.body["chat_id"], post.body["text"]) == ("55", GREETING)
    keys = [row[0]["text"] for row in post.body["reply_markup"]["keyboard"]]
    assert keys == CHOICES
    await shop.deliver("telegram", on_telegram("order", 2))
    assert shop.vendors.posts[-1].body["reply_markup"] == {"remove_keyboard": True}


async def test_line_gets_quick_replies_under_a_key(shop: Shop) -> None:
    await shop.deliver("line", on_line("hi"))
    (post,) = shop.vendors.posts
    assert post.path == "/v2/bot/message/push"
    assert post.headers["authorization"] == "Bearer line"
    assert len(post.headers["x-line-retry-key"]) == 36
    (message,) = post.body["messages"]
    assert message["text"] == GREETING
    assert [item["action"]["text"] for item in message["quickReply"]["items"]] == CHOICES


async def test_x_gets_a_text(shop: Shop) -> None:
    await shop.deliver("x", on_x("hi"))
    (post,) = shop.vendors.posts
    assert post.path == "/2/dm_conversations/with/55/messages"
    assert post.body == {"text": GREETING}


async def test_what_x_wrote_for_us_is_not_a_customer(shop: Shop) -> None:
    told = on_x("hi")
    told["for_user_id"] = "55"
    await shop.deliver("x", told)
    assert not await shop.contacts()


async def test_groups_and_echoes_are_nobody(shop: Shop) -> None:
    await shop.deliver("meta", on_messenger("hi", is_echo=True))
    told = on_telegram("hi")
    told["message"]["chat"]["type"] = "group"
    await shop.deliver("telegram", told)
    assert not await shop.contacts()


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_conversation_goes_on(shop: Shop, vendor: str) -> None:
    for number, text in enumerate(("hi", "nothing you know"), start=1):
        told = SAYS[vendor](text, number)
        assert (await shop.deliver(vendor, told)).status_code == 200
    assert len(await shop.contacts()) == 1
    assert "Goodbye." in json.dumps(shop.vendors.posts[-1].body)


# --- what is believed ---------------------------------------------------------------------------


@pytest.mark.parametrize("vendor", VENDORS)
async def test_what_is_unsigned_is_refused_whatever_it_is(shop: Shop, vendor: str) -> None:
    good = json.dumps(SAYS[vendor]("hi")).encode()
    (header, proof), *_ = prove(vendor, good, SECRET).items()
    for headers in ({}, {header: ""}, {header: "wrong"}, {header: proof[:-1]}):
        for body in (good, b"", b"{}", b"\xff", b"x" * 100_000):
            answer = await shop.deliver(vendor, body, headers)
            assert answer.status_code == 403
    assert not await shop.contacts()


@pytest.mark.parametrize("vendor", VENDORS)
async def test_two_secrets_are_valid_during_a_rotation(shop: Shop, vendor: str) -> None:
    body = json.dumps(SAYS[vendor]("hi")).encode()
    assert (await shop.deliver(vendor, body, prove(vendor, body, OLD_SECRET))).status_code == 200
    assert (await shop.deliver(vendor, body, prove(vendor, body, "older"))).status_code == 403


@pytest.mark.parametrize("vendor", VENDORS)
async def test_genuine_nonsense_is_told_and_stops_nothing(shop: Shop, vendor: str) -> None:
    for body in (b"{}", b"[]", b"null", b'{"entry": 5, "events": {}, "message": []}'):
        assert (await shop.deliver(vendor, body, prove(vendor, body, SECRET))).status_code == 200
    answer = await shop.deliver(vendor, b"not json", prove(vendor, b"not json", SECRET))
    assert answer.status_code == 400


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_hundred_deliveries_at_once_are_one_event(shop: Shop, vendor: str) -> None:
    told = SAYS[vendor]("hi")
    answers = await asyncio.gather(*(shop.deliver(vendor, told) for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(await shop.contacts()) == 1
    assert len(shop.vendors.posts) == 1


async def test_a_vendor_without_an_account_here_is_refused(shop: Shop) -> None:
    for name in ("twilio", "nobody"):
        assert (await shop.client.post(f"/webhooks/{name}", content=b"")).status_code == 403
        assert (await shop.client.get(f"/webhooks/{name}")).status_code == 403


# Computed with OpenSSL: `openssl dgst -sha256 -hmac channel-secret-0123456789`.
VECTOR_SECRET = "channel-secret-0123456789"
VECTOR_BODY = b'{"events":[],"destination":"U1"}'
IN_BASE64 = "i89eCartZba+rFA8V0QlcwG4/K36GPTCUvd3/8N1DsE="
IN_HEX = "8bcf5e09aaed65b6beac503c5744257301b8fcadfa18f4c252f777ffc3750ec1"
CRC = "gnE2GMihVuROFgpKaAHNNAQ5eWN7xh+ebm/pK7JL4DE="
PROVIDERS: dict[str, tuple[Provider, str, str]] = {
    "meta": (
        Meta((VECTOR_SECRET,), (), page_token="p"),
        "x-hub-signature-256",
        f"sha256={IN_HEX}",
    ),
    "line": (Line("t", (VECTOR_SECRET,)), "x-line-signature", IN_BASE64),
    "x": (X("t", (VECTOR_SECRET,)), "x-twitter-webhooks-signature", f"sha256={IN_BASE64}"),
    "telegram": (
        Telegram("t", (VECTOR_SECRET,)),
        "x-telegram-bot-api-secret-token",
        VECTOR_SECRET,
    ),
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_vectors_of_another_tool_pass_and_a_flip_of_any_bit_does_not(vendor: str) -> None:
    provider, header, proof = PROVIDERS[vendor]

    def is_genuine(body: bytes, given: str) -> bool:
        return provider.is_genuine(Delivery(url="", headers={header: given}, body=body))

    assert is_genuine(VECTOR_BODY, proof)
    for index in range(len(proof) * 7):
        flipped = bytearray(proof.encode())
        flipped[index // 7] ^= 1 << index % 7
        assert not is_genuine(VECTOR_BODY, flipped.decode("latin-1"))
    if vendor != "telegram":  # it signs nothing, it only shows that it knows the secret
        for index in range(len(VECTOR_BODY) * 8):
            body = bytearray(VECTOR_BODY)
            body[index // 8] ^= 1 << index % 8
            assert not is_genuine(bytes(body), proof)


async def test_vendors_that_ask_first_are_answered(shop: Shop) -> None:
    right = {"hub.mode": "subscribe", "hub.verify_token": "verify-me", "hub.challenge": "4711"}
    answer = await shop.client.get("/webhooks/meta", params=right)
    assert (answer.status_code, answer.text) == (200, "4711")
    wrong = {**right, "hub.verify_token": "verify-you"}
    assert (await shop.client.get("/webhooks/meta", params=wrong)).status_code == 403
    answer = await shop.client.get("/webhooks/x", params={"crc_token": "abc"})
    assert answer.json()["response_token"].startswith("sha256=")
    assert X("t", (VECTOR_SECRET,)).greet({"crc_token": "crc-token-abc"}) == json.dumps(
        {"response_token": f"sha256={CRC}"}, separators=(",", ":")
    )
    assert (await shop.client.get("/webhooks/x")).status_code == 403


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["entry", "messaging", "changes", "value", "messages", "events", "message",
                         "source", "text", "sender", "id", "chat", "from", "users",
                         "direct_message_events", "message_create", "type"]),
        inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(json_values)
def test_no_shape_of_json_surprises(value: Any) -> None:
    body = json.dumps(value).encode()
    for provider, _, _ in PROVIDERS.values():
        try:
            news = provider.news(Delivery(url="", headers={}, body=body))
        except Unreadable:
            continue
        assert all(message.address for message in news.messages)


# --- what goes out ------------------------------------------------------------------------------


async def test_what_a_vendor_cannot_take_now_is_sent_later_and_once(shop: Shop) -> None:
    shop.vendors.answers = [503, 429]
    await shop.deliver("line", on_line("hi"))
    assert len(shop.vendors.posts) == 1


async def test_what_a_vendor_refuses_stops_nothing(shop: Shop) -> None:
    shop.vendors.answers = [400]
    await shop.deliver("telegram", on_telegram("hi"))
    await shop.deliver("telegram", on_telegram("hello again", 2))
    assert shop.vendors.posts


async def test_after_a_day_whatsapp_wants_a_template(shop: Shop) -> None:
    for number, text in enumerate(("hi", "person"), start=1):
        await shop.deliver("meta", on_whatsapp(text, number))
    await _agent_writes_the_next_day(shop)
    body = shop.vendors.posts[-1].body
    assert body["type"] == "template"
    assert body["template"]["name"] == "go_on"
    (place,) = body["template"]["components"]
    assert place["parameters"] == [{"type": "text", "text": "Are you there?"}]


async def test_after_a_day_messenger_takes_nothing_and_the_agent_sees_it(shop: Shop) -> None:
    for number, text in enumerate(("hi", "person"), start=1):
        await shop.deliver("meta", on_messenger(text, number))
    before = len(shop.vendors.posts)
    journal = await _agent_writes_the_next_day(shop)
    assert len(shop.vendors.posts) == before
    (told,) = (line for line in Reader().read_all(journal) if line["what"] == "undelivered")
    assert "too old to answer" in told["text"]


async def test_a_report_that_a_message_failed_reaches_its_conversation(shop: Shop) -> None:
    for number, text in enumerate(("hi", "person"), start=1):
        await shop.deliver("meta", on_whatsapp(text, number))
    await _agent_writes_the_next_day(shop)
    number = f"wamid.{len(shop.vendors.posts)}"
    status = {"id": number, "status": "failed", "errors": [{"title": "Blocked"}]}
    told = on_whatsapp("")
    told["entry"][0]["changes"][0]["value"] = {"statuses": [status]}
    for _ in range(2):
        await shop.deliver("meta", told)
    contact = (await shop.contacts())[0]
    lines = Reader().read_all(await shop.site.store.journal(contact))
    assert [line["text"] for line in lines if line["what"] == "undelivered"] == ["Blocked"]


async def _agent_writes_the_next_day(shop: Shop) -> list[bytes]:
    host, contact = shop.site.host, (await shop.contacts())[0]
    shop.clock.ahead = timedelta(hours=25)
    await host.post(contact, host.event("AgentJoined", id="j", agent="ann", agent_name="Ann"))
    await host.post(contact, host.event("AgentSaid", id="s", agent="ann", text="Are you there?"))
    await shop.settle()
    return list(await shop.site.store.journal(contact))


# --- links into messengers ----------------------------------------------------------------------


async def test_links_lead_into_each_messenger(shop: Shop) -> None:
    await shop.deliver("line", on_line("hi"))
    contact = (await shop.contacts())[0].removeprefix("contact/")
    targets = {
        channel: await _target(shop, contact, channel)
        for channel in ("messenger", "instagram", "telegram", "line", "x", "whatsapp", "chat")
    }
    assert targets["messenger"].startswith("https://m.me/1000?ref=")
    assert targets["instagram"].startswith("https://ig.me/m/2000?ref=")
    assert targets["telegram"].startswith("https://t.me/acorn_bot?start=")
    assert targets["line"].startswith("https://line.me/R/oaMessage/@acorn/?")
    assert targets["x"].startswith("https://x.com/messages/compose?recipient_id=3000&text=")
    assert targets["whatsapp"].startswith("https://wa.me/8225550101?text=")
    assert targets["chat"].startswith("/chat/shop?go=")


async def test_a_link_into_telegram_carries_the_conversation_on(shop: Shop) -> None:
    await shop.deliver("line", on_line("hi"))
    contact = (await shop.contacts())[0].removeprefix("contact/")
    code = (await _target(shop, contact, "telegram")).partition("=")[2]
    await shop.deliver("telegram", on_telegram(f"/start {code}"))
    assert f"contact/{shop.site.invitations.contact_of(code)}" in await shop.contacts()


async def test_whatsapp_is_written_to_first_and_whoever_answers_goes_on(shop: Shop) -> None:
    await shop.deliver("line", on_line("hi"))
    sender = (await shop.contacts())[0]
    effect = {"effect": "Invite", "channel": "whatsapp", "address": PHONE, "text": "Go on?"}
    parcel = Parcel(
        f"{sender.removeprefix('contact/')}/9/0", sender, "messenger", effect, tried=False
    )
    for _ in range(2):
        assert await shop.site.invitations.perform(parcel) == {"event": "Delivered"}
    bodies = shop.vendors.bodies("/777/messages")
    assert [body["template"]["name"] for body in bodies] == ["go_on"]
    await shop.deliver("meta", on_whatsapp("yes please"))
    assert any(name.startswith("contact/go-") for name in await shop.contacts())


async def test_a_flow_writes_to_somebody_beside_the_conversation(shop: Shop) -> None:
    await shop.deliver("line", on_line("hi"))
    sender = (await shop.contacts())[0]

    async def send(channel: str) -> Any:
        effect = {"effect": "SendMessage", "channel": channel, "address": PHONE, "text": "Hi."}
        parcel = Parcel(f"{sender}/9/{channel}", sender, "messenger", effect, tried=False)
        return await shop.site.host.performers["messenger"](parcel)

    assert await send("whatsapp") == {"event": "Delivered"}
    (body,) = shop.vendors.bodies("/777/messages")
    assert body["template"]["components"][0]["parameters"][0]["text"] == "Hi."
    assert await send("sms") == {"event": "Delivered"}
    assert isinstance(shop.site.phone, ConsolePhone)
    assert list(shop.site.phone.shown) == [("sms", PHONE, "Hi.")]
    refused = await send("telegram")
    assert refused["event"] == "Undeliverable"


async def _target(shop: Shop, contact: str, channel: str) -> str:
    effect = {"effect": "Invite", "channel": channel, "address": "", "text": ""}
    parcel = Parcel(
        f"{contact}/7/{channel}", f"contact/{contact}", "messenger", effect, tried=False
    )
    answer = await shop.site.invitations.perform(parcel)
    return await shop.site.invitations.target(answer["link"].rpartition("/")[2])
