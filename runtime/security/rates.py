"""How often something may happen, and how much of it at once."""

from __future__ import annotations

import math
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Rate:
    """At most `limit` times in any `window_s` seconds, for each key."""

    def __init__(
        self,
        limit: int,
        window_s: float,
        *,
        keys_max: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limit = limit
        self.window_s = window_s
        self.keys_max = keys_max
        self.clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_s(self, key: str = "") -> int:
        """0, and counted; or the seconds after which to try again."""
        now = self.clock()
        times = self._times.setdefault(key, deque())
        self._times.move_to_end(key)
        while len(self._times) > self.keys_max:
            self._times.popitem(last=False)
        while times and times[0] <= now - self.window_s:
            times.popleft()
        if len(times) >= self.limit:
            return max(1, math.ceil(times[0] + self.window_s - now))
        times.append(now)
        return 0


class AtOnce:
    """At most `limit` at the same time, for each key; without a key, any number."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._there: Counter[str] = Counter()

    @contextmanager
    def one_more(self, key: str) -> Iterator[bool]:
        """Whether there is room for one more, which is there until the end of the block."""
        if not key:
            yield True
            return
        if self._there[key] >= self.limit:
            yield False
            return
        self._there[key] += 1
        try:
            yield True
        finally:
            self._there[key] -= 1
            if not self._there[key]:
                del self._there[key]
