"""Put a new block on the canvas, not yet wired."""

from __future__ import annotations

from flowlang.edits.chains import goes_on, kind_of
from flowlang.edits.draft import Draft, GotoDraft, SectionDraft, StepDraft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation, refuse
from flowlang.layout import Point
from flowlang.model import Step
from flowlang.syntax.build import construct


class Add(Operation):
    """A section of its own holds it until it is wired to another."""

    kind: str
    x: int | None = None
    y: int | None = None

    def edit(self, flow: Flow) -> Change:
        draft = Draft(flow)
        step = new_step(draft, self.kind)
        open_section(draft, step)
        if self.x is not None and self.y is not None:
            draft.place(step, Point(self.x, self.y))
        return change(draft, [step])


def new_step(draft: Draft, kind: str) -> StepDraft:
    block = draft.flow.catalogue.block(kind_of(draft, kind))
    if block is None or block.declares == kind:
        refuse("FL122", kind=kind)
    return StepDraft(step=construct(Step, {"kind": kind}))


def open_section(draft: Draft, step: StepDraft) -> SectionDraft:
    """A section with this step, which leads nowhere yet."""
    section = draft.new_section(step.step.kind, [step])
    if goes_on(draft, step):
        section.body.append(GotoDraft(goal="nowhere"))
    return section
