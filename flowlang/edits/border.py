"""Where a part of a flow touches the rest: how it is entered and left, what it reads and gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flowlang import expressions as ex
from flowlang.edits.draft import Draft, StepDraft
from flowlang.edits.mentions import values_read_by
from flowlang.edits.operation import Flow, refuse
from flowlang.inference import Environment
from flowlang.names import TARGET_WORDS, VALUE_WORDS
from flowlang.presence import presence
from flowlang.syntax import spelling
from flowlang.syntax.spelling import RESERVED
from flowlang.types import Type
from flowlang.wiring import WiredStep

OWN_OUTCOMES = frozenset({"next", "error"})
"""Words by which whatever is called may be left anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    target: str
    """The step outside that it leads to."""
    name: str
    """The outcome of the module, and the section that returns it; of the main one, that section
    alone."""
    is_main: bool = False
    """Whether the caller just goes on there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A value that crosses the border."""

    name: str
    """As the other side reads it."""
    type: Type
    source: str
    """As this side reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    blocks: tuple[str, ...]
    """In the order of the text."""
    entry: str
    exits: tuple[Exit, ...]
    inputs: tuple[Passed, ...]
    results: tuple[Passed, ...]
    inward: Mapping[str, str] = field(default_factory=dict)
    """What is read inside by another name than before."""
    own: frozenset[str] = frozenset()
    """Variables that nobody outside mentions."""

    @property
    def main(self) -> Exit:
        return next(exit_ for exit_ in self.exits if exit_.is_main)


def border_of(flow: Flow, blocks: Iterable[str]) -> Border:
    """Refused, if a part cannot be called from one place."""
    wanted = {flow.step(block).id for block in blocks}
    inside = tuple(step_id for step_id in flow.wiring.steps if step_id in wanted)
    entry = _entry(flow, inside)
    exits = tuple(_exits(flow, inside))
    if not exits:
        refuse("FL326", reason="endless")
    crossing = _Crossing(flow, inside, entry, exits)
    return Border(
        blocks=inside, entry=entry, exits=exits, inputs=tuple(crossing.inputs.values()),
        results=tuple(crossing.results.values()), inward=crossing.inward,
        own=frozenset(crossing.own),
    )  # fmt: skip


# --- the way in ---------------------------------------------------------------------------------


def _entry(flow: Flow, inside: tuple[str, ...]) -> str:
    entries = sorted(set(_entered(flow, inside)), key=inside.index)
    if not entries:
        refuse("FL326", reason="none")
    if len(entries) > 1:
        refuse("FL326", count=len(entries), blocks=tuple(entries))
    for section in flow.document.sections.values():
        chosen = [step_id in inside for step_id in section.step_ids]
        own = [step_id for step_id in section.step_ids if step_id in inside]
        has_gap = bool(own) and not all(chosen[chosen.index(True) :][: len(own)])
        if has_gap or (entries[0] in own and own[0] != entries[0]):
            refuse("FL326", reason="gap", section=section.name)
    return entries[0]


def _entered(flow: Flow, inside: tuple[str, ...]) -> Iterator[str]:
    """The blocks inside that something outside leads to."""
    wiring = flow.wiring
    if wiring.start in inside:
        yield wiring.start
    for step in wiring.steps.values():
        if step.id not in inside:
            yield from (wire.target for wire in step.wires if wire.target in inside)
    draft = Draft(flow)
    for route in draft.header_routes:
        goal = route.goal
        first = goal if isinstance(goal, StepDraft | str) else next(iter(goal.steps), "")
        if isinstance(first, StepDraft) and first.old_id in inside:
            yield first.old_id


# --- the ways out -------------------------------------------------------------------------------


def _exits(flow: Flow, inside: tuple[str, ...]) -> Iterator[Exit]:
    """The first is the one that most looks like going on."""
    steps = flow.wiring.steps
    targets = [
        wire.target
        for step_id in inside
        for wire in steps[step_id].wires
        if wire.target in steps and wire.target not in inside
    ]
    onward = [
        wire.target
        for step_id in reversed(inside)
        for wire in steps[step_id].wires
        if wire.target in targets and wire.role == "next"
    ]
    main = next(iter([*onward, *targets]), None)
    taken = {*flow.document.sections} | TARGET_WORDS | RESERVED | OWN_OUTCOMES
    for target in dict.fromkeys(target for target in targets if target):
        step = steps[target]
        name = step.section.name
        if step.section.step_ids[0] != target or name in OWN_OUTCOMES:
            name = _free(step.step.name or step.step.kind, taken)
        taken.add(name)
        yield Exit(target=target, name=name, is_main=target == main)


def _free(base: str, taken: Iterable[str]) -> str:
    names = (base, *(f"{base}_{number}" for number in range(2, 1000)))
    return next(name for name in names if name not in taken)


# --- values -------------------------------------------------------------------------------------


class _Crossing:
    """What must be told to the part, and what it tells."""

    def __init__(
        self, flow: Flow, inside: tuple[str, ...], entry: str, exits: tuple[Exit, ...]
    ) -> None:
        self.flow = flow
        self.inside = inside
        self.environment = Environment(flow.wiring, flow.catalogue.resources)
        start = [flow.wiring.start] if flow.wiring.start else []
        others = _reached(flow, start) - set(start)
        self.presence = presence(self.environment, [*start, *others])
        self.inputs: dict[str, Passed] = {}
        self.results: dict[str, Passed] = {}
        self.inward: dict[str, str] = {}
        self.own: set[str] = set()
        self.returns = entry in _reached(flow, [exit_.target for exit_ in exits])
        for step in flow.wiring.steps.values():
            is_inside = step.id in inside
            if is_inside and self.returns and step.block and step.block.counts:
                refuse("FL327", name=step.id, reason="counts")
            for name in values_read_by(step):
                self._read(step, name, is_inside=is_inside)
        for value, declared in flow.document.declarations.items():
            if declared.word in VALUE_WORDS:
                self._value(value, is_variable=declared.word == "variable")

    def _read(self, step: WiredStep, name: ex.Name, *, is_inside: bool) -> None:
        root, path = name.root, spelling.name(name)
        providers = self._providers(step, root)
        if name.segments and providers:
            here = [provider for provider in providers if (provider in self.inside) == is_inside]
            if len(here) == len(providers):
                return
            if root in self.flow.wiring.names.slots:
                refuse("FL327", name=path, reason="slot")
            if here:
                refuse("FL327", name=path, block=step.id, reason="result")
            self._pass(name, self.inputs if is_inside else self.results)
        elif is_inside and root in self.environment.inputs:
            found = Passed(name=root, type=self.environment.inputs[root], source=root)
            self.inputs.setdefault(root, found)

    def _providers(self, step: WiredStep, root: str) -> tuple[str, ...]:
        """The steps whose results can stand there under a name. Under that of a function stands
        what its last call gave."""
        providers = self.environment.providers.get(root, ())
        if root not in self.flow.document.declarations:
            return providers
        calls = [provider for provider in providers if provider in self.presence.call_bits]
        there = self.presence.calls_at(step.id, calls) or tuple(calls)
        return tuple(it for it in providers if it not in calls or it in there)

    def _pass(self, name: ex.Name, among: dict[str, Passed]) -> None:
        """The whole field that a step gave, whatever is read of it."""
        path = spelling.name(ex.Name(name.root, name.segments[:1]))
        if path not in among:
            type_ = self.environment.read(ex.Name(name.root, name.segments[:1])).type
            taken = {passed.name for passed in among.values()} | set(self.environment.known)
            if among is self.results:
                taken = {passed.name for passed in among.values()}
            base = name.segments[0] if spelling.NAME.fullmatch(name.segments[0]) else name.root
            free = _free(base, taken | RESERVED | OWN_OUTCOMES | {"outcome", "module"})
            among[path] = Passed(name=free, type=type_, source=path)
            if among is self.inputs:
                self.inward[path] = free

    def _value(self, name: str, *, is_variable: bool) -> None:
        """Attributes are of the contact and seen on both sides; a variable lives in one flow."""
        steps = self.flow.wiring.steps.values()
        reads = {step.id for step in steps if any(it.root == name for it in values_read_by(step))}
        sets = {step.id for step in steps if step.block and name in step.block.assigns(step.call)}
        inside = set(self.inside)
        if not (reads | sets) & inside:
            return
        declared = self.flow.document.declarations[name]
        type_ = self.environment.value_type(declared)
        if is_variable and not (reads | sets) - inside and not self.returns:
            self.own.add(name)
        elif sets & inside:
            if is_variable:
                refuse("FL327", name=name, reason="variable")
        elif is_variable or (declared.value is None and not type_.optional):
            self.inputs[name] = Passed(name=name, type=type_, source=name)


def _reached(flow: Flow, starts: Iterable[str]) -> set[str]:
    """The steps that can be come to from these."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for wire in flow.wiring.steps[waiting.pop()].wires:
            target = wire.target or ""
            if target in flow.wiring.steps and target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen
