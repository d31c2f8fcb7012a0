"""Let an outcome line answer to something else: another key, another value."""

from __future__ import annotations

from flowlang.edits.draft import Draft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation, refuse
from flowlang.edits.outcomes import port_of, route_of
from flowlang.syntax import spelling


class ChangeOutcome(Operation):
    source: str
    port: str
    becomes: str

    def edit(self, flow: Flow) -> Change:
        wired = flow.step(self.source)
        draft = Draft(flow)
        step = draft.step(self.source)
        route = route_of(step, self.port)
        if route is None:
            refuse("FL121", block=self.source, outcome=self.port, kind=wired.step.kind)
        if self.becomes != self.port and route_of(step, self.becomes):
            refuse("FL132", block=self.source, outcome=self.becomes)
        new = port_of(wired, self.becomes)
        route.ports = tuple(
            new if spelling.port(item) == self.port else item for item in route.ports
        )
        return change(draft, [step])
