"""Names that nothing declares, fields that are not there, resources of another kind.

What they stand for is nothing, and nothing is what the caller hears.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem


def run(context: Context) -> Iterator[Problem]:
    yield from context.findings("FL101", "FL102", "FL106", "FL120")
