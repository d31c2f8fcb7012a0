"""Messenger, Instagram and WhatsApp by Meta.

For 24 hours after the customer's last message a business may write what it likes; after that,
WhatsApp takes messages by an approved template, and the other two take none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flowlang.channels import CHANNELS
from runtime.channels.provider import (
    Delivery,
    Failed,
    Message,
    News,
    Told,
    is_one_of,
    is_signed,
    secrets_named,
)
from runtime.channels.vendor import Vendor
from runtime.channels.wording import choices_of, fit_on_buttons, parts, readable
from runtime.contact import Contact
from runtime.host import Body

API = "https://graph.facebook.com/v23.0"
QUICK_REPLY_LENGTH_MAX = 20
BUTTON_LENGTH_MAX = 20
ROW_LENGTH_MAX = 24
ROWS_MAX = 10
INTERACTIVE_LENGTH_MAX = 1024
LIST_BUTTON = {"ko": "선택하기"}
LIST_BUTTON_ELSE = "Choose"


class Meta:
    name = "meta"
    answer = ("EVENT_RECEIVED", "text/plain")

    def __init__(
        self,
        secrets: tuple[str, ...],
        verify_tokens: tuple[str, ...],
        *,
        page_token: str = "",
        whatsapp_token: str = "",
        whatsapp_phone: str = "",
        api: str = API,
    ) -> None:
        self.secrets = secrets
        self.verify_tokens = verify_tokens
        self.whatsapp_phone = whatsapp_phone
        self._page = Vendor("Meta", api, {"Authorization": f"Bearer {page_token}"})
        self._whatsapp = Vendor("WhatsApp", api, {"Authorization": f"Bearer {whatsapp_token}"})
        self.channels = (
            *(("messenger", "instagram") if page_token else ()),
            *(("whatsapp",) if whatsapp_token and whatsapp_phone else ()),
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Meta | None:
        secrets = secrets_named(environment, "META_APP_SECRET")
        found = cls(
            secrets,
            secrets_named(environment, "META_VERIFY_TOKEN"),
            page_token=environment.get("META_PAGE_TOKEN", ""),
            whatsapp_token=environment.get("WHATSAPP_TOKEN", ""),
            whatsapp_phone=environment.get("WHATSAPP_PHONE_ID", ""),
            api=environment.get("META_API_URL", API),
        )
        return found if secrets and found.channels else None

    # --- in -------------------------------------------------------------------------------------

    def is_genuine(self, delivery: Delivery) -> bool:
        proof = delivery.headers.get("x-hub-signature-256", "")
        return is_signed(delivery.body, proof, self.secrets, lambda mac: f"sha256={mac.hex()}")

    def greet(self, query: Mapping[str, str]) -> str | None:
        is_known = is_one_of(query.get("hub.verify_token", ""), self.verify_tokens)
        return query.get("hub.challenge", "") if is_known else None

    def news(self, delivery: Delivery) -> News:
        told = Told.of(delivery.body)
        messages: list[Message] = []
        failed: list[Failed] = []
        for entry in told["entry"].each:
            for change in entry["changes"].each:
                messages += _from_whatsapp(change["value"])
                failed += _failed_on_whatsapp(change["value"])
            channel = "instagram" if told["object"].text == "instagram" else "messenger"
            messages += _from_messenger(entry, channel)
        return News(messages=tuple(messages), failed=tuple(failed))

    # --- out ------------------------------------------------------------------------------------

    async def say(self, contact: Contact, key: str, effect: Body) -> str:
        if contact.channel == "whatsapp":
            return await self._say_on_whatsapp(contact, effect)
        answer: dict[str, Any] = {}
        for message in _messages(contact.channel, effect):
            answer = await self._page.post(
                "/me/messages",
                {
                    "recipient": {"id": contact.address},
                    "messaging_type": "RESPONSE",
                    "message": message,
                },
            )
        return Told(answer)["message_id"].text

    async def hang_up(self, contact: Contact, key: str) -> None:
        """A messenger has no end of a conversation."""

    async def say_by_template(
        self, address: str, template: str, language: str, text: str, key: str
    ) -> str:
        """A message outside the window: an approved template with one place for a text."""
        place = {"type": "body", "parameters": [{"type": "text", "text": text}]}
        return await self._post_to_whatsapp(
            address,
            {
                "type": "template",
                "template": {
                    "name": template,
                    "language": {"code": language.replace("-", "_") or "en_US"},
                    "components": [place],
                },
            },
        )

    async def close(self) -> None:
        await self._page.close()
        await self._whatsapp.close()

    async def _say_on_whatsapp(self, contact: Contact, effect: Body) -> str:
        interactive = _interactive(effect, contact.language)
        if interactive:
            message = {"type": "interactive", "interactive": interactive}
            return await self._post_to_whatsapp(contact.address, message)
        sent = ""
        for text in parts(readable(effect), CHANNELS["whatsapp"].text_length_max):
            message = {"type": "text", "text": {"body": text}}
            sent = await self._post_to_whatsapp(contact.address, message)
        return sent

    async def _post_to_whatsapp(self, address: str, message: Mapping[str, Any]) -> str:
        body = {"messaging_product": "whatsapp", "to": address.lstrip("+"), **message}
        answer = await self._whatsapp.post(f"/{self.whatsapp_phone}/messages", body)
        sent = Told(answer)["messages"].each
        return sent[0]["id"].text if sent else ""


# --- Messenger and Instagram --------------------------------------------------------------------


def _from_messenger(entry: Told, channel: str) -> Iterator[Message]:
    for event in entry["messaging"].each:
        message, postback = event["message"], event["postback"]
        referral = event["referral"] or postback["referral"]
        if message["is_echo"] or not event["sender"]["id"].text:
            continue
        number = message["mid"].text or postback["mid"].text
        if not number and referral:
            number = f"{event['sender']['id'].text}/{event['timestamp'].text}"
        if not number:
            continue
        yield Message(
            id=f"meta/{number}",
            channel=channel,
            address=event["sender"]["id"].text,
            to=event["recipient"]["id"].text,
            text=message["text"].text or referral["ref"].text or postback["title"].text,
            is_choice=bool(message["quick_reply"] or postback),
        )


def _messages(channel: str, effect: Body) -> list[dict[str, Any]]:
    choices, able = choices_of(effect), CHANNELS[channel]
    on_buttons = fit_on_buttons(choices, able.buttons_max, QUICK_REPLY_LENGTH_MAX)
    text = effect["text"] if on_buttons else readable(effect)
    messages: list[dict[str, Any]] = [{"text": part} for part in parts(text, able.text_length_max)]
    if on_buttons:
        messages[-1]["quick_replies"] = [
            {"content_type": "text", "title": choice, "payload": choice} for choice in choices
        ]
    return messages


# --- WhatsApp -----------------------------------------------------------------------------------


def _from_whatsapp(value: Told) -> Iterator[Message]:
    names = {item["wa_id"].text: item["profile"]["name"].text for item in value["contacts"].each}
    ours = value["metadata"]["display_phone_number"].text
    for message in value["messages"].each:
        sender, interactive = message["from"].text, message["interactive"]
        chosen = interactive["button_reply"] or interactive["list_reply"]
        if not sender or not message["id"].text:
            continue
        yield Message(
            id=f"meta/{message['id'].text}",
            channel="whatsapp",
            address=_number(sender),
            to=_number(ours),
            text=message["text"]["body"].text
            or chosen["title"].text
            or message["button"]["text"].text,
            name=names.get(sender, ""),
            is_choice=bool(chosen or message["button"]),
        )


def _failed_on_whatsapp(value: Told) -> Iterator[Failed]:
    for status in value["statuses"].each:
        if status["status"].text == "failed":
            errors = status["errors"].each
            reason = errors[0]["title"].text if errors else "failed"
            yield Failed(channel="whatsapp", id=status["id"].text, reason=reason)


def _interactive(effect: Body, language: str) -> dict[str, Any] | None:
    """The choices as buttons, else as a list, if they fit on either."""
    choices, text = choices_of(effect), effect["text"]
    if len(text) > INTERACTIVE_LENGTH_MAX or not text:
        return None
    if fit_on_buttons(choices, CHANNELS["whatsapp"].buttons_max, BUTTON_LENGTH_MAX):
        buttons = [
            {"type": "reply", "reply": {"id": choice, "title": choice}} for choice in choices
        ]
        return {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
    if fit_on_buttons(choices, ROWS_MAX, ROW_LENGTH_MAX):
        rows = [{"id": choice, "title": choice} for choice in choices]
        label = LIST_BUTTON.get(language.partition("-")[0], LIST_BUTTON_ELSE)
        action = {"button": label, "sections": [{"title": label, "rows": rows}]}
        return {"type": "list", "body": {"text": text}, "action": action}
    return None


def _number(spelled: str) -> str:
    digits = "".join(filter(str.isdecimal, spelled))
    return f"+{digits}" if digits else ""
