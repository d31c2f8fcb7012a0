"""Who is let in, and what browsers are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from runtime.security.rates import Rate
from runtime.security.signin import COOKIE
from runtime.security.tokens import Signer, installation_secret
from tests.runtime.http.conftest import Live


async def test_every_answer_is_careful(live: Live) -> None:
    for path in ("/chat/shop", "/go/X", "/health", "/sign-in/x", "/widget.js", "/nothing"):
        headers = (await live.client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"


async def test_our_pages_hold_no_script_of_their_own(live: Live) -> None:
    page = (await live.client.get("/chat/shop")).text
    assert page.count("<script") == 1
    assert "</script>" in page
    assert "style=" not in page


async def test_health_and_readiness(live: Live) -> None:
    assert (await live.client.get("/health")).status_code == 200
    assert (await live.client.get("/ready")).json() == {"ready": True}


async def test_the_interface_for_programs_wants_its_token(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
    found = (await live.site.store.entities("contact/"))[0][0].removeprefix("contact/")
    path = f"/api/v1/contacts/{found}"
    assert (await live.client.get(path)).status_code == 401
    monkeypatch.setenv("FLOWLANG_API_TOKEN", "secret")
    assert (await live.client.get(path)).status_code == 401
    wrong = {"authorization": "Bearer secre"}
    assert (await live.client.get(path, headers=wrong)).status_code == 401
    right = {"authorization": "Bearer secret"}
    described = (await live.client.get(path, headers=right)).json()
    assert described["status"] == "flow"
    assert described["transcript"][0]["text"] == "Hello. What can we do?"
    assert (await live.client.get("/api/v1/contacts/x", headers=right)).status_code == 404


async def test_a_link_signs_in_once_and_only_by_its_button(live: Live) -> None:
    links = await live.site.new_links()
    assert set(links) == {"ann", "admin"}
    path = links["ann"].removeprefix(live.url)
    for _ in range(2):
        assert (await live.client.get(path)).status_code == 200
    entered = await live.client.post(path)
    assert entered.status_code == 303
    assert entered.headers["location"] == "/desk"
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    session = entered.cookies[COOKIE]
    assert await live.site.sign_ins.person(session) == "ann"
    assert await live.site.sign_ins.person("x") is None
    assert (await live.client.post(path)).status_code == 403
    assert set(await live.site.new_links()) == {"admin"}
    live.client.cookies.set(COOKIE, session)
    await live.client.post("/sign-out")
    assert await live.site.sign_ins.person(session) is None


async def test_sessions_and_links_end(live: Live) -> None:
    sign_ins = live.site.sign_ins
    old = await sign_ins.new_link("ann")
    entered = await sign_ins.enter(await sign_ins.new_link("ann"))
    assert entered is not None
    clock = sign_ins.clock
    sign_ins.clock = lambda: clock() + timedelta(hours=25)
    assert await sign_ins.person(entered[1]) is None
    assert await sign_ins.enter(old) is None


async def test_the_store_holds_no_token_that_signs_in(live: Live) -> None:
    token = await live.site.sign_ins.new_link("ann")
    files = (live.folder / ".flowlang").glob("store.db*")
    assert not any(token.encode() in file.read_bytes() for file in files)


async def test_guesses_are_limited(live: Live) -> None:
    answers = [(await live.client.post("/sign-in/guess")).status_code for _ in range(11)]
    assert answers[-1] == 429


def test_a_rate_counts_in_a_window() -> None:
    now = [0.0]
    rate = Rate(2, 10, keys_max=2, clock=lambda: now[0])
    assert [rate.wait_s("a"), rate.wait_s("a"), rate.wait_s("a"), rate.wait_s("b")] == [0, 0, 10, 0]
    now[0] = 9.5
    assert rate.wait_s("a") == 1
    now[0] = 10
    assert rate.wait_s("a") == 0
    rate.wait_s("c")
    rate.wait_s("d")
    assert rate.wait_s("b") == 0


def test_tokens_are_for_one_purpose_and_one_secret() -> None:
    token = Signer(b"secret", "visitor").sign("a.b")
    assert Signer(b"secret", "visitor").read(token) == "a.b"
    assert Signer(b"secret", "session").read(token) is None
    assert Signer(b"other", "visitor").read(token) is None
    for index in range(len(token)):
        forged = token[:index] + ("x" if token[index] != "x" else "y") + token[index + 1 :]
        assert Signer(b"secret", "visitor").read(forged) is None


def test_an_installation_keeps_its_secret_to_itself(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "own" / "secret.key"
    secret = installation_secret(path)
    assert installation_secret(path) == secret
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("path", ["/nope", "/chat/nope", "/go"])
async def test_what_is_missing_is_told_by_a_page_of_ours(live: Live, path: str) -> None:
    answer = await live.client.get(path, headers={"accept": "text/html", "accept-language": "ko"})
    assert answer.status_code == 404
    assert "이 주소에는 페이지가 없습니다." in answer.text
    assert "unsafe" not in answer.headers["content-security-policy"]


async def test_a_program_is_told_in_json_what_is_missing(live: Live) -> None:
    answer = await live.client.get("/chat/nope", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/json")


async def test_programs_read_the_history_and_the_records(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWLANG_API_TOKEN", "secret")
    token = {"Authorization": "Bearer secret"}
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        await browser.send(type="leave", id="l1")
        await browser.hear("ended")
    await live.settle()
    for path in ("/api/v1/records", "/api/v1/contacts/x/history"):
        assert (await live.client.get(path)).status_code == 401
    (record,) = (await live.client.get("/api/v1/records", headers=token)).json()
    assert record["DisconnectReason"] == "CUSTOMER_DISCONNECT"
    ended = live.site.host.clock().timestamp() + 1
    later = await live.client.get(f"/api/v1/records?after={ended}", headers=token)
    assert later.json() == []
    path = f"/api/v1/contacts/{record['ContactId']}/history"
    lines = (await live.client.get(path, headers=token)).json()
    assert [line["happened"]["event"] for line in lines] == ["Started", "CustomerLeft"]
    assert lines[0]["done"][0]["text"] == "Hello. What can we do?"
    absent = await live.client.get("/api/v1/contacts/x/history", headers=token)
    assert absent.status_code == 404


async def test_what_was_kept_long_enough_is_gone(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        await browser.say("4929 1234 is my card", "m1")
        await browser.send(type="leave", id="l1")
        await browser.hear("ended")
    await live.settle()
    (name,) = [name for name, _ in await live.site.store.entities("contact/")]
    now = live.site.host.clock()
    days = live.site.project.retention.days
    live.site.host.clock = lambda: now + timedelta(days=days - 1)
    await live.site.tidy()
    assert await live.site.store.load(name) is not None
    live.site.host.clock = lambda: now + timedelta(days=days, minutes=1)
    await live.site.tidy()
    assert await live.site.store.load(name) is None
    assert await live.site.store.journal(name) == []
