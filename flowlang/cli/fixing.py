"""Carries out fixes of problems, as many as do not touch each other."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from flowlang.diagnostics import Edit, Fix


def apply(source: str, fixes: Iterable[Fix]) -> tuple[str, int]:
    """The text after the fixes, and how many of them were carried out."""
    taken: list[Edit] = []
    count = 0
    for fix in fixes:
        merged = sorted([*taken, *fix.edits], key=lambda edit: (edit.start, edit.end))
        if not any(_touch(before, after) for before, after in pairwise(merged)):
            taken, count = merged, count + 1
    for edit in reversed(taken):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source, count


def _touch(before: Edit, after: Edit) -> bool:
    return before.end > after.start or before.start == after.start
