"""Files in a chat: sealed, looked at before they are taken, and only ever downloaded."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import httpx
import pytest

from runtime import limits
from runtime.attachments import Unwanted, kind_of, safe_name
from runtime.desk.agent import Agent
from runtime.security.signin import COOKIE
from tests.runtime.http.conftest import Browser, Live

PNG = b"\x89PNG\r\n\x1a\n" + b"a purple parcel" * 20


def office(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "x")
    return data.getvalue()


async def send(live: Live, browser: Browser, name: str, data: bytes, id: str) -> httpx.Response:
    return await live.client.post(
        "/chat/shop/files", params={"name": name, "id": id}, content=data,
        headers={"authorization": f"Bearer {browser.token}"},
    )  # fmt: skip


async def queued(browser: Browser) -> None:
    await browser.frame("new")
    await browser.start()
    await browser.say("person", "m0")
    await browser.hear("queued")


async def accepted(live: Live) -> str:
    """Ann takes the conversation, and is signed in in this client."""
    host = live.site.host
    await host.post("agent/ann", host.event("SetState", id="1", state="available"))
    await live.settle()
    await host.post("agent/ann", host.event("Accept", id="2", offer="Desk/1"))
    await live.settle()
    await signed_in(live, "ann")
    return (await live.site.store.entities("contact/"))[0][0].removeprefix("contact/")


async def test_a_file_goes_to_the_agent_and_one_comes_back(live: Live) -> None:
    async with live.browser() as browser:
        await queued(browser)
        contact = await accepted(live)
        assert (await send(live, browser, "parcel.png", PNG, "f1")).json()["type"] == "got"
        line = await browser.hear("parcel.png")
        assert line["file"] == {"id": line["file"]["id"], "contact": contact, "name": "parcel.png",
                                "type": "image/png", "size": len(PNG)}  # fmt: skip
        path = f"/files/{contact}"
        taken = await live.client.get(f"{path}/{line['file']['id']}")
        assert taken.content == PNG
        assert taken.headers["content-disposition"].startswith("attachment;")
        assert taken.headers["content-type"] == "application/octet-stream"
        assert "sandbox" in taken.headers["content-security-policy"]
        own = {"origin": live.url}
        given = await live.client.post(path, params={"name": "a.txt"}, content=b"hi", headers=own)
        assert given.status_code == 200
        back = await browser.hear("a.txt")
        assert (back["who"], back["name"]) == ("agent", "Ann")
        me = {"authorization": f"Bearer {browser.token}"}
        fetched = await live.client.get(f"/chat/shop/files/{back['file']['id']}", headers=me)
        assert fetched.content == b"hi"
        foreign = await live.client.post(path, params={"name": "a.txt"}, content=b"hi",
                                         headers={"origin": "http://evil"})  # fmt: skip
        assert foreign.status_code == 403


async def test_a_file_is_for_its_two_ends_alone(live: Live) -> None:
    async with live.browser() as browser, live.browser() as other:
        await queued(browser)
        await other.frame("new")
        await other.start()
        await send(live, browser, "a.txt", b"hello", "f1")
        file = (await browser.hear("a.txt"))["file"]["id"]
        contact = (
            await live.site.store.note("line", f"chat/shop/{visitor(browser)}") or b""
        ).decode()
        for token in ("", other.token, f"{browser.token}x"):
            headers = {"authorization": f"Bearer {token}"} if token else {}
            answer = await live.client.get(f"/chat/shop/files/{file}", headers=headers)
            assert answer.status_code in (401, 404)
        assert (await live.client.get(f"/files/{contact}/{file}")).status_code == 401
        await signed_in(live, "ann")
        assert (await live.client.get(f"/files/{contact}/{file}")).status_code == 403


async def test_a_file_of_before_is_read_by_whoever_has_the_customer_now(live: Live) -> None:
    """And by who supervises, which the audit log tells."""
    async with live.browser() as browser:
        await queued(browser)
        await send(live, browser, "a.txt", b"hello", "f1")
        file = (await browser.hear("a.txt"))["file"]
        path = f"/files/{file['contact']}/{file['id']}"
        await browser.send(type="leave", id="l1")
        await browser.hear("ended")
        await live.settle()
        await browser.start("again")
        await browser.say("person", "m1")
        await live.settle()
        host = live.site.host
        await host.post("agent/ann", host.event("SetState", id="1", state="available"))
        await live.settle()
        await signed_in(live, "ann")
        assert (await live.client.get(path)).status_code == 403
        offer = Agent.from_bytes((await live.site.store.load("agent/ann") or (0, b""))[1]).ringing
        assert offer is not None
        await host.post("agent/ann", host.event("Accept", id="2", offer=offer.offer))
        await live.settle()
        assert (await live.client.get(path)).content == b"hello"
        own = {"origin": live.url}
        given = await live.client.post(f"/files/{file['contact']}?name=b.txt", headers=own)
        assert given.status_code == 403
    audit = live.folder / ".flowlang" / "audit.jsonl"
    assert not audit.exists() or "file.read" not in audit.read_text()
    await signed_in(live, "admin")
    assert (await live.client.get(path)).content == b"hello"
    assert "file.read" in audit.read_text()


async def signed_in(live: Live, person: str) -> None:
    entered = await live.site.sign_ins.enter(await live.site.sign_ins.new_link(person))
    assert entered is not None
    live.client.cookies.set(COOKIE, entered[1])


def visitor(browser: Browser) -> str:
    return browser.token.rpartition(".")[0].partition("/")[2]


async def test_nothing_on_the_disk_can_be_read_and_retention_removes_it(live: Live) -> None:
    async with live.browser() as browser:
        await queued(browser)
        await send(live, browser, "parcel.png", PNG, "f1")
        await browser.hear("parcel.png")
        await browser.send(type="leave", id="l1")
        await browser.hear("ended")
    await live.settle()
    (folder,) = (live.folder / ".flowlang" / "attachments").iterdir()
    (file,) = folder.iterdir()
    assert b"purple" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    now = live.site.host.clock()
    await live.site.tidy()
    assert file.exists()
    live.site.host.clock = lambda: now + timedelta(days=366)
    await live.site.tidy()
    assert not folder.exists()


async def test_what_is_not_taken_is_told_why(live: Live) -> None:
    async with live.browser() as browser:
        await browser.frame("new")
        await browser.start()
        early = await send(live, browser, "a.txt", b"x", "f0")
        assert (early.status_code, early.json()["reason"]) == (409, "file_early")
        await browser.say("person", "m0")
        await browser.hear("queued")
        for data, status, reason in [
            (b"", 409, "file_empty"),
            (b"MZ\x90\x00\x03" * 9, 415, "file_type"),
            (b"x" * (limits.FILE_BYTES_MAX + 1), 413, "file_large"),
        ]:
            answer = await send(live, browser, "a.png", data, "f1")
            assert (answer.status_code, answer.json()["reason"]) == (status, reason)
    assert not (live.folder / ".flowlang" / "attachments").exists()


async def test_the_history_and_programs_see_no_key(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWLANG_API_TOKEN", "secret")
    async with live.browser() as browser:
        await queued(browser)
        await send(live, browser, "a.txt", b"hello", "f1")
        await browser.hear("a.txt")
        assert "key" not in browser.lines[-1]["file"]
    contact = (await live.site.store.entities("contact/"))[0][0].removeprefix("contact/")
    (kept,) = (await live.site.chat.files(contact)).values()
    for path in (f"/api/v1/contacts/{contact}", f"/api/v1/contacts/{contact}/history"):
        answer = await live.client.get(path, headers={"Authorization": "Bearer secret"})
        assert "a.txt" in answer.text
        assert kept.key not in answer.text


TAKEN: list[tuple[bytes, str]] = [
    (PNG, ".png"), (b"\xff\xd8\xff\xe0x", ".jpg"), (b"GIF89a..", ".gif"), (b"%PDF-1.7", ".pdf"),
    (b"RIFF0000WEBPVP8 ", ".webp"), ("안녕\n".encode(), ".txt"),
    (office("word/document.xml"), ".docx"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "ending"), TAKEN)
def test_a_file_is_what_its_content_says(data: bytes, ending: str) -> None:
    kind, found = kind_of(data)
    assert found == ending
    assert safe_name("a.exe", kind, found) == f"a.exe{ending}"


@pytest.mark.parametrize(
    "data", [b"\x7fELF", b"PK\x03\x04zip", office("word/vbaProject.bin"), b"\x00", b"a\x1b[31mb"]
)
def test_other_contents_are_not_taken(data: bytes) -> None:
    with pytest.raises(Unwanted):
        kind_of(data)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("D:\\papers\\note.csv", "note.csv"),
        ("a\u202egnp.txt", "agnp.txt"),
        ("", "file.txt"),
        ("\n\r\0", "file.txt"),
        ("<img src=x>.txt", "img src=x.txt"),
        ("x" * 500, "x" * 100 + ".txt"),
        ("영수증.txt", "영수증.txt"),
    ],
)
def test_a_name_hides_nothing(name: str, kept: str) -> None:
    assert safe_name(name, "text/plain", ".txt") == kept


async def test_limits_of_files(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILES_MAX", 2)
    async with live.browser() as browser:
        await queued(browser)
        answers: list[Any] = [
            (await send(live, browser, "a.txt", b"x", f"f{number}")).json() for number in range(3)
        ]
    assert [answer.get("reason") for answer in answers] == [None, None, "file_many"]
    kind_of(b"x" * limits.FILE_BYTES_MAX)
    with pytest.raises(Unwanted):
        kind_of(b"x" * (limits.FILE_BYTES_MAX + 1))
