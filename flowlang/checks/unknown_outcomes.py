"""Outcome lines for outcomes that the block does not have.

They are never taken, and what was meant is routed elsewhere. Quoted is a value, bare is a word
that the block declares.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flowlang.checking import Outside
from flowlang.diagnostics import Problem
from flowlang.diagnostics.fixes import write_instead
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import WordPort
from flowlang.places import Place
from flowlang.wiring import Wire, WiredSection, WiredStep


def of_section(section: WiredSection, outside: Outside) -> Iterator[Problem]:
    for step in section.steps.values():
        taken = {wire.port for wire in step.wires if wire.role == "routed"}
        for wire in step.stray:
            if wire.port not in taken:
                yield _problem(step, wire, taken)


def _problem(step: WiredStep, wire: Wire, taken: Collection[str]) -> Problem:
    words = tuple(outcome.name for outcome in step.ports.words)
    word = wire.spoken.word if isinstance(wire.spoken, WordPort) else ""
    reason, suggestion = "", None
    if not word:
        reason = "value"
    elif step.ports.values is not None and not did_you_mean(word, words):
        reason, suggestion = "quote", f'"{word}"'
    else:
        suggestion = did_you_mean(word, words)
    return Problem(
        code="FL206",
        severity="error",
        place=port_place(wire),
        arguments={
            "kind": step.step.kind,
            "outcome": wire.port,
            "words": words,
            "reason": reason,
            "suggestion": suggestion,
        },
        block=step.id,
        outcome=wire.port,
        fix=None if suggestion in taken else write_instead(_spoken_at(wire), suggestion),
    )


def port_place(wire: Wire) -> Place | None:
    return _spoken_at(wire) or (wire.route.at if wire.route else None)


def _spoken_at(wire: Wire) -> Place | None:
    return wire.spoken.at if wire.spoken else None
