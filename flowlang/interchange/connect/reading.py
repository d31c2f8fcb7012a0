"""Actions as steps, one by one: what blocks read of them, or a `connect` step that carries all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flowlang import expressions as ex
from flowlang.block import Block
from flowlang.catalogue import Catalogue
from flowlang.interchange.connect import facts
from flowlang.interchange.connect.contract import Branch, Draft, ReadScope, Translation
from flowlang.interchange.connect.document import Action, ConnectFlow, Findings
from flowlang.interchange.connect.names import is_name
from flowlang.interchange.connect.values import literal_port, read_data
from flowlang.model import Argument, Port, ValuePort, WhenPort, WordPort
from flowlang.parameters import Parameters
from flowlang.syntax.printer import as_printed

LAST_RESORT = "connect"
OPAQUE_WORDS: Mapping[str, str] = {
    facts.NO_MATCHING_ERROR: "error",
    facts.NO_MATCHING_CONDITION: "no_match",
}
ERROR_TYPE = "ErrorType"
"""In the place of an operator: what is compared is an error, one whose type is no name."""

Hint = tuple[str, str]
"""A resource: its word, and its identifier outside."""


@dataclass(frozen=True, slots=True)
class Reading:
    drafts: Mapping[str, Draft]
    """By the identifier of their first action, in the order of the file."""
    hints: Mapping[Hint, str]
    """How the console calls resources."""


def read_actions(
    flow: ConnectFlow, catalogue: Catalogue, opaque: frozenset[str], findings: Findings
) -> Reading:
    """Every action as (a part of) a draft; the `opaque` ones as they are."""
    reader = _Reader(flow, opaque, findings)
    offers = _offers(catalogue)
    taken: set[str] = set()
    drafts: dict[str, Draft] = {}
    for action in reader.in_order():
        if action.id in taken:
            continue
        draft = reader.read(action, offers.get(action.type, []))
        if not taken.isdisjoint(draft.actions):
            draft = reader.opaque(action)
        taken.update(draft.actions)
        drafts[action.id] = replace(draft, arguments=as_printed(draft.arguments))
    return Reading(drafts, reader.hints)


def _offers(catalogue: Catalogue) -> dict[str, list[tuple[type[Block[Parameters]], Translation]]]:
    """By type of action, the blocks that may read it."""
    offers: dict[str, list[tuple[type[Block[Parameters]], Translation]]] = {}
    for kind in catalogue.kinds():
        block = catalogue.block(kind)
        if block and block.connect:
            for type_ in block.connect.actions:
                offers.setdefault(type_, []).append((block, block.connect))
    for offered in offers.values():
        offered.sort(key=lambda offer: not offer[1].is_long)
    return offers


class _Reader(ReadScope):
    def __init__(self, flow: ConnectFlow, opaque: frozenset[str], findings: Findings) -> None:
        self.flow = flow
        self.actions = flow.by_id()
        self.to_stay_opaque = opaque
        self.findings = findings
        self.hints: dict[Hint, str] = {}
        self.current: Action | None = None
        self.entries = Counter(target for action in flow.actions for target in action.targets)
        if flow.start is not None:
            self.entries[flow.start] += 1

    def in_order(self) -> list[Action]:
        """Along the flow first, so that what begins a step is met before what continues it."""
        seen: dict[str, Action] = {}
        waiting = [self.flow.start] if self.flow.start else []
        while waiting:
            id_ = waiting.pop(0)
            action = self.actions.get(id_)
            if action is None or id_ in seen:
                continue
            seen[id_] = action
            waiting.extend((*((action.next,) if action.next else ()), *action.targets))
        rest = [action for action in self.flow.actions if action.id not in seen]
        entered = {target for action in rest for target in action.targets}
        rest.sort(key=lambda action: action.id in entered)
        return [*seen.values(), *rest]

    def read(
        self, action: Action, offers: list[tuple[type[Block[Parameters]], Translation]]
    ) -> Draft:
        self.current = action
        if action.id not in self.to_stay_opaque:
            for block, translation in offers:
                draft = translation.read(action, self, block)
                if draft is not None:
                    return draft
        return self.opaque(action)

    # --- what translations ask ----------------------------------------------------------------

    def resource(self, word: str, identifier: str, key: str = "") -> ex.Expression:
        hint = self._console_name(word, key)
        if hint or (word, identifier) not in self.hints:
            self.hints[word, identifier] = hint
        return ex.Name(f"@{word}", (identifier,))

    def follower(self, action: Action) -> Action | None:
        if action.next is None or self.entries[action.next] != 1:
            return None
        found = self.actions.get(action.next)
        return None if found is None or found.id in self.to_stay_opaque else found

    def _console_name(self, word: str, key: str) -> str:
        """What the console noted as the name of a resource."""
        about = self.flow.about(self.current.id) if self.current else {}
        parameters = about.get("parameters")
        noted = parameters.get(key.split(".")[0]) if isinstance(parameters, dict) else None
        if isinstance(noted, dict) and isinstance(noted.get("displayName"), str):
            return str(noted["displayName"])
        if word == "bot":
            return _bot_name(about)
        for place in _NOTED.get(word, ()):
            found = about.get(place)
            if isinstance(found, dict):
                found = found.get("text")
            if isinstance(found, str) and found.strip():
                return found
        return ""

    # --- the last resort ----------------------------------------------------------------------

    def opaque(self, action: Action) -> Draft:
        """The action as it stands, in a `connect` step."""
        arguments = [Argument(value=ex.Literal(action.type, "text"))]
        for key, value in action.parameters.items():
            found = read_data(value, references=False)
            if found is None:
                self.findings.add(
                    "FL427", f"{action.pointer}/Parameters", "warning", action=action.id
                )
                continue
            arguments.append(Argument(key=key, value=found))
        return Draft(
            kind=LAST_RESORT,
            arguments=tuple(arguments),
            branches=tuple(self.opaque_branches(action)),
            actions=(action.id,),
        )

    def opaque_branches(self, action: Action) -> list[Branch]:
        branches = [
            Branch(port=_opaque_port(item.operator, item.operands[0]), target=item.target)
            for item in action.conditions
        ]
        for error in action.errors:
            word = OPAQUE_WORDS.get(error.type, error.type)
            port = WordPort(word=word) if is_name(word) else _condition(ERROR_TYPE, word)
            branches.append(Branch(port=port, target=error.target))
        if action.next is not None:
            branches.append(Branch(port=WordPort(word="next"), target=action.next))
        return branches


_NOTED: Mapping[str, tuple[str, ...]] = {
    "queue": ("queue",),
    "flow": ("contactFlow", "ContactFlow"),
    "module": ("contactFlowModuleName",),
    "hours": ("Hours",),
    "prompt": ("promptName",),
}


def _bot_name(about: Mapping[str, Any]) -> str:
    names = [about.get(key) for key in ("lexV2BotName", "lexV2BotAliasName")]
    said = [name for name in names if isinstance(name, str) and name.strip()]
    return "/".join(said) if said and said[0] == names[0] else ""


def _opaque_port(operator: str, operand: str) -> Port:
    found = literal_port(operator, operand)
    if found is not None and (operand or operator == "Equals"):
        return found
    return _condition(operator, operand)


def _condition(operator: str, operand: str) -> WhenPort:
    """A condition that only Connect has: `when connect.KeyExists == "x"`."""
    condition = ex.Binary("==", ex.Name("connect", (operator,)), ex.Literal(operand, "text"))
    return WhenPort(condition=condition)


def opaque_condition(port: Port) -> tuple[str, str] | None:
    """Operator and operand of a condition that only Connect has."""
    match port:
        case WhenPort(
            condition=ex.Binary(
                operator="==",
                left=ex.Name(root="connect", segments=(operator,)),
                right=ex.Literal(value=str(operand)),
            )
        ):
            return operator, operand
        case ValuePort(value=ex.Literal(value="")):
            return "Equals", ""
        case _:
            return None
