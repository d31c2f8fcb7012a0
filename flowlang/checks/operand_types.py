"""Operators on values that they are not made for, comparisons that are never true, and conditions
that are none."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem


def run(context: Context) -> Iterator[Problem]:
    yield from context.findings("FL112", "FL115", "FL119")
