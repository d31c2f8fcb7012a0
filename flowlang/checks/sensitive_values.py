"""Sensitive values where anybody can see or hear them.

A prompt speaks them aloud and stands in the history; an attribute that is not sensitive itself is
shown to agents and kept in reports; what a function takes is shown in the history, unless it is
declared sensitive.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem

PROVES = "sensitive"


def run(context: Context) -> Iterator[Problem]:
    yield from context.findings("FL140")
