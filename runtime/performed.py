"""Real services for a simulated conversation: whoever performs effects for live contacts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from typing import TypeVar

from flowlang import effects as out
from flowlang.effects import Effect
from runtime.host import Performer
from runtime.simulator import Reply
from runtime.stores import Parcel

T = TypeVar("T")
ANSWER_S_MAX = 15.0
"""Performers keep their own, shorter limits; this only keeps a broken one from holding us."""


class Performed:
    """Answers with what the performers answer, each of which knows one receiver. They run on a
    thread of their own, so that it does not matter whether the caller has an event loop."""

    def __init__(
        self,
        performers: Mapping[str, Performer],
        *,
        close: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.performers = performers
        self._close = close
        self._keys = (f"simulated/{number}" for number in count())
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def answer(self, effect: Effect, asked_before: int) -> Reply | None:
        performer = self.performers.get(effect.receiver)
        if performer is None:
            return None
        key = next(self._keys)
        parcel = Parcel(key, "simulated", effect.receiver, out.to_json(effect), tried=False)
        future = asyncio.run_coroutine_threadsafe(_awaited(performer(parcel)), self._loop)
        body = future.result(ANSWER_S_MAX)
        return Reply(body=body) if body is not None else None

    def close(self) -> None:
        if self._close is not None:
            done = asyncio.run_coroutine_threadsafe(_awaited(self._close()), self._loop)
            done.result(ANSWER_S_MAX)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _awaited(work: Awaitable[T]) -> T:
    return await work
