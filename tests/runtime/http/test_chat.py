"""The web chat over real sockets and plain requests."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.runtime.http.conftest import FakeTwilio, Live, running


async def test_a_visitor_talks_with_flow_bot_and_function(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        hello = await browser.hear("Hello.")
        assert hello["choices"] == ["order", "person", "write"]
        await browser.say("order", "m1")
        await browser.hear("Tell me about it.")
        await browser.say("please track my parcel", "m2")
        await browser.hear("Which number?")
        await browser.say("42", "m3")
        await browser.hear("Order 42 comes tomorrow.")
        await browser.hear("ended")
    who = [line["who"] for line in browser.lines]
    assert who == ["flow", "customer", "flow", "customer", "bot", "customer", "flow", "flow",
                   "event"]  # fmt: skip


async def test_a_message_that_is_sent_again_counts_once(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        for _ in range(3):
            await browser.say("order", "m1")
        await browser.say("track my parcel", "m2")
        await browser.hear("Which number?")
    assert browser.texts.count("order") == 1


async def test_a_start_that_is_sent_again_begins_once(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start("s1")
        await browser.send(type="start", id="s1")
        await browser.say("order", "m1")
    contacts = await live.site.store.entities("contact/")
    assert len(contacts) == 1


async def test_a_browser_that_comes_back_sees_everything_again(live: Live) -> None:
    async with live.browser() as before:
        await before.frame("new")
        await before.start()
        await before.say("order", "m1")
        await before.hear("Tell me about it.")
    async with live.browser(before.token) as after:
        await after.frame("welcome")
        assert after.lines == before.lines
        await after.say("track my parcel", "m2")
        await after.hear("Which number?")


async def test_what_happens_while_a_browser_is_away_is_there_later(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        await browser.send(type="say", id="m1", text="order")
    await live.settle()
    async with live.browser(browser.token) as after:
        await after.frame("welcome")
        await after.hear("Tell me about it.")


async def test_two_tabs_of_a_visitor_see_the_same(live: Live) -> None:
    async with live.browser() as one:
        await one.frame("new")
        await one.start()
        async with live.browser(one.token) as two:
            await two.frame("welcome")
            await one.say("order", "m1")
            await two.hear("Tell me about it.")


async def test_a_new_process_goes_on_where_the_last_stopped(project: Path) -> None:
    async with running(project, FakeTwilio()) as live, live.browser() as before:
        await before.frame("new")
        await before.start()
        await before.say("order", "m1")
        await before.hear("Tell me about it.")
    async with running(project, FakeTwilio()) as live, live.browser(before.token) as after:
        await after.frame("welcome")
        assert after.lines == before.lines
        await after.say("order", "m1")
        await after.say("track my parcel", "m2")
        await after.hear("Which number?")
        assert after.texts.count("order") == 1


async def test_a_contact_finishes_on_the_version_it_started_with(project: Path) -> None:
    async with running(project, FakeTwilio()) as live, live.browser() as before:
        await before.frame("new")
        await before.start()
    flow = (project / "shop.flow").read_text()
    (project / "shop.flow").write_text(flow.replace("Tell me about it.", "Another version."))
    async with running(project, FakeTwilio()) as live:
        async with live.browser(before.token) as old:
            await old.frame("welcome")
            await old.say("order", "m1")
            await old.hear("Tell me about it.")
        async with live.browser() as new:
            await new.frame("new")
            await new.start()
            await new.say("order", "m1")
            await new.hear("Another version.")


async def test_a_token_that_is_not_ours_makes_a_stranger(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
    other = "x" if browser.token[-1] != "x" else "y"
    for token in ("", "shop/abc", "shop/abc.forged", f"{browser.token[:-1]}{other}"):
        async with live.browser(token) as stranger:
            await stranger.frame("new")
            assert stranger.token not in (token, browser.token)


async def test_a_token_of_one_entry_opens_no_other(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
    conversation = live.site.chat.open(live.site.entries["phone"], browser.token)
    assert conversation.visitor not in browser.token


async def test_a_message_has_a_length(live: Live) -> None:
    wrong = {"": "empty", "  ": "empty", "가" * 1366: "too_long", "a" * 4097: "too_long"}
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        for text, reason in wrong.items():
            await browser.send(type="say", id="m1", text=text)
            assert (await browser.frame("refused"))["reason"] == reason
        await browser.say("a" * 4096, "m1")
        await browser.hear("a" * 4096)


async def test_eleven_messages_in_ten_seconds_are_one_too_many(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        await browser.say("person", "m0")
        for number in range(1, 10):
            await browser.say("hello", f"m{number}")
        await browser.send(type="say", id="m10", text="hello")
        refused = await browser.frame("refused")
        assert (refused["reason"], refused["id"]) == ("too_fast", "m10")
        assert 0 < refused["wait_s"] <= 10


async def test_too_many_new_contacts_are_told_to_wait(live: Live) -> None:
    live.site.reception.rate.limit = 1
    first = await live.client.post("/chat/shop/act", json={"type": "start", "id": "1"})
    assert first.status_code == 200
    second = await live.client.post("/chat/shop/act", json={"type": "start", "id": "2"})
    assert second.status_code == 429
    assert second.headers["Retry-After"] == "1"
    assert (await live.text("hello", "SM1")).status_code == 429


async def test_after_the_end_nothing_is_taken_until_a_new_start(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        await browser.send(type="leave", id="l1")
        await browser.hear("ended")
        await browser.send(type="say", id="m1", text="hello")
        assert (await browser.frame("refused"))["reason"] == "over"
        await browser.start("s2")
        assert browser.texts == ["Hello. What can we do?"]


async def test_a_frame_that_is_none_ends_the_line(live: Live) -> None:
    for frame in ("no json", "[]", '{"type": 5}', "{}", "x" * 40_000, b"\xff"):
        async with live.browser() as browser:
            await browser.frame("new")
            await browser.socket.send(frame)
            with pytest.raises(ConnectionClosed):
                await browser.frame("never")


async def test_an_unknown_chat_is_refused(live: Live) -> None:
    assert (await live.client.get("/chat/nowhere")).status_code == 404
    assert (await live.client.get("/chat/phone")).status_code == 404


async def test_without_sockets_plain_requests_do(live: Live) -> None:
    answer = (await live.client.get("/chat/shop/lines")).json()
    assert answer["type"] == "new"
    token = answer["token"]
    act = {"type": "start", "id": "1", "token": token}
    await live.client.post("/chat/shop/act", json=act)
    query = {"token": token}
    frame = (await live.client.get("/chat/shop/lines", params=query)).json()
    assert [line["text"] for line in frame["lines"]] == ["Hello. What can we do?"]
    query |= {"contact": frame["contact"], "after": frame["lines"][-1]["id"]}
    waiting = asyncio.create_task(live.client.get("/chat/shop/lines", params=query, timeout=10))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    said = {"type": "say", "id": "2", "token": token, "text": "order"}
    await live.client.post("/chat/shop/act", json=said)
    frame = (await waiting).json()
    assert [line["text"] for line in frame["lines"]] == ["order", "Tell me about it."]


async def test_the_page_holds_what_the_project_says_as_text(live: Live) -> None:
    page = (await live.client.get("/chat/shop")).text
    assert "Acorn &lt;Store&gt;" in page
    assert "<Store>" not in page


async def test_a_visitor_and_an_agent_talk(live: Live) -> None:
    host = live.site.host
    await host.post("agent/ann", host.event("SetState", id="1", state="available"))
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        await browser.say("person", "m1")
        await browser.hear("queued")
        await live.settle()
        offer = "Desk/1"
        await host.post("agent/ann", host.event("Accept", id="2", offer=offer))
        assert (await browser.hear("joined"))["name"] == "Ann"
        contact = (await live.site.store.entities("contact/"))[0][0].removeprefix("contact/")
        await host.post("agent/ann", host.event("Say", id="3", contact=contact, text="Hi <b>"))
        assert (await browser.hear("Hi <b>"))["name"] == "Ann"
        await browser.say("hello Ann", "m2")
        await host.post("agent/ann", host.event("Close", id="4", contact=contact))
        await browser.hear("ended")
