"""Calls of modules: what a module returns is a condition, and what it should not return an
error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flowlang.interchange.connect import facts
from flowlang.interchange.connect.contract import Branch, Label, ReadScope
from flowlang.interchange.connect.mapping import OneAction
from flowlang.model import WordPort

if TYPE_CHECKING:
    from flowlang.interchange.connect.document import Action
    from flowlang.wiring import WiredStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation(OneAction):
    """What is returned and has no branch goes where errors go: only then it is this step."""

    def read_branches(self, action: Action, scope: ReadScope) -> tuple[Branch, ...] | None:
        unlisted = [item for item in action.errors if item.type == facts.NO_MATCHING_CONDITION]
        rest = replace(action, errors=tuple(it for it in action.errors if it not in unlisted))
        branches = OneAction.read_branches(self, rest, scope)
        failed = {item.target for item in branches or () if item.port == WordPort(word="error")}
        if any(item.target not in failed for item in unlisted):
            return None
        return branches

    def _intents(self, branches: tuple[Branch, ...]) -> tuple[str, ...]:
        """They are the module's own, no bot's."""
        return ()

    def write_errors(self, step: WiredStep) -> tuple[tuple[str, Label], ...]:
        errors = OneAction.write_errors(self, step)
        has_branches = any(self._is_intent(wire) for wire in step.wires)
        if has_branches and any(wire.port == "error" for wire in step.wires):
            return ((facts.NO_MATCHING_CONDITION, "error"), *errors)
        return errors
