"""Empty a field of a block's form: its default holds again."""

from __future__ import annotations

from flowlang.edits.draft import Draft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation
from flowlang.edits.parameters import without
from flowlang.model import Step
from flowlang.syntax.build import construct


class ClearParameter(Operation):
    block: str
    key: str

    def edit(self, flow: Flow) -> Change:
        wired = flow.step(self.block)
        draft = Draft(flow)
        step = draft.step(self.block)
        arguments = without(wired, self.key)
        if len(arguments) != len(wired.step.arguments):
            step.step = construct(Step, {**step.step.__dict__, "arguments": arguments})
        return change(draft, [step])
