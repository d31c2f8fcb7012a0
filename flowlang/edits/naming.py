"""Names that an edit may give."""

from __future__ import annotations

import unicodedata

from flowlang.edits.operation import Flow, refuse
from flowlang.names import SYSTEM, TARGET_WORDS, VALUES_READ_OTHERWISE
from flowlang.syntax.spelling import NAME, RESERVED

_RESERVED = RESERVED | TARGET_WORDS | VALUES_READ_OTHERWISE


def checked_name(name: str, flow: Flow | None = None) -> str:
    """A name that may be given; with a flow, one that no value has yet."""
    name = unicodedata.normalize("NFC", name)
    if not NAME.fullmatch(name) or name in _RESERVED:
        refuse("FL125", name=name)
    if flow and (flow.wiring.names.knows(name) or name in SYSTEM):
        refuse("FL126", name=name)
    return name
