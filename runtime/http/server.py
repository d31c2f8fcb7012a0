"""How the web server is set up: what it takes at most, and what an open connection costs."""

from __future__ import annotations

import asyncio
import gc
import logging
from typing import Any

import uvicorn

GARBAGE_OBJECTS = 10_000
"""How many new objects there are before the collector looks through them: turns leave no cycles."""
GRACE_S = 5
"""How long a stop waits for what is under way."""
SOCKET_BYTES_MAX = 65_536
"""The largest frame; a message is far smaller."""
SOCKET_FRAMES_MAX = 8
"""How many frames of a browser may wait for us before we stop reading from it."""
HEADERS_MAX_BYTES = 16_384
BACKLOG = 2_048


def at_rest() -> None:
    """What is there once everything has started stays to the end: the collector need not look at
    it again. Without this every customer waits a quarter of a second whenever it looks."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS)


class WithoutLetGo(logging.Filter):
    """A browser that was let go at a stop is no failure."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0] if record.exc_info else None
        return kind is None or not issubclass(kind, asyncio.CancelledError)


def server_config(app: Any, **more: Any) -> uvicorn.Config:
    logging.getLogger("uvicorn.error").addFilter(WithoutLetGo())
    return uvicorn.Config(
        app,
        log_level="warning",
        # Addresses carry visitors' tokens.
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        backlog=BACKLOG,
        h11_max_incomplete_event_size=HEADERS_MAX_BYTES,
        ws_max_size=SOCKET_BYTES_MAX,
        ws_max_queue=SOCKET_FRAMES_MAX,
        # Compression would keep 64 KiB and more for each browser, to save a few bytes of text.
        ws_per_message_deflate=False,
        server_header=False,
        **more,
    )
