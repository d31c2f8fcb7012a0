"""The interface for programs and for participants, against a project that is really served."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from runtime.http.programs import TOKENS, permissions_of
from tests.runtime.http.conftest import Live

PROGRAM = {"Authorization": "Bearer secret"}
CHAT = {
    "ContactFlowId": "shop",
    "ParticipantDetails": {"DisplayName": "Kim Minji"},
    "Attributes": {"tier": "gold"},
    "InitialMessage": {"ContentType": "text/plain", "Content": "Where is my parcel?"},
    "ClientToken": "order-1",
}


@pytest.fixture(autouse=True)
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in TOKENS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FLOWLANG_API_TOKEN", "secret")


async def post(live: Live, path: str, body: Any = None, **headers: str) -> httpx.Response:
    return await live.client.post(f"/api/v1{path}", json=body or {}, headers=headers or PROGRAM)


async def get(live: Live, path: str) -> Any:
    return (await live.client.get(f"/api/v1{path}", headers=PROGRAM)).json()


async def started(live: Live, **more: Any) -> dict[str, str]:
    answer = await post(live, "/contacts/chat", {**CHAT, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


async def connected(live: Live, **more: Any) -> dict[str, str]:
    """The headers of a participant with a connection."""
    token = (await started(live, **more))["ParticipantToken"]
    asked = {"Type": ["CONNECTION_CREDENTIALS", "WEBSOCKET"]}
    answer = await post(live, "/participant/connection", asked, **{"X-Amz-Bearer": token})
    found = answer.json()["ConnectionCredentials"]["ConnectionToken"]
    return {"Authorization": f"Bearer {found}"}


# --- starting -----------------------------------------------------------------------------------


async def test_a_program_starts_a_chat_and_speaks_for_its_customer(live: Live) -> None:
    answer = await started(live)
    assert answer.keys() == {"ContactId", "ParticipantId", "ParticipantToken"}
    contact = await live.site.reception.contact(answer["ContactId"])
    assert contact is not None
    assert (contact.name, contact.values["tier"]) == ("Kim Minji", "gold")
    me = await connected(live)
    sent = await post(
        live,
        "/participant/message",
        {"ContentType": "text/plain", "Content": "order", "ClientToken": "m1"},
        **me,
    )
    assert sent.json()["Id"] == "m1"
    await live.settle()
    page = (await post(live, "/participant/transcript", {"MaxResults": 2}, **me)).json()
    assert [item["Content"] for item in page["Transcript"]] == ["order", "Tell me about it."]
    assert [item["ParticipantRole"] for item in page["Transcript"]] == ["CUSTOMER", "SYSTEM"]
    earlier = {"MaxResults": 2, "NextToken": page["NextToken"]}
    page = (await post(live, "/participant/transcript", earlier, **me)).json()
    contents = [item["Content"] for item in page["Transcript"]]
    assert contents == ["Where is my parcel?", "Hello. What can we do?"]
    assert page["NextToken"] == ""
    assert (await post(live, "/participant/disconnect", **me)).json() == {}
    over = await post(
        live, "/participant/message", {"ContentType": "text/plain", "Content": "hello?"}, **me
    )
    assert (over.status_code, over.json()["reason"]) == (409, "over")


async def test_the_same_client_token_is_the_same_chat(live: Live) -> None:
    answers = await asyncio.gather(*(started(live) for _ in range(5)))
    assert all(answer == answers[0] for answer in answers)
    assert len(await live.site.store.entities("contact/")) == 1
    other = await post(live, "/contacts/chat", {**CHAT, "ContactFlowId": "shop", "Attributes": {}})
    assert (other.status_code, other.json()["reason"]) == (409, "token_used")
    again = await started(live, ClientToken="order-2")
    assert again["ContactId"] != answers[0]["ContactId"]


async def test_what_a_start_gives_opens_the_socket_of_the_chat(live: Live) -> None:
    token = (await started(live))["ParticipantToken"]
    async with live.browser(token) as browser:
        await browser.frame("welcome")
        assert browser.texts == ["Where is my parcel?", "Hello. What can we do?"]


async def test_a_task_comes_to_its_queue_once(live: Live) -> None:
    task = {"ContactFlowId": "shop", "Name": "Call the supplier", "Queue": "Desk",
            "Description": "It is late.", "ClientToken": "t1"}  # fmt: skip
    answers = [(await post(live, "/contacts/task", task)).json() for _ in range(2)]
    assert answers[0] == answers[1]
    path = f"/contacts/{answers[0]['ContactId']}"
    async with asyncio.timeout(10):
        while (found := await get(live, path)).get("status") != "queued":
            await asyncio.sleep(0.02)
    assert (found["channel"], found["queue"]) == ("task", "Desk")
    wrong = await post(live, "/contacts/task", {**task, "Queue": "None", "ClientToken": "t2"})
    assert (wrong.status_code, wrong.json()["reason"]) == (422, "unknown")


async def test_a_call_wants_a_telephone(live: Live) -> None:
    call = {"ContactFlowId": "shop", "DestinationPhoneNumber": "+821011112222"}
    answer = await post(live, "/contacts/outbound-voice", call)
    assert (answer.status_code, answer.json()["reason"]) == (404, "no_such_entry")
    bad = await post(live, "/contacts/outbound-voice", {**call, "DestinationPhoneNumber": "112"})
    assert bad.status_code == 422


async def test_more_starts_than_we_take_are_told_to_wait(live: Live) -> None:
    live.site.reception.rate.limit = 1
    await started(live)
    answer = await post(live, "/contacts/chat", {**CHAT, "ClientToken": "order-3"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    live.site.reception.rate.limit = 100
    await started(live, ClientToken="order-3")


# --- events and reading -------------------------------------------------------------------------


async def test_a_contact_hears_an_event_once(live: Live) -> None:
    contact = (await started(live))["ContactId"]
    path = f"/contacts/{contact}/events"
    event = {"Type": "message", "Content": "order", "ClientToken": "e1"}
    answers = [(await post(live, path, event)).json() for _ in range(2)]
    assert answers == [{"IsNew": True}, {"IsNew": False}]
    await live.settle()
    lines = (await get(live, f"/contacts/{contact}"))["transcript"]
    assert [line["text"] for line in lines][-2:] == ["order", "Tell me about it."]
    assert (await post(live, path, {"Type": "disconnect"})).json() == {"IsNew": True}
    over = await post(live, path, {"Type": "disconnect"})
    assert (over.status_code, over.json()["reason"]) == (409, "over")
    assert (await post(live, "/contacts/x/events", event)).status_code == 404
    long = await post(live, path, {"Type": "message", "Content": "가" * 1_366})
    assert long.status_code in (409, 413)


async def test_contacts_under_way_are_found(live: Live) -> None:
    first = (await started(live))["ContactId"]
    await started(live, ClientToken="order-2")
    await post(live, f"/contacts/{first}/events", {"Type": "message", "Content": "person"})
    await live.settle()
    assert (await get(live, "/contacts"))["count"] == 2
    found = await get(live, "/contacts?status=queued&queue=Desk&channel=chat&entry=shop")
    assert [one["id"] for one in found["contacts"]] == [first]
    assert (await get(live, "/contacts?limit=1"))["count"] == 2
    assert len((await get(live, "/contacts?limit=1"))["contacts"]) == 1
    assert (await get(live, "/contacts?agent=ann"))["count"] == 0


# --- who may ------------------------------------------------------------------------------------


async def test_every_refusal_says_why_in_json(live: Live) -> None:
    asked = [
        (401, "no_token", await live.client.get("/api/v1/contacts")),
        (401, "no_token", await post(live, "/contacts/chat", CHAT, Authorization="Bearer x")),
        (401, "no_token", await post(live, "/participant/message", Authorization="Bearer secret")),
        (404, "no_such_entry", await post(live, "/contacts/chat", {**CHAT, "ContactFlowId": "?"})),
        (404, "not_found", await live.client.get("/api/v1/nothing")),
        (405, "method_not_allowed", await live.client.delete("/api/v1/contacts")),
        (413, "too_large", await post(live, "/contacts/chat", {**CHAT, "x": "x" * 70_000})),
        (422, "invalid", await post(live, "/contacts/chat", {**CHAT, "Unknown": 1})),
        (422, "invalid", await post(live, "/contacts/chat", {**CHAT, "Attributes": {"a-b": ""}})),
    ]
    for status, reason, answer in asked:
        assert (answer.status_code, answer.json()["reason"]) == (status, reason), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]
    assert asked[-2][2].json()["faults"][0]["at"] == "Unknown"


async def test_a_body_is_counted_while_it_comes(live: Live) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b"x" * 1_000

    answer = await live.client.post("/api/v1/contacts/chat", content=endless(), headers=PROGRAM)
    assert answer.status_code == 413
    deep = "[" * 60_000
    answer = await live.client.post("/api/v1/contacts/chat", content=deep, headers=PROGRAM)
    assert answer.status_code == 422


async def test_tokens_have_permissions_and_a_predecessor(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWLANG_API_TOKEN_PREVIOUS", "before")
    monkeypatch.setenv("FLOWLANG_API_TOKEN_READ", "reader")
    before = {"Authorization": "Bearer before"}
    assert (await live.client.get("/api/v1/contacts", headers=before)).status_code == 200
    reader = {"Authorization": "Bearer reader"}
    assert (await live.client.get("/api/v1/contacts", headers=reader)).status_code == 200
    refused = await post(live, "/contacts/chat", CHAT, **reader)
    assert (refused.status_code, refused.json()["reason"]) == (403, "not_permitted")


def test_no_token_is_worth_nothing_and_neither_is_an_empty_one() -> None:
    assert permissions_of("", {"FLOWLANG_API_TOKEN": ""}) == frozenset()
    assert permissions_of("x", {}) == frozenset()
    assert permissions_of("키", {"FLOWLANG_API_TOKEN": "key"}) == frozenset()
    assert permissions_of("m", {"FLOWLANG_METRICS_TOKEN": "m"}) == {"metrics.read"}


async def test_a_connection_ends_after_a_day(live: Live) -> None:
    me = await connected(live)
    typing = {"ContentType": "application/vnd.amazonaws.connect.event.typing"}
    told: list[Any] = []
    live.site.chat.typing.watchers.append(lambda contact, side: told.append(side))
    assert (await post(live, "/participant/event", typing, **me)).status_code == 200
    assert told == ["customer"]
    clock = live.site.host.clock
    live.site.host.clock = lambda: clock() + timedelta(hours=25)
    assert (await post(live, "/participant/event", typing, **me)).status_code == 401


# --- the page -----------------------------------------------------------------------------------


async def test_the_page_shows_every_operation_with_an_example(live: Live) -> None:
    answer = await live.client.get("/api/docs")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    interface = (await live.client.get("/api/openapi.json")).json()
    for path, methods in interface["paths"].items():
        assert path.startswith("/api/v1/")
        assert path.replace("{", "").replace("}", "") in answer.text.replace("{", "").replace(
            "}", ""
        )
        for method, operation in methods.items():
            assert operation["description"]
            if method == "post" and not path.endswith("disconnect"):
                reference = operation["requestBody"]["content"]["application/json"]["schema"]
                schema = interface["components"]["schemas"][reference["$ref"].split("/")[-1]]
                assert schema["example"], path
    assert json.dumps("Kim Minji").replace('"', "&quot;") in answer.text
