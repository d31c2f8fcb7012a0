"""Blocks that may not stand in a flow of this type: nobody can be asked in a whisper."""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.block import Block
from flowlang.checking import Outside
from flowlang.checks.header import FLOW_TYPES
from flowlang.diagnostics import Problem
from flowlang.parameters import Parameters
from flowlang.places import Place
from flowlang.wiring import WiredSection, WiredStep


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        if step.block is not None:
            place = step.step.name_at or step.step.at
            yield from _misplaced(step.block, step.step.kind, step, place, outside)
        told: set[str] = set()
        for wire in step.wires:
            ending = section.endings.get(wire.target or "")
            if ending is None or ending.kind in told:
                continue
            if wire.role in ("routed", "next"):
                told.add(ending.kind)
                place = (wire.route.target.at if wire.route else None) or step.step.at
                yield from _misplaced(ending, ending.kind, step, place, outside)


def _misplaced(
    block: type[Block[Parameters]],
    kind: str,
    step: WiredStep,
    place: Place | None,
    outside: Outside,
) -> Iterator[Problem]:
    """A module has the type of the flow that runs it, so in a module everything may stand; a type
    that is none is told once, in the header."""
    flow_type = outside.flow_type() if block.flow_types else ""
    if flow_type in FLOW_TYPES and flow_type not in block.flow_types:
        arguments = {"kind": kind, "type": flow_type, "types": tuple(block.flow_types)}
        yield Problem(code="FL502", severity="error", place=place, arguments=arguments,
                      block=step.id)  # fmt: skip
