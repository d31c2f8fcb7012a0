"""Text messages and WhatsApp by Twilio."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict

from flowlang.channels import CHANNELS
from runtime.channels.entries import Entries
from runtime.channels.provider import (
    Delivery,
    Failed,
    Message,
    News,
    Undeliverable,
    Unreadable,
    secrets_named,
)
from runtime.channels.wording import parts, readable
from runtime.contact import Contact
from runtime.host import Body, NotNow

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
        tokens = secrets_named(environment, "TWILIO_AUTH_TOKEN")
        if not account or not tokens:
            return None
        return cls(account=account, tokens=tokens, api=environment.get("TWILIO_API_URL", API))


# --- in -----------------------------------------------------------------------------------------


def verified(
    body: bytes, signature: str, url: str, tokens: Sequence[str]
) -> Mapping[str, str] | None:
    """The parameters of a webhook, if Twilio signed them for this address."""
    from twilio.request_validator import RequestValidator

    parameters = parameters_of(body)
    if parameters is None:
        return None
    # Every token is tried, so that the time taken says nothing of which one matched.
    matches = [
        RequestValidator(token).validate(url, parameters, signature) for token in tokens if token
    ]
    return parameters if any(matches) else None


def parameters_of(body: bytes) -> ImmutableMultiDict[str, str] | None:
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=PARAMETERS_MAX,
            strict_parsing=bool(body),
        )  # fmt: skip
    except ValueError:
        return None
    return ImmutableMultiDict(pairs)


def news_of(parameters: Mapping[str, str]) -> News:
    """A message, or a report on one of ours."""
    number = parameters.get("MessageSid", "")
    channel, sender = _address(parameters.get("From", ""))
    if number and "Body" in parameters:
        _, receiver = _address(parameters.get("To", ""))
        text = parameters["Body"]
        if not text and parameters.get("NumMedia", "0") != "0":
            text = parameters.get("MediaUrl0", "")
        message = Message(
            id=f"twilio/{number}",
            channel=channel,
            address=sender,
            to=receiver,
            text=text,
            name=parameters.get("ProfileName", ""),
            is_choice="ButtonText" in parameters,
        )
        return News(messages=(message,))
    if number and parameters.get("MessageStatus") in ("failed", "undelivered"):
        reason = parameters.get("ErrorCode", "") or parameters["MessageStatus"]
        return News(failed=(Failed(channel=channel, id=number, reason=f"Twilio: {reason}"),))
    return News()


def _address(spelled: str) -> tuple[str, str]:
    channel, colon, number = spelled.partition(":")
    return (channel, number) if colon else ("sms", spelled)


# --- out ----------------------------------------------------------------------------------------


class Twilio:
    """Twilio's webhooks and its Messages API."""

    name = "twilio"
    channels = ("sms", "whatsapp", "voice")
    answer = ('<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml")

    def __init__(self, settings: TwilioSettings, entries: Entries) -> None:
        self.settings = settings
        self.entries = entries
        self._client: Any = None

    def is_genuine(self, delivery: Delivery) -> bool:
        proof = delivery.headers.get("x-twilio-signature", "")
        return verified(delivery.body, proof, delivery.url, self.settings.tokens) is not None

    def news(self, delivery: Delivery) -> News:
        parameters = parameters_of(delivery.body)
        if parameters is None:
            raise Unreadable("not a form")
        return news_of(parameters)

    def greet(self, query: Mapping[str, str]) -> str | None:
        return None

    async def say(self, contact: Contact, key: str, effect: Body) -> str:
        text = readable(effect)
        return await self._send(contact.channel, contact.entry, contact.address, text)

    async def hang_up(self, contact: Contact, key: str) -> None:
        """A messenger has no end of a conversation."""

    async def send_text(self, entry: str, address: str, text: str, key: str) -> None:
        await self._send("sms", entry, address, text)

    async def close(self) -> None:
        """Its client keeps nothing open."""

    async def _send(self, channel: str, entry: str, address: str, text: str) -> str:
        number = self.entries.number(channel, entry)
        if not number:
            raise Undeliverable(f"the project has no number for {channel}")
        prefix = "" if channel == "sms" else f"{channel}:"
        sent = ""
        for part in parts(text, CHANNELS[channel].text_length_max):
            created = await self._rest(
                partial(_create, sender=prefix + number, receiver=prefix + address, text=part)
            )
            sent = str(created.sid or "")
        return sent

    # --- calls --------------------------------------------------------------------------------

    async def call(self, *, to: str, sender: str, url: str, over: str) -> str:
        """Call somebody; `url` says what they hear, `over` is told of the end."""
        created = await self._rest(
            lambda client: client.calls.create(
                to=to,
                from_=sender,
                url=url,
                method="POST",
                status_callback=over,
                status_callback_event=["completed"],
                status_callback_method="POST",
            )
        )
        return str(created.sid)

    async def redirect(self, call: str, url: str) -> None:
        """Make a running call ask what it hears next."""
        await self._rest(lambda client: client.calls(call).update(url=url, method="POST"))

    async def end(self, call: str) -> None:
        """Hang up, whether it rings or goes on."""
        await self._rest(lambda client: client.calls(call).update(status="completed"))

    async def record(self, call: str, *, on: bool) -> None:
        if on:
            await self._rest(lambda client: client.calls(call).recordings.create())
        else:
            await self._rest(
                lambda client: client.calls(call).recordings("Twilio.CURRENT").update("stopped")
            )

    async def hold(self, conference: str, call: str, *, on: bool, url: str) -> None:
        """Let one side of a conference wait; `url` says what they hear meanwhile."""

        def work(client: Any) -> None:
            found = client.conferences.list(friendly_name=conference, status="in-progress", limit=1)
            if not found:
                raise NotNow("the conference has not begun")
            heard = {"hold_url": url, "hold_method": "POST"} if on and url else {}
            client.conferences(found[0].sid).participants(call).update(hold=on, **heard)

        await self._rest(work)

    async def _rest(self, work: Callable[[Any], Any]) -> Any:
        """Twilio's library waits for the network, so it works in a thread."""
        return await asyncio.to_thread(self._asked, work)

    def _asked(self, work: Callable[[Any], Any]) -> Any:
        from requests import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return work(self._twilio())
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


def _create(client: Any, *, sender: str, receiver: str, text: str) -> Any:
    return client.messages.create(from_=sender, to=receiver, body=text)
