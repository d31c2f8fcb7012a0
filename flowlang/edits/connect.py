"""Pull a wire from an outcome to a block."""

from __future__ import annotations

from flowlang.edits.chains import following, join_if_new, lead_on, main_outcome_of
from flowlang.edits.draft import Draft, SectionDraft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation
from flowlang.edits.outcomes import add_route, drop, port_of, reroute, route_of


class Connect(Operation):
    """The outcome gets a line of its own, or leads on at the section's end.

    Where the step that goes on stands within its section, what followed it becomes a section of
    its own. `nowhere` keeps an outcome with the decision still to take.
    """

    source: str
    port: str
    target: str
    """A section, the id of a step, or the word of a block that ends the flow."""

    def edit(self, flow: Flow) -> Change:
        wired = flow.step(self.source)
        draft = Draft(flow)
        step = draft.step(self.source)
        goal = draft.goal(self.target)
        route = route_of(step, self.port)
        outcome = wired.ports.word(self.port)
        if route and outcome and outcome.unrouted == "next" and _is(following(draft, step), goal):
            drop(step, route, self.port)
        elif route:
            reroute(step, route, self.port, goal)
        elif self.port == main_outcome_of(wired):
            lead_on(draft, step, goal)
            join_if_new(draft, step, goal)
        else:
            add_route(step, port_of(wired, self.port), goal)
        return change(draft, [step])


def _is(before: object, goal: object) -> bool:
    if isinstance(goal, SectionDraft) and goal.steps and before is goal.steps[0]:
        return True
    return before is goal or (isinstance(before, str) and before == goal)
