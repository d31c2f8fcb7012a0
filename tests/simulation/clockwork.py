"""An event loop whose time passes only when nobody has anything to do.

Nothing waits, and nothing happens at the same moment by chance: what is due at one time runs in the
order in which it was asked for. So a run depends on its seed and on nothing else.
"""

from __future__ import annotations

import asyncio
import selectors
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Stuck(Exception):
    """Everybody waits for somebody else."""


class _Selector(selectors.SelectSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck
        self.now += max(timeout, 0.0)
        return []


class Clockwork(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Selector()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.time())
