"""A flow with its loose ends tied: every step with its block, every outcome with where it leads.

Checks, pictures, the canvas, the exporter and the runtime's compiler all start from here, so they
cannot disagree. Wiring never fails: what cannot be resolved is kept as a fact for the checks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flowlang import expressions as ex
from flowlang import types
from flowlang.binding import Bound, bind
from flowlang.block import Block, Call, Outcome, Ports
from flowlang.catalogue import Catalogue
from flowlang.model import (
    ComparePort,
    Document,
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
from flowlang.names import Names, names_of
from flowlang.parameters import Parameters, specs
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    document: Document
    names: Names
    steps: Mapping[str, WiredStep]
    start: str | None
    endings: Mapping[str, type[Block[Parameters]]] = field(default_factory=dict)
    """Blocks that outcome lines lead to without a step of their own: `-> hang_up`."""


def wire(document: Document, catalogue: Catalogue) -> Wiring:
    tier = _Wirer(document, catalogue)
    steps = {
        step_id: tier.step(step_id, section, step) for step_id, section, step in document.steps()
    }
    first = next(iter(document.sections.values()), None)
    start = tier.section_start(first.name) if first else None
    return Wiring(
        document=document, names=tier.names, steps=steps, start=start, endings=tier.endings
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


class _Wirer:
    def __init__(self, document: Document, catalogue: Catalogue) -> None:
        self.document = document
        self.catalogue = catalogue
        self.names = names_of(document, catalogue)
        self.endings: dict[str, type[Block[Parameters]]] = {}

    # --- one step -----------------------------------------------------------------------------

    def step(self, step_id: str, section: Section, step: Step) -> WiredStep:
        block, call, bound = self._bind(step)
        ports = block.ports(call) if block else Ports()
        wires, stray = self._wires(step_id, section, step, ports, known=block is not None)
        return WiredStep(
            id=step_id, section=section, step=step, block=block, call=call, bound=bound,
            ports=ports, wires=wires, stray=stray,
        )  # fmt: skip

    def _bind(self, step: Step) -> tuple[type[Block[Parameters]] | None, Call, Bound]:
        """A declared name wins over a block of that kind."""
        callee = self.names.resource(step.kind)
        resource = self.catalogue.resources.get(callee.word) if callee else None
        if callee and resource and resource.call:
            block = self.catalogue.block(resource.call)
        else:
            callee, block = None, self.catalogue.block(step.kind)
        if block is None:
            return None, Call(step=step, declarations=self.names.declarations), Bound({})
        bound = bind(step, block, self.names, callee)
        call = Call(
            step=step,
            callee=callee,
            arguments={key: _as_given(key, bound) for key in bound.values},
            declarations=self.names.declarations,
            subject=self._subject(block, bound),
        )
        return block, call, bound

    def _subject(self, block: type[Block[Parameters]], bound: Bound) -> types.Type | None:
        """The declared type of the first argument, for ports that are its values."""
        first = next((spec.key for spec in specs(block.Params) if spec.position == 0), None)
        match bound.values.get(first) if first else None:
            case ex.Name(root=root, segments=()) if declared := self.names.value(root):
                return declared.type
            case _:
                return None

    # --- its wires ----------------------------------------------------------------------------

    def _wires(
        self, step_id: str, section: Section, step: Step, ports: Ports, *, known: bool
    ) -> tuple[tuple[Wire, ...], tuple[Wire, ...]]:
        wires: dict[str, Wire] = {}
        stray: list[Wire] = []
        for route in step.routes:
            for port in route.ports:
                found = self._routed(step_id, section, route, port)
                if found.port in wires or (known and not allows(ports, port)):
                    stray.append(found)
                else:
                    wires[found.port] = found
        for outcome in ports.words:
            if outcome.name not in wires:
                wires[outcome.name] = self._unrouted(step_id, section, outcome, wires)
        if not known and "next" not in wires:
            wires["next"] = self._onward(step_id, section, "next")
        return tuple(wires.values()), tuple(stray)

    def _routed(self, step_id: str, section: Section, route: Route, port: Port) -> Wire:
        target, fault = self.resolve(route.target, step_id, section)
        return Wire(source=step_id, port=spell(port), target=target, role="routed", spoken=port,
                    route=route, fault=fault)  # fmt: skip

    def _unrouted(
        self, step_id: str, section: Section, outcome: Outcome, wires: Mapping[str, Wire]
    ) -> Wire:
        if outcome.like and (model := wires.get(outcome.like)):
            return Wire(source=step_id, port=outcome.name, target=model.target, role=model.role,
                        route=model.route, fault=model.fault)  # fmt: skip
        match outcome.unrouted:
            case "next":
                return self._onward(step_id, section, outcome.name)
            case "end":
                return Wire(source=step_id, port=outcome.name, target=None, role="end")
            case "serious":
                return self._to_handler(step_id, section, outcome.name)
            case "required":
                return Wire(source=step_id, port=outcome.name, target=None, role="open")

    def _onward(self, step_id: str, section: Section, port: str) -> Wire:
        target, fault = self._after(step_id, section)
        return Wire(source=step_id, port=port, target=target, role="next", fault=fault)

    def _to_handler(self, step_id: str, section: Section, port: str) -> Wire:
        """To the nearest `on error`: of the section, else of the flow."""
        header = self.document.header
        routes: tuple[Route, ...] = (*section.routes, *(header.routes if header else ()))
        for route in routes:
            if any(isinstance(item, WordPort) and item.word == "error" for item in route.ports):
                target, fault = self.resolve(route.target, step_id, section)
                return Wire(source=step_id, port=port, target=target, role="error", route=route,
                            fault=fault)  # fmt: skip
        return Wire(source=step_id, port=port, target=None, role="open")

    # --- targets ------------------------------------------------------------------------------

    def resolve(self, target: Target, step_id: str, section: Section) -> tuple[str | None, Fault]:
        if target.step is not None:
            wanted = f"{target.name}.{target.step}"
            place = self.document.sections.get(target.name)
            return (wanted, "") if place and wanted in place.step_ids else (None, "no_target")
        if target.name == "next":
            return self._after(step_id, section)
        if target.name == "nowhere":
            return None, "nowhere"
        if target.name in self.document.sections:
            found = self.section_start(target.name)
            return (found, "") if found else (None, "no_next")
        return self._ending(target.name)

    def _ending(self, kind: str) -> tuple[str | None, Fault]:
        block = self.catalogue.block(kind)
        if block is None or not block.ends_flow or any(s.required for s in specs(block.Params)):
            return None, "no_target"
        self.endings[kind] = block
        return kind, ""

    def section_start(self, name: str) -> str | None:
        """The first step of a section; of one that only leads on, the step that it leads to."""
        seen: set[str] = set()
        while name not in seen and (section := self.document.sections.get(name)):
            seen.add(name)
            if section.steps:
                return section.step_ids[0]
            goto = section.goto
            if goto is None:
                return None
            if goto.target.step is None and goto.target.name in self.document.sections:
                name = goto.target.name
                continue
            return self.resolve(goto.target, "", section)[0]
        return None

    def _after(self, step_id: str, section: Section) -> tuple[str | None, Fault]:
        """What follows a step in its section: the next step, or what `->` says."""
        ids = section.step_ids
        index = ids.index(step_id) + 1 if step_id in ids else len(ids)
        seen = 0
        for item in section.body:
            if isinstance(item, Step):
                seen += 1
                if seen > index:
                    return ids[index], ""
            elif seen == index and not isinstance(item, Route):
                if item.target.name == "next" and item.target.step is None:
                    return None, "no_next"
                return self.resolve(item.target, step_id, section)
        return None, "no_next"


def _as_given(key: str, bound: Bound) -> ex.Expression:
    """An argument with the name of a resource still in it, so that its declaration is found."""
    value, argument = bound.values[key], bound.given.get(key)
    is_named = isinstance(value, ex.Literal) and argument and isinstance(argument.value, ex.Name)
    return argument.value if argument and is_named else value


def allows(ports: Ports, port: Port) -> bool:
    match port:
        case WordPort(word=word):
            return ports.word(word) is not None
        case ValuePort():
            return ports.values is not None
        case ComparePort() | WhenPort():
            return ports.conditions
        case OtherwisePort():
            return ports.values is not None or ports.conditions
