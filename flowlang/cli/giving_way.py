"""Commands that work hard let customers go first: beside a server, they lower their own priority.

A server leaves its process id in a folder of the machine while it serves. Nothing else is known of
it, and a file that a killed server left behind means nothing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

HARD_WORK = frozenset({"check", "fmt", "convert", "test"})
NICENESS = 10
OPEN_TO_ALL = 0o1777


def folder() -> Path:
    return Path(os.environ.get("TMPDIR") or "/tmp") / "flowlang-serving"


def announce() -> Path | None:
    """Customers are served here from now on; the file to remove when that ends."""
    mark = folder() / str(os.getpid())
    try:
        with suppress(FileExistsError):
            folder().mkdir()
            folder().chmod(OPEN_TO_ALL)
        _tidy()
        with suppress(FileExistsError):
            mark.touch(exist_ok=False)
    except OSError:
        return None
    return mark


def _tidy() -> None:
    """A number is given to another process some day."""
    for mark in folder().iterdir():
        if mark.name.isdecimal() and not _is_alive(mark.name):
            withdraw(mark)


def withdraw(mark: Path | None) -> None:
    if mark is not None:
        with suppress(OSError):
            mark.unlink()


def give_way(command: str) -> None:
    if command in HARD_WORK and hasattr(os, "nice") and _is_served():
        with suppress(OSError):
            os.nice(max(0, NICENESS - os.nice(0)))


def _is_served() -> bool:
    with suppress(OSError):
        return any(_is_alive(mark.name) for mark in folder().iterdir())
    return False


def _is_alive(name: str) -> bool:
    if not name.isdecimal():
        return False
    try:
        os.kill(int(name), 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
