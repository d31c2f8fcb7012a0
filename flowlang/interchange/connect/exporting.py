"""A flow as Amazon Connect's JSON.

Every step becomes the actions that its block's translation says; what Connect cannot say is a
problem with its place and the way out, and nothing is written then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flowlang.binding import Bound
from flowlang.block import Block, Call, Ports
from flowlang.catalogue import Catalogue
from flowlang.diagnostics import Problem
from flowlang.interchange.connect import document as connect
from flowlang.interchange.connect import facts, opening, picture, sidecar
from flowlang.interchange.connect.contract import Label, Part, Unsayable
from flowlang.interchange.connect.document import Action, ConditionBranch, ConnectFlow, ErrorBranch
from flowlang.interchange.connect.mapping import leaves, put
from flowlang.interchange.connect.names import NameMap, joined
from flowlang.interchange.connect.sidecar import Kept, Sidecar, load
from flowlang.interchange.connect.values import equal_json
from flowlang.interchange.connect.writing import Writer
from flowlang.model import Document, Section, Step
from flowlang.parameters import Parameters
from flowlang.wiring import Wire, WiredStep, Wiring, wire

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    json_text: str | None
    """None where Connect cannot say what the flow does."""
    problems: tuple[Problem, ...] = ()


def export_flow(
    document: Document,
    catalogue: Catalogue,
    *,
    sidecar: Mapping[str, Json] | None = None,
    name_map: NameMap | None = None,
) -> Exported:
    """The Connect JSON of a flow; `sidecar` is what an import kept beside its text."""
    kept = load(sidecar)
    known = joined(kept.names, name_map or {})
    flow, problems = to_connect(document, catalogue, kept, known)
    if flow is None:
        return Exported(json_text=None, problems=tuple(problems))
    return Exported(json_text=connect.write(flow), problems=tuple(problems))


def to_connect(
    document: Document,
    catalogue: Catalogue,
    kept: Sidecar,
    name_map: NameMap,
    *,
    loose_too: bool = False,
) -> tuple[ConnectFlow | None, list[Problem]]:
    """The flow as Connect's; with `loose_too` also endings that only mirrors point at."""
    wiring = wire(document, catalogue)
    if not wiring.steps:
        return _empty(document, kept)
    exporter = _Exporter(wiring, catalogue, kept, name_map, loose_too=loose_too)
    flow = exporter.flow()
    problems = exporter.problems()
    return (None if any(item.severity == "error" for item in problems) else flow), problems


def exported_steps(
    document: Document, catalogue: Catalogue, kept: Sidecar, name_map: NameMap
) -> tuple[ConnectFlow | None, Mapping[str, tuple[str, ...]]]:
    """The flow as Connect's, and by step its actions."""
    wiring = wire(document, catalogue)
    if not wiring.steps:
        return _empty(document, kept)[0], {}
    exporter = _Exporter(wiring, catalogue, kept, name_map, loose_too=False)
    flow = exporter.flow()
    steps = {step_id: written.ids for step_id, written in exporter.written.items()}
    refused = any(item.severity == "error" for item in exporter.problems())
    return None if refused else flow, steps


def _empty(document: Document, kept: Sidecar) -> tuple[ConnectFlow | None, list[Problem]]:
    if document.header is None:
        return None, [Problem(code="FL446", severity="error")]
    return ConnectFlow(
        start="", actions=(), metadata=kept.metadata or {}, settings=kept.settings
    ), []


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """The actions of a step, before anybody knows where the others are."""

    step: WiredStep
    parts: tuple[Part, ...]
    ids: tuple[str, ...]


class _Exporter:
    def __init__(
        self,
        wiring: Wiring,
        catalogue: Catalogue,
        kept: Sidecar,
        name_map: NameMap,
        *,
        loose_too: bool,
    ) -> None:
        self.wiring = wiring
        self.catalogue = catalogue
        self.loose_too = loose_too
        self.kept = kept
        self.writer = Writer(wiring, name_map)
        self.found: list[Problem] = []
        self.ids: set[str] = set()
        self.written: dict[str, _Written] = {}
        self.endings: dict[str, Action] = {}
        self.renamed: dict[str, str] = {}
        """Identifiers that Connect refuses, by those given for them."""

    def problems(self) -> list[Problem]:
        return [*self.found, *self.writer.problems]

    def flow(self) -> ConnectFlow:
        self.reserve()
        for step_id, step in self.wiring.steps.items():
            if parts := self.parts(step):
                ids = tuple(self.identifier(step_id, number) for number in range(len(parts)))
                self.written[step_id] = _Written(step=step, parts=parts, ids=ids)
        actions = [action for written in self.written.values() for action in self.actions(written)]
        start = self.entry(self.wiring.start, "") if self.wiring.start else None
        opened = opening.actions(self.wiring, self.writer, start, self.fresh)
        self.add_loose(actions)
        actions = [*opened, *actions, *self.endings.values()]
        known = {action.id for action in actions}
        actions = self.ordered([self.pointed(action, known) for action in actions])
        flow = ConnectFlow(
            start=opened[0].id if opened else start,
            actions=tuple(actions),
            settings=self.kept.settings or self.settings(),
        )
        return replace(flow, metadata=picture.metadata(flow, self.wiring.document, self.kept))

    def settings(self) -> Mapping[str, Json] | None:
        """A module says of itself that it is one."""
        header = self.wiring.document.header
        if header is None or header.word != "module":
            return None
        return {
            "InputParameters": [],
            "OutputParameters": [],
            "Transitions": [
                {"DisplayName": name, "ReferenceName": name, "Description": ""}
                for name in ("Success", "Error")
            ],
        }

    # --- steps --------------------------------------------------------------------------------

    def parts(self, step: WiredStep) -> tuple[Part, ...]:
        self.writer.step = step
        if step.block is None or step.block.connect is None:
            self.refuse(step, Unsayable("FL439", kind=step.step.kind))
            return ()
        if step.bound.missing:
            self.refuse(step, Unsayable("FL447", parameter=step.bound.missing[0]))
            return ()
        try:
            return step.block.connect.write(step, self.writer)
        except Unsayable as reason:
            self.refuse(step, reason)
            return ()

    def refuse(self, step: WiredStep, reason: Unsayable) -> None:
        argument = step.bound.given.get(reason.key) if reason.key else None
        place = (
            (reason.at.at if reason.at else None)
            or (argument.at if argument else None)
            or step.step.at
        )
        self.found.append(
            Problem(code=reason.code, severity="error", place=place, block=step.id,
                    field=reason.key, arguments={"kind": step.step.kind, **reason.about})
        )  # fmt: skip

    # --- identifiers --------------------------------------------------------------------------

    def reserve(self) -> None:
        """What the sidecar names keeps its name."""
        steps = self.wiring.steps
        kept = (item for step_id in steps for item in self.kept.steps.get(step_id, ()))
        self.ids.update(item.id for item in kept if not facts.identifier_fault(item.id))

    def identifier(self, step_id: str, number: int) -> str:
        kept = self.kept.of(step_id, number)
        if kept and not facts.identifier_fault(kept.id):
            return kept.id
        wanted = kept.id if kept else step_id + (f" {number + 1}" if number else "")
        given = self.fresh(wanted)
        self.renamed[given] = wanted
        return given

    def fresh(self, wanted: str) -> str:
        """An identifier by the rules of Connect that no other action has."""
        found = facts.lawful(wanted, self.ids)
        self.ids.add(found)
        return found

    # --- actions ------------------------------------------------------------------------------

    def actions(self, written: _Written) -> list[Action]:
        return [
            self.action(written, number, self.kept.of(written.step.id, number))
            for number in range(len(written.parts))
        ]

    def action(self, written: _Written, number: int, kept: Kept | None) -> Action:
        part = written.parts[number]
        absent = kept.absent if kept else ()
        errors = []
        for type_, label in part.errors:
            is_absent = type_ in absent
            if is_absent and not self.is_routed(written.step, label):
                continue
            target = self.target(written, label)
            if is_absent and target == self.failed(written, label):
                continue
            if target is not None:
                errors.append(ErrorBranch(type=type_, target=target))
        conditions = tuple(
            ConditionBranch(operator=operator, operands=(operand,), target=target)
            for operator, operand, label in part.conditions
            if (target := self.target(written, label)) is not None
        )
        return Action(
            id=written.ids[number],
            type=part.type,
            parameters=_respelled(part.parameters, kept),
            next=self.after(written, part, kept),
            errors=tuple(errors),
            conditions=_in_kept_order(conditions, kept),
        )

    def failed(self, written: _Written, label: Label) -> str | None:
        """Where an error leads that has no branch of its own; None if this is that branch."""
        return None if label == "error" else self.target(written, "error")

    def is_routed(self, step: WiredStep, label: Label) -> bool:
        wire = step.wire(label) if isinstance(label, str) else None
        return bool(wire and wire.spoken is not None and not wire.fault)

    def after(self, written: _Written, part: Part, kept: Kept | None) -> str | None:
        if kept and kept.next is not None:
            return None if kept.next == sidecar.UNSET else kept.next
        return None if part.next is None else self.target(written, part.next)

    def target(self, written: _Written, label: Label) -> str | None:
        if isinstance(label, int):
            return written.ids[label]
        wire = written.step.wire(label)
        if wire is None:
            return None
        if wire.target is None:
            self.loose(written.step, wire)
            return None
        return self.entry(wire.target, wire.id)

    def loose(self, step: WiredStep, wire: Wire) -> None:
        """An outcome that leads nowhere: a draft may have it."""
        known = any(item.outcome == wire.port and item.block == step.id for item in self.found)
        if wire.role != "end" and not known:
            place = wire.route.at if wire.route else step.step.at
            self.found.append(
                Problem(code="FL448", severity="warning", place=place, block=step.id,
                        outcome=wire.port, arguments={"outcome": wire.port})
            )  # fmt: skip

    def entry(self, target: str, wire_id: str) -> str | None:
        """The action at which a step, or an ending without a step, begins."""
        if target in self.wiring.steps:
            found = self.written.get(target)
            return found.ids[0] if found else None
        block = self.wiring.endings.get(target)
        return self.ending(target, block, wire_id) if block else None

    def ending(self, kind: str, block: type[Block[Parameters]], wire_id: str) -> str | None:
        wanted = self.kept.endings.get(wire_id) or self.kept.endings.get(kind)
        return self.ending_at(wanted or kind, kind, block)

    def ending_at(self, wanted: str, kind: str, block: type[Block[Parameters]]) -> str | None:
        if wanted not in self.endings:
            parts = self.parts(_ending_step(kind, block))
            if not parts:
                return None
            self.endings[wanted] = Action(
                id=self.fresh(wanted), type=parts[0].type, parameters=parts[0].parameters
            )
        return self.endings[wanted].id

    def add_loose(self, actions: list[Action]) -> None:
        """Endings that no outcome leads to, but that a mirror still points at."""
        pointed = {action.next for action in actions}
        for id_, kind in self.kept.loose.items():
            block = self.catalogue.block(kind)
            if block and id_ not in self.endings and (self.loose_too or id_ in pointed):
                self.ending_at(id_, kind, block)

    # --- the whole ----------------------------------------------------------------------------

    def pointed(self, action: Action, known: set[str]) -> Action:
        """Without a kept mirror whose target is gone."""
        if action.next is None or action.next in known:
            return action
        targets = [branch.target for branch in action.branches]
        return replace(action, next=targets[-1] if targets else None)

    def ordered(self, actions: list[Action]) -> list[Action]:
        place = {id_: number for number, id_ in enumerate(self.kept.order)}
        return sorted(
            actions,
            key=lambda action: place.get(self.renamed.get(action.id, action.id), len(place)),
        )


def _in_kept_order(
    conditions: tuple[ConditionBranch, ...], kept: Kept | None
) -> tuple[ConditionBranch, ...]:
    if not kept or not kept.order or not connect.is_choice(conditions):
        return conditions
    place = {operand: number for number, operand in enumerate(kept.order)}
    return tuple(sorted(conditions, key=lambda branch: place.get(branch.operands[0], len(place))))


def _respelled(parameters: Mapping[str, Json], kept: Kept | None) -> Mapping[str, Json]:
    """The parameters with what the sidecar knows to be spelled otherwise."""
    if not kept or not (kept.spelled or kept.instead):
        return parameters
    written = _copied(parameters)
    said = dict(leaves(written, kept.instead))
    as_read = all(equal_json(said.get(path), ours) for path, (ours, _) in kept.instead.items())
    instead = {path: theirs for path, (_, theirs) in kept.instead.items()} if as_read else {}
    for path, value in {**kept.spelled, **instead}.items():
        if value is None:
            _drop(written, path.split("."))
        else:
            put(written, path, value)
    return written


def _copied(value: Mapping[str, Json]) -> dict[str, Json]:
    return {
        key: _copied(item) if isinstance(item, Mapping) else item for key, item in value.items()
    }


def _drop(parameters: dict[str, Json], path: list[str]) -> None:
    inside = parameters.get(path[0])
    if len(path) == 1:
        parameters.pop(path[0], None)
    elif isinstance(inside, dict):
        _drop(inside, path[1:])
        if not inside:
            del parameters[path[0]]


def _ending_step(kind: str, block: type[Block[Parameters]]) -> WiredStep:
    step = Step(kind=kind)
    return WiredStep(
        id=kind, section=Section(name=kind), step=step, block=block, call=Call(step=step),
        bound=Bound({}), ports=Ports(), wires=(),
    )  # fmt: skip
