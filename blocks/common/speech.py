"""Text that is spoken."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<[^>]*>")
_BLANKS = re.compile(r"\s+")


def plain(ssml: str) -> str:
    """What speech markup says, for whoever reads instead of listening."""
    return _BLANKS.sub(" ", html.unescape(_TAG.sub(" ", ssml))).strip()
