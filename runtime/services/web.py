"""Requests to hosts that a project lists, and to nobody else.

A name is resolved once, every address that it has is checked, and the connection goes to a checked
address: whoever changes the name's address in between changes nothing. Redirects are not followed,
compressed answers are not taken, answers are cut off at a limit.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from types import TracebackType
from typing import Literal, Self

import httpx

from flowlang.project.hosts import USUAL_PORTS, is_listed
from runtime.tls import trusted

ANSWER_BYTES_MAX = 32_768
URL_CHARACTERS_MAX = 4_096
Method = Literal["get", "post", "put", "patch", "delete"]
METHODS: tuple[Method, ...] = ("get", "post", "put", "patch", "delete")
IpAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
_NAT64 = IPv6Network("64:ff9b::/96")
# What older Pythons take for public.
_NOT_PUBLIC = (IPv6Network("64:ff9b:1::/48"), IPv4Network("192.0.0.0/24"))
_OWN_HEADERS = frozenset(
    ("host", "connection", "content-length", "transfer-encoding", "accept-encoding", "upgrade")
)


class NotAllowed(Exception):
    """The project does not let us go there."""


class NoAnswer(Exception):
    """Nothing came back that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Where requests may go."""

    hosts: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    """Addresses that are not public and may be reached nevertheless: `10.1.0.0/16`."""

    def host(self, url: httpx.URL) -> bool:
        return is_listed(self.hosts, url.scheme, url.host, url.port)

    def listed(self, address: IpAddress) -> bool:
        return any(address in ip_network(network) for network in self.networks)

    def address(self, address: IpAddress) -> bool:
        return _is_public(address) or self.listed(_plain(address))


def _plain(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, IPv6Address):
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _is_public(address: IpAddress) -> bool:
    plain = _plain(address)
    if any(plain in network for network in _NOT_PUBLIC):
        return False
    if isinstance(plain, IPv6Address) and plain.teredo is not None:
        return False
    return plain.is_global and not plain.is_multicast and not plain.is_reserved


async def resolve(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


# --- signatures -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WebhookSigner:
    """Standard Webhooks: over id, time and body, with every secret that is valid just now."""

    secrets: tuple[bytes, ...]

    @classmethod
    def of(cls, *secrets: str) -> Self:
        """From `whsec_…` and base64."""
        return cls(
            tuple(base64.b64decode(s.removeprefix("whsec_"), validate=True) for s in secrets if s)
        )

    def headers(self, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
        if not self.secrets:
            return {}
        time = str(int(at.timestamp()))
        signed = b".".join((message_id.encode(), time.encode(), body))
        proofs = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in self.secrets)
        return {
            "webhook-id": message_id,
            "webhook-timestamp": time,
            "webhook-signature": " ".join(f"v1,{base64.b64encode(p).decode()}" for p in proofs),
        }


# --- requests ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    content_type: str
    body: bytes


class Web:
    """Sends requests where it may. `close` it."""

    def __init__(
        self,
        allowed: Allowed,
        *,
        resolve: Resolve = resolve,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.allowed = allowed
        self._resolve = resolve
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            transport=transport,
            verify=trusted(),
            timeout=None,
            # Connections and cookies are per address here, and one address may serve many hosts.
            limits=httpx.Limits(max_keepalive_connections=0),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.aclose()

    async def request(
        self,
        method: Method,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout_s: float,
        bytes_max: int = ANSWER_BYTES_MAX,
    ) -> Answer:
        """The answer, whatever its status; or `NotAllowed`, `NoAnswer`, `TimeoutError`."""
        try:
            target = httpx.URL(url)
        except (httpx.InvalidURL, TypeError) as error:
            raise NotAllowed("this is no web address") from error
        async with asyncio.timeout(timeout_s):
            addresses = await self._checked(target, len(url))
            return await self._send(method, target, addresses, headers or {}, body, bytes_max)

    async def _checked(self, url: httpx.URL, characters: int) -> list[IpAddress]:
        """The addresses behind a host that may be reached, every one of them."""
        if url.scheme not in ("http", "https") or not url.host or url.userinfo:
            raise NotAllowed("a web address is https://host/path")
        if characters > URL_CHARACTERS_MAX:
            raise NotAllowed(f"the address is longer than {URL_CHARACTERS_MAX} characters")
        if not self.allowed.host(url):
            raise NotAllowed(f"{url.netloc.decode()} is not a host that the project lists")
        port = url.port or USUAL_PORTS[url.scheme]
        try:
            found = await self._resolve(url.host, port)
            addresses = [ip_address(item.partition("%")[0]) for item in found]
        except (OSError, ValueError) as error:
            raise NoAnswer(f"{url.host} has no address") from error
        for address in addresses:
            if not self.allowed.address(address):
                raise NotAllowed(f"{url.host} leads to {address}, which is not public")
        if url.scheme == "http" and not all(self.allowed.listed(_plain(a)) for a in addresses):
            raise NotAllowed("only https goes over a public network")
        if not addresses:
            raise NoAnswer(f"{url.host} has no address")
        return addresses

    async def _send(
        self,
        method: Method,
        url: httpx.URL,
        addresses: Sequence[IpAddress],
        headers: Mapping[str, str],
        body: bytes,
        bytes_max: int,
    ) -> Answer:
        own = {"host": url.netloc.decode(), "accept-encoding": "identity"}
        given = {k: v for k, v in headers.items() if k.lower() not in _OWN_HEADERS}
        trouble: Exception | None = None
        for address in addresses:
            request = self._client.build_request(
                method.upper(),
                url.copy_with(host=str(address)),
                headers={**given, **own},
                content=body,
                extensions={"sni_hostname": url.host},
            )
            try:
                response = await self._client.send(request, stream=True)
            except httpx.ConnectError as error:
                trouble = error
                continue
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                raise NoAnswer(str(error) or type(error).__name__) from error
            try:
                return await _read(response, bytes_max)
            except httpx.HTTPError as error:
                raise NoAnswer(str(error) or type(error).__name__) from error
            finally:
                await response.aclose()
        raise NoAnswer(f"{url.host} cannot be reached: {trouble}") from trouble


async def _read(response: httpx.Response, bytes_max: int) -> Answer:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise NoAnswer("the answer is compressed")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > bytes_max:
            raise NoAnswer(f"the answer is longer than {bytes_max} bytes")
    return Answer(
        status=response.status_code,
        content_type=response.headers.get("content-type", ""),
        body=bytes(body),
    )
