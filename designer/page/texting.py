"""A flow as the text view shows it: lines of steps and sections, problems with their fixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from designer import text
from designer.session import Session
from designer.words import Language
from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import fix_title, message
from flowlang.places import Position
from flowlang.wiring import WiredStep


def lines_of(wired: WiredStep) -> tuple[int, int]:
    """The first and the last line of a step; its comments above are not counted."""
    place, extent = wired.step.at, wired.step.extent
    if place is None or extent is None:
        return 0, 0
    # An extent ends behind its last line break.
    return place.first.line, replace(extent, end=extent.end - 1).last.line


def section_lines(session: Session) -> list[tuple[str, int]]:
    return [
        (name, section.at.first.line if section.at else 1)
        for name, section in session.flow.document.sections.items()
    ]


def shown_problems(problems: Iterable[Problem], language: Language) -> list[text.Problem]:
    return [
        {
            "start": _place(problem.place.first),
            "end": _place(problem.place.last),
            "severity": "info" if problem.severity == "hint" else problem.severity,
            "message": message(problem, language),
            "code": problem.code,
            "fix": {"title": fix_title(problem.fix, language)} if problem.fix else None,
        }
        for problem in problems
        if problem.place
    ]


def problem_at(problems: Iterable[Problem], chosen: Mapping[str, Any]) -> Problem | None:
    """The problem whose fix somebody chose in the text."""
    return next(
        (
            problem
            for problem in problems
            if problem.fix
            and problem.place
            and problem.code == chosen["code"]
            and _place(problem.place.first) == chosen["start"]
        ),
        None,
    )


def _place(position: Position) -> text.Place:
    return {"line": position.line, "column": position.column}
