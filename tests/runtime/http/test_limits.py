"""Every limit below, at and above what it allows. A limit without a case here fails the suite."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from blocks.catalogue import catalogue
from flowlang import effects as out
from flowlang import events as in_
from flowlang.block import Move, View, Wait
from flowlang.checks import check
from flowlang.project.model import FUNCTION_TIMEOUT_S_MAX
from flowlang.syntax.parser import parse
from runtime import limits
from runtime.contact import Contact
from runtime.contacts import ContactEntity
from runtime.engine import Turn, World, advance, new_contact
from runtime.host import Body, Host
from runtime.program import compile_text
from runtime.services.functions import FunctionError, Functions
from runtime.services.local import worker
from runtime.services.local.functions import LocalFunctions
from runtime.stores import Parcel
from runtime.stores.sqlite import SqliteStore
from runtime.versions import Sources, Version
from tests.runtime.http.conftest import Live
from tests.runtime.http.test_files import test_limits_of_files

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SORRY = '\n\nsorry:\n  ask "Sorry."\n    on timeout, no_match -> hang_up\n'
AROUND = (-1, 0, 1)
"""Below, at and above."""


def begin(body: str, *, channel: str = "voice", **values: Any) -> Turn:
    text = f"flow f\n  on error -> sorry\n\n{body}{SORRY}"
    program = compile_text(text, catalogue())
    started = in_.Started(id="0", at=NOON, channel=channel)
    contact = new_contact("c", program, started)
    vars(contact).update(values)
    return advance(program, contact, started, World())


def said(turn: Turn) -> list[str]:
    return [effect.text for _, effect in turn.effects if isinstance(effect, out.Say)]


def is_refused(turn: Turn) -> bool:
    """The flow's `on error` took over."""
    return said(turn) == ["Sorry."] and bool(turn.notes)


# --- the cases ------------------------------------------------------------------------------------
# Each is told how far from its limit to go, and says whether it was refused.

Case = Callable[[int], bool]


def steps_without_wait(off: int) -> bool:
    before = limits.STEPS_WITHOUT_WAIT_MAX + off - 1
    steps = "  set n: 1\n" * before
    return is_refused(begin(f'attribute n: integer = 0\n\nstart:\n{steps}  ask "Yes?"\n'
                            "    on timeout, no_match -> hang_up\n"))  # fmt: skip


def steps_per_contact(off: int) -> bool:
    taken = limits.STEPS_PER_CONTACT_MAX + off - 1
    body = 'start:\n  ask "Yes?"\n    on timeout, no_match -> hang_up\n'
    return is_refused(begin(body, steps=taken))


def values_bytes(off: int) -> bool:
    """What a contact knows and what is set of it, as JSON."""
    room = limits.VALUES_BYTES_MAX - len(b'[{"a":"","b":0},{},{}]')
    body = 'attribute a: text = ""\nattribute b: integer = 0\n\nstart:\n  set b: 1\n  -> hang_up\n'
    return bool(begin(body, values={"a": "x" * (room + off), "b": 0}).notes)


def memory_bytes(off: int) -> bool:
    program = compile_text("flow f\n  on error -> hang_up\n\nstart:\n  ask \"x\"\n"
                           "    on timeout, no_match -> hang_up\n", catalogue())  # fmt: skip
    step = next(iter(program.steps.values()))
    room = limits.MEMORY_BYTES_MAX - len(b'{"m":""}')

    class Forgetful(step.block):  # type: ignore[name-defined,misc]
        @staticmethod
        def start(params: Any, view: View) -> Move:
            return Wait(memory={"m": "x" * (room + off)})

    steps = {**program.steps, step.id: replace(step, block=Forgetful)}
    contact = Contact(id="c", program="p", channel="voice")
    started = in_.Started(id="0", at=NOON, channel="voice")
    turn = advance(replace(program, steps=steps), contact, started, World())
    return turn.contact.wait is None


def typed_ahead(off: int) -> bool:
    """Answers beyond those that are kept are dropped; the contact goes on."""
    program = compile_text('flow f\n  on error -> hang_up\n\nfunction crm = "crm" () -> (a: text)\n'
                           "\nstart:\n  crm\n  -> hang_up\n", catalogue())  # fmt: skip
    started = in_.Started(id="0", at=NOON, channel="voice")
    contact = advance(program, new_contact("c", program, started), started, World()).contact
    count = limits.TYPED_AHEAD_MAX + off
    for number in range(count):
        heard = in_.Heard(id=str(number + 1), at=NOON, text="1", by="digits")
        contact = advance(program, contact, heard, World()).contact
    return len(contact.typed_ahead) < count


def frames(off: int) -> bool:
    depth = limits.FRAMES_MAX + off
    flows = {"main.flow": 'flow main\n  on error -> sorry\n\nmodule m0 = "m0"\n\nstart:\n'
                          "  m0\n"
                          '    on error -> sorry\n  play "Back."\n  -> hang_up\n'
                          f"{SORRY}"}  # fmt: skip
    for number in range(depth):
        inside = f'module m{number + 1} = "m{number + 1}"\n\nstart:\n  m{number + 1}\n' \
                 "    on error -> up\n  return\n\nup:\n  return error\n"  # fmt: skip
        last = "start:\n  return\n"
        body = last if number == depth - 1 else inside
        flows[f"m{number}.flow"] = f"module m{number}\n\n{body}"
    version = Version(Sources(flows=flows, entries={"main": "main.flow"}), catalogue())
    program = version.program("main.flow")
    assert program is not None
    started = in_.Started(id="0", at=NOON, channel="voice")
    turn = advance(program, new_contact("c", program, started), started, World())
    assert said(turn) in (["Back."], ["Sorry."])
    return said(turn) == ["Sorry."]


def moves_kept(off: int) -> bool:
    """Above it a move is worked out again, which nobody notices."""
    program = compile_text("flow f\n  on error -> hang_up\n\nstart:\n  ask \"x\"\n"
                           "    on timeout, no_match -> hang_up\n", catalogue())  # fmt: skip
    step = next(iter(program.steps.values()))
    count = limits.MOVES_KEPT_MAX + off
    for number in range(count):
        started = in_.Started(id="0", at=NOON, channel="voice", language=f"l{number}")
        turn = advance(program, new_contact("c", program, started), started, World())
        assert said(turn) == ["x"]
    return len(step.plans) < count


def repeat_count(off: int) -> bool:
    """0 to 100 times, says the block; what is out of it does not pass the checks."""
    text = f"flow f\n  on error -> hang_up\n\nstart:\n  repeat {100 + off}\n" \
           "    on again -> start\n" \
           "    on done -> hang_up\n"  # fmt: skip
    problems = check(parse(text), catalogue()).problems
    return any(problem.severity == "error" for problem in problems)


CASES: dict[str, Case] = {
    "STEPS_WITHOUT_WAIT_MAX": steps_without_wait,
    "STEPS_PER_CONTACT_MAX": steps_per_contact,
    "VALUES_BYTES_MAX": values_bytes,
    "MEMORY_BYTES_MAX": memory_bytes,
    "TYPED_AHEAD_MAX": typed_ahead,
    "FRAMES_MAX": frames,
    "MOVES_KEPT_MAX": moves_kept,
    "repeat": repeat_count,
}


@pytest.mark.parametrize("off", AROUND, ids=["below", "at", "above"])
@pytest.mark.parametrize("name", CASES)
def test_what_a_flow_does(name: str, off: int) -> None:
    assert CASES[name](off) == (off > 0)


# --- time -----------------------------------------------------------------------------------------


class Quiet:
    """A queue that never says anything."""

    def decide(self, name: str, state: bytes | None, event: Body) -> None:
        return None


async def age(folder: Path, channel: str, age_s: int) -> None:
    """A contact that nobody ends ends by itself, and the customer hears that it did."""
    program = compile_text("flow f\n  on error -> hang_up\n\nstart:\n  hang_up\n", catalogue())
    now, performed = NOON, list[str]()

    async def take(parcel: Parcel) -> None:
        performed.append(parcel.body["effect"])

    store = SqliteStore(folder / f"{channel}.db")
    entities = {"contact": ContactEntity(lambda _: program, World()), "queue": Quiet()}
    host = Host(store, entities, {"customer": take}, clock=lambda: now)
    waits = {"queue": "Q", "waiting_since": NOON.isoformat()}
    await host.post("contact/c", host.event("Started", id="1", channel=channel, **waits))
    for off, status in ((-1, "queued"), (0, "ended"), (1, "ended")):
        now = NOON + timedelta(seconds=age_s + off)
        await host._fire_all()
        await host.idle()
        found = await store.load("contact/c")
        assert found is not None
        contact = Contact.from_bytes(found[1])
        assert contact.status == status
        assert contact.reason == ("expired" if status == "ended" else "")
    assert performed == ["HangUp"]
    assert await store.next_due() is None
    await host.stop()
    await store.close()


async def test_age(tmp_path: Path) -> None:
    await age(tmp_path, "voice", limits.VOICE_AGE_MAX_S)
    await age(tmp_path, "sms", limits.CHAT_AGE_MAX_S)
    assert (limits.VOICE_AGE_MAX_S, limits.CHAT_AGE_MAX_S) == (86_400, 30 * 86_400)


async def test_a_message_ends_no_contact_later_than_the_deadline(tmp_path: Path) -> None:
    """The deadline is that of the first turn, whatever happens on the way."""
    text = 'flow f\n  on error -> hang_up\n\nstart:\n  ask "Yes?"\n' \
           '    on "1" -> start\n    on timeout, no_match -> start\n'  # fmt: skip
    program = compile_text(text, catalogue())
    now = NOON

    async def take(parcel: Parcel) -> None:
        return None

    store = SqliteStore(tmp_path / "s.db")
    host = Host(store, {"contact": ContactEntity(lambda _: program, World())},
                {"customer": take}, clock=lambda: now)  # fmt: skip
    await host.post("contact/c", host.event("Started", id="1", channel="chat"))
    now += timedelta(days=29)
    await host.post("contact/c", host.event("Heard", id="2", text="1"))
    await host.idle()
    due = [each.due for each in await store.due(10**12, 9) if each.timer == "deadline"]
    assert due == [(NOON + timedelta(days=30)).timestamp()]
    await host.stop()
    await store.close()


async def test_event_ids(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "s.db")
    for off in AROUND:
        await store._execute("insert into seen values(?, ?)",
                             (str(off), 1e9 + limits.SEEN_EVENT_S - off))  # fmt: skip
    await store.forget_old_events(1e9 + 2 * limits.SEEN_EVENT_S)
    left = store._reader.execute("select event from seen order by at desc").fetchall()
    assert left == [("-1",), ("0",)]
    await store.close()


# --- functions ------------------------------------------------------------------------------------

FUNCTIONS = """
import time

def sleeps(seconds):
    time.sleep(seconds)
    return {"slept": seconds}

def says(size):
    return {"x": "a" * (size - len('{"x": ""}'))}
"""


async def test_functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f.py").write_text(FUNCTIONS)
    functions = LocalFunctions(tmp_path, {name: f"f.py:{name}" for name in ("sleeps", "says")})
    assert FUNCTION_TIMEOUT_S_MAX == limits.FUNCTION_TIMEOUT_S_MAX == 8
    assert out.CallFunction(function="f").timeout_s == 3
    for off in (-1, 0):
        size = limits.FUNCTION_ANSWER_BYTES_MAX + off
        assert len((await functions.call("says", {"size": size}))["x"]) == size - 9
    with pytest.raises(FunctionError, match="longer than 32768 bytes"):
        await functions.call("says", {"size": limits.FUNCTION_ANSWER_BYTES_MAX + 1})
    assert worker.ANSWER_BYTES_MAX == limits.FUNCTION_ANSWER_BYTES_MAX
    monkeypatch.setattr("runtime.services.local.functions.TIMEOUT_S_MAX", 0.5)
    assert await functions.call("sleeps", {"seconds": 0.01}, timeout_s=60)
    with pytest.raises(FunctionError) as refused:
        await functions.call("sleeps", {"seconds": 30}, timeout_s=60)
    assert refused.value.reason == "timeout"
    await functions.close()
    assert Functions({}) is not None


# --- from outside ---------------------------------------------------------------------------------


async def test_messages(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        await browser.say("person", "m0")
        await browser.send(type="say", id="long", text="a" * (limits.MESSAGE_BYTES_MAX + 1))
        assert (await browser.frame("refused"))["reason"] == "too_long"
        for number, off in enumerate((-1, 0)):
            await browser.say("a" * (limits.MESSAGE_BYTES_MAX + off), f"l{number}")
        for number in range(3, limits.MESSAGES_MAX):
            await browser.say("hello", f"m{number}")
        await browser.send(type="say", id="more", text="hello")
        assert (await browser.frame("refused"))["reason"] == "too_fast"
        now = live.site.chat._rate.clock()
        live.site.chat._rate.clock = lambda: now + limits.MESSAGES_WINDOW_S
        await browser.say("hello", "later")


async def test_new_contacts(live: Live) -> None:
    live.site.reception.rate.clock = lambda: 1.0

    async def start(number: int) -> int:
        answer = await live.client.post(
            "/chat/shop/act", json={"type": "start", "id": f"s{number}"}
        )
        if answer.status_code == 429:
            assert answer.headers["Retry-After"] == "1"
        return answer.status_code

    statuses = [await start(number) for number in range(limits.NEW_CONTACTS_MAX + 1)]
    assert statuses == [200] * limits.NEW_CONTACTS_MAX + [429]
    live.site.reception.rate.clock = lambda: 2.1
    assert await start(999) == 200


async def test_starts_of_one_address(live: Live) -> None:
    """Nobody takes up what all the others could begin."""
    live.site.chat.starts.clock = lambda: 1.0

    async def start(number: int, address: str) -> int:
        answer = await live.client.post(
            "/chat/shop/act", json={"type": "start", "id": f"s{number}"},
            headers={"X-Forwarded-For": address},
        )  # fmt: skip
        return answer.status_code

    most = limits.STARTS_PER_ADDRESS_MAX
    statuses = [await start(number, "203.0.113.7") for number in range(most + 1)]
    assert statuses == [200] * most + [429]
    assert await start(0, "203.0.113.8") == 200
    live.site.chat.starts.clock = lambda: 1.1 + limits.STARTS_WINDOW_S
    assert await start(999, "203.0.113.7") == 200


async def test_sockets_of_one_address(live: Live) -> None:
    url, sockets = f"{live.url.replace('http', 'ws')}/ws/chat/shop", live.site.chat.sockets
    assert sockets.limit == limits.SOCKETS_PER_ADDRESS_MAX
    sockets.limit = 2

    def come(address: str) -> connect:
        return connect(url, additional_headers={"X-Forwarded-For": address})

    # Of one household, whatever the second half of the address says.
    async with come("2001:db8::1"), come("2001:db8::2:0:0:2"):
        with pytest.raises(InvalidStatus) as refused:
            async with come("2001:db8::3"):
                pass
        assert refused.value.response.status_code == 403
        async with come("2001:db8:0:1::1"), live.browser() as browser:
            await browser.frame("new")
    async with asyncio.timeout(10):
        while sockets._there:
            await asyncio.sleep(0.01)


async def test_webhooks(live: Live) -> None:
    for off, status in zip(AROUND, (403, 403, 413), strict=True):
        body = b"x" * (limits.WEBHOOK_BYTES_MAX + off)
        answer = await live.client.post("/webhooks/twilio", content=body)
        assert answer.status_code == status


async def test_requests(live: Live) -> None:
    for off in AROUND:
        body = b" " * (limits.API_BYTES_MAX + off - 2) + b"{}"
        headers = {"content-type": "application/json"}
        answer = await live.client.post("/chat/shop/act", content=body, headers=headers)
        assert (answer.status_code == 413) == (off > 0)


WITH_TESTS_OF_THEIR_OWN: dict[str, Callable[..., Awaitable[None]]] = {
    "VOICE_AGE_MAX_S": test_age,
    "CHAT_AGE_MAX_S": test_age,
    "SEEN_EVENT_S": test_event_ids,
    "FUNCTION_TIMEOUT_S_MAX": test_functions,
    "FUNCTION_ANSWER_BYTES_MAX": test_functions,
    "MESSAGE_BYTES_MAX": test_messages,
    "MESSAGES_MAX": test_messages,
    "MESSAGES_WINDOW_S": test_messages,
    "NEW_CONTACTS_MAX": test_new_contacts,
    "STARTS_PER_ADDRESS_MAX": test_starts_of_one_address,
    "STARTS_WINDOW_S": test_starts_of_one_address,
    "SOCKETS_PER_ADDRESS_MAX": test_sockets_of_one_address,
    "WEBHOOK_BYTES_MAX": test_webhooks,
    "API_BYTES_MAX": test_requests,
    "FILE_BYTES_MAX": test_limits_of_files,
    "FILES_MAX": test_limits_of_files,
}


def test_no_limit_is_without_a_test() -> None:
    known = {name for name in vars(limits) if name.isupper()}
    assert known == (CASES.keys() | WITH_TESTS_OF_THEIR_OWN.keys()) - {"repeat"}
    assert asyncio.iscoroutinefunction(test_age)
