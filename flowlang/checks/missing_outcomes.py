"""Outcomes that must lead somewhere and do not.

A caller who takes such an outcome would be lost. Errors that a block calls serious go to the
nearest `on error`: of the step, the section or the flow; one of them must be there.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context
from flowlang.diagnostics import Fix, Problem
from flowlang.diagnostics.fixes import add_below
from flowlang.wiring import Wire, WiredStep

PROVES = "outcomes"


def run(context: Context) -> Iterator[Problem]:
    unhandled: list[WiredStep] = []
    for step in context.steps.values():
        open_wires = [wire for wire in step.wires if wire.role == "open"]
        required = [wire for wire in open_wires if _is_required(step, wire)]
        if required:
            yield _problem(step, required)
        if len(required) < len(open_wires):
            unhandled.append(step)
    if unhandled:
        yield _no_handler(context, unhandled)


def _is_required(step: WiredStep, wire: Wire) -> bool:
    outcome = step.ports.word(wire.port)
    return outcome is None or outcome.unrouted == "required" or bool(outcome.like)


def _problem(step: WiredStep, wires: list[Wire]) -> Problem:
    outcomes = tuple(wire.port for wire in wires)
    return Problem(
        code="FL205",
        severity="error",
        place=step.step.name_at or step.step.at,
        arguments={"kind": step.step.kind, "outcomes": outcomes},
        block=step.id,
        outcome=outcomes[0],
        fix=route_fix(step, f"on {', '.join(outcomes)}", "FL205"),
    )


def route_fix(step: WiredStep, ports: str, title: str) -> Fix | None:
    """Add an outcome line that leads `nowhere` yet."""
    line = f"    {ports} -> nowhere"
    return add_below(step.step.extent, line, title, {"ports": ports})


def _no_handler(context: Context, steps: list[WiredStep]) -> Problem:
    """One problem for the whole flow: one line repairs it."""
    first = steps[0]
    return Problem(
        code="FL205",
        severity="error",
        place=first.step.name_at or first.step.at,
        arguments={"kind": first.step.kind, "outcomes": ("error",), "reason": "error"},
        block=first.id,
        outcome="error",
        fix=_handler_fix(context),
    )


def _handler_fix(context: Context) -> Fix | None:
    header = context.document.header
    return add_below(header.extent if header else None, "  on error -> hang_up", "FL205.error")
