"""One hostile contact does not slow the others, and a stop loses nobody."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from runtime.channels import webchat
from runtime.http.server import SOCKET_BYTES_MAX, server_config
from tests.runtime.http.conftest import FakeTwilio, Live, running


async def talks(live: Live, client_id: str = "s1") -> None:
    """Somebody else comes, says something and is answered."""
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start(client_id)
        await browser.say("order", "m1")
        await browser.hear("Tell me about it.")


async def test_a_flood_of_frames_is_one_senders_trouble(live: Live) -> None:
    async with live.browser() as flooder:
        await flooder.frame("new")
        await flooder.start()
        await flooder.say("person", "m")
        for number in range(2_000):
            await flooder.socket.send(json.dumps({"type": "say", "id": f"m{number}", "text": "x"}))
        await talks(live)
        assert (await flooder.frame("refused"))["reason"] == "too_fast"
    journal = await live.site.store.journal(
        next(name for name, _ in await live.site.store.entities("contact/"))
    )
    assert len(journal) < 50


async def test_whoever_does_not_read_is_let_go(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webchat, "OUTLINE_MAX", 3)
    chat = live.site.chat
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        contact = await chat.open(live.site.entries["shop"], browser.token).current()
        async with chat.listening(contact) as slow:
            for number in range(9):
                chat._watch(f"contact/{contact}", {"turn": number})
            assert slow.qsize() <= 3
            assert slow.get_nowait() is None
    async with live.browser(browser.token) as back:
        await back.frame("welcome")
        assert back.texts == ["Hello. What can we do?"]


async def test_hundreds_who_say_nothing_leave_room(live: Live) -> None:
    url = f"{live.url.replace('http', 'ws')}/ws/chat/shop"
    async with AsyncExitStack() as lines:
        for _ in range(300):
            await lines.enter_async_context(connect(url, compression=None))
        await talks(live)


@pytest.mark.parametrize(
    "frame", ["x" * (SOCKET_BYTES_MAX + 1), "[" * 60_000, '{"type":"say","text":"\\ud800"}', "{}"]
)
async def test_a_monstrous_frame_ends_its_own_line(live: Live, frame: str) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.socket.send(frame)
        with pytest.raises(ConnectionClosed):
            await browser.frame("never")
    await talks(live)


def test_the_server_is_set_up_for_many() -> None:
    config = server_config(None)
    assert config.ws_max_size == SOCKET_BYTES_MAX
    assert config.ws_per_message_deflate is False
    assert config.access_log is False


async def test_a_stop_lets_browsers_go_and_loses_nobody(project: Path) -> None:
    async with running(project, FakeTwilio()) as live, live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        live.site.chat.close()
        assert (await live.client.get("/ready")).status_code == 503
        assert (await live.client.get("/health")).status_code == 200
        with pytest.raises(ConnectionClosed) as closed:
            await browser.frame("never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
    async with running(project, FakeTwilio()) as again, again.browser(browser.token) as back:
        await back.frame("welcome")
        await back.say("order", "m1")
        await back.hear("Tell me about it.")


async def test_typing_is_told_and_not_written_down(live: Live) -> None:
    told: list[tuple[str, str]] = []
    live.site.chat.typing.watchers.append(lambda contact, side: told.append((contact, side)))
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        for _ in range(5):
            await browser.send(type="typing")
        await browser.say("order", "m1")
        ((name, _),) = await live.site.store.entities("contact/")
        contact = name.removeprefix("contact/")
        live.site.chat.typing.note(contact, "agent")
        await browser.frame("typing")
    assert told[0] == (contact, "customer")
    assert [side for _, side in told].count("customer") == 1
    journal = b"".join(await live.site.store.journal(name))
    assert b"yping" not in journal


async def test_a_start_in_the_middle_of_others_is_not_held_up(live: Live) -> None:
    await asyncio.gather(*(talks(live, f"s{number}") for number in range(20)))
    assert len(await live.site.store.entities("contact/")) == 20
