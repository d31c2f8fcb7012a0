"""What is worked out from a conversation in writing after it is over, where the flow asked for it.

Only what a service of the project truly computes is told; all else is reported as not available.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from runtime.recording import SIDES, Kept
from runtime.services.asked import Question, Refused

Service = Callable[[Question], Awaitable[Mapping[str, Any]]]
TEXT_CHARACTERS_MAX = 5_000
NOBODY = "nothing in this project computes it"


async def analysis_of(
    kept: Kept, medium: str, language: str, at: datetime, sentiment: Service | None
) -> dict[str, Any]:
    orders = kept.orders
    if orders.analytics == "off":
        return {"Requested": "off"}
    found: dict[str, Any] = {"Requested": orders.analytics, "Categories": not_available(NOBODY)}
    if orders.analytics in ("realtime", "both"):
        found["Realtime"] = not_available(NOBODY)
    if orders.summary:
        found["Summary"] = not_available(NOBODY)
    if orders.sentiment:
        is_written = medium == "chat"
        found["Sentiment"] = (
            await _feelings(kept, language, at, sentiment)
            if is_written and sentiment is not None
            else not_available(NOBODY if is_written else "nothing here writes down what is spoken")
        )
    return found


def not_available(reason: str) -> dict[str, str]:
    return {"Status": "NOT_AVAILABLE", "Reason": reason}


async def _feelings(kept: Kept, language: str, at: datetime, sentiment: Service) -> dict[str, Any]:
    """How each side felt, by what is kept of its words; a side of which nothing is kept is left
    out."""
    sides: dict[str, Any] = {}
    for side in SIDES:
        texts = [line["text"] for line in kept.lines if line["who"] == side]
        if not texts:
            continue
        arguments = {"text": "\n".join(texts)[:TEXT_CHARACTERS_MAX], "language": language}
        try:
            answer = await sentiment(Question(operation="detect", at=at, arguments=arguments))
        except Refused as refused:
            return not_available(refused.detail or refused.reason)
        sides[side.capitalize()] = {
            "Sentiment": answer["sentiment"].upper(),
            "Score": answer["score"],
            "Messages": len(texts),
        }
    return {"Status": "AVAILABLE", **sides} if sides else not_available("no words are kept")
