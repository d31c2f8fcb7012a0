"""What one person looks at, carried over while their page is drawn in another language."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from designer.trying.tryout import TryOut

WAITING_MAX = 32
"""Pages that were left and have not come back; the oldest is forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    chosen: tuple[str, ...]
    tab: str
    tryout: TryOut | None


class CarriedOver:
    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Carried] = OrderedDict()

    def put(self, carried: Carried) -> str:
        ticket = secrets.token_urlsafe(12)
        self._waiting[ticket] = carried
        while len(self._waiting) > WAITING_MAX:
            self._waiting.popitem(last=False)
        return ticket

    def take(self, ticket: str) -> Carried | None:
        return self._waiting.pop(ticket, None)


waiting = CarriedOver()
