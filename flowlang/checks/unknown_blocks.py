"""Steps that no block of the library does.

What such a step would do is not known, so nothing can be proved of what follows it.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Outside
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.wiring import WiredSection


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        if step.block is not None:
            continue
        kind = step.step.kind
        declared = outside.declared(kind)
        suggestion = None
        if declared is None:
            suggestion = did_you_mean(kind, (*outside.catalogue.kinds(), *outside.callables()))
        yield Problem(
            code="FL301",
            severity="error",
            place=step.step.name_at or step.step.at,
            arguments={
                "kind": kind,
                "suggestion": suggestion,
                "word": declared.word if declared else "",
                "reason": "declared" if declared else "",
            },
            block=step.id,
            fix=write_instead(step.step.name_at, suggestion),
        )
