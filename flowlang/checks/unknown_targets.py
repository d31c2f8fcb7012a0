"""Outcome lines and arrows that lead to nothing: no section, no step, no block that ends the flow.

Whoever takes this way would be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowlang.checking import Context, Outside
from flowlang.diagnostics import Problem, Related
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Section, Step, Target
from flowlang.parameters import specs
from flowlang.wiring import WiredSection

WORDS = ("next", "nowhere")


def run(context: Context) -> Iterator[Problem]:
    header = context.document.header
    targets = [(None, route.target) for route in (header.routes if header else ())]
    yield from _problems(targets, Outside(context))


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    yield from _problems(_targets(section.section), outside)


def _targets(section: Section) -> Iterator[tuple[str | None, Target]]:
    """Every target with the step that it stands at."""
    for item in section.body:
        if not isinstance(item, Step):
            yield None, item.target
    for step_id, step in zip(section.step_ids, section.steps, strict=True):
        for route in step.routes:
            yield step_id, route.target


def _problems(targets: Iterable[tuple[str | None, Target]], outside: Outside) -> Iterator[Problem]:
    for block, target in targets:
        if not _exists(outside, target):
            yield _problem(outside, block, target)


def _exists(outside: Outside, target: Target) -> bool:
    ids = outside.step_ids(target.name)
    if target.step is not None:
        return target.spelling in (ids or ())
    return ids is not None or target.name in WORDS or _ends(outside, target.name)


def _ends(outside: Outside, kind: str) -> bool:
    block = outside.catalogue.block(kind)
    return (
        block is not None
        and block.ends_flow
        and not any(spec.required for spec in specs(block.Params))
    )


def _has_place(outside: Outside, kind: str) -> bool:
    """Whether the block may stand in a flow of this type."""
    block = outside.catalogue.block(kind)
    types = block.flow_types if block else ()
    return not types or outside.flow_type() in types


def _problem(outside: Outside, block: str | None, target: Target) -> Problem:
    suggestion = None
    reason = ""
    if outside.catalogue.block(target.name) is not None and target.step is None:
        reason = "block"
    else:
        suggestion = _suggestion(outside, target)
    return Problem(
        code="FL203",
        severity="error",
        place=target.at,
        arguments={"name": target.spelling, "suggestion": suggestion, "reason": reason},
        block=block,
        related=_related(outside, (suggestion or "").partition(".")[0]),
        fix=write_instead(target.at, suggestion),
    )


def _related(outside: Outside, name: str) -> tuple[Related, ...]:
    place = outside.section_at(name)
    return (Related(place=place, note="section", arguments={"name": name}),) if place else ()


def _suggestion(outside: Outside, target: Target) -> str | None:
    ids = outside.step_ids(target.name)
    if target.step is not None and ids is not None:
        return did_you_mean(target.spelling, ids)
    steps = outside.all_step_ids() if target.step is not None else ()
    found = did_you_mean(target.spelling, (*outside.sections(), *steps, *WORDS))
    if found is None and target.step is None:
        kind = did_you_mean(target.name, outside.catalogue.kinds())
        found = kind if kind and _ends(outside, kind) and _has_place(outside, kind) else None
    return found
