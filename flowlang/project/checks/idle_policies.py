"""Policies that are about no flow: their file stands in a folder without any."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.diagnostics import Problem
from flowlang.project.whole import Whole


def run(whole: Whole) -> Iterator[tuple[str, Problem]]:
    for path, policies in whole.house.items():
        if any(whole.below(path)):
            continue
        for policy in policies:
            yield (
                path,
                Problem(
                    code="FL538",
                    severity="warning",
                    place=policy.words.at or policy.at,
                    arguments={"title": policy.title},
                ),
            )
