"""LINE's Messaging API.

Messages are pushed, not sent as replies: a reply's token is good once and for a minute, so a crash
in between would lose the answer. A push carries a key of its own and is never doubled.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from typing import Any

from flowlang.channels import CHANNELS
from runtime.channels.provider import Delivery, Message, News, Told, is_signed, secrets_named
from runtime.channels.vendor import Vendor
from runtime.channels.wording import choices_of, fit_on_buttons, parts, readable
from runtime.contact import Contact
from runtime.host import Body

API = "https://api.line.me"
BUTTON_LENGTH_MAX = 20
MESSAGES_IN_A_PUSH_MAX = 5


class Line:
    name = "line"
    channels = ("line",)
    answer = ("{}", "application/json")

    def __init__(self, token: str, secrets: tuple[str, ...], api: str = API) -> None:
        self.secrets = secrets
        self.vendor = Vendor("LINE", api, {"Authorization": f"Bearer {token}"})

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Line | None:
        token = environment.get("LINE_CHANNEL_ACCESS_TOKEN", "")
        secrets = secrets_named(environment, "LINE_CHANNEL_SECRET")
        if not token or not secrets:
            return None
        return cls(token, secrets, environment.get("LINE_API_URL", API))

    # --- in -------------------------------------------------------------------------------------

    def is_genuine(self, delivery: Delivery) -> bool:
        proof = delivery.headers.get("x-line-signature", "")
        return is_signed(
            delivery.body, proof, self.secrets, lambda mac: base64.b64encode(mac).decode()
        )

    def greet(self, query: Mapping[str, str]) -> str | None:
        return None

    def news(self, delivery: Delivery) -> News:
        told = Told.of(delivery.body)
        return News(
            messages=tuple(
                Message(
                    id=f"line/{event['webhookEventId'].text or event['message']['id'].text}",
                    channel="line",
                    address=event["source"]["userId"].text,
                    to="",
                    text=event["message"]["text"].text or event["postback"]["data"].text,
                    is_choice=bool(event["postback"]),
                )
                for event in told["events"].each
                if event["type"].text in ("message", "postback")
                and event["source"]["type"].text == "user"
                and event["source"]["userId"].text
            )
        )

    # --- out ------------------------------------------------------------------------------------

    async def say(self, contact: Contact, key: str, effect: Body) -> str:
        choices, channel = choices_of(effect), CHANNELS["line"]
        on_buttons = fit_on_buttons(choices, channel.buttons_max, BUTTON_LENGTH_MAX)
        text = effect["text"] if on_buttons else readable(effect)
        messages: list[dict[str, Any]] = [
            {"type": "text", "text": part} for part in parts(text, channel.text_length_max)
        ]
        if on_buttons:
            messages[-1]["quickReply"] = {
                "items": [
                    {
                        "type": "action",
                        "action": {"type": "message", "label": choice, "text": choice},
                    }
                    for choice in choices
                ]
            }
        retry_key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"flowlang:{key}"))
        answer = await self.vendor.post(
            "/v2/bot/message/push",
            {"to": contact.address, "messages": messages[:MESSAGES_IN_A_PUSH_MAX]},
            {"X-Line-Retry-Key": retry_key},
        )
        sent = Told(answer)["sentMessages"].each
        return sent[0]["id"].text if sent else ""

    async def hang_up(self, contact: Contact, key: str) -> None:
        """A messenger has no end of a conversation."""

    async def close(self) -> None:
        await self.vendor.close()
