"""What the entities of the desk share: messages with keys that stay the same for ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from runtime.host import Body
from runtime.stores import Outgoing


@dataclass(slots=True)
class Mail:
    """What one turn of an entity sends."""

    entity: str
    turn: int
    sent: list[Outgoing] = field(default_factory=list)

    def send(self, to: str, event: str, /, **body: Any) -> None:
        key = f"{self.entity}/{self.turn}/{len(self.sent)}"
        self.sent.append(Outgoing(key, to, {"event": event, **body}))

    def journal(self, event: Body, **more: Any) -> dict[str, Any]:
        return {
            "turn": self.turn,
            "event": dict(event),
            "sent": [[key, to, body] for key, to, body in self.sent],
            **more,
        }


def moment(event: Body) -> datetime:
    return datetime.fromisoformat(event["at"])
