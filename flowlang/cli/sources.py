"""What a source is, seen from its content."""

from __future__ import annotations

import re

UNREADABLE = frozenset({"FL410", "FL411", "FL412", "FL413", "FL414", "FL040"})
"""Problems of a file as a whole: nothing in it could be looked at."""
_NATIVE = re.compile(r'"schema"\s*:\s*"flowlang/')
_CONNECT = re.compile(r'"(StartAction|Actions)"\s*:')
_LEGACY = re.compile(r'"(modules"\s*:\s*\[|start"\s*:\s*")')


def is_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "["))


def is_connect(text: str) -> bool:
    """Whether a JSON text is a flow of Amazon Connect, of today or of the older export, not
    native JSON."""
    if len(set(_CONNECT.findall(text))) == 2:
        return True
    return len(set(map(_first_word, _LEGACY.findall(text)))) == 2 and not _NATIVE.search(text)


def _first_word(found: str) -> str:
    return found.partition('"')[0]


def is_flow_json(text: str) -> bool:
    """Whether a JSON text is a flow at all; folders hold other JSON too."""
    return is_json(text) and (is_connect(text) or bool(_NATIVE.search(text)))
