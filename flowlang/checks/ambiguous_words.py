"""Names that are also words of a parameter.

`analytics: realtime` says the word, whatever a value of that name holds; whoever declared the name
may mean the value.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem


def run(context: Context) -> Iterator[Problem]:
    yield from context.findings("FL108")
