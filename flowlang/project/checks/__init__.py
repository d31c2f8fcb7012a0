"""All checks of a project as a whole, one module each.

A check is a module with `run(whole)`, which yields problems with the file that each is in. It may
say what it `PROVES` when it finds none, or build its facts itself with `facts(whole, found)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from flowlang.checking import Fact, Status
from flowlang.diagnostics import Problem
from flowlang.project.whole import Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeReport:
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    """By file, seen from the project's folder."""
    facts: tuple[Fact, ...] = ()
    """What holds for the whole."""


def check_project(whole: Whole) -> WholeReport:
    """What is wrong with a project beyond what is wrong with each of its files."""
    problems: dict[str, list[Problem]] = {}
    facts: list[Fact] = []
    for module in checks():
        found = list(module.run(whole))
        for path, problem in found:
            problems.setdefault(path, []).append(problem)
        if hasattr(module, "facts"):
            facts += module.facts(whole, found)
        elif hasattr(module, "PROVES") and whole.members:
            status: Status = "proved" if whole.is_certain else "unknown"
            broken = any(problem.severity != "hint" for _, problem in found)
            facts.append(Fact(check=module.PROVES, status="broken" if broken else status))
    by_file = {path: tuple(sorted(items, key=_order)) for path, items in problems.items()}
    return WholeReport(problems=by_file, facts=tuple(facts))


@cache
def checks() -> tuple[Any, ...]:
    """The modules of this package."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    return tuple(import_module(f"{__name__}.{name}") for name in names)


def _order(problem: Problem) -> tuple[int, str]:
    return (problem.place.offsets[0] if problem.place else -1, problem.code)
