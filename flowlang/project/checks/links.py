"""Links to a flow that cannot take over: of another type, or for other channels.

What a step can lead to follows from what it does: a contact goes on in a flow for callers or in a
transfer flow, and what happens to those who wait is said by a flow of exactly that type.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang import expressions as ex
from flowlang.checks.header import FLOW_TYPES
from flowlang.diagnostics import Problem, Severity
from flowlang.project.whole import Link, Member, Whole

PROVES = "links"
GOING_ON = ("inbound", "agent_transfer", "queue_transfer")
"""Flows that a contact can go on in."""


def run(whole: Whole) -> Iterator[tuple[str, Problem]]:
    for link in whole.links:
        target = link.target
        if target is None or target.is_module:
            continue
        wanted = _wanted(link)
        if wanted and target.context.flow_type not in wanted:
            yield _problem(link, target, "FL534", "error", wanted=wanted)
        lacking = _lacking(link.source, target)
        if link.how == "transfer" and lacking:
            yield _problem(link, target, "FL532", "warning", channels=lacking)


def _wanted(link: Link) -> tuple[str, ...]:
    """The types of flow that this place can have; empty: nobody says."""
    if link.how == "transfer":
        return tuple(dict.fromkeys((*GOING_ON, link.source.context.flow_type)))
    if link.spec.key in FLOW_TYPES:
        return (link.spec.key,)
    words = [
        value.value
        for value in link.step.bound.values.values()
        if isinstance(value, ex.Literal) and value.value in FLOW_TYPES
    ]
    return tuple(map(str, words))


def _lacking(source: Member, target: Member) -> tuple[str, ...]:
    """Media that come from the source and that the target does not serve."""
    there = target.context.media
    return tuple(medium for medium in source.context.media if there and medium not in there)


def _problem(
    link: Link, target: Member, code: str, severity: Severity, **arguments: object
) -> tuple[str, Problem]:
    problem = Problem(
        code=code,
        severity=severity,
        place=link.place,
        arguments={
            "name": target.name,
            "path": target.path,
            "type": target.context.flow_type,
            "kind": link.step.step.kind,
            "reason": "type" if code == "FL534" else "link",
            **arguments,
        },
        block=link.step.id,
        field=link.spec.key,
    )
    return link.source.path, problem
