"""Flows that nothing leads to: no entry, and no flow that an entry leads to."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.diagnostics import Problem
from flowlang.project.whole import Member, Whole

PROVES = "flows_reached"


def run(whole: Whole) -> Iterator[tuple[str, Problem]]:
    if not whole.project.entries:
        return
    reached = reached_from_entries(whole)
    for member in whole.members.values():
        if member.path not in reached:
            reason = "module" if member.is_module else ""
            yield (
                member.path,
                Problem(
                    code="FL533",
                    severity="warning",
                    place=member.header.name_at or member.header.at,
                    arguments={"name": member.name, "reason": reason},
                ),
            )


def reached_from_entries(whole: Whole) -> dict[str, Member]:
    """By path. What a flow declares it may lead to, also by a value of which nobody knows more."""
    waiting = [member for _, member in whole.entries.values() if member is not None]
    found: dict[str, Member] = {}
    while waiting:
        member = waiting.pop()
        if member.path not in found:
            found[member.path] = member
            waiting += [target for _, target in whole.declared(member) if target is not None]
    return found
