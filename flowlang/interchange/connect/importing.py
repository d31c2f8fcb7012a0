"""A Connect flow as a document that a person could have written.

What blocks can read becomes their steps; every other action is carried whole by a `connect` step.
The result is then written back and compared: an action that did not come back as it was is
carried whole instead, so that nothing is ever changed in passing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flowlang.catalogue import Catalogue
from flowlang.diagnostics import Problem
from flowlang.interchange.connect import document as connect
from flowlang.interchange.connect import restoring
from flowlang.interchange.connect.composing import Composed, compose
from flowlang.interchange.connect.document import ConnectFlow, Findings
from flowlang.interchange.connect.equality import facts_of
from flowlang.interchange.connect.exporting import to_connect
from flowlang.interchange.connect.names import NameMap, joined
from flowlang.interchange.connect.sidecar import dump, load
from flowlang.model import Declaration, Document

Json = Any
ROUNDS_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How well an import went."""

    actions: int = 0
    typed: int = 0
    """Actions that steps of their own kind say."""
    carried: Mapping[str, int] | None = None
    """Types of action that `connect` steps carry, with how many."""
    exact: bool = False
    """Written back it is the same flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    document: Document
    sidecar: Mapping[str, Json]
    name_map: Mapping[str, Mapping[str, str]]
    report: Report = Report()
    problems: tuple[Problem, ...] = ()


def import_flow(
    text: str,
    catalogue: Catalogue,
    *,
    flow_type: str | None = None,
    name_map: NameMap | None = None,
    beside: Mapping[str, Json] | None = None,
) -> Imported:
    """The flow in a Connect JSON. `flow_type` is what the JSON does not say (`customer_queue`);
    `name_map` gives resources the names that other flows already use for them, `beside` is what
    an export kept of the text beside the JSON."""
    flow, problems = connect.read(text)
    if flow is None:
        return Imported(document=Document(), sidecar={}, name_map={}, problems=tuple(problems))
    flow = connect.with_lawful_identifiers(flow)
    kept = restoring.load(beside)
    known = joined(kept.names if kept else {}, name_map or {})
    composed, exact, found = _composed(flow, catalogue, flow_type, known)
    if kept:
        better = _composed(flow, catalogue, flow_type, known, kept.declarations)
        if better[1] and len(better[0].carried) <= len(composed.carried):
            composed, exact, found = better
            composed = restoring.restored(flow, composed, kept, catalogue)
    return Imported(
        document=composed.document,
        sidecar=dump(replace(composed.sidecar, names=composed.name_map)),
        name_map=composed.name_map,
        report=_report(flow, composed, exact=exact),
        problems=(*problems, *found),
    )


def beside(
    document: Document,
    json_text: str,
    catalogue: Catalogue,
    *,
    sidecar: Mapping[str, Json] | None = None,
    name_map: NameMap | None = None,
) -> Mapping[str, Json]:
    """What an import of a document's own export would miss, to be kept beside the JSON. `sidecar`
    and `name_map` are those that the export was given."""
    flow, _ = connect.read(json_text)
    if flow is None:
        return {}
    known = joined(load(sidecar).names, name_map or {})
    declarations = tuple(document.declarations.values())
    composed, _, _ = _composed(flow, catalogue, None, known, declarations)
    return restoring.dump(document, composed.document, known)


def _composed(
    flow: ConnectFlow,
    catalogue: Catalogue,
    flow_type: str | None,
    name_map: NameMap,
    declarations: tuple[Declaration, ...] = (),
) -> tuple[Composed, bool, list[Problem]]:
    """Compose and write back until every action comes back as it was."""
    opaque: frozenset[str] = frozenset()
    rounds = 0
    while True:
        findings = Findings()
        composed = compose(flow, catalogue, opaque, flow_type, name_map, findings, declarations)
        changed = _changed(flow, composed, catalogue)
        rounds += 1
        if changed <= opaque or rounds == ROUNDS_MAX:
            break
        opaque |= changed
        if rounds == ROUNDS_MAX - 1:
            opaque = frozenset(action.id for action in flow.actions)
    exact = not changed
    if not exact:
        for action in flow.actions:
            if action.id in changed:
                findings.add("FL427", action.pointer, "warning", action=action.id)
    return composed, exact, findings.problems


def _changed(flow: ConnectFlow, composed: Composed, catalogue: Catalogue) -> frozenset[str]:
    """Actions of steps that did not come back as they were."""
    if not flow.actions:
        return frozenset()
    if composed.misread:
        return composed.misread
    written, problems = to_connect(
        composed.document, catalogue, composed.sidecar, composed.name_map
    )
    if written is None:
        steps = {problem.block for problem in problems if problem.severity == "error"}
        ids = {id_ for step in steps if step for id_ in composed.actions_of(step)}
        return frozenset(ids or {action.id for action in flow.actions})
    back = written.by_id()
    changed = {
        action.id
        for action in flow.actions
        if (found := back.get(action.id)) is None or facts_of(found) != facts_of(action)
    }
    return frozenset(id_ for one in changed for id_ in composed.together(one))


def _report(flow: ConnectFlow, composed: Composed, *, exact: bool) -> Report:
    carried: dict[str, int] = {}
    for action in flow.actions:
        if action.id in composed.carried:
            carried[action.type] = carried.get(action.type, 0) + 1
    return Report(
        actions=len(flow.actions),
        typed=len(flow.actions) - sum(carried.values()),
        carried=carried,
        exact=exact,
    )
