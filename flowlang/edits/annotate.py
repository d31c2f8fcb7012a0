"""Write a note on a block: the comment above its step."""

from __future__ import annotations

from flowlang.edits.draft import Draft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation


class Annotate(Operation):
    block: str
    note: str
    """Empty: no note."""

    def edit(self, flow: Flow) -> Change:
        draft = Draft(flow)
        step = draft.step(self.block)
        lines = tuple(line.rstrip() for line in self.note.splitlines())
        if lines != step.step.comments:
            draft.comments[step] = lines
        return change(draft, [step])
