"""Outcome lines and arrows that lead to nothing: no section, no step, no block that ends the flow.

Whoever takes this way would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem, Related
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Goto, Section, Target
from flowlang.parameters import specs

WORDS = ("next", "nowhere")


def run(context: Context) -> Iterator[Problem]:
    for block, target in _targets(context):
        if not _exists(context, target):
            yield _problem(context, block, target)


def _targets(context: Context) -> Iterator[tuple[str | None, Target]]:
    """Every target with the step that it stands at."""
    header = context.document.header
    for route in header.routes if header else ():
        yield None, route.target
    for section in context.document.sections.values():
        for section_route in section.routes:
            yield None, section_route.target
        ids = iter(section.step_ids)
        last: str | None = None
        for item in section.body:
            if isinstance(item, Goto):
                yield last, item.target
        for last, step in zip(ids, section.steps, strict=True):
            for step_route in step.routes:
                yield last, step_route.target


def _exists(context: Context, target: Target) -> bool:
    section = context.document.sections.get(target.name)
    if target.step is not None:
        return section is not None and f"{target.name}.{target.step}" in section.step_ids
    return section is not None or target.name in WORDS or _ends(context, target.name)


def _ends(context: Context, kind: str) -> bool:
    block = context.catalogue.block(kind)
    return (
        block is not None
        and block.ends_flow
        and not any(spec.required for spec in specs(block.Params))
    )


def _problem(context: Context, block: str | None, target: Target) -> Problem:
    sections = context.document.sections
    suggestion = None
    reason = ""
    if context.catalogue.block(target.name) is not None and target.step is None:
        reason = "block"
    else:
        suggestion = _suggestion(context, target)
    return Problem(
        code="FL203",
        severity="error",
        place=target.at,
        arguments={"name": target.spelling, "suggestion": suggestion, "reason": reason},
        block=block,
        related=_related(sections.get((suggestion or "").partition(".")[0])),
        fix=write_instead(target.at, suggestion),
    )


def _related(section: Section | None) -> tuple[Related, ...]:
    place = section.name_at if section else None
    name = section.name if section else ""
    return (Related(place=place, note="section", arguments={"name": name}),) if place else ()


def _suggestion(context: Context, target: Target) -> str | None:
    sections = context.document.sections
    if target.step is not None and target.name in sections:
        return did_you_mean(target.spelling, sections[target.name].step_ids)
    steps = [item for item in context.steps if target.step is not None]
    found = did_you_mean(target.spelling, (*sections, *steps, *WORDS))
    if found is None and target.step is None:
        kind = did_you_mean(target.name, context.catalogue.kinds())
        found = kind if kind and _ends(context, kind) else None
    return found
