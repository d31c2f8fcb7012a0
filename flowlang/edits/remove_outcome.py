"""Take an outcome line away, wire and all."""

from __future__ import annotations

from flowlang.edits.draft import Draft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation, refuse
from flowlang.edits.outcomes import drop, route_of


class RemoveOutcome(Operation):
    source: str
    port: str

    def edit(self, flow: Flow) -> Change:
        wired = flow.step(self.source)
        draft = Draft(flow)
        step = draft.step(self.source)
        route = route_of(step, self.port)
        if route is None:
            refuse("FL121", block=self.source, outcome=self.port, kind=wired.step.kind)
        drop(step, route, self.port)
        return change(draft, [step])
