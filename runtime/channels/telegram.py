"""Telegram's bots.

A customer has to write first; then the bot may write as long as it is not blocked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowlang.channels import CHANNELS
from runtime.channels.provider import (
    Delivery,
    Message,
    News,
    Told,
    is_one_of,
    secrets_named,
)
from runtime.channels.vendor import Vendor
from runtime.channels.wording import choices_of, fit_on_buttons, parts, readable
from runtime.contact import Contact
from runtime.host import Body

API = "https://api.telegram.org"
BUTTON_LENGTH_MAX = 60


class Telegram:
    name = "telegram"
    channels = ("telegram",)
    answer = ("{}", "application/json")

    def __init__(self, token: str, secrets: tuple[str, ...], api: str = API) -> None:
        self.secrets = secrets
        # Telegram wants its token in the address; nothing logs that.
        self.vendor = Vendor("Telegram", f"{api.rstrip('/')}/bot{token}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Telegram | None:
        token = environment.get("TELEGRAM_BOT_TOKEN", "")
        secrets = secrets_named(environment, "TELEGRAM_WEBHOOK_SECRET")
        if not token or not secrets:
            return None
        return cls(token, secrets, environment.get("TELEGRAM_API_URL", API))

    # --- in -------------------------------------------------------------------------------------

    def is_genuine(self, delivery: Delivery) -> bool:
        given = delivery.headers.get("x-telegram-bot-api-secret-token", "")
        return is_one_of(given, self.secrets)

    def greet(self, query: Mapping[str, str]) -> str | None:
        return None

    def news(self, delivery: Delivery) -> News:
        update = Told.of(delivery.body)
        message = update["message"]
        chat, sender = message["chat"]["id"].text, message["from"]
        if not chat or message["chat"]["type"].text != "private" or sender["is_bot"]:
            return News()
        # `/start CODE` is what a link into the chat makes of its code.
        text = message["text"].text or message["caption"].text
        name = " ".join(filter(None, (sender["first_name"].text, sender["last_name"].text)))
        return News(
            messages=(
                Message(
                    id=f"telegram/{update['update_id'].text}",
                    channel="telegram",
                    address=chat,
                    to="",
                    text=text,
                    name=name,
                ),
            )
        )

    # --- out ------------------------------------------------------------------------------------

    async def say(self, contact: Contact, key: str, effect: Body) -> str:
        choices, channel = choices_of(effect), CHANNELS["telegram"]
        on_buttons = fit_on_buttons(choices, channel.buttons_max, BUTTON_LENGTH_MAX)
        texts = parts(effect["text"] if on_buttons else readable(effect), channel.text_length_max)
        keyboard: dict[str, Any] = {"remove_keyboard": True}
        if on_buttons:
            keyboard = {
                "keyboard": [[{"text": choice}] for choice in choices],
                "one_time_keyboard": True,
                "resize_keyboard": True,
            }
        answer: dict[str, Any] = {}
        for number, text in enumerate(texts, start=1):
            body: dict[str, Any] = {"chat_id": contact.address, "text": text}
            if number == len(texts):
                body["reply_markup"] = keyboard
            answer = await self.vendor.post("/sendMessage", body)
        return Told(answer)["result"]["message_id"].text

    async def hang_up(self, contact: Contact, key: str) -> None:
        """A messenger has no end of a conversation."""

    async def close(self) -> None:
        await self.vendor.close()
