"""Values that an attribute or variable cannot hold, and things that cannot be set.

What a declaration promises holds wherever the name is read: in branches, in prompts, for agents.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem

PROVES = "types"


def run(context: Context) -> Iterator[Problem]:
    yield from context.findings("FL111", "FL113", "FL116")
