"""Take a wire away."""

from __future__ import annotations

from flowlang.edits.chains import lead_on, main_outcome_of
from flowlang.edits.draft import Draft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation, refuse
from flowlang.edits.outcomes import drop, port_of, reroute, route_of
from flowlang.model import WordPort


class Disconnect(Operation):
    """The outcome goes where it goes without a line; one that needs a line leads nowhere."""

    source: str
    port: str

    def edit(self, flow: Flow) -> Change:
        wired = flow.step(self.source)
        draft = Draft(flow)
        step = draft.step(self.source)
        route = route_of(step, self.port)
        if route:
            outcome = wired.ports.word(self.port)
            is_word = any(isinstance(p, WordPort) and p.word == self.port for p in route.ports)
            if is_word and (outcome is None or outcome.unrouted != "required"):
                drop(step, route, self.port)
            else:
                reroute(step, route, self.port, "nowhere")
        elif self.port == main_outcome_of(wired):
            lead_on(draft, step, "nowhere")
        else:
            port_of(wired, self.port)
            refuse("FL124", block=self.source, outcome=self.port)
        return change(draft, [step])
