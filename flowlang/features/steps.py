"""The step that a line is about, also when its own line cannot be read yet."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from flowlang.block import Block, Call, Ports
from flowlang.edits import Flow
from flowlang.features.tokens import Token
from flowlang.model import Declaration, Header, Step
from flowlang.parameters import Parameters, ParameterSpec, specs
from flowlang.syntax.build import construct
from flowlang.types import ANY, Type
from flowlang.wiring import WiredStep


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAt:
    kind: str
    block: type[Block[Parameters]]
    callee: Declaration | None = None
    header: Header | None = None
    """How the flow begins in which it stands."""
    wired: WiredStep | None = None
    """The step in the tree; None: its line cannot be read."""

    @property
    def ports(self) -> Ports:
        if self.wired:
            return self.wired.ports
        return self.block.ports(self.call)

    @property
    def call(self) -> Call:
        if self.wired is not None:
            return self.wired.call
        step = construct(Step, {"kind": self.kind})
        return Call(step=step, header=self.header, callee=self.callee)

    @property
    def specs(self) -> Mapping[str, ParameterSpec]:
        """The parameters that are written with a key, or stand at a place."""
        return {
            spec.key: spec for spec in specs(self.block.Params) if not (spec.free or spec.callee)
        }

    @property
    def takes_any_key(self) -> bool:
        return any(spec.free for spec in specs(self.block.Params))

    @property
    def inputs(self) -> Mapping[str, Type]:
        """What it takes besides its parameters, by key: what a function, a module or the caller
        of this module wants."""
        return {item.name: item.type or ANY for item in self.block.takes(self.call) or ()}

    def at_position(self, position: int) -> ParameterSpec | None:
        """The parameter that the n-th argument without a key is for."""
        found = [spec for spec in self.specs.values() if spec.position == position]
        rest = [spec for spec in self.specs.values() if spec.rest]
        return next(iter((*found, *rest)), None)


def step_of(flow: Flow, kind: str, wired: WiredStep | None = None) -> StepAt | None:
    """A step of this kind; a declared name wins over a block of that name."""
    kind = unicodedata.normalize("NFC", kind)
    callee = flow.wiring.names.resource(kind)
    resource = flow.catalogue.resources.get(callee.word) if callee else None
    called = callee is not None and resource is not None and bool(resource.call)
    block = flow.catalogue.block(resource.call if called and resource else kind)
    if block is None:
        return None
    return StepAt(
        kind=kind,
        block=block,
        callee=callee if called else None,
        header=flow.document.header,
        wired=wired,
    )


def step_at(flow: Flow, line: tuple[Token, ...]) -> StepAt | None:
    """The step that these words of a line begin."""
    kind = kind_of(line)
    if kind is None:
        return None
    start = line[0].start
    wired = next(
        (
            item
            for item in flow.wiring.steps.values()
            if item.step.at and item.step.at.offsets[0] == start
        ),
        None,
    )
    return step_of(flow, kind, wired)


def kind_of(line: tuple[Token, ...]) -> str | None:
    words = [token.text for token in line]
    match words:
        case [_, "=", kind, *_]:
            return kind
        case [kind, *_] if line[0].kind == "name" and kind not in ("on", "when", "otherwise"):
            return kind
        case _:
            return None


def arguments_of(line: tuple[Token, ...]) -> tuple[Token, ...]:
    """The words behind the kind."""
    return line[3:] if len(line) > 1 and line[1].text == "=" else line[1:]
