"""What every vendor of a channel is to us: webhooks in, messages out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import orjson

from runtime.contact import Contact
from runtime.host import Body

JSON_DEPTH_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A webhook as it came, nothing of it believed yet."""

    url: str
    """As the vendor was told it: what some of them sign."""
    headers: Mapping[str, str]
    """With names in small letters."""
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of a customer."""

    id: str
    """The vendor's: the same when it is delivered again."""
    channel: str
    address: str
    to: str
    """The number or account of ours that was written to; empty if the vendor serves one only."""
    text: str
    name: str = ""
    is_choice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A vendor reports that a message of ours will never arrive."""

    channel: str
    id: str
    """The vendor's, of our message."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a webhook tells."""

    messages: tuple[Message, ...] = ()
    failed: tuple[Failed, ...] = ()


class Unreadable(Exception):
    """A genuine webhook that says nothing we understand."""


class Undeliverable(Exception):
    """A message will never arrive."""


class Adapter(Protocol):
    """One channel, outwards."""

    async def say(self, contact: Contact, key: str, effect: Body) -> str:
        """Send it; the vendor's name of the message, if it has one. Raises `NotNow` or
        `Undeliverable`."""
        ...

    async def hang_up(self, contact: Contact, key: str) -> None: ...


@runtime_checkable
class ByTemplate(Protocol):
    """A channel on which a business may begin, with a message approved beforehand."""

    async def say_by_template(
        self, address: str, template: str, language: str, text: str, key: str
    ) -> str: ...


@runtime_checkable
class CallAdapter(Adapter, Protocol):
    """A channel on which people speak."""

    async def bridge(self, contact: Contact, key: str, agent: str) -> None:
        """Let the caller and an agent hear each other."""
        ...

    async def record(self, contact: Contact, key: str, effect: Body) -> None: ...

    async def hold(self, contact: Contact, key: str, effect: Body) -> None:
        """Let the caller wait apart from the agent, or bring them back."""
        ...


class Provider(Adapter, Protocol):
    """One vendor: several channels may come from it."""

    @property
    def name(self) -> str:
        """As in `/webhooks/<name>`."""
        ...

    @property
    def channels(self) -> Sequence[str]: ...

    @property
    def answer(self) -> tuple[str, str]:
        """What a webhook is answered, and the type of it."""
        ...

    def is_genuine(self, delivery: Delivery) -> bool:
        """Whether the vendor sent it: decided on the raw bytes, whatever they say."""
        ...

    def news(self, delivery: Delivery) -> News:
        """What it tells; raises `Unreadable`."""
        ...

    def greet(self, query: Mapping[str, str]) -> str | None:
        """The answer to a vendor that asks whether we are who we say, or None."""
        ...

    async def close(self) -> None: ...


# --- secrets and proofs -------------------------------------------------------------------------


def secrets_named(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """A secret, and while it is rotated the one before it."""
    found = (environment.get(name, ""), environment.get(f"{name}_PREVIOUS", ""))
    return tuple(secret for secret in found if secret)


def is_signed(
    body: bytes, proof: str, secrets: Sequence[str], spell: Callable[[bytes], str]
) -> bool:
    """Whether a body carries the HMAC-SHA256 of one of the secrets. All are tried, so that the
    time taken says nothing of which one matched."""
    matches = [
        hmac.compare_digest(
            spell(hmac.new(secret.encode(), body, hashlib.sha256).digest()).encode(),
            proof.encode(),
        )
        for secret in secrets
    ]
    return any(matches)


def is_one_of(given: str, secrets: Sequence[str]) -> bool:
    """Whether a text is one of the secrets, in constant time."""
    matches = [hmac.compare_digest(given.encode(), secret.encode()) for secret in secrets]
    return any(matches)


# --- reading what vendors say -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """JSON of a vendor, read without believing in its shape: what is missing or of another kind is
    empty."""

    value: Any = field(default=None)

    @classmethod
    def of(cls, body: bytes) -> Told:
        try:
            return cls(orjson.loads(body))
        except orjson.JSONDecodeError as error:
            raise Unreadable("not JSON") from error

    def __getitem__(self, key: str) -> Told:
        return Told(self.value.get(key)) if isinstance(self.value, dict) else Told()

    def __bool__(self) -> bool:
        return bool(self.value)

    @property
    def each(self) -> Sequence[Told]:
        return [Told(item) for item in self.value] if isinstance(self.value, list) else []

    @property
    def text(self) -> str:
        match self.value:
            case str():
                return self.value
            case bool():
                return ""
            case int():
                return str(self.value)
            case _:
                return ""
