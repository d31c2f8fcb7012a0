"""The file of a module that is made of a part of a flow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from flowlang.edits.border import Border, Exit, Passed
from flowlang.edits.copying import declarations_for
from flowlang.edits.draft import Draft
from flowlang.edits.operation import Flow
from flowlang.expressions import Name
from flowlang.interchange.values import read_value, read_words
from flowlang.model import (
    Argument,
    Document,
    Goto,
    Header,
    Layout,
    Parameter,
    Phrase,
    Placement,
    Route,
    Section,
    SectionRoute,
    Statement,
    Step,
    Target,
    word_of,
)
from flowlang.syntax.build import construct
from flowlang.syntax.printer import to_text

AnyRoute = TypeVar("AnyRoute", Route, SectionRoute)
KEPT_SETTINGS = ("channels", "channel", "language", "languages")


def module_text(flow: Flow, border: Border, name: str) -> str:
    """`flow` reads what it is told by the names of the border already."""
    return to_text(_Writer(flow, border, name).document())


class _Writer:
    def __init__(self, flow: Flow, border: Border, name: str) -> None:
        self.flow = flow
        self.border = border
        self.name = name
        self.inside = frozenset(border.blocks)
        self.exits = {exit_.target: exit_ for exit_ in border.exits}
        self.led = {
            id(wire.route): wire.target
            for block in border.blocks
            for wire in flow.step(block).wires
            if wire.route is not None
        }
        self.used: dict[str, Exit] = {}
        """Exits that something leads to by name."""
        self.names: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        draft = Draft(flow)
        taken = [exit_.name for exit_ in border.exits]
        for section in self._homes():
            steps = list(self._chosen(section))
            name = section.name
            if steps[0][0] != section.step_ids[0]:
                name = draft.free_section_name(steps[0][1].kind, {*taken, *self.names.values()})
            self.names[section.name] = name
            bare = construct(Section, {"name": name, "body": tuple(step for _, step in steps)})
            self.ids |= {old: new for (old, _), new in zip(steps, bare.step_ids, strict=True)}

    def _homes(self) -> list[Section]:
        """The sections with blocks, that of the entry first."""
        sections = self.flow.document.sections.values()
        found = [section for section in sections if self.inside.intersection(section.step_ids)]
        return sorted(found, key=lambda section: self.border.entry not in section.step_ids)

    def _chosen(self, section: Section) -> Iterator[tuple[str, Step]]:
        for step_id, step in zip(section.step_ids, section.steps, strict=True):
            if step_id in self.inside:
                yield step_id, step

    def document(self) -> Document:
        sections = [self._section(section) for section in self._homes()]
        routes = self._header_routes()
        sections += [self._exit_section(exit_) for exit_ in self.used.values()]
        passed = {passed.name for passed in self.border.inputs}
        declared = [
            item for item in declarations_for(self.flow, self.border.blocks)
            if item.name not in passed
        ]  # fmt: skip
        if declared:
            declared[0] = declared[0].model_copy(update={"gap": True})
        items = (self._header(routes), *declared, *sections, *self._layout())
        return construct(Document, {"items": items})

    # --- its header ---------------------------------------------------------------------------

    def _header(self, routes: tuple[Route, ...]) -> Header:
        header = self.flow.document.header
        settings = [
            construct(Phrase, {"words": line.words})
            for line in (header.settings if header else ())
            if word_of(line.words.clauses[0][0]) in KEPT_SETTINGS
        ]
        outcomes = [exit_.name for exit_ in self.border.exits if not exit_.is_main]
        if outcomes:
            words = read_words(f"outcomes {', '.join(outcomes)}")
            settings.append(construct(Phrase, {"words": words}))
        fields = {
            "word": "module",
            "name": self.name,
            "takes": _signature(self.border.inputs),
            "gives": _signature(self.border.results),
            "settings": tuple(settings),
            "routes": routes,
        }
        if fields["gives"] and not fields["takes"]:
            fields["takes"] = ()
        return construct(Header, fields)

    def _header_routes(self) -> tuple[Route, ...]:
        header = self.flow.document.header
        routes = header.routes if header else ()
        return tuple(self._route(Route, route) for route in routes if id(route) in self.led)

    # --- its sections -------------------------------------------------------------------------

    def _section(self, section: Section) -> Section:
        is_whole = self.inside.issuperset(section.step_ids)
        around = section.__dict__ if is_whole else {}
        body = tuple(self._body(section))
        return construct(Section, {**around, "name": self.names[section.name], "body": body})

    def _body(self, section: Section) -> Iterator[Statement]:
        chosen = dict(self._chosen(section))
        for item in section.body:
            if isinstance(item, SectionRoute) and id(item) in self.led:
                yield self._route(SectionRoute, item)
        for step in chosen.values():
            routes = tuple(self._route(Route, route) for route in step.routes)
            yield construct(Step, {**step.__dict__, "routes": routes})
        last = list(chosen)[-1]
        is_end = last == section.step_ids[-1]
        yield from self._onward(last, section.goto if is_end else None)

    def _onward(self, last: str, goto: Goto | None) -> Iterator[Statement]:
        """How the last step of a section goes on, if it does."""
        falling = [wire for wire in self.flow.step(last).wires if wire.role == "next"]
        around = goto.__dict__ if goto else {}
        if not falling:
            return
        target = falling[0].target
        if target in self.exits and self.exits[target].is_main:
            yield self._return(self.exits[target], goto)
        elif target is not None:
            yield construct(Goto, {**around, "target": self._target(target)})
        elif goto:
            yield goto

    def _route(self, cls: type[AnyRoute], route: AnyRoute) -> AnyRoute:
        target = self.led.get(id(route))
        if target is None or (route.target.spelling == "next" and target in self.inside):
            return construct(cls, dict(route.__dict__))
        return construct(cls, {**route.__dict__, "target": self._target(target)})

    def _target(self, step_id: str) -> Target:
        """The step, by the name of its section if it begins one; a way out, by its section."""
        if exit_ := self.exits.get(step_id):
            self.used[step_id] = exit_
            return construct(Target, {"name": exit_.name})
        new = self.ids.get(step_id)
        if new is None:
            return construct(Target, {"name": step_id})
        name, _, step = new.partition(".")
        old = self.flow.step(step_id).section
        is_first = next(self._chosen(old))[0] == step_id
        return construct(Target, {"name": name, "step": None if is_first else step})

    def _exit_section(self, exit_: Exit) -> Section:
        return construct(Section, {"name": exit_.name, "body": (self._return(exit_),)})

    def _return(self, exit_: Exit, goto: Goto | None = None) -> Step:
        arguments = [
            construct(Argument, {"key": it.name, "value": read_value({"is": it.source})})
            for it in (self.border.results if exit_.is_main else ())
        ]
        if not exit_.is_main:
            arguments.append(construct(Argument, {"value": Name(exit_.name)}))
        told: dict[str, object] = {"kind": self._kind_of_return, "arguments": tuple(arguments)}
        if goto:
            told |= {"comments": goto.comments, "remark": goto.remark, "gap": goto.gap}
        return construct(Step, told)

    @property
    def _kind_of_return(self) -> str:
        """The kind of the block that ends a module."""
        catalogue = self.flow.catalogue
        blocks = ((kind, catalogue.block(kind)) for kind in catalogue.kinds())
        return next(kind for kind, block in blocks if block and block.returns)

    def _layout(self) -> list[Layout]:
        layout = self.flow.document.layout
        places = sorted(
            (self.ids[item.id], item.x, item.y)
            for item in (layout.places if layout else ())
            if item.id in self.ids
        )
        found = tuple(
            construct(Placement, {"id": step_id, "x": x, "y": y}) for step_id, x, y in places
        )
        return [construct(Layout, {"places": found})] if found else []


def _signature(passed: tuple[Passed, ...]) -> tuple[Parameter, ...] | None:
    return tuple(construct(Parameter, {"name": it.name, "type": it.type}) for it in passed) or None
