"""Arguments that are given twice. Only the first counts."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Outside
from flowlang.checks.unknown_parameters import key_place
from flowlang.diagnostics import Problem
from flowlang.wiring import WiredSection


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        for argument in step.bound.repeated:
            yield Problem(
                code="FL304",
                severity="error",
                place=(key_place(argument) if argument.key else argument.value.at) or step.step.at,
                arguments={"kind": step.step.kind, "parameter": argument.key or ""},
                block=step.id,
                field=argument.key,
            )
