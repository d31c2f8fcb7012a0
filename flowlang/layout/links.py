"""What a layout of sections follows: which of them lead to which."""

from __future__ import annotations

from flowlang.wiring import Wiring


def links_of(wiring: Wiring) -> dict[str, list[str]]:
    """Which sections lead to which. An error's default counts only where nothing else leads."""
    strong: dict[str, list[str]] = {}
    faint: dict[str, list[str]] = {}
    for step in wiring.steps.values():
        for wire in step.wires:
            target = wiring.steps.get(wire.target or "")
            if target and target.section.name != step.section.name:
                links = faint if wire.role == "error" else strong
                links.setdefault(step.section.name, []).append(target.section.name)
    reached = {target for targets in strong.values() for target in targets}
    for source, targets in faint.items():
        strong.setdefault(source, []).extend(t for t in targets if t not in reached)
    return {source: list(dict.fromkeys(targets)) for source, targets in strong.items()}
