"""What a tool can repair by itself: the fixes of problems, and the canonical form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flowlang.diagnostics import Edit, Problem
from flowlang.diagnostics.words import Language, fix_title
from flowlang.edits import Edits, difference
from flowlang.features.words import say
from flowlang.syntax import Tree, to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    title: str
    edits: Edits
    problem: Problem | None = None
    """The problem that it repairs; None: it repairs all that is safe to repair."""
    is_safe: bool = True


def actions(
    problems: Sequence[Problem], start: int, end: int, language: Language = "en"
) -> list[Action]:
    """The repairs of problems that touch a stretch of the text."""
    return [
        Action(
            title=fix_title(problem.fix, language),
            edits=problem.fix.edits,
            problem=problem,
            is_safe=problem.fix.safe,
        )
        for problem in problems
        if problem.fix and problem.fix.edits and _touches(problem, start, end)
    ]


def _touches(problem: Problem, start: int, end: int) -> bool:
    if problem.place is None:
        return False
    first, last = problem.place.offsets
    return first <= end and start <= last


def fix_all(problems: Iterable[Problem], language: Language = "en") -> Action | None:
    """All safe repairs in one; of two that overlap the first counts."""
    edits: list[Edit] = []
    fixes = [item.fix for item in problems if item.fix and item.fix.safe]
    for fix in sorted(fixes, key=lambda it: [(edit.start, edit.end) for edit in it.edits]):
        if all(not edits or edit.start >= edits[-1].end for edit in fix.edits):
            edits += [edit for edit in fix.edits if edit not in edits]
    return Action(title=say("fix_all", language), edits=tuple(edits)) if edits else None


def formatting(tree: Tree) -> Edits:
    """What makes the text canonical; nothing while a line cannot be read, lest it be lost."""
    if any(problem.severity == "error" for problem in tree.problems):
        return ()
    text = to_text(tree.document)
    if "\r\n" in tree.source:
        text = text.replace("\n", "\r\n")
    return difference(tree.source, text)
