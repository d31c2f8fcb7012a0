"""A flow as a list of sections and steps: what a screen reader reads instead of a picture."""

from __future__ import annotations

from dataclasses import dataclass

from designer.faces import face_of, said
from flowlang.diagnostics.words import Language
from flowlang.wiring import WiredStep, Wiring

NOWHERE = {"en": "nowhere yet", "ko": "아직 정하지 않음"}
ENDS = {"en": "the flow ends", "ko": "흐름 종료"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineStep:
    id: str
    kind: str
    """What kind of block it is, in words."""
    title: str
    lines: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]
    """Each outcome in words, with where it leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineSection:
    id: str
    label: str
    steps: tuple[OutlineStep, ...]


Outline = tuple[OutlineSection, ...]


def outline(wiring: Wiring, language: Language) -> Outline:
    found = []
    for section in wiring.document.sections.values():
        steps = tuple(
            _step(wiring, wiring.steps[step_id], language) for step_id in section.step_ids
        )
        label = section.title or section.name
        found.append(OutlineSection(id=section.name, label=label, steps=steps))
    return tuple(found)


def _step(wiring: Wiring, step: WiredStep, language: Language) -> OutlineStep:
    face = face_of(step, language)
    outcomes = []
    for wire in step.wires:
        outcome = step.ports.word(wire.port)
        name = said(outcome.title, language) if outcome and not wire.spoken else wire.port
        outcomes.append((name, _target(wiring, wire.target, wire.role, language)))
    return OutlineStep(
        id=step.id,
        kind=said(step.block.card.title, language) if step.block else step.step.kind,
        title=face.title,
        lines=face.lines,
        outcomes=tuple(outcomes),
    )


def _target(wiring: Wiring, target: str | None, role: str, language: Language) -> str:
    if target is None:
        return ENDS[language] if role == "end" else NOWHERE[language]
    if target in wiring.endings:
        return said(wiring.endings[target].card.title, language)
    step = wiring.steps[target]
    return f"{step.section.title or step.section.name}: {face_of(step, language).title}"
