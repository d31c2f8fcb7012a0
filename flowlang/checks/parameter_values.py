"""Values that a parameter does not take: out of bounds, of another type, an unknown word.

The form of the designer knows the same bounds; at run time such a step takes its error outcome.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem


def run(context: Context) -> Iterator[Problem]:
    yield from context.findings("FL305", "FL306", "FL307", "FL308")
