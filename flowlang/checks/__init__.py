"""All checks of a flow, one module each.

A check is a module with `run(context)`, which yields problems. It may say what it `PROVES` when it
finds none and what that `ASSUMES`, or build its facts itself with `facts(context, problems)`.
Where a part of the flow is not known, nothing is proved: the fact is `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from flowlang.catalogue import Catalogue
from flowlang.checking import Context, Fact, Report, Status, Surroundings
from flowlang.checking.consequences import without_consequences
from flowlang.checking.context import Target
from flowlang.diagnostics import Problem
from flowlang.model import Document
from flowlang.syntax import Tree


def check(
    flow: Tree | Document,
    catalogue: Catalogue,
    *,
    target: Target = "runtime",
    surroundings: Surroundings | None = None,
) -> Report:
    """Everything that is wrong with a flow, and what is proved of it."""
    document = flow.document if isinstance(flow, Tree) else flow
    broken = flow.problems if isinstance(flow, Tree) else ()
    context = Context(
        document,
        catalogue,
        target=target,
        surroundings=surroundings,
        is_whole=not any(problem.severity == "error" for problem in broken),
    )
    problems = list(broken)
    facts: list[Fact] = []
    for module in checks():
        found = list(module.run(context))
        problems += found
        facts += _facts(module, context, found)
    if isinstance(flow, Tree):
        problems = without_consequences(flow, problems)
    return Report(problems=tuple(sorted(problems, key=_order)), facts=tuple(facts))


@cache
def checks() -> tuple[Any, ...]:
    """The modules of this package."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    return tuple(import_module(f"{__name__}.{name}") for name in names)


def _facts(module: Any, context: Context, found: list[Problem]) -> Iterable[Fact]:
    if hasattr(module, "facts"):
        facts: Iterator[Fact] = module.facts(context, found)
        return facts
    if not hasattr(module, "PROVES") or not context.document.sections:
        return ()
    status: Status = "proved" if context.is_certain else "unknown"
    if any(problem.severity != "hint" for problem in found):
        status = "broken"
    return (Fact(check=module.PROVES, status=status, assumes=getattr(module, "ASSUMES", ())),)


def _order(problem: Problem) -> tuple[int, str]:
    return (problem.place.offsets[0] if problem.place else -1, problem.code)
