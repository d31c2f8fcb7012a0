"""Blocks cut out of a flow as a text of their own: what a clipboard holds.

It has the sections of the blocks, the declarations that they need, and where they stand. It can
be read alone, so that it may be pasted into a flow, into an editor or into a letter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from flowlang.edits.chains import falls
from flowlang.edits.draft import Draft
from flowlang.edits.mentions import values_needed_by
from flowlang.edits.operation import Flow
from flowlang.expressions import names_in
from flowlang.layout import Point
from flowlang.model import (
    Declaration,
    Document,
    Goto,
    Layout,
    Placement,
    Route,
    Section,
    SectionRoute,
    Statement,
    Step,
    Target,
)
from flowlang.syntax.build import construct
from flowlang.syntax.printer import to_text

Led = TypeVar("Led", Route, Goto, SectionRoute)


def copied(flow: Flow, blocks: Iterable[str], places: Mapping[str, Point] | None = None) -> str:
    """The text of these blocks; `places` is where the canvas shows them, by default what the
    flow's layout says."""
    chosen = [step_id for step_id in flow.wiring.steps if step_id in set(blocks)]
    for step_id in blocks:
        flow.step(step_id)
    cut = _Cut(flow, chosen)
    sections = [cut.section(section) for section in cut.homes]
    items = (*declarations_for(flow, chosen), *sections, *cut.layout(places))
    return to_text(construct(Document, {"items": items}))


def declarations_for(flow: Flow, blocks: Iterable[str]) -> list[Declaration]:
    """What the blocks need to mean what they mean, in the order of the text."""
    known = flow.document.declarations
    needed: set[str] = set()
    open_ = {name for block in blocks for name in values_needed_by(flow, flow.step(block))}
    while open_:
        needed |= open_
        open_ = {
            name.root
            for declared in map(known.__getitem__, open_)
            for value in (declared.value, *(entry.value for entry in declared.entries))
            for name in names_in(value)
        } & known.keys() - needed
    return [declared for name, declared in known.items() if name in needed]


class _Cut:
    """The sections that hold the chosen steps, with those alone."""

    def __init__(self, flow: Flow, chosen: Collection[str]) -> None:
        self.flow = flow
        self.draft = Draft(flow)
        self.chosen = set(chosen)
        self.homes = [
            section
            for section in flow.document.sections.values()
            if self.chosen.intersection(section.step_ids)
        ]
        self.names: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        for section in self.homes:
            self._name(section)

    def _name(self, section: Section) -> None:
        """A section that lost its first step is another one: its name still means the old."""
        kept = [(step_id, step) for step_id, step in zip(section.step_ids, section.steps,
                strict=True) if step_id in self.chosen]  # fmt: skip
        name = section.name
        if kept[0][0] != section.step_ids[0]:
            name = self.draft.section_name(kept[0][1].kind, self.names.values())
        self.names[section.name] = name
        bare = construct(Section, {"name": name, "body": tuple(step for _, step in kept)})
        self.ids |= {old: new for (old, _), new in zip(kept, bare.step_ids, strict=True)}

    def section(self, section: Section) -> Section:
        is_whole = self.chosen.issuperset(section.step_ids)
        around = section.__dict__ if is_whole else {}
        body = tuple(self._body(section))
        fields = {**around, "name": self.names[section.name], "body": body, "gap": True}
        return construct(Section, fields)

    def _body(self, section: Section) -> Iterator[Statement]:
        ids = iter(section.step_ids)
        last = ""
        for item in section.body:
            match item:
                case Step():
                    last = next(ids)
                    if last in self.chosen:
                        routes = tuple(map(self._route, item.routes))
                        yield construct(Step, {**item.__dict__, "routes": routes})
                case Goto():
                    if last in self.chosen:
                        yield self._led(Goto, item)
                case SectionRoute():
                    yield self._led(SectionRoute, item)
        if self._is_cut_off(section):
            yield construct(Goto, {"target": construct(Target, {"name": "nowhere"})})

    def _is_cut_off(self, section: Section) -> bool:
        """Whether its last step went on to one that is not here."""
        last = [step_id for step_id in section.step_ids if step_id in self.chosen][-1]
        if last == section.step_ids[-1]:
            return False
        return falls(self.draft, self.draft.known(last))

    def _route(self, route: Route) -> Route:
        return self._led(Route, route)

    def _led(self, cls: type[Led], item: Led) -> Led:
        return construct(cls, {**item.__dict__, "target": self._target(item.target)})

    def _target(self, target: Target) -> Target:
        if target.step is None:
            return target
        if new := self.ids.get(target.spelling):
            name, _, step = new.partition(".")
            return construct(Target, {"name": name, "step": step})
        if target.spelling in self.ids.values():
            return construct(Target, {"name": "nowhere"})
        return target

    def layout(self, places: Mapping[str, Point] | None) -> list[Layout]:
        if places is None:
            layout = self.flow.document.layout
            places = {item.id: Point(item.x, item.y) for item in (layout.places if layout else ())}
        entries = sorted((self.ids[key], at) for key, at in places.items() if key in self.ids)
        found = tuple(
            construct(Placement, {"id": step_id, "x": at.x, "y": at.y}) for step_id, at in entries
        )
        return [construct(Layout, {"places": found})] if found else []
