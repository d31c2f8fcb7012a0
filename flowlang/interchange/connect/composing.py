"""Drafts become a document: sections, outcome lines, declarations, and the sidecar beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flowlang import expressions as ex
from flowlang import types
from flowlang.block import Outcome, Ports
from flowlang.catalogue import Catalogue
from flowlang.interchange.connect import facts, names, opening
from flowlang.interchange.connect import sidecar as keeping
from flowlang.interchange.connect.contract import Branch, Draft
from flowlang.interchange.connect.document import Action, ConnectFlow, Findings
from flowlang.interchange.connect.names import NameMap
from flowlang.interchange.connect.naming import Declared
from flowlang.interchange.connect.opening import Opening
from flowlang.interchange.connect.reading import LAST_RESORT, read_actions
from flowlang.interchange.connect.resolving import Resolved, Resolver
from flowlang.interchange.connect.sections import Node, Plan, plan
from flowlang.interchange.connect.sidecar import Kept, Sidecar
from flowlang.model import (
    ComparePort,
    Declaration,
    Document,
    Goto,
    Header,
    OtherwisePort,
    Parameter,
    Phrase,
    Port,
    Route,
    Section,
    Step,
    Target,
    Top,
    ValuePort,
    WhenPort,
    WordPort,
    Words,
)
from flowlang.parameters import specs
from flowlang.wiring import WiredStep, spell, wire

NOWHERE = Target(name="nowhere")
SPARE_NAME = "imported"
HANDLED_MIN = 2
"""So many errors that lead to one place are worth a line for the whole flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    document: Document
    sidecar: Sidecar
    name_map: Mapping[str, Mapping[str, str]]
    carried: frozenset[str] = frozenset()
    """Actions that `connect` steps carry."""
    misread: frozenset[str] = frozenset()
    """Actions whose step has outcomes that its block does not know."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By step, its actions."""

    def actions_of(self, step_id: str) -> tuple[str, ...]:
        return self.groups.get(step_id, ())

    def together(self, action_id: str) -> tuple[str, ...]:
        """The actions that are one step with this one."""
        found = next((group for group in self.groups.values() if action_id in group), None)
        return found or (action_id,)


def compose(
    flow: ConnectFlow,
    catalogue: Catalogue,
    opaque: frozenset[str],
    flow_type: str | None,
    name_map: NameMap,
    findings: Findings,
    declarations: Iterable[Declaration] = (),
) -> Composed:
    """`declarations` are those that the flow is known to have had."""
    opened = opening.read(flow, opaque)
    steps = opened.behind(flow)
    reading = read_actions(steps, catalogue, opaque, findings)
    declared = Declared(catalogue.kinds(), name_map)
    for item in declarations:
        declared.know(item)
    for default in opened.defaults:
        declared.open_with(default)
    resolved = Resolver(reading, catalogue, declared, steps.start, is_module=flow.is_module).run()
    return _Composer(flow, opened, catalogue, resolved, declared, flow_type).compose()


class _Composer:
    def __init__(
        self,
        flow: ConnectFlow,
        opened: Opening,
        catalogue: Catalogue,
        resolved: Resolved,
        declared: Declared,
        flow_type: str | None,
    ) -> None:
        self.flow = flow
        self.opened = opened
        self.catalogue = catalogue
        self.drafts = resolved.drafts
        self.step_names = resolved.step_names
        self.declarations = resolved.declarations
        self.inputs = resolved.inputs
        self.declared = declared
        self.flow_type = flow_type
        self.tried = self.try_out()
        self.handler: str | None = None
        self.plans: list[Plan] = []
        self.places: dict[str, Target] = {}

    def compose(self) -> Composed:
        nodes = {id_: self.node(id_, draft) for id_, draft in self.drafts.items()}
        self.plans = plan(nodes, self.opened.behind(self.flow).start, self.catalogue.kinds())
        placed = {node.id for one in self.plans for node in one.nodes}
        for id_, node in nodes.items():
            if id_ not in placed:
                self.places[id_] = Target(name=node.kind)
        for one in self.plans:
            self.places[one.nodes[0].id] = Target(name=one.name)
        self.handler = self.usual_handler()
        sections = [self.section(one) for one in self.plans]
        document = Document(items=(self.header(), *self.declared_items(), *sections))
        ids = {
            node.id: step_id
            for one, section in zip(self.plans, sections, strict=True)
            for node, step_id in zip(one.nodes, section.step_ids, strict=True)
        }
        return Composed(
            document=document,
            sidecar=self.sidecar(document, ids),
            name_map={word: names for word, names in self.declared.name_map.items() if names},
            carried=frozenset(
                id_
                for draft in self.drafts.values()
                if draft.kind == LAST_RESORT
                for id_ in draft.actions
            ),
            misread=self.misread(),
            groups={
                "opening": self.opened.ids,
                **{step_id: self.drafts[id_].actions for id_, step_id in ids.items()},
            },
        )

    # --- what outcomes the steps have -----------------------------------------------------------

    def try_out(self) -> dict[str, WiredStep]:
        """Every step in a section of its own with all its outcomes, to see what its block says."""
        labels = {id_: f"s{number}" for number, id_ in enumerate(self.drafts)}
        sections = [
            Section(name=labels[id_], body=(self.step(id_, draft, _every_route(draft, labels)),))
            for id_, draft in self.drafts.items()
        ]
        document = Document(items=(*self.declarations, *sections))
        wired = wire(document, self.catalogue).steps
        return {
            id_: wired[section.step_ids[0]]
            for id_, section in zip(self.drafts, sections, strict=True)
        }

    def misread(self) -> frozenset[str]:
        return frozenset(
            action
            for id_, wired in self.tried.items()
            if wired.stray or wired.bound.surplus or wired.bound.missing
            if self.drafts[id_].kind != LAST_RESORT
            for action in self.drafts[id_].actions
        )

    def ports(self, id_: str) -> Ports:
        return self.tried[id_].ports

    def node(self, id_: str, draft: Draft) -> Node:
        onward = next(
            (
                target
                for outcome in self.ports(id_).words
                if outcome.unrouted == "next" and (target := _target_of(draft, outcome.name))
            ),
            None,
        )
        block = self.catalogue.block(draft.kind)
        return Node(
            id=id_,
            kind=draft.kind,
            onward=onward if onward in self.drafts else None,
            routes=tuple(
                (branch.port, branch.target)
                for branch in self.in_order(id_, draft)
                if branch.target in self.drafts
            ),
            titles=tuple(self.titles(draft)),
            is_bare_ending=bool(
                block
                and block.ends_flow
                and not draft.arguments
                and not any(spec.required for spec in specs(block.Params))
            ),
        )

    def titles(self, draft: Draft) -> Iterator[str]:
        """What a section that begins with this step could be called."""
        outside = {item.name: item for item in self.declarations}
        if draft.callee:
            yield draft.callee
        for argument in draft.arguments:
            match argument.value:
                case ex.Name(root=root, segments=()) if draft.kind == "branch":
                    yield f"check {root}"
                case ex.Name(root=root, segments=segments) if draft.kind == "branch":
                    yield f"check {segments[-1]}"
                case ex.Name(root=root, segments=()) if root in outside and draft.kind != "set":
                    if outside[root].word not in ("attribute", "variable"):
                        yield root
                case ex.Literal(value=str(text)) if argument.key in (None, "text", "ssml"):
                    yield re.sub(r"<[^>]*>", " ", text)
                case ex.Template(parts=parts) if argument.key in (None, "text", "ssml"):
                    text = " ".join(part for part in parts if isinstance(part, str))
                    yield re.sub(r"<[^>]*>", " ", text)
                case _:
                    if draft.kind == "set" and argument.key:
                        yield f"set {argument.key}"

    # --- sections -------------------------------------------------------------------------------

    def usual_handler(self) -> str | None:
        """Where most serious outcomes lead."""
        counted = Counter(
            target
            for id_, draft in self.drafts.items()
            for outcome in self.ports(id_).words
            if outcome.unrouted == "serious" and (target := _target_of(draft, outcome.name))
            if target in self.places
        )
        best = counted.most_common(1)
        return best[0][0] if best and best[0][1] >= HANDLED_MIN else None

    def section(self, one: Plan) -> Section:
        body: list[Step | Goto] = []
        for number, node in enumerate(one.nodes):
            draft = self.drafts[node.id]
            last = number == len(one.nodes) - 1
            after = node.onward if last else one.nodes[number + 1].id
            routes = self.routes(node.id, draft, after)
            body.append(self.step(node.id, draft, routes, comments=self.notes(node.id)))
            if last and any(outcome.unrouted == "next" for outcome in self.ports(node.id).words):
                body.append(Goto(target=self.place(after)))
        return Section(name=one.name, body=tuple(body))

    def place(self, id_: str | None, after: str | None = None) -> Target:
        """How a target is said; `after` is what follows anyway."""
        if id_ is None:
            return NOWHERE
        return self.places.get(id_) or (Target(name="next") if id_ == after else NOWHERE)

    def step(
        self, id_: str, draft: Draft, routes: tuple[Route, ...], comments: tuple[str, ...] = ()
    ) -> Step:
        return Step(
            kind=draft.callee or draft.kind,
            name=self.step_names.get(id_),
            arguments=draft.arguments,
            routes=routes,
            comments=comments,
        )

    def routes(self, id_: str, draft: Draft, after: str | None) -> tuple[Route, ...]:
        """The outcome lines that have to be written."""
        words = self.ports(id_).words
        spoken: list[tuple[Port, Target]] = []
        for branch in self.in_order(id_, draft):
            word = branch.port.word if isinstance(branch.port, WordPort) else None
            outcome = next((item for item in words if item.name == word), None)
            if outcome is None or not self.is_silent(outcome, branch.target, draft, after):
                spoken.append((branch.port, self.place(branch.target, after)))
        routed = {
            branch.port.word for branch in draft.branches if isinstance(branch.port, WordPort)
        }
        # What has no branch of its own takes the one of errors, if there is that.
        failed = _target_of(draft, "error")
        otherwise = self.place(failed, after) if failed else NOWHERE
        spoken.extend(
            (WordPort(word=outcome.name), otherwise)
            for outcome in words
            if outcome.name not in routed and self.must_be_said(outcome)
        )
        return _in_lines(spoken)

    def in_order(self, id_: str, draft: Draft) -> list[Branch]:
        """Its branches as they are written: whatever order Connect has for errors."""
        order = {outcome.name: number for number, outcome in enumerate(self.ports(id_).words)}
        words = [branch for branch in draft.branches if isinstance(branch.port, WordPort)]
        words.sort(key=_word)
        values = [branch for branch in draft.branches if not isinstance(branch.port, WordPort)]
        return [*values, *sorted(words, key=lambda branch: _rank(branch.port, order))]

    def is_silent(self, outcome: Outcome, target: str, draft: Draft, after: str | None) -> bool:
        if outcome.like and (model := _target_of(draft, outcome.like)):
            return target == model
        match outcome.unrouted:
            case "next":
                return target == after
            case "serious":
                return self.handler is not None and target == self.handler
            case _:
                return False

    def must_be_said(self, outcome: Outcome) -> bool:
        """Whether an outcome that Connect's action does not have needs a line."""
        if outcome.like not in ("", "otherwise"):
            return False
        return outcome.unrouted == "required" or (
            outcome.unrouted == "serious" and self.handler is None
        )

    # --- header and declarations ------------------------------------------------------------------

    def header(self) -> Header:
        title = self.flow.metadata.get("name")
        title = title.strip() if isinstance(title, str) else ""
        name = names.slug(title, words_max=8) or SPARE_NAME
        if name in self.catalogue.kinds() or name in names.KEYWORDS:
            name = f"{name}_flow"
        kind = self.type_of_flow()
        settings = []
        if kind and kind != "inbound":
            settings.append(_phrase(ex.Name("type"), ex.Name(kind)))
        if language := self.opened.language:
            settings.append(_phrase(ex.Name("language"), language))
        routes: tuple[Route, ...] = ()
        if self.handler is not None:
            routes = (Route(ports=(WordPort(word="error"),), target=self.place(self.handler)),)
        is_module = self.flow.is_module
        outcomes, results = self.returned() if is_module else ((), ())
        if outcomes:
            words = (
                (ex.Name("outcomes"), ex.Name(outcomes[0])),
                *((ex.Name(it),) for it in outcomes[1:]),
            )
            settings.append(Phrase(words=Words(clauses=words)))
        return Header(
            word="module" if is_module else "flow",
            takes=_parameters(self.inputs),
            gives=_parameters(results),
            name=name,
            title=title if title and title != name else None,
            settings=tuple(settings),
            routes=routes,
            comments=tuple(self.introduction()),
        )

    def returned(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The outcomes and the results that a module returns."""
        outcomes: dict[str, None] = {}
        results: dict[str, None] = {}
        for draft in self.drafts.values():
            block = self.catalogue.block(draft.kind)
            for item in draft.arguments if block and block.returns else ():
                if item.key is not None:
                    results[item.key] = None
                elif isinstance(item.value, ex.Name):
                    outcomes[item.value.root] = None
        return tuple(outcomes), tuple(results)

    def type_of_flow(self) -> str | None:
        """What we are told, what the console noted, or the first type that all blocks stand in:
        the JSON itself does not say."""
        noted = self.flow.metadata.get("type")
        known = self.flow_type or (facts.flow_type_of(noted) if isinstance(noted, str) else None)
        if known or self.flow.is_module:
            return known
        blocks = [self.catalogue.block(draft.kind) for draft in self.drafts.values()]
        return next(
            (
                flow_type
                for flow_type in facts.FLOW_TYPES.values()
                if all(
                    not block.flow_types or flow_type in block.flow_types
                    for block in blocks
                    if block
                )
            ),
            None,
        )

    def introduction(self) -> Iterator[str]:
        described = self.flow.metadata.get("description")
        if isinstance(described, str) and described.strip():
            yield from _comment(described)
        for note in self.annotations():
            if str(note.get("actionId")) not in self.drafts:
                yield from _comment(str(note.get("content", "")))

    def notes(self, id_: str) -> tuple[str, ...]:
        """Sticky notes of the console that hang on a step."""
        return tuple(
            line
            for note in self.annotations()
            if note.get("actionId") in self.drafts[id_].actions
            for line in _comment(str(note.get("content", "")))
        )

    def annotations(self) -> list[dict[str, object]]:
        found = self.flow.metadata.get("Annotations")
        return [note for note in found if isinstance(note, dict)] if isinstance(found, list) else []

    def declared_items(self) -> list[Top]:
        items: list[Top] = []
        group = None
        for item in self.declarations:
            kind = "value" if item.word in ("attribute", "variable") else "resource"
            items.append(item.model_copy(update={"gap": kind != group}))
            group = kind
        return items

    # --- the sidecar --------------------------------------------------------------------------

    def sidecar(self, document: Document, ids: Mapping[str, str]) -> Sidecar:
        steps = {
            step_id: tuple(
                Kept(
                    id=action,
                    spelled=_nth(self.drafts[id_].spelled, number),
                    instead=_nth(self.drafts[id_].instead, number),
                )
                for number, action in enumerate(self.drafts[id_].actions)
            )
            for id_, step_id in ids.items()
        }
        merged = {id_: self.drafts[id_] for id_ in self.drafts if id_ not in ids}
        first = Sidecar(
            steps=steps,
            endings=self.endings(merged, ids),
            loose={id_: draft.kind for id_, draft in merged.items()},
            order=tuple(action.id for action in self.flow.actions),
            metadata=self.flow.metadata,
            settings=self.flow.settings,
        )
        return self.corrected(document, first)

    def endings(self, merged: Mapping[str, Draft], ids: Mapping[str, str]) -> dict[str, str]:
        """Which ending each wire leads to, where a kind has several."""
        led = {
            f"{step_id}>{spell(branch.port)}": branch.target
            for id_, step_id in ids.items()
            for branch in self.drafts[id_].branches
            if branch.target in merged
        }
        usual = {
            kind: Counter(one for one in led.values() if merged[one].kind == kind).most_common(1)
            for kind in {draft.kind for draft in merged.values()}
        }
        endings = {kind: found[0][0] for kind, found in usual.items() if found}
        return endings | {
            wire_id: target
            for wire_id, target in led.items()
            if endings[merged[target].kind] != target
        }

    def corrected(self, document: Document, first: Sidecar) -> Sidecar:
        """With what an export would add to the flow, or point elsewhere."""
        from flowlang.interchange.connect.exporting import to_connect

        written, _ = to_connect(
            document, self.catalogue, first, self.declared.name_map, loose_too=True
        )
        if written is None:
            return first
        ours = written.by_id()
        theirs = self.flow.by_id()
        return replace(
            first,
            steps={
                step_id: tuple(
                    _with_gaps(kept, theirs.get(kept.id), ours.get(kept.id)) for kept in all_kept
                )
                for step_id, all_kept in first.steps.items()
            },
        )


# --- helpers ----------------------------------------------------------------------------------


def _parameters(found: Iterable[str]) -> tuple[Parameter, ...] | None:
    """Of which type they are, the flow does not say."""
    return tuple(Parameter(name=name, type=types.ANY) for name in found) or None


def _nth(notes: Sequence[Mapping[str, Any]], number: int) -> Mapping[str, Any]:
    return notes[number] if number < len(notes) else {}


def _with_gaps(kept: Kept, theirs: Action | None, ours: Action | None) -> Kept:
    if theirs is None or ours is None:
        return kept
    known = {branch.type for branch in theirs.errors}
    absent = tuple(branch.type for branch in ours.errors if branch.type not in known)
    after = None
    if theirs.next != ours.next:
        after = keeping.UNSET if theirs.next is None else theirs.next
    order = tuple(branch.operands[0] for branch in theirs.conditions)
    if order == tuple(branch.operands[0] for branch in ours.conditions):
        order = ()
    return replace(kept, absent=absent, next=after, order=order)


def _target_of(draft: Draft, word: str) -> str | None:
    for branch in draft.branches:
        if isinstance(branch.port, WordPort) and branch.port.word == word:
            return branch.target
    return None


def _every_route(draft: Draft, labels: Mapping[str, str]) -> tuple[Route, ...]:
    return tuple(
        Route(ports=(branch.port,), target=Target(name=labels.get(branch.target, "nowhere")))
        for branch in draft.branches
    )


def _word(branch: Branch) -> str:
    return branch.port.word if isinstance(branch.port, WordPort) else ""


def _rank(port: Port, order: Mapping[str, int]) -> int:
    """Values in their order first, then words in the block's order, `error` last of them."""
    if not isinstance(port, WordPort):
        return -1
    return len(order) if port.word == "error" else order.get(port.word, 0)


def _in_lines(spoken: Iterable[tuple[Port, Target]]) -> tuple[Route, ...]:
    """Outcome lines; what leads to one place shares a line where order does not matter."""
    lines: list[tuple[list[Port], Target]] = []
    for port, target in spoken:
        alone = isinstance(port, (OtherwisePort, WhenPort))
        shared = None
        if not alone:
            candidates = lines if isinstance(port, WordPort) else lines[-1:]
            shared = next(
                (line for line in candidates if line[1] == target and _shares(line[0])), None
            )
        if shared is None:
            lines.append(([port], target))
        else:
            shared[0].append(port)
    return tuple(Route(ports=tuple(ports), target=target) for ports, target in lines)


def _shares(ports: list[Port]) -> bool:
    return all(isinstance(port, (WordPort, ValuePort, ComparePort)) for port in ports)


def _phrase(*words: ex.Expression) -> Phrase:
    return Phrase(words=Words(clauses=(words,)))


def _comment(text: str) -> list[str]:
    """The lines of a note as comment lines."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    kept = [line for line in lines if line]
    return ["".join(char for char in line if char.isprintable()) for line in kept]
