"""Outcomes that must lead somewhere and do not.

A caller who takes such an outcome would be lost. Errors that a block calls serious go to the
nearest `on error`: of the step, the section or the flow; one of them must be there.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.block import Block
from flowlang.checking import Context, Outside
from flowlang.diagnostics import Fix, Problem
from flowlang.diagnostics.fixes import add_below, indentation
from flowlang.parameters import Parameters
from flowlang.wiring import Wire, WiredSection, WiredStep

PROVES = "outcomes"


def of_section(section: WiredSection, _outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        required = [wire for wire in _open(step) if _is_required(step, wire)]
        if required:
            yield _problem(step, required)


def of_graph(context: Context) -> Iterator[Problem]:
    """One problem for the whole flow: one line repairs it."""
    for step in context.steps.values():
        if any(not _is_required(step, wire) for wire in _open(step)):
            yield _no_handler(context, step, step.step.kind)
            return
    if context.wiring.handler is None:
        yield from _unfinished(context)


def _unfinished(context: Context) -> Iterator[Problem]:
    """A block that ends the flow and has to ask for that may be refused. It has no outcomes, so
    only the flow can say what then."""
    endings = context.wiring.endings
    for step in context.steps.values():
        for block in (step.block, *(endings.get(wire.target or "") for wire in step.wires)):
            if block is not None and _can_be_refused(block):
                yield _no_handler(context, step, block.kind)
                return
    only = endings.get(context.wiring.start or "")
    if only is not None and _can_be_refused(only):
        yield _no_handler(context, None, only.kind)


def _can_be_refused(block: type[Block[Parameters]]) -> bool:
    return block.ends_flow and block.waits == "service"


def _open(step: WiredStep) -> list[Wire]:
    return [wire for wire in step.wires if wire.role == "open"]


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
    lines = [*step.step.routes, *(item for item in step.step.arguments if item.own_line)]
    margin = indentation((line.at for line in lines), f"{indentation([step.step.at], '  ')}  ")
    return add_below(step.step.extent, f"{margin}{ports} -> nowhere", title, {"ports": ports})


def _no_handler(context: Context, first: WiredStep | None, kind: str) -> Problem:
    header = context.document.header
    about = first.step if first else header
    return Problem(
        code="FL205",
        severity="error",
        place=(about.name_at or about.at) if about else None,
        arguments={"kind": kind, "outcomes": ("error",), "reason": "error"},
        block=first.id if first else None,
        outcome="error",
        fix=_handler_fix(context),
    )


def _handler_fix(context: Context) -> Fix | None:
    header = context.document.header
    if header is None or not context.is_whole:
        return None
    margin = indentation((line.at for line in (*header.settings, *header.routes)), "  ")
    return add_below(header.extent, f"{margin}on error -> hang_up", "FL205.error")
