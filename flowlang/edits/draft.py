"""A flow being edited: its sections, steps and outcomes, which point at each other.

Operations move these about and never spell a target: ids and spellings are found when all is
done, so that what an edit shifts is still pointed at, and keeps its place on the canvas.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from flowlang.edits.operation import Flow, refuse
from flowlang.layout import Point
from flowlang.model import (
    Declaration,
    Goto,
    Placement,
    Port,
    Route,
    Section,
    SectionRoute,
    Step,
    Target,
)
from flowlang.names import SYSTEM, TARGET_WORDS
from flowlang.syntax.build import construct
from flowlang.syntax.spelling import RESERVED


@dataclass(slots=True, eq=False, kw_only=True)
class RouteDraft:
    """An outcome line of a step, of a section or of the flow."""

    ports: tuple[Port, ...]
    goal: Goal
    old: Route | None = None
    like: Route | None = None
    """A line elsewhere whose comments it takes over."""


@dataclass(slots=True, eq=False, kw_only=True)
class StepDraft:
    step: Step
    """Its own line and its arguments; its outcomes stand in `routes`."""
    routes: list[RouteDraft] = field(default_factory=list)
    old: Step | None = None
    old_id: str | None = None


@dataclass(slots=True, eq=False, kw_only=True)
class GotoDraft:
    goal: Goal
    old: Goto | None = None
    like: Goto | None = None


Statement = StepDraft | GotoDraft | RouteDraft


@dataclass(slots=True, eq=False, kw_only=True)
class SectionDraft:
    name: str
    body: list[Statement] = field(default_factory=list)
    old: Section | None = None
    like: Section | None = None

    @property
    def steps(self) -> list[StepDraft]:
        return [item for item in self.body if isinstance(item, StepDraft)]

    @property
    def goto(self) -> GotoDraft | None:
        return next((item for item in self.body if isinstance(item, GotoDraft)), None)

    @property
    def error_routes(self) -> list[RouteDraft]:
        return [item for item in self.body if isinstance(item, RouteDraft)]

    def ids(self) -> list[tuple[StepDraft, str]]:
        """Its steps with their ids, by the same rule as `Section.step_ids`."""
        fields = {"name": self.name, "body": tuple(draft.step for draft in self.steps)}
        bare = construct(Section, fields)
        return list(zip(self.steps, bare.step_ids, strict=True))


Goal = SectionDraft | StepDraft | str
"""Where a route leads: a section, a step, or a word (`next`, `nowhere`, `hang_up`)."""


@dataclass(slots=True, eq=False, kw_only=True)
class PlacementDraft:
    owner: StepDraft | str
    """The step, or the id of what is no step (any more)."""
    at: Point
    old: Placement | None = None


class Draft:
    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        document = flow.document
        self.sections = [
            SectionDraft(name=section.name, old=section) for section in document.sections.values()
        ]
        self._by_name = {draft.name: draft for draft in self.sections}
        self._by_id: dict[str, StepDraft] = {}
        for draft in self.sections:
            self._read_steps(draft)
        for draft in self.sections:
            self._read_goals(draft)
        header = document.header
        self.header_routes = [self._route(route) for route in (header.routes if header else ())]
        layout = document.layout
        self.placements = [
            PlacementDraft(
                owner=self._by_id.get(item.id, item.id), at=Point(item.x, item.y), old=item
            )
            for item in (layout.places if layout else ())
        ]
        self.comments: dict[StepDraft, tuple[str, ...]] = {}
        self.declared: list[Declaration] = []
        """New declarations."""

    # --- reading ------------------------------------------------------------------------------

    def _read_steps(self, draft: SectionDraft) -> None:
        section = draft.old
        assert section is not None
        for step_id, step in zip(section.step_ids, section.steps, strict=True):
            self._by_id.setdefault(step_id, StepDraft(step=step, old=step, old_id=step_id))

    def _read_goals(self, draft: SectionDraft) -> None:
        section = draft.old
        assert section is not None
        ids = iter(section.step_ids)
        for item in section.body:
            match item:
                case Step():
                    step_id = next(ids)
                    step = self._by_id[step_id]
                    if step.old is not item:  # two steps of one name: a problem of its own
                        step = StepDraft(step=item, old=item, old_id=step_id)
                    step.routes = [self._route(route) for route in item.routes]
                    draft.body.append(step)
                case Goto():
                    draft.body.append(GotoDraft(goal=self._goal_of(item.target), old=item))
                case SectionRoute():
                    draft.body.append(self._route(item))

    def _route(self, route: Route) -> RouteDraft:
        return RouteDraft(ports=route.ports, goal=self._goal_of(route.target), old=route)

    def _goal_of(self, target: Target) -> Goal:
        if target.step is not None:
            return self._by_id.get(target.spelling, target.spelling)
        return self._by_name.get(target.name, target.name)

    # --- finding ------------------------------------------------------------------------------

    def known(self, step_id: str) -> StepDraft:
        found = self._by_id.get(step_id)
        if found is None:
            refuse("FL320", block=step_id)
        return found

    def step(self, step_id: str) -> StepDraft:
        """A step that is about to change."""
        found = self.known(step_id)
        self.section(self.home(found).name)
        return found

    def section(self, name: str) -> SectionDraft:
        """A section that is about to change: its text must be readable."""
        found = self._by_name.get(name)
        if found is None:
            refuse("FL320", block=name)
        chunks = self.flow.tree.chunks
        if any(chunk.item is found.old and chunk.problems for chunk in chunks):
            refuse("FL129", section=name)
        return found

    def home(self, step: StepDraft) -> SectionDraft:
        return next(section for section in self.sections if step in section.body)

    def goal(self, target: str) -> Goal:
        """What a person points at: a section's name, a step's id, or the word of an ending."""
        if target in self._by_name:
            return self._by_name[target]
        if target in self._by_id:
            step = self._by_id[target]
            home = self.home(step)
            return home if home.steps[0] is step else step
        if target not in TARGET_WORDS and not self.ends_flow(target):
            refuse("FL123", target=target)
        return target

    def has_goal(self, target: str) -> bool:
        return target in self._by_name or target in self._by_id

    def ends_flow(self, kind: str) -> bool:
        block = self.flow.catalogue.block(kind)
        return block is not None and block.ends_flow

    def routes(self) -> Iterator[RouteDraft | GotoDraft]:
        """Everything that leads somewhere."""
        yield from self.header_routes
        for section in self.sections:
            for item in section.body:
                if isinstance(item, StepDraft):
                    yield from item.routes
                else:
                    yield item

    # --- what several operations do -----------------------------------------------------------

    def new_section(
        self, kind: str, body: list[Statement], after: SectionDraft | None = None
    ) -> SectionDraft:
        """A section named after its first step's kind, at the end or behind another one."""
        section = SectionDraft(name=self.section_name(kind), body=body)
        index = self.sections.index(after) + 1 if after else len(self.sections)
        self.sections.insert(index, section)
        return section

    def section_name(self, base: str, others: Iterable[str] = ()) -> str:
        """A name that no section has, nor any of `others`; a flow starts at `start`."""
        return self.free_section_name(base, others) if self.sections else "start"

    def free_section_name(self, base: str, others: Iterable[str] = ()) -> str:
        taken = {section.name for section in self.sections} | TARGET_WORDS | RESERVED
        taken |= {base} if self.ends_flow(base) else set()
        return _first_free(base, taken.union(others))

    def value_name(self, base: str, others: Iterable[str] = ()) -> str:
        """A name that no value has, nor any of `others`."""
        names = self.flow.wiring.names
        taken = {step.step.name for section in self.sections for step in section.steps}
        taken |= names.declarations.keys() | names.slots | SYSTEM.keys() | set(others)
        return _first_free(base, {name for name in taken if name})

    def step_name(self, kind: str) -> str:
        return self.value_name(kind, (kind,))

    def remove_section(self, section: SectionDraft, instead: Goal) -> None:
        """Take a section out; what led there leads elsewhere."""
        self.sections.remove(section)
        for route in self.routes():
            if route.goal is section:
                route.goal = instead

    def place(self, owner: StepDraft, at: Point | None) -> None:
        """Put a step where a person wants it, or leave it to the automatic layout."""
        self.placements = [item for item in self.placements if item.owner is not owner or at]
        known = next((item for item in self.placements if item.owner is owner), None)
        if known and at:
            known.at = at
        elif at:
            self.placements.append(PlacementDraft(owner=owner, at=at))


def _first_free(base: str, taken: Collection[str]) -> str:
    number = 1
    name = base
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    return name
