"""All checks of a flow, one module each.

A check looks at as little as it needs, so that after an edit little is looked at again:

- `of_section(section, outside)` yields problems of one section. They are kept until the section, or
  what `outside` answered, is another.
- `FINDS` are codes of problems that typing the values of sections and declarations finds.
- `of_graph(context)` looks at steps and wires of the whole flow. What it says is kept until the
  graph is another; a place that it tells of must be one of a step, section, header or declaration.
- `run(context)` looks at whatever it likes, with every text.

A check may say what it `PROVES` when it finds nothing and what that `ASSUMES`, and which errors of
other checks it is `BROKEN_BY`; or build its facts itself with `facts(context, problems)`, of the
graph. Where a part of the flow is not known, nothing
is proved: the fact is `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from flowlang.catalogue import Catalogue
from flowlang.checking import Context, Fact, Outside, Report, Status, Surroundings
from flowlang.checking.consequences import without_consequences
from flowlang.checking.context import Target
from flowlang.checking.kept import Kept, Look, Told
from flowlang.checking.values import values_of_declarations, values_of_section
from flowlang.collector import undisturbed
from flowlang.diagnostics import Problem
from flowlang.model import Document
from flowlang.syntax import Tree
from flowlang.wiring import WiredSection, Wiring


@undisturbed()
def check(
    flow: Tree | Document,
    catalogue: Catalogue,
    *,
    target: Target = "runtime",
    surroundings: Surroundings | None = None,
    wiring: Wiring | None = None,
    previous: Report | None = None,
) -> Report:
    """Everything that is wrong with a flow, and what is proved of it.

    `wiring`: that of the flow, where it is known already. `previous`: what was said of a text that
    this one was parsed after; what still holds is taken over from there.
    """
    document = flow.document if isinstance(flow, Tree) else flow
    broken = flow.problems if isinstance(flow, Tree) else ()
    kept = previous.kept if previous and isinstance(flow, Tree) else None
    if kept and (kept.wiring.catalogue is not catalogue or kept.target != target):
        kept = None
    context = Context(
        document,
        catalogue,
        target=target,
        surroundings=surroundings,
        is_whole=not any(problem.severity == "error" for problem in broken),
        wiring=wiring,
        kept=kept,
    )
    looks = _looks(context, kept)
    told = _told(context, kept, _anchors(flow))
    found = _together(context, looks.values(), told)
    facts = [fact for module in checks() for fact in _facts(module, context, found, told)]
    problems = [*broken, *(problem for each in found.values() for problem in each)]
    if isinstance(flow, Tree):
        problems = without_consequences(flow, problems)
    return Report(
        problems=tuple(sorted(problems, key=_order)),
        facts=tuple(facts),
        kept=Kept(
            wiring=context.wiring, target=target, conditions=context.conditions,
            graph=context.graph, looks=looks, told=told,
        ),
    )  # fmt: skip


def _anchors(flow: Tree | Document) -> set[int]:
    return {id(chunk.anchor) for chunk in flow.chunks} if isinstance(flow, Tree) else set()


# --- section by section ---------------------------------------------------------------------------


def _looks(context: Context, kept: Kept | None) -> dict[str, Look]:
    known = kept.looks if kept else {}
    looks = {}
    for name, section in context.wiring.sections.items():
        look = known.get(name)
        holds = look is not None and look.holds(section, context)
        looks[name] = look if look and holds else _look(section, context)
    return looks


def _look(section: WiredSection, context: Context) -> Look:
    outside = Outside(context)
    found = _shared_out(values_of_section(section, outside))
    for module in _with("of_section"):
        if problems := [*module.of_section(section, outside)]:
            found.setdefault(module.__name__, []).extend(problems)
    return Look(section=section, found=found, answers=outside.answers)


def _shared_out(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """What typing the values found, by the check that tells it."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(_finders()[problem.code], []).append(problem)
    return found


@cache
def _finders() -> Mapping[str, str]:
    return {code: module.__name__ for module in _with("FINDS") for code in module.FINDS}


# --- the whole ------------------------------------------------------------------------------------


def _told(context: Context, kept: Kept | None, anchors: set[int]) -> dict[str, Told]:
    known = kept.told if kept and context.known_graph else {}
    told = {}
    for module in _with("of_graph"):
        name = module.__name__
        if name in known and known[name].stands_in(anchors):
            told[name] = known[name]
            continue
        problems = tuple(module.of_graph(context))
        has_facts = hasattr(module, "facts")
        facts = tuple(module.facts(context, problems)) if has_facts else ()
        told[name] = Told(problems=problems, facts=facts)
    return told


def _together(
    context: Context, looks: Iterable[Look], told: Mapping[str, Told]
) -> dict[str, list[Problem]]:
    """All problems by check."""
    found = _shared_out(values_of_declarations(context.document, Outside(context)))
    for look in looks:
        for name, problems in look.found.items():
            found.setdefault(name, []).extend(problems)
    for name, what in told.items():
        found.setdefault(name, []).extend(what.problems)
    for module in _with("run"):
        found.setdefault(module.__name__, []).extend(module.run(context))
    return found


@cache
def checks() -> tuple[Any, ...]:
    """The modules of this package."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    return tuple(import_module(f"{__name__}.{name}") for name in names)


@cache
def _with(name: str) -> tuple[Any, ...]:
    """The checks that have a function or constant of this name."""
    return tuple(module for module in checks() if hasattr(module, name))


def _facts(
    module: Any, context: Context, found: Mapping[str, list[Problem]], told: Mapping[str, Told]
) -> Iterable[Fact]:
    name = module.__name__
    if name in told and hasattr(module, "facts"):
        return told[name].facts
    if not hasattr(module, "PROVES") or not context.document.sections:
        return ()
    status: Status = "proved" if context.is_certain else "unknown"
    if any(problem.severity != "hint" for problem in found.get(name, ())) or _is_broken_by(
        getattr(module, "BROKEN_BY", frozenset()), found
    ):
        status = "broken"
    return (Fact(check=module.PROVES, status=status, assumes=getattr(module, "ASSUMES", ())),)


def _is_broken_by(codes: frozenset[str], found: Mapping[str, list[Problem]]) -> bool:
    return bool(codes) and any(
        problem.code in codes and problem.severity == "error"
        for problems in found.values()
        for problem in problems
    )


def _order(problem: Problem) -> tuple[int, str]:
    return (problem.place.offsets[0] if problem.place else -1, problem.code)
