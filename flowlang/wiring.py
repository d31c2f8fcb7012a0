"""A flow with its loose ends tied: every step with its block, every outcome with where it leads.

Checks, pictures, the canvas, the exporter and the runtime's compiler all start from here, so they
cannot disagree. Wiring never fails: what cannot be resolved is kept as a fact for the checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from flowlang import expressions as ex
from flowlang import types
from flowlang.asking import Answers, Asking, still_hold
from flowlang.binding import Bound, bind
from flowlang.block import Block, Call, Outcome, Ports
from flowlang.catalogue import Catalogue
from flowlang.model import (
    ComparePort,
    Declaration,
    Document,
    Goto,
    Header,
    OtherwisePort,
    Port,
    Route,
    Section,
    Step,
    Target,
    ValuePort,
    WhenPort,
    WordPort,
)
from flowlang.names import Names, as_resource, as_value, outside_name
from flowlang.neighbours import Neighbours, module_header, nobody, signed
from flowlang.parameters import Parameters, first_key, specs
from flowlang.syntax import spelling

Role = Literal["routed", "next", "error", "end", "open"]
"""Why a wire leads where it does: an outcome line says so; it just goes on; the nearest
`on error` says so; the flow ends; nothing says so (a problem)."""
Fault = Literal["", "nowhere", "no_target", "no_next"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    source: str
    port: str
    """The word, or the value port as spelled: `timeout`, `"1"`, `> 100`, `otherwise`."""
    target: str | None
    """Id of a step, or the kind of a block that ends the flow; None: it ends or is a problem."""
    role: Role
    spoken: Port | None = None
    """The port as the outcome line has it."""
    route: Route | None = None
    fault: Fault = ""

    @property
    def id(self) -> str:
        return f"{self.source}>{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WiredStep:
    id: str
    section: Section
    step: Step
    block: type[Block[Parameters]] | None
    """None: nobody knows this kind."""
    call: Call
    bound: Bound
    ports: Ports
    wires: tuple[Wire, ...]
    stray: tuple[Wire, ...] = ()
    """Outcome lines that repeat one, or route what the block does not have."""

    def wire(self, port: str) -> Wire | None:
        return next((wire for wire in self.wires if wire.port == port), None)


@dataclass(frozen=True, kw_only=True, eq=False)
class WiredSection:
    """The steps of one section. With the next text it is the same object, if the section is the
    same and whatever its outcomes and arguments mean."""

    section: Section
    steps: Mapping[str, WiredStep]
    endings: Mapping[str, type[Block[Parameters]]]
    """Those of the wiring that its outcome lines lead to."""
    answers: Answers = field(repr=False)
    """Of the rest of the flow."""

    @cached_property
    def slots(self) -> frozenset[str]:
        return frozenset(
            step.block.slot for step in self.steps.values() if step.block and step.block.slot
        )

    @cached_property
    def named(self) -> Mapping[str, str]:
        """Its named steps, to their ids."""
        return {step.step.name: step.id for step in self.steps.values() if step.step.name}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word that may be the use of a name; generous, as a name may also be a key."""
        found: set[str] = set()
        for step in self.section.steps:
            found.add(step.kind)
            values = [argument.value for argument in step.arguments]
            ports = [port for route in step.routes for port in route.ports]
            values += [port.operand for port in ports if isinstance(port, ComparePort)]
            values += [port.condition for port in ports if isinstance(port, WhenPort)]
            found.update(name.root for value in values for name in ex.names_in(value))
            found.update(argument.key for argument in step.arguments if argument.key)
        return frozenset(found)

    @cached_property
    def results(self) -> tuple[tuple[str, str], ...]:
        """The names that results are read under, each with the id of a step that gives some."""
        return tuple((name, step.id) for step in self.steps.values() for name in result_names(step))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    document: Document
    names: Names
    steps: Mapping[str, WiredStep]
    start: str | None
    endings: Mapping[str, type[Block[Parameters]]] = field(default_factory=dict)
    """Blocks that outcome lines lead to without a step of their own: `-> hang_up`."""
    handler: str | None = None
    """Where the `on error` of the whole flow leads."""
    sections: Mapping[str, WiredSection] = field(repr=False)
    catalogue: Catalogue = field(repr=False)


def wire(
    document: Document,
    catalogue: Catalogue,
    previous: Wiring | None = None,
    *,
    neighbours: Neighbours = nobody,
) -> Wiring:
    """Sections that mean the same as in `previous` are taken over from there. `neighbours` know
    what modules take, give and return."""
    flow = _Flow(document, catalogue, neighbours, previous)
    known = previous.sections if previous and previous.catalogue is catalogue else {}
    sections: dict[str, WiredSection] = {}
    steps: dict[str, WiredStep] = {}
    endings: dict[str, type[Block[Parameters]]] = {}
    named: dict[str, str] = {}
    slots = {"function", "bot"}
    for name, section in document.sections.items():
        old = known.get(name)
        if old is None or old.section is not section or not still_hold(old.answers, flow):
            old = _SectionWirer(flow, section).wired()
        sections[name] = old
        steps |= old.steps
        endings |= old.endings
        named |= old.named
        slots |= old.slots
    start = flow.start(next(iter(sections), "")) or None
    if start and start not in steps and (last := flow.ending(start)):
        endings.setdefault(start, last)
    return Wiring(
        document=document, names=Names(flow.declarations, named, frozenset(slots)),
        steps=steps, start=start, endings=endings, handler=flow.handled_at(), sections=sections,
        catalogue=catalogue,
    )  # fmt: skip


def runs_module(step: WiredStep) -> bool:
    """Whether another file runs here and then it goes on: the attributes that it sets are those of
    this flow too."""
    return step.block is not None and any(
        spec.resource == "module" for spec in specs(step.block.Params)
    )


def result_names(step: WiredStep) -> tuple[str, ...]:
    """The names that its results are read under: its own, that of what it calls or of the
    resource that it works with, and the slot of its kind."""
    names = [step.step.name] if step.step.name else []
    slot = step.block.slot if step.block else ""
    if step.call.callee:
        names.append(step.call.callee.name)
    elif slot:
        names += [
            value.root
            for value in step.call.arguments.values()
            if isinstance(value, ex.Name)
            and value.is_bare
            and (declared := step.call.declarations.get(value.root))
            and declared.word == slot
        ]
    if slot:
        names.append(slot)
    return tuple(dict.fromkeys(names))


def spell(port: Port) -> str:
    """A port as an outcome line spells it."""
    return port.word if isinstance(port, WordPort) else spelling.port(port)


class _Flow:
    """What a section may ask of the rest of its flow."""

    def __init__(
        self,
        document: Document,
        catalogue: Catalogue,
        neighbours: Neighbours,
        previous: Wiring | None,
    ) -> None:
        self.document = document
        self.catalogue = catalogue
        self.modules = {
            name: header
            for name, declared in document.declarations.items()
            if declared.word == "module"
            and (header := module_header(neighbours(outside_name(declared))))
        }
        self.declarations = {
            name: _signed(declared, self.modules.get(name), previous)
            for name, declared in document.declarations.items()
        }

    def declared(self, name: str) -> Declaration | None:
        return self.declarations.get(name)

    def called(self, name: str) -> Header | None:
        """How a module begins that is declared under this name."""
        return self.modules.get(name)

    def header(self) -> Header | None:
        return self.document.header

    def has_step(self, section: str, step_id: str) -> bool:
        found = self.document.sections.get(section)
        return found is not None and step_id in found.step_ids

    def handler(self) -> Route | None:
        """The `on error` of the whole flow."""
        header = self.document.header
        return _error_route(header.routes) if header else None

    def handled_at(self) -> str | None:
        """The step or ending that it leads to."""
        if (route := self.handler()) is None:
            return None
        name, step = route.target.name, route.target.step
        if step is not None:
            return route.target.spelling if self.has_step(name, route.target.spelling) else None
        found = self.start(name)
        if found is not None:
            return found or None
        return name if self.ending(name) else None

    def start(self, name: str) -> str | None:
        """The first step of a section; of one that only leads on, what it leads to, empty if that
        is nothing. None: there is no such section."""
        if name not in self.document.sections:
            return None
        seen: set[str] = set()
        while name not in seen and (section := self.document.sections.get(name)):
            seen.add(name)
            if section.steps:
                return section.step_ids[0]
            goto = section.goto
            if goto is None:
                return ""
            name = goto.target.name
            if goto.target.step is not None:
                return goto.target.spelling if self.has_step(name, goto.target.spelling) else ""
            if name not in self.document.sections:
                return name if self.ending(name) else ""
        return ""

    def ending(self, kind: str) -> type[Block[Parameters]] | None:
        """The block of a kind that can end the flow without a step of its own."""
        block = self.catalogue.block(kind)
        if block is None or not block.ends_flow or any(s.required for s in specs(block.Params)):
            return None
        return block


def _signed(declared: Declaration, header: Header | None, previous: Wiring | None) -> Declaration:
    """The declaration with what its module says; the one of before, if that is the same."""
    if header is None:
        return declared
    was = previous.document.declarations.get(declared.name) if previous else None
    if previous and was is declared:
        before = previous.names.declarations[declared.name]
        if before.takes is (header.takes or ()) and before.gives is (header.gives or ()):
            return before
    return signed(declared, header)


def _error_route(routes: Iterable[Route]) -> Route | None:
    for route in routes:
        if any(isinstance(item, WordPort) and item.word == "error" for item in route.ports):
            return route
    return None


class _SectionWirer:
    def __init__(self, flow: _Flow, section: Section) -> None:
        self.section = section
        self.catalogue = flow.catalogue
        self.rest = Asking(flow)
        self.ending = flow.ending
        self.endings: dict[str, type[Block[Parameters]]] = {}
        self.gotos = _gotos(section)

    def wired(self) -> WiredSection:
        ids = self.section.step_ids
        steps = {
            step_id: self.step(index, step_id, step)
            for index, (step_id, step) in enumerate(zip(ids, self.section.steps, strict=True))
        }
        return WiredSection(
            section=self.section, steps=steps, endings=self.endings, answers=self.rest.answers
        )

    # --- one step -----------------------------------------------------------------------------

    def step(self, index: int, step_id: str, step: Step) -> WiredStep:
        block, call, bound = self._bind(step)
        ports = block.ports(call) if block else Ports()
        wires, stray = self._wires(index, step_id, step, ports, known=block is not None)
        return WiredStep(
            id=step_id, section=self.section, step=step, block=block, call=call, bound=bound,
            ports=ports, wires=wires, stray=stray,
        )  # fmt: skip

    def _bind(self, step: Step) -> tuple[type[Block[Parameters]] | None, Call, Bound]:
        """A declared name wins over a block of that kind."""
        callee = self.resource(step.kind)
        resource = self.catalogue.resources.get(callee.word) if callee else None
        if callee and resource and resource.call:
            block = self.catalogue.block(resource.call)
        else:
            callee, block = None, self.catalogue.block(step.kind)
        declarations, header = self._declarations(step), self.rest.ask(_Flow.header)
        if block is None:
            return None, Call(step=step, header=header, declarations=declarations), Bound({})
        bound = bind(step, block, self, callee)
        call = Call(
            step=step,
            header=header,
            callee=callee,
            called=self.rest.ask(_Flow.called, callee.name) if callee else None,
            arguments={key: _as_given(key, bound) for key in bound.values},
            declarations=declarations,
            subject=self._subject(block, bound),
        )
        return block, call, bound

    def resource(self, name: str, word: str | None = None) -> Declaration | None:
        return as_resource(self.rest.ask(_Flow.declared, name), word)

    def _declarations(self, step: Step) -> dict[str, Declaration]:
        return {
            name.root: declared
            for argument in step.arguments
            for name in ex.names_in(argument.value)
            if (declared := self.rest.ask(_Flow.declared, name.root))
        }

    def _subject(self, block: type[Block[Parameters]], bound: Bound) -> types.Type | None:
        """The declared type of the first argument, for ports that are its values."""
        first = first_key(block.Params)
        match bound.values.get(first) if first else None:
            case ex.Name(root=root, segments=()):
                declared = as_value(self.rest.ask(_Flow.declared, root))
                return declared.type if declared else None
            case _:
                return None

    # --- its wires ----------------------------------------------------------------------------

    def _wires(
        self, index: int, step_id: str, step: Step, ports: Ports, *, known: bool
    ) -> tuple[tuple[Wire, ...], tuple[Wire, ...]]:
        wires: dict[str, Wire] = {}
        stray: list[Wire] = []
        for route in step.routes:
            for port in route.ports:
                found = self._routed(index, step_id, route, port)
                if found.port in wires or (known and not allows(ports, port)):
                    stray.append(found)
                else:
                    wires[found.port] = found
        for outcome in ports.words:
            if outcome.name not in wires:
                wires[outcome.name] = self._unrouted(index, step_id, outcome, wires)
        if not known and "next" not in wires:
            wires["next"] = self._onward(index, step_id, "next")
        return tuple(wires.values()), tuple(stray)

    def _routed(self, index: int, step_id: str, route: Route, port: Port) -> Wire:
        target, fault = self._resolve(route.target, index)
        return Wire(source=step_id, port=spell(port), target=target, role="routed", spoken=port,
                    route=route, fault=fault)  # fmt: skip

    def _unrouted(
        self, index: int, step_id: str, outcome: Outcome, wires: Mapping[str, Wire]
    ) -> Wire:
        if outcome.like and (model := wires.get(outcome.like)):
            return Wire(source=step_id, port=outcome.name, target=model.target, role=model.role,
                        route=model.route, fault=model.fault)  # fmt: skip
        match outcome.unrouted:
            case "next":
                return self._onward(index, step_id, outcome.name)
            case "end":
                return Wire(source=step_id, port=outcome.name, target=None, role="end")
            case "serious":
                return self._to_handler(index, step_id, outcome.name)
            case "required":
                return Wire(source=step_id, port=outcome.name, target=None, role="open")

    def _onward(self, index: int, step_id: str, port: str) -> Wire:
        target, fault = self._after(index)
        return Wire(source=step_id, port=port, target=target, role="next", fault=fault)

    def _to_handler(self, index: int, step_id: str, port: str) -> Wire:
        """To the nearest `on error`: of the section, else of the flow."""
        route = _error_route(self.section.routes) or self.rest.ask(_Flow.handler)
        if route is None:
            return Wire(source=step_id, port=port, target=None, role="open")
        target, fault = self._resolve(route.target, index)
        return Wire(source=step_id, port=port, target=target, role="error", route=route,
                    fault=fault)  # fmt: skip

    # --- targets ------------------------------------------------------------------------------

    def _resolve(self, target: Target, index: int) -> tuple[str | None, Fault]:
        if target.step is not None:
            there = self.rest.ask(_Flow.has_step, target.name, target.spelling)
            return (target.spelling, "") if there else (None, "no_target")
        if target.name == "next":
            return self._after(index)
        if target.name == "nowhere":
            return None, "nowhere"
        found = self.rest.ask(_Flow.start, target.name)
        if found is not None:
            return (self._noted(found), "") if found else (None, "no_next")
        return (self._noted(target.name), "") if self.ending(target.name) else (None, "no_target")

    def _noted(self, target: str) -> str:
        """The target, which is kept if it ends the flow: ids of steps have a dot."""
        if "." not in target and (block := self.ending(target)):
            self.endings[target] = block
        return target

    def _after(self, index: int) -> tuple[str | None, Fault]:
        """What follows a step in its section: the next step, or what `->` says."""
        ids = self.section.step_ids
        if goto := self.gotos[index + 1]:
            is_next = goto.target.name == "next" and goto.target.step is None
            return (None, "no_next") if is_next else self._resolve(goto.target, index)
        return (ids[index + 1], "") if index + 1 < len(ids) else (None, "no_next")


def _gotos(section: Section) -> list[Goto | None]:
    """By how many steps stand above it, the `->` that comes before the next step."""
    found: list[Goto | None] = [None]
    for item in section.body:
        match item:
            case Step():
                found.append(None)
            case Goto() if found[-1] is None:
                found[-1] = item
            case _:
                pass
    return found


def _as_given(key: str, bound: Bound) -> ex.Expression:
    """An argument with the name of a resource still in it, so that its declaration is found."""
    value, argument = bound.values[key], bound.given.get(key)
    is_named = isinstance(value, ex.Literal) and argument and isinstance(argument.value, ex.Name)
    return argument.value if argument and is_named else value


def allows(ports: Ports, port: Port) -> bool:
    match port:
        case WordPort(word=word):
            return ports.any_word or ports.word(word) is not None
        case ValuePort():
            return ports.values is not None
        case ComparePort() | WhenPort():
            return ports.conditions
        case OtherwisePort():
            return ports.values is not None or ports.conditions or ports.exhaustive
