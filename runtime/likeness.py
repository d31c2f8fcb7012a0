"""What tells the steps of a flow apart, and by what a step is found again in another version.

A name alone says nothing: `menu` may be another question today. A step is known by what it asks,
how it can be answered and what it is told; where several look alike, by what they lead to.
"""

from __future__ import annotations

from flowlang.model import Declaration
from flowlang.names import outside_name
from flowlang.syntax import spelling
from flowlang.wiring import WiredStep, Wiring

LOOKS_AROUND = 3
"""Of steps that look alike, so many wires around tell which is which."""


def likeness(wiring: Wiring) -> list[dict[str, int]]:
    """A mark of each step: by itself, then with what it leads to, and so on."""
    rounds = [{name: hash(facts(step)) for name, step in wiring.steps.items()}]
    for _ in range(LOOKS_AROUND):
        last = rounds[-1]
        rounds.append(
            {
                name: hash((
                    last[name],
                    tuple(sorted(
                        (each.port, last.get(each.target or "", hash(each.target)))
                        for each in step.wires
                    )),
                ))
                for name, step in wiring.steps.items()
            }
        )  # fmt: skip
    return rounds


def facts(step: WiredStep) -> object:
    """Kind, parameters, outcomes, and what is declared of what it names."""
    declared = sorted(step.call.declarations.values(), key=lambda item: item.name)
    return (
        step.step.kind,
        _declared(step.call.callee) if step.call.callee else None,
        tuple(sorted((key, spelling.value(item)) for key, item in step.bound.values.items())),
        tuple(sorted(each.port for each in step.wires)),
        tuple(_declared(item) for item in declared),
    )


def _declared(item: Declaration) -> object:
    return (
        item.word,
        outside_name(item),
        spelling.type_(item.type) if item.type else "",
        # What an attribute is at first has no meaning for those who are under way.
        "" if item.word in ("attribute", "variable") or not item.value else str(item.value),
        tuple((each.key, spelling.value(each.value)) for each in item.entries),
    )
