"""Two flows of one name: a test or a transfer that names it cannot tell which is meant."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.diagnostics import Problem
from flowlang.project.whole import Member, Whole


def run(whole: Whole) -> Iterator[tuple[str, Problem]]:
    first: dict[str, Member] = {}
    for member in whole.members.values():
        other = first.setdefault(member.name, member)
        if other is not member:
            yield (
                member.path,
                Problem(
                    code="FL539",
                    severity="warning",
                    place=member.header.name_at or member.header.at,
                    arguments={"name": member.name, "path": other.path},
                ),
            )
