"""Put a text of blocks into a flow: what was copied there, elsewhere or in another program."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from flowlang.edits.chains import end_with, following, lead_on, main_outcome_of
from flowlang.edits.declaring import says_the_same
from flowlang.edits.draft import (
    Draft,
    Goal,
    GotoDraft,
    PlacementDraft,
    RouteDraft,
    SectionDraft,
    Statement,
    StepDraft,
)
from flowlang.edits.emit import change
from flowlang.edits.operation import Change, Flow, Operation, refuse
from flowlang.edits.outcomes import add_route, port_of, reroute, route_of
from flowlang.edits.rename import renamed_values
from flowlang.edits.text import apply
from flowlang.layout import Point
from flowlang.names import SYSTEM, TARGET_WORDS
from flowlang.syntax.parser import Tree, parse
from flowlang.wiring import WiredStep


class Paste(Operation):
    """Its sections come behind ours. Names that are taken change, and so do those who mention
    them; a declaration that we have already is not made twice.

    With `source` and `port` the blocks are wired in there: what leads nowhere in the text goes
    on to where the outcome led. Wires to sections that the text lacks lead to ours of that name.
    """

    text: str
    x: int | None = None
    y: int | None = None
    """Where the upper left block comes to stand; by default all stand where the text says."""
    source: str | None = None
    port: str | None = None

    def edit(self, flow: Flow) -> Change:
        piece = Flow.of(_read(self.text, flow), flow.catalogue, neighbours=flow.neighbours)
        draft = Draft(flow)
        piece = _with_free_names(piece, draft)
        draft.declared += [
            declared
            for name, declared in piece.document.declarations.items()
            if name not in flow.document.declarations
        ]
        pasted = _Pasted(Draft(piece), draft)
        pasted.place(Point(self.x, self.y) if self.x is not None and self.y is not None else None)
        if self.source is not None and self.port is not None and pasted.sections:
            wired, source = flow.step(self.source), draft.step(self.source)
            is_chain = self.port == main_outcome_of(wired) and not route_of(source, self.port)
            if not (is_chain and pasted.join_behind(source)):
                goal = _divert(draft, wired, source, self.port, pasted.sections[0])
                pasted.lead_ends_to(goal)
        return change(draft, pasted.steps.values())


# --- the text -----------------------------------------------------------------------------------


def _read(text: str, flow: Flow) -> Tree:
    """What was copied: a part of a flow, steps alone, or a flow of Amazon Connect."""
    if text.lstrip().startswith("{"):
        text = _imported(text, flow)
    tree = parse(text)
    if tree.problems:
        lone = parse("x:\n" + textwrap.indent(textwrap.dedent(text), "  "))
        steps = lone.document.sections["x"].steps if "x" in lone.document.sections else ()
        if lone.problems or not steps:
            place = tree.problems[0].place
            refuse("FL323", reason="broken", line=place.first.line if place else 1)
        tree = parse(f"{steps[0].kind}:\n" + textwrap.indent(textwrap.dedent(text), "  "))
    document = tree.document
    if not document.declarations and not any(it.steps for it in document.sections.values()):
        refuse("FL323")
    return tree


def _imported(text: str, flow: Flow) -> str:
    """Flows of other programs are read by much that a paste of our own never needs."""
    from flowlang.interchange.connect.importing import import_flow
    from flowlang.syntax.printer import to_text

    document = import_flow(text, flow.catalogue).document
    if not document.sections:
        refuse("FL323", reason="connect")
    return to_text(document)


# --- its names ----------------------------------------------------------------------------------


def _with_free_names(piece: Flow, draft: Draft) -> Flow:
    """The same with names that nothing else has there."""
    ours = draft.flow.document.declarations
    names: dict[str, str] = {}
    for name in _values(piece):
        declared = piece.document.declarations.get(name)
        is_ours = declared and name in ours and says_the_same(ours[name], declared)
        if _is_taken(draft.flow, name) and not is_ours:
            names[name] = draft.value_name(name, {*_values(piece), *names.values()})
    return piece.then(apply(piece.tree.source, renamed_values(piece, names))) if names else piece


def _is_taken(flow: Flow, name: str) -> bool:
    return flow.wiring.names.knows(name) or name in SYSTEM


def _values(flow: Flow) -> Iterable[str]:
    """The names that a text gives."""
    names = flow.wiring.names
    return dict.fromkeys((*names.declarations, *names.steps))


# --- its blocks ---------------------------------------------------------------------------------


class _Pasted:
    """The sections of a piece as new ones of a flow."""

    def __init__(self, piece: Draft, draft: Draft) -> None:
        self.draft = draft
        self.piece = piece
        self.homes: dict[SectionDraft, SectionDraft] = {}
        self.steps: dict[StepDraft, StepDraft] = {}
        for section in piece.sections:
            self._copy_section(section)
        for section, copy in self.homes.items():
            copy.body = [self._copy(item) for item in section.body]

    @property
    def sections(self) -> list[SectionDraft]:
        return list(self.homes.values())

    def _copy_section(self, section: SectionDraft) -> None:
        spoken = {route.goal for route in self.piece.routes() if isinstance(route.goal, str)}
        others = spoken | {other.name for other in self.piece.sections if other is not section}
        name = self.draft.free_section_name(section.name, others)
        self.homes[section] = SectionDraft(name=name, like=section.old)
        self.draft.sections.append(self.homes[section])
        for step in section.steps:
            self.steps[step] = StepDraft(step=step.step)

    def _copy(self, item: Statement) -> Statement:
        match item:
            case StepDraft():
                copy = self.steps[item]
                copy.routes = [self._copy_route(route) for route in item.routes]
                return copy
            case GotoDraft():
                return GotoDraft(goal=self._goal(item.goal), like=item.old)
            case RouteDraft():
                return self._copy_route(item)

    def _copy_route(self, route: RouteDraft) -> RouteDraft:
        return RouteDraft(ports=route.ports, goal=self._goal(route.goal), like=route.old)

    def _goal(self, goal: Goal) -> Goal:
        match goal:
            case SectionDraft():
                return self.homes[goal]
            case StepDraft():
                return self.steps[goal]
            case _ if goal in TARGET_WORDS or self.draft.ends_flow(goal):
                return goal
            case _:
                return self.draft.goal(goal) if self.draft.has_goal(goal) else "nowhere"

    def place(self, at: Point | None) -> None:
        placed = {
            self.steps[item.owner]: item.at
            for item in self.piece.placements
            if isinstance(item.owner, StepDraft) and item.owner in self.steps
        }
        if at and not placed:
            placed = dict.fromkeys(list(self.steps.values())[:1], at)
        if at and placed:
            left = min(point.x for point in placed.values())
            top = min(point.y for point in placed.values())
            placed = {
                step: Point(at.x + point.x - left, at.y + point.y - top)
                for step, point in placed.items()
            }
        self.draft.placements += [
            PlacementDraft(owner=step, at=point) for step, point in placed.items()
        ]

    def join_behind(self, step: StepDraft) -> bool:
        """Put the steps into the chain behind one, if they are a chain that is open at its end."""
        section, *others = self.sections
        goto = section.goto
        is_open = goto is None or goto.goal == "nowhere"
        is_led_to = any(route.goal is section for route in self.draft.routes())
        if others or section.error_routes or not is_open or is_led_to or not section.steps:
            return False
        home = self.draft.home(step)
        if following(self.draft, step) is None:
            end_with(self.draft, home, "nowhere")
        self.draft.sections.remove(section)
        index = home.body.index(step) + 1
        home.body[index:index] = section.steps
        return True

    def lead_ends_to(self, goal: Goal) -> None:
        """What leads nowhere yet leads there."""
        for section in self.sections:
            goto = section.goto
            if goto and goto.goal == "nowhere":
                goto.goal = goal


def _divert(draft: Draft, wired: WiredStep, step: StepDraft, port: str, goal: SectionDraft) -> Goal:
    """Lead an outcome elsewhere; the answer is where it led."""
    route = route_of(step, port)
    if route and route.goal != "next":
        before = route.goal
        reroute(step, route, port, goal)
        return before
    if route or port == main_outcome_of(wired):
        onward = following(draft, step) or "nowhere"
        lead_on(draft, step, goal)
        if route:
            reroute(step, route, port, goal)
        return draft.home(onward) if isinstance(onward, StepDraft) else onward
    wire = wired.wire(port)
    add_route(step, port_of(wired, port), goal)
    return draft.goal(wire.target) if wire and wire.target else "nowhere"
