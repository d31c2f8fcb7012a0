"""Steps that no block of the library does.

What such a step would do is not known, so nothing can be proved of what follows it.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.binding import fits
from flowlang.checking import Outside
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Step, WordPort
from flowlang.wiring import WiredSection


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        if step.block is not None:
            continue
        kind = step.step.kind
        declared = outside.declared(kind)
        suggestion = None
        if declared is None:
            meant = did_you_mean(kind, (*outside.catalogue.kinds(), *outside.callables()))
            suggestion = meant if meant and _may_be(step.step, meant, outside) else None
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


def _may_be(step: Step, kind: str, outside: Outside) -> bool:
    """Whether a step can be of this kind, with its arguments and outcome lines."""
    block = outside.catalogue.block(kind)
    if block is None:
        return True
    words = {outcome.name for outcome in block.outcomes}
    ports = {
        port.word for route in step.routes for port in route.ports if isinstance(port, WordPort)
    }
    return fits(step, block) and ports <= words
