"""A flow compiled to a table of closures: built once for each version, run by every contact."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from flowlang import expressions as ex
from flowlang import types
from flowlang.block import MISSING, Block
from flowlang.catalogue import Catalogue
from flowlang.conformity import Fitting, fitting
from flowlang.inference import Environment, holds_sensitive
from flowlang.model import ComparePort, Declaration, Document, OtherwisePort, ValuePort, WhenPort
from flowlang.names import as_value, outside_name
from flowlang.neighbours import Neighbours, nobody
from flowlang.parameters import Parameters
from flowlang.syntax.parser import parse
from flowlang.values import COMPARISONS, Scope, compile_expression, equal, truth
from flowlang.wiring import Wire, WiredStep, Wiring, result_names, wire
from runtime.amazon import Givers, givers_of, hidden_names
from runtime.preparing import Prepare, Speech, prepared

END = ""
"""The target of an outcome that ends the flow."""
LOST = "?"
"""The target of an outcome that leads nowhere: the checker would have refused the flow."""

Matcher = Callable[[Any, Callable[[], Scope]], bool]
Route = tuple[str, str]
"""The spelling of a port, and where it leads."""


@dataclass(frozen=True, kw_only=True)
class CompiledStep:
    id: str
    flow: str
    """The path of its flow."""
    kind: str
    block: type[Block[Parameters]]
    prepare: Prepare
    """The parameters, evaluated."""
    constant: Parameters | None
    """They are the same for every contact."""
    matchers: tuple[tuple[Matcher, Route], ...]
    """Value ports in order, each with what it takes."""
    literals: Mapping[str, Route]
    """The first of them, as long as each takes one text."""
    targets: Mapping[str, str]
    choices: tuple[str, ...]
    result_names: tuple[str, ...]
    """Names under which its results are read."""
    result_types: Mapping[str, Mapping[str, types.Type]]
    """By outcome, what its results must be: services answer what they like."""
    plans: dict[tuple[str, str], Any] = field(default_factory=dict, init=False)
    """How it begins, by channel and language: filled by the engine."""

    @cached_property
    def name(self) -> str:
        """As a trail names it that leads through more flows than one."""
        return f"{self.flow}:{self.id}"

    @cached_property
    def fits(self) -> Mapping[str, Fitting]:
        """By outcome, whether results are of the declared types."""
        return {outcome: fitting(wanted) for outcome, wanted in self.result_types.items()}

    def route(self, outcome: str, value: Any, scope: Callable[[], Scope]) -> Route:
        """The port that is left by, and where it leads. An outcome without a value is a word."""
        if value is not MISSING:
            matchers = self.matchers
            if type(value) is str:
                if known := self.literals.get(value):
                    return known
                matchers = matchers[len(self.literals) :]
            for takes, route in matchers:
                if takes(value, scope):
                    return route
        return outcome, self.targets.get(outcome, LOST)


class Version(Protocol):
    """The flows that were published together, as they find each other."""

    def path(self, name: str, near: str) -> str:
        """The path of the flow that the one at `near` means by a name; empty if there is none."""
        ...

    def program(self, path: str) -> Program | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    id: str
    name: str
    steps: Mapping[str, CompiledStep]
    start: str
    defaults: Mapping[str, Any]
    """What attributes are before anything is set."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """What variables are before anything is set: they begin and end with the flow."""
    resources: Mapping[str, str] = field(default_factory=dict)
    """Outside names of the resources, which expressions may read too."""
    slots: frozenset[str] = frozenset()
    """Names that read the last result of any block of a kind: `function`, `bot`."""
    language: str = ""
    on_error: str = LOST
    """Where the flow itself sends what went wrong, for guards that belong to no step."""
    path: str = ""
    """Where it stands in its project."""
    type: str = "inbound"
    """`module`, or the type of flow that it says it is."""
    inputs: Mapping[str, types.Type] = field(default_factory=dict)
    """What a module takes."""
    version: Version | None = None
    """What it was published with. None: it stands alone."""
    secrets: frozenset[str] = frozenset()
    """Attributes, variables and inputs that must not be seen."""
    givers: Givers = field(default_factory=dict)
    """Who fills what the flow reads by Amazon Connect's names."""

    def flow(self, path: str) -> Program | None:
        """A flow of the same version; the empty path is this one's."""
        if path in ("", self.path):
            return self
        return self.version.program(path) if self.version else None

    def named(self, name: str) -> str:
        """The path of the flow that this one calls so; empty if there is none."""
        return self.version.path(name, self.path) if self.version else ""


def compile_text(
    source: str,
    catalogue: Catalogue,
    *,
    path: str = "",
    neighbours: Neighbours = nobody,
    version: Version | None = None,
) -> Program:
    """Compile a flow. The caller has checked it: what does not parse is simply not in it."""
    return compile_flow(
        parse(source).document,
        catalogue,
        program_id(source),
        path=path,
        neighbours=neighbours,
        version=version,
    )


def program_id(source: str) -> str:
    """Names a version of a flow by what it says."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def compile_flow(
    document: Document,
    catalogue: Catalogue,
    identity: str = "",
    *,
    path: str = "",
    neighbours: Neighbours = nobody,
    version: Version | None = None,
) -> Program:
    """`neighbours` are what the flow is wired with, `version` what it runs with."""
    wiring = wire(document, catalogue, neighbours=neighbours)
    givers, say = givers_of(wiring), Speech(Environment(wiring))
    steps = {
        step.id: _compile_step(path, step, step.block, givers, say)
        for step in wiring.steps.values()
        if step.block
    }
    for kind, block in wiring.endings.items():
        steps[kind] = _compile_ending(path, kind, block)
    if wiring.handler and wiring.handler not in steps and (last := catalogue.block(wiring.handler)):
        steps[wiring.handler] = _compile_ending(path, wiring.handler, last)
    header = document.header
    declared = document.declarations.values()
    return Program(
        id=identity,
        name=header.name if header else "",
        steps=steps,
        start=wiring.start or END,
        defaults={item.name: _default(item) for item in declared if item.word == "attribute"},
        variables={item.name: _default(item) for item in declared if item.word == "variable"},
        resources={
            item.name: outside_name(item) for item in declared if wiring.names.resource(item.name)
        },
        slots=wiring.names.slots,
        language=header.languages[0] if header and header.languages else "",
        on_error=_flow_handler(wiring),
        path=path,
        type="inbound" if header is None else header.flow_type,
        inputs={
            item.name: item.type or types.ANY for item in (header.takes if header else ()) or ()
        },
        version=version,
        secrets=_secrets(wiring),
        givers=givers,
    )


def _secrets(wiring: Wiring) -> frozenset[str]:
    environment = Environment(wiring)
    declared = wiring.names.declarations.items()
    typed = {name: environment.value_type(item) for name, item in declared if as_value(item)}
    typed |= environment.inputs
    return frozenset(name for name, type_ in typed.items() if holds_sensitive(type_))


def _default(declared: Declaration) -> Any:
    return compile_expression(declared.value)({}) if declared.value else None


def _flow_handler(wiring: Wiring) -> str:
    """Where an error without a handler of its own goes: where the flow says, or else where the
    first section does that says it."""
    if wiring.handler:
        return wiring.handler
    for step in wiring.steps.values():
        for found in step.wires:
            if found.role == "error" and found.target:
                return found.target
    return LOST


def _compile_ending(path: str, kind: str, block: type[Block[Parameters]]) -> CompiledStep:
    params = block.Params()
    return CompiledStep(id=kind, flow=path, kind=kind, block=block, prepare=lambda scope: params,
                        constant=params, matchers=(), literals={}, targets={}, choices=(),
                        result_names=(), result_types={})  # fmt: skip


def _compile_step(
    path: str, step: WiredStep, block: type[Block[Parameters]], givers: Givers, say: Speech
) -> CompiledStep:
    matchers = [
        (matcher, (wire_.port, _target(wire_)))
        for wire_ in step.wires
        if (matcher := _matcher(wire_))
    ]
    prepare, constant = prepared(block.Params, step.bound.values, step.call.declarations, say)
    return CompiledStep(
        id=step.id,
        flow=path,
        kind=step.step.kind,
        block=block,
        prepare=prepare,
        constant=constant,
        matchers=tuple(matchers),
        literals=_literals(step),
        targets={wire_.port: _target(wire_) for wire_ in step.wires},
        choices=tuple(
            str(wire_.spoken.value.value)
            for wire_ in step.wires
            if isinstance(wire_.spoken, ValuePort) and isinstance(wire_.spoken.value, ex.Literal)
        ),
        result_names=(*result_names(step), *hidden_names(step, givers)),
        result_types=_result_types(step, block),
    )


def _literals(step: WiredStep) -> dict[str, Route]:
    found: dict[str, Route] = {}
    for wire_ in step.wires:
        match wire_.spoken:
            case ValuePort(value=ex.Literal(value=str(wanted))) if wanted not in found:
                found[wanted] = (wire_.port, _target(wire_))
            case _ if _matcher(wire_):
                break
            case _:
                pass
    return found


def _target(found: Wire) -> str:
    if found.role == "end":
        return END
    return found.target or LOST


def _result_types(
    step: WiredStep, block: type[Block[Parameters]]
) -> dict[str, Mapping[str, types.Type]]:
    typed = {
        outcome.name: block.results_at(step.call, outcome.name) for outcome in step.ports.words
    }
    return {name: found for name, found in typed.items() if found}


# --- value ports ------------------------------------------------------------------------------


def _matcher(found: Wire) -> Matcher | None:
    match found.spoken:
        case ValuePort(value=ex.Literal(value=wanted)):
            return lambda value, scope: equal(value, wanted)
        case ComparePort(operator=sign, operand=operand):
            compare, right = COMPARISONS[sign], compile_expression(operand)
            return lambda value, scope: compare(value, right(scope()))
        case WhenPort(condition=condition):
            holds = compile_expression(condition)
            return lambda value, scope: truth(holds(scope()))
        case OtherwisePort():
            return lambda value, scope: True
        case _:
            return None
