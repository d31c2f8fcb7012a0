"""Sensitive values where anybody can see or hear them.

A prompt speaks them aloud and stands in the history; an attribute that is not sensitive itself is
shown to agents and kept in reports; what a function takes is shown in the history, unless it is
declared sensitive.
"""

from __future__ import annotations

PROVES = "sensitive"
BROKEN_BY = frozenset({"FL230"})

FINDS = ("FL140",)
