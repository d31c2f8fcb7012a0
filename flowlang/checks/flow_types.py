"""Blocks that may not stand in a flow of this type: nobody can be asked in a whisper."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Outside
from flowlang.diagnostics import Problem
from flowlang.wiring import WiredSection


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        allowed = step.block.flow_types if step.block else ()
        flow_type = outside.flow_type() if allowed else ""
        if flow_type not in (*allowed, "", "module"):
            yield Problem(
                code="FL502",
                severity="error",
                place=step.step.name_at or step.step.at,
                arguments={
                    "kind": step.step.kind,
                    "type": flow_type,
                    "types": tuple(allowed),
                },
                block=step.id,
            )
