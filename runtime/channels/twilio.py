"""Text messages and WhatsApp by Twilio; without an account, a telephone on the console."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict

from flowlang.channels import CHANNELS
from runtime.channels.entries import Entries
from runtime.channels.reception import Message
from runtime.contact import Contact
from runtime.host import Body, NotNow
from runtime.services.invitations import Undeliverable

log = logging.getLogger(__name__)

API = "https://api.twilio.com"
TIMEOUT_S = 10.0
PARAMETERS_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioSettings:
    account: str
    tokens: Sequence[str]
    """The current one, and during a rotation the previous one."""
    api: str = API

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> TwilioSettings | None:
        account = environment.get("TWILIO_ACCOUNT_SID", "")
        names = ("TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_PREVIOUS")
        tokens = [environment[name] for name in names if environment.get(name)]
        if not account or not tokens:
            return None
        return cls(account=account, tokens=tokens, api=environment.get("TWILIO_API_URL", API))


# --- in -----------------------------------------------------------------------------------------


def verified(
    body: bytes, signature: str, url: str, tokens: Sequence[str]
) -> Mapping[str, str] | None:
    """The parameters of a webhook, if Twilio signed them for this address."""
    from twilio.request_validator import RequestValidator

    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=PARAMETERS_MAX,
            strict_parsing=bool(body),
        )  # fmt: skip
    except ValueError:
        return None
    parameters = ImmutableMultiDict(pairs)
    # Every token is tried, so that the time taken says nothing of which one matched.
    matches = [
        RequestValidator(token).validate(url, parameters, signature) for token in tokens if token
    ]
    return parameters if any(matches) else None


def message_of(parameters: Mapping[str, str]) -> Message | None:
    """The message in a webhook; None for the reports on messages of our own."""
    if "MessageSid" not in parameters or "Body" not in parameters:
        return None
    channel, sender = _address(parameters.get("From", ""))
    _, receiver = _address(parameters.get("To", ""))
    text = parameters["Body"]
    if not text and parameters.get("NumMedia", "0") != "0":
        text = parameters.get("MediaUrl0", "")
    return Message(
        id=f"twilio/{parameters['MessageSid']}",
        channel=channel,
        address=sender,
        to=receiver,
        text=text,
        name=parameters.get("ProfileName", ""),
        is_choice="ButtonText" in parameters,
    )


def _address(spelled: str) -> tuple[str, str]:
    channel, colon, number = spelled.partition(":")
    return (channel, number) if colon else ("sms", spelled)


# --- out ----------------------------------------------------------------------------------------


class Twilio:
    """Sends by Twilio's Messages API."""

    def __init__(self, settings: TwilioSettings, entries: Entries) -> None:
        self.settings = settings
        self.entries = entries
        self._client: Any = None

    async def say(self, contact: Contact, key: str, effect: Body) -> None:
        try:
            await self._send(contact.channel, contact.entry, contact.address, readable(effect))
        except Undeliverable as reason:
            log.error("%s: not delivered: %s", key, reason)

    async def hang_up(self, contact: Contact, key: str) -> None:
        """A messenger has no end of a conversation."""

    async def send_text(self, entry: str, address: str, text: str, key: str) -> None:
        await self._send("sms", entry, address, text)

    async def _send(self, channel: str, entry: str, address: str, text: str) -> None:
        number = self.entries.number(channel, entry)
        if not number:
            raise Undeliverable(f"the project has no number for {channel}")
        prefix = "" if channel == "sms" else f"{channel}:"
        for part in parts(text, CHANNELS[channel].text_length_max):
            # Twilio's library waits for the network, so it works in a thread.
            await asyncio.to_thread(self._create, prefix + number, prefix + address, part)

    def _create(self, sender: str, receiver: str, text: str) -> None:
        from requests import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            self._twilio().messages.create(from_=sender, to=receiver, body=text)
        except TwilioRestException as error:
            if error.status == 429 or error.status >= 500:
                raise NotNow(f"Twilio answers {error.status}") from error
            raise Undeliverable(f"Twilio answers {error.status}: {error.msg}") from error
        except (TwilioException, RequestException) as error:
            raise NotNow(f"Twilio cannot be reached: {error}") from error

    def _twilio(self) -> Any:
        if self._client is None:
            from twilio.http.http_client import TwilioHttpClient
            from twilio.rest import Client

            api = self.settings.api.rstrip("/")

            class At(TwilioHttpClient):  # type: ignore[misc]  # untyped
                """Twilio's client, at the address that the settings say."""

                def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
                    return super().request(method, url.replace(API, api, 1), *args, **kwargs)

            self._client = Client(
                self.settings.account,
                self.settings.tokens[0],
                http_client=At(timeout=TIMEOUT_S),
            )
        return self._client


def readable(effect: Body) -> str:
    """A message with the answers that it offers, for those who get no buttons."""
    choices = [f"• {choice}" for choice in effect.get("choices", [])]
    return "\n".join([effect["text"], *choices])


def parts(text: str, length_max: int) -> list[str]:
    """A text in messages that are not too long, cut between words where there are some."""
    found: list[str] = []
    while len(text) > length_max:
        cut = text.rfind(" ", length_max // 2, length_max + 1)
        cut = cut if cut > 0 else length_max
        found.append(text[:cut])
        text = text[cut:].lstrip()
    return [*found, text]


@dataclass(slots=True)
class ConsolePhone:
    """Stands in for a messenger while there is no account: it shows what would be sent."""

    show: Callable[[str], None] = print
    shown: deque[tuple[str, str, str]] = field(default_factory=lambda: deque(maxlen=100))
    """Channel, address, text: the last ones."""

    async def say(self, contact: Contact, key: str, effect: Body) -> None:
        self._put(contact.channel, contact.address, readable(effect))

    async def hang_up(self, contact: Contact, key: str) -> None:
        """A messenger has no end of a conversation."""

    async def send_text(self, entry: str, address: str, text: str, key: str) -> None:
        self._put("sms", address, text)

    def _put(self, channel: str, address: str, text: str) -> None:
        self.shown.append((channel, address, text))
        self.show(f"[{channel} to {address}] {text}")
