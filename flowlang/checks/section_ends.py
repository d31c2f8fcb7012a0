"""Sections that fall off their end.

A section never goes on into the next one: it ends with `-> target` or with a block that ends the
flow, so that sections can be moved without a change of meaning.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context, Outside
from flowlang.diagnostics import Fix, Problem
from flowlang.diagnostics.fixes import add_below, indentation
from flowlang.model import Section
from flowlang.wiring import WiredSection, WiredStep


def of_section(section: WiredSection, _outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        falling = [
            wire.port
            for wire in step.wires
            if step.block is not None
            and wire.fault == "no_next"
            and (wire.role == "next" or _says_next(wire.route))
        ]
        if falling:
            yield _problem(step, falling)


def _says_next(route: object) -> bool:
    target = getattr(route, "target", None)
    return target is not None and target.spelling == "next"


def _problem(step: WiredStep, ports: list[str]) -> Problem:
    return Problem(
        code="FL204",
        severity="error",
        place=step.step.name_at or step.step.at,
        arguments={"section": step.section.name, "name": step.id, "outcomes": tuple(ports)},
        block=step.id,
        outcome=ports[0],
        fix=_fix(step.section),
    )


def _fix(section: Section) -> Fix | None:
    """Leave it open in words, where nothing else says how the section ends."""
    last = section.steps[-1]
    line = f"{indentation([last.at], '  ')}-> nowhere"
    return None if section.goto else add_below(last.extent, line, "FL204")


def run(context: Context) -> Iterator[Problem]:
    """Sections that have no step and lead to none."""
    document = context.document
    header = document.header
    if header is not None and not document.sections:
        yield Problem(
            code="FL209",
            severity="error",
            place=header.name_at or header.at,
            arguments={"name": header.name, "reason": "flow"},
        )
    known: dict[str, bool] = {}
    for section in document.sections.values():
        if not section.steps and _leads_nowhere(context, section, known):
            yield Problem(
                code="FL209",
                severity="error",
                place=section.name_at or section.at,
                arguments={"name": section.name, "reason": "circle" if section.goto else ""},
            )


def _leads_nowhere(context: Context, section: Section, known: dict[str, bool]) -> bool:
    """Whether a section without a step leads to none; `known` is for what others lead to, too."""
    way: list[str] = []
    found = False
    while section.goto is not None and not section.steps:
        target = section.goto.target
        if section.name in known:
            found = known[section.name]
            break
        # Whoever comes here again on this way goes round.
        known[section.name] = True
        way.append(section.name)
        if target.step is not None or target.name not in context.document.sections:
            found = target.spelling == "next"
            break
        section = context.document.sections[target.name]
    else:
        found = not section.steps
    known.update(dict.fromkeys(way, found))
    return found
