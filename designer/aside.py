"""Work that the event loop does not wait for: callers and other pages go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")
_ONE_AT_A_TIME = ThreadPoolExecutor(max_workers=1, thread_name_prefix="aside")
"""Several would only take Python's lock from each other, and from the loop."""
_running: set[asyncio.Task[None]] = set()


def aside(work: Callable[[], Result], take: Callable[[Result], None]) -> None:
    """Do the work in a thread and hand its result in on the event loop; at once where none runs."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        take(work())
        return
    task = loop.create_task(_done(loop, work, take))
    _running.add(task)
    task.add_done_callback(_running.discard)


async def _done(
    loop: asyncio.AbstractEventLoop, work: Callable[[], Result], take: Callable[[Result], None]
) -> None:
    take(await loop.run_in_executor(_ONE_AT_A_TIME, work))
