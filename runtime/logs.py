"""What goes into the log of something that went wrong: what and where, never the words of people.

The message of an exception often holds the value that it choked on, so it stays out of the log.
What the value was stands in the journal of the contact, encrypted.
"""

from __future__ import annotations

import traceback
from pathlib import Path

FRAMES_MAX = 6


def where(error: BaseException) -> str:
    """`ValueError at ask.py:176, engine.py:300, …`: the innermost place first."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames)]
    return f"{type(error).__name__} at {', '.join(places)}" if places else type(error).__name__
