"""One-time links: from a text message into the chat or another messenger, once."""

from __future__ import annotations

import re
from datetime import timedelta

import orjson

from runtime.contact import Contact
from tests.runtime.http.conftest import Live

PHONE = "+821011112222"


async def invite(live: Live, choice: str, *, sender: str = PHONE) -> str:
    """A customer accepts to go on elsewhere; the code of the link they get."""
    await live.text("hi", f"{choice} 1", sender=sender)
    await live.text("write", f"{choice} 2", sender=sender)
    await live.settle()
    await live.text(choice, f"{choice} 3", sender=sender)
    await live.settle()
    sent = "\n".join(live.twilio.texts(sender))
    found = re.findall(rf"{re.escape(live.url)}/go/([A-Z2-7]{{16}})", sent)
    assert found, sent
    return str(found[-1])


async def contact(live: Live, code: str) -> Contact | None:
    return await live.site.reception.contact(f"go-{code}")


async def test_a_link_leads_into_the_chat_and_carries_the_conversation_on(live: Live) -> None:
    code = await invite(live, "chat")
    answer = await live.client.get(f"/go/{code}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/chat/shop?go={code}"
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start(code=code)
        await browser.hear("Hello.")
    came = await contact(live, code)
    assert came is not None
    before = await live.site.reception.contact(came.continues)
    assert before is not None
    assert before.address == PHONE
    assert came.name == PHONE


async def test_a_link_works_once(live: Live) -> None:
    code = await invite(live, "chat")
    async with live.browser() as first:
        await first.frame("new")
        await first.start(code=code)
    async with live.browser() as second:
        await second.frame("new")
        await second.send(type="start", id="s", code=code)
        assert (await second.frame("refused"))["reason"] == "link_used"
    # Whoever was first may come back by it.
    async with live.browser(first.token) as again:
        await again.frame("welcome")
        await again.send(type="start", id="s", code=code)
        await again.say("order", "m1")
        await again.hear("Tell me about it.")


async def test_a_link_that_is_too_old_says_so(live: Live) -> None:
    code = await invite(live, "sms")
    clock = live.site.invitations.clock
    live.site.invitations.clock = lambda: clock() + timedelta(days=2)
    answer = await live.client.get(f"/go/{code}", headers={"accept-language": "ko"})
    assert answer.status_code == 410
    assert "no longer valid" in answer.text  # the conversation was in English
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.send(type="start", id="s", code=code)
        assert (await browser.frame("refused"))["reason"] == "link_expired"


async def test_an_unknown_link_says_so(live: Live) -> None:
    for code in ("AAAABBBBCCCCDDDD", "x", "%2e%2e", "<script>"):
        answer = await live.client.get(f"/go/{code}", headers={"accept-language": "ko-KR,en"})
        assert answer.status_code == 404
        assert "찾을 수 없는 링크" in answer.text
        assert "<script>" not in answer.text


async def test_whatsapp_takes_the_code_as_a_message(live: Live) -> None:
    code = await invite(live, "whatsapp")
    answer = await live.client.get(f"/go/{code}")
    assert answer.headers["location"].startswith("https://wa.me/8225550101?text=")
    assert code in answer.headers["location"]
    sender, to = f"whatsapp:{PHONE}", "whatsapp:+8225550101"
    for sid in ("W1", "W1", "W2"):
        await live.text(f"Let us go on. {code}", sid, sender=sender, to=to)
    await live.settle()
    assert len(live.twilio.texts(sender)) == 1
    used = await live.client.get(f"/go/{code}")
    assert used.status_code == 410
    await live.text(f"mine too {code}", "W3", sender="whatsapp:+15550001111", to=to)
    await live.settle()
    came = await contact(live, code)
    assert came is not None
    assert came.address == PHONE
    assert came.channel == "whatsapp"


async def test_an_sms_link_shows_a_button(live: Live) -> None:
    code = await invite(live, "sms")
    page = (await live.client.get(f"/go/{code}")).text
    assert 'href="sms:+8225550101?&amp;body=' in page


async def test_the_place_in_the_queue_is_kept(live: Live) -> None:
    """The only place is taken; whoever goes elsewhere stands where they would have stood."""
    async with live.browser() as first:
        await first.frame("new")
        await first.start()
        await first.say("person", "m1")
        await first.hear("queued")
    await live.text("hi", "A1")
    await live.text("person", "A2")
    await live.settle()
    await live.text("chat", "A3")
    await live.settle()
    code = re.findall(r"/go/([A-Z2-7]{16})", live.twilio.texts(PHONE)[-2])[0]
    note = orjson.loads(await live.site.store.note("invitation", code) or b"{}")
    assert note["queue"] == "Desk"
    came_from = await live.site.reception.contact(note["contact"])
    assert came_from is not None
    async with live.browser(first.token) as leaving:
        await leaving.frame("welcome")
        await leaving.send(type="leave", id="l")
        await leaving.hear("ended")
    await live.settle()
    async with live.browser() as second:
        await second.frame("new")
        await second.start(code=code)
        await second.hear("queued")
    came = await contact(live, code)
    assert came is not None
    assert came.waiting_since == came_from.waiting_since


async def test_performing_an_invitation_twice_sends_one_message(live: Live) -> None:
    from runtime.stores import Parcel

    await live.text("hi", "A1")
    await live.settle()
    sender = (await live.site.store.entities("contact/"))[0][0]
    body = {"effect": "Invite", "channel": "chat", "address": PHONE, "text": "Go on:"}
    parcel = Parcel("c/9/0", sender, "messenger", body, tried=False)
    before = len(live.twilio.sent)
    for _ in range(2):
        assert await live.site.invitations.perform(parcel) == {"event": "Delivered"}
    assert len(live.twilio.sent) == before + 1
    without = Parcel("c/9/1", sender, "messenger", {**body, "address": ""}, tried=False)
    answer = await live.site.invitations.perform(without)
    assert answer["link"].startswith(f"{live.url}/go/")
    absent = Parcel("c/9/2", sender, "messenger", {**body, "channel": "kakao"}, tried=False)
    assert (await live.site.invitations.perform(absent))["event"] == "Undeliverable"
