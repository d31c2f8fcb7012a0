"""Bots of Amazon Lex V2."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from runtime.host import Body
from runtime.services.aws.clients import Clients, Trouble
from runtime.services.aws.functions import as_text
from runtime.stores import Parcel

TIMEOUT_S = 8.0
TEXT_CHARACTERS_MAX = 1_024
FALLBACK = "FallbackIntent"
READY = ("Fulfilled", "ReadyForFulfillment")
_ALIAS = re.compile(r"arn:[\w-]+:lex:(?P<region>[\w-]+):\d+:bot-alias/(?P<bot>\w+)/(?P<alias>\w+)")


class LexBots:
    def __init__(self, clients: Clients, names: Mapping[str, str]) -> None:
        """`names`: the ARN of a bot's alias, by the bot's name in flows."""
        self.clients = clients
        self.names = names

    async def perform(self, parcel: Parcel) -> Body:
        """Carry out `AskBot`. Lex keeps the dialogue; we keep the name of its session."""
        effect = parcel.body
        found = _ALIAS.fullmatch(self.names.get(effect["bot"], effect["bot"]))
        if found is None:
            return _failed(f"the environment has no alias of Lex for the bot {effect['bot']}")
        known = effect.get("session", {}).get("id")
        session = known or _session_id(parcel)
        request: dict[str, Any] = {
            "botId": found["bot"],
            "botAliasId": found["alias"],
            "localeId": (effect.get("language") or "en-US").replace("-", "_"),
            "sessionId": session,
            "text": effect["text"][:TEXT_CHARACTERS_MAX] or " ",
        }
        if not known and effect.get("attributes"):
            attributes = {name: as_text(value) for name, value in effect["attributes"].items()}
            request["sessionState"] = {"sessionAttributes": attributes}
        try:
            answer = await self.clients.call(
                "lexv2-runtime",
                lambda client: client.recognize_text(**request),
                timeout_s=TIMEOUT_S,
            )
        except Trouble as trouble:
            return _failed(f"{trouble.kind}: {trouble.detail}")
        return _answered(answer, session)


def _session_id(parcel: Parcel) -> str:
    """A new dialogue for each first question: what an earlier one left does not count."""
    return hashlib.sha256(parcel.key.encode()).hexdigest()[:32]


def _failed(detail: str) -> Body:
    return {"event": "BotFailed", "detail": detail[:500]}


def _answered(answer: Mapping[str, Any], session: str) -> Body:
    state = answer.get("sessionState") or {}
    intent = state.get("intent") or {}
    name, progress = intent.get("name", ""), intent.get("state", "")
    is_known = bool(name) and name != FALLBACK
    if is_known and progress == "Failed":
        return _failed(f"Lex could not go through with {name}")
    ready = is_known and progress in READY
    return {
        "event": "BotAnswered",
        "ready": ready,
        "intent": name if is_known else "",
        "messages": list(_messages(answer)),
        "slots": dict(_slots(intent.get("slots") or {})) if is_known else {},
        "session": {} if ready else {"id": session},
        "confidence": _confidence(answer, name) if is_known else 0.0,
        "sentiment": _sentiment(answer),
    }


def _messages(answer: Mapping[str, Any]) -> list[str]:
    said = answer.get("messages") or []
    return [
        re.sub(r"<[^<>]*>", "", item["content"]) if item.get("contentType") == "SSML"
        else item["content"]
        for item in said
        if item.get("contentType") in ("PlainText", "SSML") and item.get("content")
    ]  # fmt: skip


def _slots(slots: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, slot in slots.items() if (value := _slot(slot)) is not None}


def _slot(slot: Mapping[str, Any] | None) -> Any:
    if not slot:
        return None
    if slot.get("shape") == "List" or slot.get("values"):
        return [value for item in slot.get("values") or () if (value := _slot(item)) is not None]
    value = slot.get("value") or {}
    return value.get("interpretedValue") or value.get("originalValue")


def _confidence(answer: Mapping[str, Any], name: str) -> float:
    for item in answer.get("interpretations") or ():
        if (item.get("intent") or {}).get("name") == name:
            return float((item.get("nluConfidence") or {}).get("score", 0.0))
    return 0.0


def _sentiment(answer: Mapping[str, Any]) -> str:
    for item in answer.get("interpretations") or ():
        if found := (item.get("sentimentResponse") or {}).get("sentiment"):
            return str(found).lower()
    return ""
