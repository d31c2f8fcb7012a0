"""Blocks that do not work on a channel which the flow serves.

There they take another outcome. Where that just goes on, nothing is lost; where it leads to the
error handling of the flow, everybody on that channel is sent away.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Outside
from flowlang.diagnostics import Problem, Severity
from flowlang.wiring import WiredSection, WiredStep


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        if step.block is None:
            continue
        for medium in outside.media():
            severity = _severity(step) if medium not in step.block.channels else None
            if severity:
                yield Problem(
                    code="FL501",
                    severity=severity,
                    place=step.step.name_at or step.step.at,
                    arguments={
                        "kind": step.step.kind,
                        "channel": medium,
                        "outcome": step.block.elsewhere,
                    },
                    block=step.id,
                    outcome=step.block.elsewhere,
                )


def _severity(step: WiredStep) -> Severity | None:
    """Nothing where the flow just goes on; less where the author said where it leads."""
    assert step.block is not None
    wire = step.wire(step.block.elsewhere)
    if wire is None or wire.role in ("next", "open"):
        return None
    return "hint" if wire.role == "routed" else "warning"
