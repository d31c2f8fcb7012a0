"""Names that an edit may give."""

from __future__ import annotations

import unicodedata

from flowlang.edits.draft import TARGET_WORDS
from flowlang.edits.operation import Flow, refuse
from flowlang.names import SYSTEM
from flowlang.syntax.spelling import NAME, RESERVED


def checked_name(name: str, flow: Flow | None = None) -> str:
    """A name that may be given; with a flow, one that no value has yet."""
    name = unicodedata.normalize("NFC", name)
    if not NAME.fullmatch(name) or name in RESERVED | TARGET_WORDS | {"true", "false", "not"}:
        refuse("FL125", name=name)
    if flow and (flow.wiring.names.knows(name) or name in SYSTEM):
        refuse("FL126", name=name)
    return name
