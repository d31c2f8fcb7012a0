"""Blocks that may not stand in a flow of this type: nobody can be asked in a whisper."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Problem


def run(context: Context) -> Iterator[Problem]:
    header = context.document.header
    if header is None or header.word == "module":
        return
    for step in context.steps.values():
        allowed = step.block.flow_types if step.block else ()
        if allowed and context.flow_type not in allowed:
            yield Problem(
                code="FL502",
                severity="error",
                place=step.step.name_at or step.step.at,
                arguments={
                    "kind": step.step.kind,
                    "type": context.flow_type,
                    "types": tuple(allowed),
                },
                block=step.id,
            )
