"""What the inspector shows of a session: the selected step, its problems, where it can lead."""

from __future__ import annotations

from designer.faces import face_of
from designer.page.adopting import adoptable
from designer.page.inspector import InspectorModel
from designer.page.problems import by_field
from designer.session import Session
from designer.words import Language, said
from flowlang.parameters import specs


def inspected(session: Session, selected: str | None, language: Language) -> InspectorModel | None:
    wiring = session.wiring
    wired = wiring.steps.get(selected or "")
    if wired is None:
        return None
    return InspectorModel(
        wired=wired,
        wiring=wiring,
        title=face_of(wired, language).title,
        field_problems=by_field(session.problems, wired.id),
        endings=endings(session, language),
        adoptable=adoptable(wired, session.project),
        numbers=session.project.numbers if session.project else (),
    )


def what_is_inspected(session: Session, selected: str | None) -> object:
    """Everything that the inspector shows, in a form that can be compared."""
    wired = session.wiring.steps.get(selected or "")
    if wired is None:
        return ()
    first, last = wired.step.at, wired.step.extent
    lines = session.text.splitlines()
    own = lines[first.first.line - 1 : last.last.line] if first and last else []
    problems = by_field(session.problems, wired.id)
    return (
        wired.id,
        own,
        wired.step.comments,
        [(wire.id, wire.target, wire.role) for wire in wired.wires],
        {field: [(p.code, p.arguments, p.fix) for p in found]
         for field, found in problems.items()},
        list(session.wiring.document.sections),
        list(session.wiring.names.declarations),
    )  # fmt: skip


def endings(session: Session, language: Language) -> dict[str, str]:
    """Blocks that an outcome can lead to without a step of their own."""
    catalogue = session.catalogue
    blocks = {kind: catalogue.block(kind) for kind in catalogue.kinds()}
    return {
        kind: said(block.card.title, language)
        for kind, block in blocks.items()
        if block and block.ends_flow and not any(s.required for s in specs(block.Params))
    }
