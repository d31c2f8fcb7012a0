"""Python's collector of cycles, kept out of the way.

A parse or a check builds much and drops nothing that is in a cycle. The collector would look
through all of it time and again, so that a flow of five times the size would take ten times as
long.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Of two threads in here the first to leave lets the collector go on: that only costs time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
