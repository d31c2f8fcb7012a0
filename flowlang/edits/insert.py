"""Drop a new block on a wire: it is wired in between."""

from __future__ import annotations

from flowlang.edits.add import new_step
from flowlang.edits.chains import (
    end_with,
    following,
    kind_of,
    main_outcome,
    main_outcome_of,
    split_behind,
)
from flowlang.edits.draft import Draft, Goal, RouteDraft, SectionDraft, StepDraft
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation, refuse
from flowlang.edits.outcomes import add_route, port_of, reroute, route_of
from flowlang.layout import Point
from flowlang.model import OtherwisePort, Port, WordPort
from flowlang.syntax.build import construct
from flowlang.wiring import WiredStep


class Insert(Operation):
    """In a chain it becomes the next step; before a section that only this wire leads to, its
    first; else it gets a section of its own."""

    kind: str
    source: str
    port: str
    x: int | None = None
    y: int | None = None

    def edit(self, flow: Flow) -> Change:
        wired = flow.step(self.source)
        draft = Draft(flow)
        source = draft.step(self.source)
        step = new_step(draft, self.kind)
        route = route_of(source, self.port)
        if route and route.goal != "next":
            _into_route(draft, source, route, self.port, step)
        elif route or self.port == main_outcome_of(wired):
            _into_chain(draft, source, step)
        else:
            _into_default(draft, wired, source, self.port, step)
        if self.x is not None and self.y is not None:
            draft.place(step, Point(self.x, self.y))
        return change(draft, [step])


def _into_chain(draft: Draft, source: StepDraft, step: StepDraft) -> None:
    section = draft.home(source)
    if draft.ends_flow(step.step.kind):
        rest = split_behind(draft, source)
        if rest is None and section.goto:
            section.body.remove(section.goto)
        section.body.append(step)
        return
    if following(draft, source) is None:
        end_with(draft, section, "nowhere")
    section.body.insert(section.body.index(source) + 1, step)
    _lead_on_somehow(draft, step)


def _into_route(
    draft: Draft, source: StepDraft, route: RouteDraft, port: str, step: StepDraft
) -> None:
    goal = route.goal
    if isinstance(goal, SectionDraft) and _only_way(draft, goal) and len(route.ports) == 1:
        if draft.ends_flow(step.step.kind):
            refuse("FL131", kind=step.step.kind)
        draft.section(goal.name).body.insert(0, step)
        _lead_on_somehow(draft, step)
        return
    reroute(source, route, port, _section_before(draft, step, goal))


def _into_default(
    draft: Draft, wired: WiredStep, source: StepDraft, port: str, step: StepDraft
) -> None:
    """Between an outcome without a line and where it goes all the same."""
    found = port_of(wired, port)
    wire = wired.wire(port)
    goal = draft.goal(wire.target) if wire and wire.target else "nowhere"
    add_route(source, found, _section_before(draft, step, goal))


def _only_way(draft: Draft, section: SectionDraft) -> bool:
    led = sum(route.goal is section for route in draft.routes())
    return led == 1 and draft.sections[0] is not section and bool(section.steps)


def _section_before(draft: Draft, step: StepDraft, goal: Goal) -> SectionDraft:
    section = draft.new_section(step.step.kind, [step])
    if not draft.ends_flow(step.step.kind):
        end_with(draft, section, goal)
        _lead_on_somehow(draft, step)
    return section


def _lead_on_somehow(draft: Draft, step: StepDraft) -> None:
    """A block that goes on by no outcome of its own gets a line that does, so that the wire it
    was dropped on still leads through."""
    block = draft.flow.catalogue.block(kind_of(draft, step.step.kind))
    if block is None or main_outcome(block, block.outcomes):
        return
    ports: tuple[Port, ...] = tuple(
        construct(WordPort, {"word": outcome.name})
        for outcome in block.outcomes
        if outcome.unrouted == "required"
    )
    route = RouteDraft(ports=ports or (construct(OtherwisePort, {}),), goal="next")
    step.routes.append(route)
