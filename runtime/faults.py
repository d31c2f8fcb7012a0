"""Named places where a crash would hurt most. Tests count them and kill the process there."""

from __future__ import annotations

from collections.abc import Callable


def _pass(_point: str) -> None:
    return


_handler: Callable[[str], None] = _pass


def reach(point: str) -> None:
    """The running process is at `point`."""
    _handler(point)


def on_reach(handler: Callable[[str], None]) -> None:
    """Call `handler` at every point from now on (only tests do)."""
    global _handler
    _handler = handler
