"""Outcomes that are routed twice.

Only the first line counts, so the second misleads whoever reads it.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowlang.checking import Outside
from flowlang.checks.unknown_outcomes import port_place
from flowlang.diagnostics import Fix, Problem, Related
from flowlang.diagnostics.fixes import remove
from flowlang.model import Route
from flowlang.wiring import WiredSection


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        first = {wire.port: wire for wire in step.wires if wire.role == "routed"}
        for wire in step.stray:
            if wire.port in first:
                place = port_place(first[wire.port])
                yield Problem(
                    code="FL207",
                    severity="error",
                    place=port_place(wire),
                    arguments={"outcome": wire.port},
                    block=step.id,
                    outcome=wire.port,
                    related=(Related(place=place, note="first"),) if place else (),
                    fix=_fix(wire.route),
                )


def _fix(route: Route | None) -> Fix | None:
    """Take the line away, if it routes nothing else."""
    return remove(route.extent, "FL207") if route and len(route.ports) == 1 else None
