"""Requests go to listed hosts at checked addresses, and answers have an end."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import orjson
import pytest

from runtime.services.asked import Question, Refused
from runtime.services.endpoints import Endpoints, HttpService
from runtime.services.functions import FunctionError
from runtime.services.web import Allowed, NoAnswer, NotAllowed, Web, WebhookSigner, resolve

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
Reply = Callable[[bytes], Awaitable[bytes] | bytes]


class Server:
    """A loopback server that answers raw bytes and remembers what it was sent."""

    def __init__(self) -> None:
        self.reply: Reply = lambda request: b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
        self.requests: list[bytes] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                 if line.startswith(b"content-length")), 0,
            )  # fmt: skip
            request = head + await reader.readexactly(length)
            self.requests.append(request)
            answer = self.reply(request)
            writer.write(await answer if isinstance(answer, Awaitable) else answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    yield server
    listening.close()


def names(**addresses: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    async def look_up(host: str, port: int) -> Sequence[str]:
        return addresses[host.replace(".", "_")]

    return look_up


@asynccontextmanager
async def web_to(
    server: Server, *, networks: tuple[str, ...] = ("127.0.0.1/32",), at: str = "127.0.0.1"
) -> AsyncIterator[Web]:
    allowed = Allowed(hosts=(f"crm.test:{server.port}",), networks=networks)
    async with Web(allowed, resolve=names(crm_test=[at])) as web:
        yield web


async def test_a_listed_host_is_asked_under_its_own_name(server: Server) -> None:
    async with web_to(server) as web:
        answer = await web.request("get", f"http://crm.test:{server.port}/a?b=1", timeout_s=3)
    assert (answer.status, answer.body) == (200, b"{}")
    assert server.requests[0].startswith(b"GET /a?b=1 HTTP/1.1\r\n")
    assert f"host: crm.test:{server.port}".encode() in server.requests[0].lower()


@pytest.mark.parametrize(
    "url",
    [
        "http://other.test/", "https://crm.test.evil.test/", "https://crm.test@evil.test/",
        "https://evil.test#crm.test", "https://evil.test\\@crm.test/", "ftp://crm.test/",
        "file:///etc/passwd", "https://", "crm.test", "", "https://crm.test:8443/",
        "https://user:pass@crm.test/", "https://xcrm.test/", "https://[::1]/",
        "https://api.example.com.evil.test/", "https://example.com/",
        "https://crm.test/" + "a" * 5000,
    ],
)  # fmt: skip
async def test_other_hosts_are_refused(url: str) -> None:
    allowed = Allowed(hosts=("crm.test", "*.example.com"))
    async with Web(allowed, resolve=names()) as web:
        with pytest.raises(NotAllowed):
            await web.request("get", url, timeout_s=3)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("crm.test", "https://CRM.test./x"),
        ("*.example.com", "https://api.example.com/"),
        ("crm.test:8443", "https://crm.test:8443/"),
        ("crm.test", "https://crm.test:443/"),
        ("[::1]:9000", "http://[::1]:9000/"),
    ],
)
async def test_what_is_listed_is_found(entry: str, url: str) -> None:
    import httpx

    assert Allowed(hosts=(entry,)).host(httpx.URL(url))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.0.8",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
        "fd00:ec2::254",
    ],
)  # fmt: skip
async def test_no_name_leads_to_an_address_that_is_not_public(address: str) -> None:
    allowed = Allowed(hosts=("crm.test",))
    async with Web(allowed, resolve=names(crm_test=["93.184.216.34", address])) as web:
        with pytest.raises(NotAllowed, match="not public"):
            await web.request("get", "https://crm.test/", timeout_s=3)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
async def test_other_spellings_of_this_machine_are_seen_through(host: str) -> None:
    """Even if somebody lists them: what counts is where they lead."""
    async with Web(Allowed(hosts=(host,)), resolve=resolve) as web:
        with pytest.raises((NotAllowed, NoAnswer)):
            await web.request("get", f"https://{host}/", timeout_s=3)


async def test_a_name_is_resolved_once_and_the_checked_address_is_used(server: Server) -> None:
    asked: list[str] = []

    async def changing(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    allowed = Allowed(hosts=(f"crm.test:{server.port}",), networks=("127.0.0.1/32",))
    async with Web(allowed, resolve=changing) as web:
        await web.request("get", f"http://crm.test:{server.port}/", timeout_s=3)
        assert (asked, len(server.requests)) == (["crm.test"], 1)
        with pytest.raises(NotAllowed):
            await web.request("get", f"http://crm.test:{server.port}/", timeout_s=3)
    assert len(server.requests) == 1


async def test_a_public_host_is_asked_over_https_only() -> None:
    async with Web(Allowed(hosts=("crm.test",)), resolve=names(crm_test=["93.184.216.34"])) as web:
        with pytest.raises(NotAllowed, match="https"):
            await web.request("get", "http://crm.test/", timeout_s=3)


async def test_the_name_of_the_host_is_what_its_certificate_must_show() -> None:
    """The server name that TLS asks for is the host's, not the address that was checked."""
    shown: list[str] = []
    heard = asyncio.Event()

    async def hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = lambda _, name, __: shown.append(name)
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        incoming.write(await reader.read(4096))
        try:
            tls.do_handshake()
        except ssl.SSLError:
            heard.set()
        writer.close()

    listening = await asyncio.start_server(hello, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    allowed = Allowed(hosts=(f"crm.test:{port}",), networks=("127.0.0.0/8",))
    async with Web(allowed, resolve=names(crm_test=["127.0.0.1"])) as web:
        with pytest.raises(NoAnswer):
            await web.request("get", f"https://crm.test:{port}/", timeout_s=3)
    await heard.wait()
    listening.close()
    assert shown == ["crm.test"]


async def test_redirects_are_answers_and_not_followed(server: Server) -> None:
    server.reply = lambda _: (
        b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n"
    )
    async with web_to(server) as web:
        answer = await web.request("get", f"http://crm.test:{server.port}/", timeout_s=3)
    assert (answer.status, len(server.requests)) == (302, 1)


async def test_no_cookie_is_kept(server: Server) -> None:
    server.reply = lambda _: b"HTTP/1.1 200 OK\r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n"
    async with web_to(server) as web:
        for _ in range(2):
            await web.request("get", f"http://crm.test:{server.port}/", timeout_s=3)
    assert b"cookie" not in server.requests[1].lower()


async def test_the_flow_cannot_change_where_a_request_goes(server: Server) -> None:
    async with web_to(server) as web:
        headers = {"Host": "evil.test", "content-length": "5", "x-own": "yes"}
        await web.request("get", f"http://crm.test:{server.port}/", headers=headers, timeout_s=3)
    assert b"evil" not in server.requests[0]
    assert b"x-own: yes" in server.requests[0]


@pytest.mark.parametrize(("size", "fits"), [(32_767, True), (32_768, True), (32_769, False)])
async def test_an_answer_has_a_limit(server: Server, size: int, fits: bool) -> None:
    server.reply = lambda _: b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size + b"a" * size
    async with web_to(server) as web:
        request = web.request("get", f"http://crm.test:{server.port}/", timeout_s=3)
        if fits:
            assert len((await request).body) == size
        else:
            with pytest.raises(NoAnswer, match="longer"):
                await request


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"not http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 1\r\n\r\na",
        b"HTTP/1.1 200 OK\r\nx: " + b"a" * 200_000 + b"\r\n\r\n",
    ],
)  # fmt: skip
async def test_a_broken_answer_is_none(server: Server, answer: bytes) -> None:
    server.reply = lambda _: answer
    async with web_to(server) as web:
        with pytest.raises(NoAnswer):
            await web.request("get", f"http://crm.test:{server.port}/", timeout_s=3)


async def test_an_answer_that_drips_runs_out_of_time(server: Server) -> None:
    async def drip(request: bytes) -> bytes:
        await asyncio.sleep(30)
        return b""

    server.reply = drip
    async with web_to(server) as web:
        with pytest.raises(TimeoutError):
            await web.request("get", f"http://crm.test:{server.port}/", timeout_s=0.1)


async def test_the_next_address_is_tried_when_nobody_listens(server: Server) -> None:
    allowed = Allowed(hosts=(f"crm.test:{server.port}",), networks=("127.0.0.0/8",))
    async with Web(allowed, resolve=names(crm_test=["127.0.0.2", "127.0.0.1"])) as web:
        answer = await web.request("get", f"http://crm.test:{server.port}/", timeout_s=3)
    assert answer.status == 200


def test_loopback_resolves_without_a_network() -> None:
    assert "127.0.0.1" in asyncio.run(resolve("127.0.0.1", 80))
    with pytest.raises(socket.gaierror):
        asyncio.run(resolve("no-such-host.invalid", 80))


# --- signatures -------------------------------------------------------------------------------


def test_the_published_vector_of_standard_webhooks() -> None:
    signer = WebhookSigner.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signer.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_two_secrets_sign_while_one_replaces_the_other() -> None:
    signer = WebhookSigner.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "", "whsec_AAAA")
    proofs = signer.headers("m", NOW, b"")["webhook-signature"].split()
    assert len(set(proofs)) == 2


# --- functions --------------------------------------------------------------------------------


def json(value: object, status: bytes = b"200 OK") -> bytes:
    body = orjson.dumps(value)
    return b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n%s" % (status, len(body), body)


@asynccontextmanager
async def endpoints(server: Server) -> AsyncIterator[Endpoints]:
    async with web_to(server) as web:
        urls = {"crm": f"http://crm.test:{server.port}/lookup", "evil": "https://evil.test/"}
        signer = WebhookSigner.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        yield Endpoints(web, urls, signer, clock=lambda: NOW)


async def test_a_function_is_posted_its_arguments_signed_and_keyed(server: Server) -> None:
    server.reply = lambda _: json({"tier": "gold"})
    async with endpoints(server) as functions:
        value = await functions.call("crm", {"phone": "+82", "이름": "김"}, key="c/1/0")
    assert value == {"tier": "gold"}
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert orjson.loads(body) == {"phone": "+82", "이름": "김"}
    assert b"idempotency-key: c/1/0" in head
    assert b"webhook-id: c/1/0" in head
    proof = functions.signer.headers("c/1/0", NOW, body)["webhook-signature"]
    assert f"webhook-signature: {proof}".encode() in head


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (json({}, b"500 Internal Server Error"), "failed"),
        (json({}, b"302 Found"), "failed"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno", "bad_answer"),
        (b"", "failed"),
    ],
)
async def test_a_bad_answer_has_a_reason(server: Server, answer: bytes, reason: str) -> None:
    server.reply = lambda _: answer
    async with endpoints(server) as functions:
        with pytest.raises(FunctionError) as caught:
            await functions.call("crm", {})
    assert caught.value.reason == reason


async def test_a_slow_a_foreign_and_an_unknown_function_fail(server: Server) -> None:
    async def wait(request: bytes) -> bytes:
        await asyncio.sleep(30)
        return b""

    server.reply = wait
    async with endpoints(server) as functions:
        for name, reason in [("crm", "timeout"), ("evil", "failed"), ("nobody", "unknown")]:
            with pytest.raises(FunctionError) as caught:
                await functions.call(name, {}, timeout_s=0.1)
            assert caught.value.reason == reason


async def test_no_content_is_an_empty_record(server: Server) -> None:
    server.reply = lambda _: b"HTTP/1.1 204 No Content\r\n\r\n"
    async with endpoints(server) as functions:
        assert await functions.call("crm", {}) == {}


# --- the service ------------------------------------------------------------------------------


def question(**arguments: object) -> Question:
    return Question(operation="request", arguments=arguments, key="c/2/0", at=NOW, timeout_s=2)


async def test_the_http_service_gives_status_and_body(server: Server) -> None:
    server.reply = lambda _: json({"ok": True}, b"404 Not Found")
    async with web_to(server) as web:
        service = HttpService(web, WebhookSigner(()))
        url = f"http://crm.test:{server.port}/orders/5"
        value = await service.answer(
            question(url=url, method="PUT", headers={"X-Trace": "1"}, body={"a": 1})
        )
    assert value == {"status": 404, "body": {"ok": True}}
    assert server.requests[0].startswith(b"PUT /orders/5")
    assert b"x-trace: 1" in server.requests[0]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({}, "invalid"),
        ({"url": "https://evil.test/"}, "unknown"),
        ({"url": "https://crm.test/", "method": "trace"}, "invalid"),
        ({"url": "https://crm.test/", "headers": {"a\r\nb": "c"}}, "invalid"),
        ({"url": "https://crm.test/", "headers": {"a": "b\r\nhost: evil"}}, "invalid"),
        (
            {"url": "https://crm.test/", "headers": dict.fromkeys(map(str, range(33)), "")},
            "invalid",
        ),
        ({"url": "https://crm.test/", "headers": []}, "invalid"),
    ],
)
async def test_the_http_service_refuses(arguments: dict[str, object], reason: str) -> None:
    async with Web(Allowed(hosts=("crm.test",))) as web:
        with pytest.raises(Refused) as caught:
            await HttpService(web, WebhookSigner(())).answer(question(**arguments))
    assert caught.value.reason == reason
