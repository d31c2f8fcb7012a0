"""Direct messages on X.

The interface that delivers them as webhooks (account activity) has been priced out of reach for
most; whoever has it uses it as it is documented.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson

from flowlang.channels import CHANNELS
from runtime.channels.provider import Delivery, Message, News, Told, is_signed, secrets_named
from runtime.channels.vendor import Vendor
from runtime.channels.wording import parts, readable
from runtime.contact import Contact
from runtime.host import Body

API = "https://api.x.com"
CRC_TOKEN_LENGTH_MAX = 200


class X:
    name = "x"
    channels = ("x",)
    answer = ("{}", "application/json")

    def __init__(self, token: str, secrets: tuple[str, ...], api: str = API) -> None:
        self.secrets = secrets
        self.vendor = Vendor("X", api, {"Authorization": f"Bearer {token}"})

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> X | None:
        token = environment.get("X_ACCESS_TOKEN", "")
        secrets = secrets_named(environment, "X_CONSUMER_SECRET")
        if not token or not secrets:
            return None
        return cls(token, secrets, environment.get("X_API_URL", API))

    # --- in -------------------------------------------------------------------------------------

    def is_genuine(self, delivery: Delivery) -> bool:
        proof = delivery.headers.get("x-twitter-webhooks-signature", "")
        return is_signed(delivery.body, proof, self.secrets, _spelled)

    def greet(self, query: Mapping[str, str]) -> str | None:
        """X asks now and then, with a text that we prove to hold the secret with."""
        token = query.get("crc_token", "")
        if not token or len(token) > CRC_TOKEN_LENGTH_MAX:
            return None
        proof = hmac.new(self.secrets[0].encode(), token.encode(), hashlib.sha256).digest()
        return orjson.dumps({"response_token": _spelled(proof)}).decode()

    def news(self, delivery: Delivery) -> News:
        told = Told.of(delivery.body)
        ours = told["for_user_id"].text
        return News(
            messages=tuple(
                self._message(event, told["users"])
                for event in told["direct_message_events"].each
                if event["type"].text == "message_create"
                and event["message_create"]["sender_id"].text not in ("", ours)
            )
        )

    def _message(self, event: Told, users: Told) -> Message:
        message = event["message_create"]
        sender = message["sender_id"].text
        return Message(
            id=f"x/{event['id'].text}",
            channel="x",
            address=sender,
            to="",
            text=message["message_data"]["text"].text,
            name=users[sender]["name"].text,
        )

    # --- out ------------------------------------------------------------------------------------

    async def say(self, contact: Contact, key: str, effect: Body) -> str:
        answer: dict[str, Any] = {}
        path = f"/2/dm_conversations/with/{quote(contact.address, safe='')}/messages"
        for text in parts(readable(effect), CHANNELS["x"].text_length_max):
            answer = await self.vendor.post(path, {"text": text})
        return Told(answer)["data"]["dm_event_id"].text

    async def hang_up(self, contact: Contact, key: str) -> None:
        """A messenger has no end of a conversation."""

    async def close(self) -> None:
        await self.vendor.close()


def _spelled(mac: bytes) -> str:
    return f"sha256={base64.b64encode(mac).decode()}"
