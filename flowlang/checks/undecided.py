"""Ways that are not decided yet: `-> nowhere`.

A draft may have them. Published, a contact that goes there would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Context, Outside
from flowlang.diagnostics import Problem
from flowlang.model import Goto, Route
from flowlang.wiring import Wire, WiredSection, WiredStep


def of_section(section: WiredSection, _outside: Outside) -> Iterator[Problem]:
    seen: set[int] = set()
    for step, wire in _undecided(section):
        line = wire.route or section.section.goto
        if id(line) not in seen and not _is_of_header(wire, section):
            seen.add(id(line))
            yield _problem(step, wire, line)


def of_graph(context: Context) -> Iterator[Problem]:
    """The line of the header, once."""
    for section in context.wiring.sections.values():
        for step, wire in _undecided(section):
            if _is_of_header(wire, section):
                yield _problem(step, wire, wire.route)
                return


def _undecided(section: WiredSection) -> Iterator[tuple[WiredStep, Wire]]:
    for step in section.steps.values():
        for wire in step.wires:
            if wire.fault == "nowhere":
                yield step, wire


def _is_of_header(wire: Wire, section: WiredSection) -> bool:
    own = section.section.routes
    return wire.role == "error" and not any(wire.route is route for route in own)


def _problem(step: WiredStep, wire: Wire, line: Route | Goto | None) -> Problem:
    return Problem(
        code="FL208",
        severity="warning",
        place=line.target.at if line else step.step.name_at,
        arguments={"outcome": wire.port, "name": step.id},
        block=step.id,
        outcome=wire.port,
    )
