"""Leaves out what only follows from another problem: one mistake is told once."""

from __future__ import annotations

from collections.abc import Iterable

from flowlang.diagnostics import Problem
from flowlang.syntax import Tree

UNUSED = frozenset({"FL104", "FL201"})
"""A line that could not be read may use it."""
UNDECLARED = frozenset({"FL101", "FL102", "FL203", "FL301"})
"""An item of which not even the first line could be read may declare it."""
INCOMPLETE = frozenset(
    {"FL202", "FL204", "FL205", "FL206", "FL209", "FL210", "FL211", "FL222", "FL303"}
)
"""A line of the same item that could not be read may say it."""
MISFIT = frozenset({"FL111", "FL113", "FL305", "FL306"})
"""What stands in the same place could not be read."""


def without_consequences(tree: Tree, problems: Iterable[Problem]) -> list[Problem]:
    found = list(problems)
    broken = {
        id(problem.place.anchor)
        for problem in tree.problems
        if problem.place and problem.severity == "error"
    }
    unread = {_at(problem) for problem in tree.problems if problem.place}
    follows = set(UNUSED) if broken else set()
    if any(chunk.problems and chunk.item is None for chunk in tree.chunks):
        follows |= UNDECLARED | {"FL209"}
    meant = {
        str(problem.arguments["suggestion"]).partition(".")[0]
        for problem in found
        if problem.arguments.get("suggestion")
    }
    return [
        problem
        for problem in found
        if problem.code not in follows
        and not (_is_of_something_missing(problem) and _stands_in(problem, broken))
        and not (problem.code in MISFIT and problem.place and _at(problem) in unread)
        and not (problem.code in UNUSED and problem.arguments.get("name") in meant)
    ]


def _is_of_something_missing(problem: Problem) -> bool:
    has_too_few = problem.code == "FL305" and problem.arguments.get("reason") == "fewer"
    return problem.code in INCOMPLETE or has_too_few


def _at(problem: Problem) -> tuple[int, int]:
    assert problem.place is not None
    return id(problem.place.anchor), problem.place.start


def _stands_in(problem: Problem, anchors: set[int]) -> bool:
    return problem.place is not None and id(problem.place.anchor) in anchors
