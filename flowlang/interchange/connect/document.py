"""A Connect flow as it stands in its JSON: read with every doubt reported, written as Connect does.

Reading never fails: what is broken becomes a problem with a JSON pointer, and the rest is read on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from flowlang import limits
from flowlang.diagnostics import Problem, Severity
from flowlang.interchange.connect import facts
from flowlang.interchange.connect.scalars import scalar
from flowlang.places import Anchor, Place

Json = Any

INVALID = frozenset({"FL423", "FL424", "FL425", "FL428", "FL429", "FL431", "FL432", "FL433"})
"""Problems that an import survives, and Amazon Connect does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBranch:
    type: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionBranch:
    operator: str
    operands: tuple[str, ...]
    target: str


Branch = TypeVar("Branch", ErrorBranch, ConditionBranch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    id: str
    type: str
    parameters: Mapping[str, Json] = field(default_factory=dict)
    next: str | None = None
    errors: tuple[ErrorBranch, ...] = ()
    conditions: tuple[ConditionBranch, ...] = ()
    pointer: str = ""

    def error(self, type_: str) -> str | None:
        return next((branch.target for branch in self.errors if branch.type == type_), None)

    @property
    def branches(self) -> tuple[ConditionBranch | ErrorBranch, ...]:
        return (*self.conditions, *self.errors)

    @property
    def targets(self) -> tuple[str, ...]:
        """Where it can lead: its conditions, its errors, its next action. The order in which
        errors stand in the file means nothing."""
        errors = sorted(self.errors, key=lambda branch: branch.type)
        after = (self.next,) if self.next is not None else ()
        return (
            *(branch.target for branch in self.conditions),
            *(branch.target for branch in errors),
            *after,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectFlow:
    start: str | None
    actions: tuple[Action, ...]
    metadata: Mapping[str, Json] = field(default_factory=dict)
    settings: Mapping[str, Json] | None = None

    def by_id(self) -> dict[str, Action]:
        return {action.id: action for action in self.actions}

    @property
    def is_module(self) -> bool:
        """Only a module has `Settings`, and only a module returns."""
        returns = any(action.type == facts.RETURN for action in self.actions)
        return self.settings is not None or returns

    def about(self, action_id: str) -> Mapping[str, Json]:
        """What the console noted about an action."""
        everything = self.metadata.get("ActionMetadata")
        found = everything.get(action_id) if isinstance(everything, dict) else None
        return found if isinstance(found, dict) else {}


def with_lawful_identifiers(flow: ConnectFlow) -> ConnectFlow:
    """The same flow; identifiers that break Connect's rules are replaced wherever they stand."""
    taken = set(flow.by_id())
    given: dict[str, str] = {}
    for id_ in flow.by_id():
        if facts.identifier_fault(id_):
            given[id_] = facts.lawful(id_, taken)
            taken.add(given[id_])
    if not given:
        return flow

    def called(id_: str) -> str:
        return given.get(id_, id_)

    def branches(found: tuple[Branch, ...]) -> tuple[Branch, ...]:
        return tuple(replace(branch, target=called(branch.target)) for branch in found)

    metadata = dict(flow.metadata)
    if isinstance(about := metadata.get("ActionMetadata"), dict):
        metadata["ActionMetadata"] = {called(id_): value for id_, value in about.items()}
    return replace(
        flow,
        start=flow.start and called(flow.start),
        metadata=metadata,
        actions=tuple(
            replace(
                action,
                id=called(action.id),
                next=action.next and called(action.next),
                errors=branches(action.errors),
                conditions=branches(action.conditions),
            )
            for action in flow.actions
        ),
    )


class Findings:
    """Problems as they are met, at most so many."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(
        self,
        code: str,
        pointer: str,
        severity: Severity = "error",
        place: Place | None = None,
        **arguments: object,
    ) -> None:
        if len(self.problems) < limits.JSON_PROBLEMS_MAX:
            self.problems.append(
                Problem(code=code, severity=severity, place=place, arguments=arguments,
                        pointer=pointer)
            )  # fmt: skip


def read(text: str) -> tuple[ConnectFlow | None, list[Problem]]:
    """The flow in a JSON text, of the present language or of the one before it."""
    findings = Findings()
    data = load(text, findings)
    if data is None:
        return None, findings.problems
    if isinstance(data, dict) and "Actions" not in data and isinstance(data.get("modules"), list):
        from flowlang.interchange.connect import legacy

        data = legacy.modernised(data, findings)
    flow = _Reader(findings).flow(data)
    return flow, findings.problems


# --- JSON -------------------------------------------------------------------------------------


def load(text: str, findings: Findings) -> Json | None:
    """Parse JSON strictly: no doubled key, no NaN, no bottomless nesting."""
    text = text.removeprefix("\ufeff")
    if len(text) > limits.TEXT_BYTES_MAX:
        findings.add("FL420", "", reason="large", limit=limits.TEXT_BYTES_MAX)
        return None
    if (deep := _too_deep(text)) is not None:
        place = Place(Anchor(text), deep, deep + 1)
        findings.add("FL420", "", place=place, reason="deep", limit=limits.JSON_DEPTH_MAX)
        return None
    try:
        return json.loads(
            text, object_pairs_hook=_pairs_of(findings), parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        place = Place(Anchor(text), error.pos, min(error.pos + 1, len(text)))
        findings.add("FL420", "", place=place, reason="syntax", limit=0)
    except (ValueError, RecursionError):
        findings.add("FL420", "", reason="number", limit=0)
    return None


def _pairs_of(findings: Findings) -> Any:
    def build(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        built: dict[str, Json] = {}
        for key, value in pairs:
            if key in built:
                findings.add("FL421", "", key=key)
                continue
            built[key] = value
        return built

    return build


def _refuse_constant(name: str) -> Json:
    raise ValueError(name)


_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
"""A bracket, or a whole string, in which they do not count."""


def _too_deep(text: str) -> int | None:
    """Where the nesting passes the limit; brackets inside strings do not count."""
    depth = 0
    for found in _BRACKET.finditer(text):
        if found[0] in "[{":
            depth += 1
            if depth > limits.JSON_DEPTH_MAX:
                return found.start()
        elif found[0] in "]}":
            depth -= 1
    return None


# --- shape ------------------------------------------------------------------------------------


class _Reader:
    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.seen: set[str] = set()

    def flow(self, data: Json) -> ConnectFlow | None:
        if not isinstance(data, dict) or not isinstance(data.get("Actions"), list):
            self.findings.add("FL422", "" if isinstance(data, dict) else "/")
            return None
        if data.get("Version") != facts.VERSION:
            self.findings.add("FL423", "/Version", "warning", found=str(data.get("Version")))
        actions = tuple(
            action
            for index, item in enumerate(data["Actions"])
            if (action := self.action(item, f"/Actions/{index}")) is not None
        )
        settings = data.get("Settings")
        flow = ConnectFlow(
            start=data["StartAction"] if isinstance(data.get("StartAction"), str) else None,
            actions=actions,
            metadata=self.mapping(data.get("Metadata"), "/Metadata"),
            settings=settings if isinstance(settings, dict) else None,
        )
        self.check_graph(flow)
        return flow

    def mapping(self, value: Json, pointer: str) -> Mapping[str, Json]:
        if value is None or isinstance(value, dict):
            return value or {}
        self.findings.add("FL424", pointer, "warning", wanted="object")
        return {}

    def sequence(self, value: Json, pointer: str) -> list[Json]:
        if value is None or isinstance(value, list):
            return value or []
        self.findings.add("FL424", pointer, "warning", wanted="array")
        return []

    def text(self, value: Json, pointer: str) -> str | None:
        if isinstance(value, str):
            return value
        self.findings.add("FL424", pointer, "warning", wanted="string")
        return None

    def action(self, item: Json, pointer: str) -> Action | None:
        if not isinstance(item, dict):
            self.findings.add("FL424", pointer, "warning", wanted="object")
            return None
        type_ = self.text(item.get("Type"), f"{pointer}/Type")
        if type_ is None:
            return None
        identifier = self.identifier(item.get("Identifier"), f"{pointer}/Identifier")
        transitions = self.mapping(item.get("Transitions"), f"{pointer}/Transitions")
        after = transitions.get("NextAction")
        if after is not None:
            after = self.text(after, f"{pointer}/Transitions/NextAction")
        return Action(
            id=identifier,
            type=type_,
            parameters=self.mapping(item.get("Parameters"), f"{pointer}/Parameters"),
            next=after,
            errors=self.errors(transitions.get("Errors"), f"{pointer}/Transitions/Errors"),
            conditions=self.conditions(
                transitions.get("Conditions"), f"{pointer}/Transitions/Conditions"
            ),
            pointer=pointer,
        )

    def identifier(self, value: Json, pointer: str) -> str:
        identifier = self.text(value, pointer) or "action"
        if fault := facts.identifier_fault(identifier):
            self.findings.add("FL426", pointer, "warning", identifier=identifier, fault=fault)
        if identifier in self.seen:
            self.findings.add("FL425", pointer, "warning", identifier=identifier)
            count = 2
            while f"{identifier} {count}" in self.seen:
                count += 1
            identifier = f"{identifier} {count}"
        self.seen.add(identifier)
        return identifier

    def errors(self, value: Json, pointer: str) -> tuple[ErrorBranch, ...]:
        branches: list[ErrorBranch] = []
        for index, item in enumerate(self.sequence(value, pointer)):
            here = f"{pointer}/{index}"
            branch = self.mapping(item, here)
            type_ = self.text(branch.get("ErrorType"), f"{here}/ErrorType")
            target = self.text(branch.get("NextAction"), f"{here}/NextAction")
            if type_ is None or target is None:
                continue
            if any(known.type == type_ for known in branches):
                self.findings.add("FL428", here, "warning", reason="twice", branch=type_)
                continue
            branches.append(ErrorBranch(type=type_, target=target))
        return tuple(branches)

    def conditions(self, value: Json, pointer: str) -> tuple[ConditionBranch, ...]:
        branches: list[ConditionBranch] = []
        for index, item in enumerate(self.sequence(value, pointer)):
            here = f"{pointer}/{index}"
            branch = self.mapping(item, here)
            target = self.text(branch.get("NextAction"), f"{here}/NextAction")
            condition = self.mapping(branch.get("Condition"), f"{here}/Condition")
            operator = self.text(condition.get("Operator"), f"{here}/Condition/Operator")
            operands = [
                scalar(operand)
                for operand in self.sequence(
                    condition.get("Operands"), f"{here}/Condition/Operands"
                )
            ]
            if target is None or operator is None:
                continue
            if len(operands) != 1 or operands[0] is None:
                self.findings.add("FL428", here, "warning", branch=operator)
                continue
            if any(
                (item.operator, item.operands[0]) == (operator, operands[0]) for item in branches
            ):
                self.findings.add("FL428", here, "warning", reason="twice", branch=operands[0])
                continue
            branches.append(
                ConditionBranch(operator=operator, operands=(operands[0],), target=target)
            )
        return tuple(branches)

    # --- what must agree ----------------------------------------------------------------------

    def check_graph(self, flow: ConnectFlow) -> None:
        known = {action.id for action in flow.actions}
        if flow.start not in known:
            self.findings.add("FL429", "/StartAction", "warning", identifier=str(flow.start))
        if len(flow.actions) > facts.ACTIONS_MAX:
            self.findings.add("FL430", "/Actions", "warning", count=len(flow.actions),
                              limit=facts.ACTIONS_MAX)  # fmt: skip
        for action in flow.actions:
            for target in dict.fromkeys(action.targets):
                if target not in known:
                    self.findings.add("FL431", f"{action.pointer}/Transitions", "warning",
                                      identifier=target, action=action.id)  # fmt: skip
            if action.type not in facts.KNOWN_TYPES:
                self.findings.add("FL432", f"{action.pointer}/Type", "warning", type=action.type)
            for branch in missing_branches(action):
                self.findings.add("FL433", f"{action.pointer}/Transitions", "warning",
                                  type=action.type, branch=branch)  # fmt: skip


def missing_branches(action: Action) -> tuple[str, ...]:
    """The branches without which Connect refuses the action."""
    errors = {branch.type for branch in action.errors}
    required = set(facts.REQUIRED_ERRORS.get(action.type, ()))
    if action.type == "GetParticipantInput":
        required.add(facts.NO_MATCHING_ERROR)
        if str(action.parameters.get("StoreInput", "False")).lower() != "true":
            required |= {facts.NO_MATCHING_CONDITION, "InputTimeLimitExceeded"}
    matched = {operand for branch in action.conditions for operand in branch.operands}
    wanted = facts.REQUIRED_CONDITIONS.get(action.type, frozenset())
    missing = [*sorted(required - errors), *sorted(wanted - matched)]
    if action.next is None and action.type not in facts.TERMINAL | {
        "MessageParticipantIteratively"
    }:
        missing.append("NextAction")
    return tuple(missing)


def is_choice(conditions: Sequence[ConditionBranch]) -> bool:
    """Whether conditions only tell different constants apart, so that their order means nothing."""
    operands = {branch.operands[0] for branch in conditions}
    return len(operands) == len(conditions) and all(
        branch.operator == "Equals" and not branch.operands[0].startswith("$.")
        for branch in conditions
    )


def is_valid(flow: ConnectFlow | None, problems: list[Problem]) -> bool:
    """Whether Connect would take the flow, as far as its own language says."""
    return flow is not None and not any(
        problem.severity == "error" or problem.code in INVALID for problem in problems
    )


# --- writing ----------------------------------------------------------------------------------


def dump(flow: ConnectFlow) -> dict[str, Json]:
    """The flow as Connect's JSON, keys in the console's order."""
    data: dict[str, Json] = {
        "Version": facts.VERSION,
        "StartAction": flow.start or "",
        "Metadata": dict(flow.metadata),
        "Actions": [_dump_action(action) for action in flow.actions],
    }
    if flow.settings is not None:
        data["Settings"] = dict(flow.settings)
    return data


def _dump_action(action: Action) -> dict[str, Json]:
    return {
        "Parameters": dict(action.parameters),
        "Identifier": action.id,
        "Type": action.type,
        "Transitions": _dump_transitions(action),
    }


def _dump_transitions(action: Action) -> dict[str, Json]:
    transitions: dict[str, Json] = {}
    if action.next is not None:
        transitions["NextAction"] = action.next
    if action.conditions:
        transitions["Conditions"] = [
            {
                "NextAction": branch.target,
                "Condition": {"Operator": branch.operator, "Operands": list(branch.operands)},
            }
            for branch in action.conditions
        ]
    if action.errors:
        transitions["Errors"] = [
            {"NextAction": branch.target, "ErrorType": branch.type} for branch in action.errors
        ]
    return transitions


def write(flow: ConnectFlow) -> str:
    return json.dumps(dump(flow), ensure_ascii=False, indent=2) + "\n"
