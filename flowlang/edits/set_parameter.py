"""Fill in a field of a block's form."""

from __future__ import annotations

from typing import Any

from flowlang import expressions as ex
from flowlang.edits.draft import Draft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation
from flowlang.edits.parameters import expression, spec_of, with_value
from flowlang.model import Step
from flowlang.syntax.build import construct


class SetParameter(Operation):
    """The value is plain JSON, or `source`: an expression as a text spells it."""

    block: str
    key: str
    value: Any = None
    source: str | None = None

    def edit(self, flow: Flow) -> Change:
        wired = flow.step(self.block)
        draft = Draft(flow)
        step = draft.step(self.block)
        value = expression(flow, wired, self.key, self.value, self.source)
        spec = spec_of(wired, self.key)
        if spec and spec.callee and isinstance(value, ex.Name):
            fields: dict[str, object] = {"kind": value.root}
        else:
            fields = {"arguments": with_value(flow, wired, self.key, value)}
        step.step = construct(Step, {**step.step.__dict__, **fields})
        return change(draft, [step])
