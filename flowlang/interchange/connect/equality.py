"""When two Connect flows are the same.

Walking both graphs from the start pairs their actions: types, parameters and transitions agree.
Scalars are compared as Connect spells them, absent parameters are empty ones, and a `NextAction`
of a branching action that only mirrors another of its branches is left aside. Actions that no
walk reaches agree as a multiset. Identifiers and metadata are not part of what a flow is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flowlang.interchange.connect import facts
from flowlang.interchange.connect.document import (
    Action,
    ConditionBranch,
    ConnectFlow,
    is_choice,
)
from flowlang.interchange.connect.scalars import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    id: str
    """Of the action in the first flow; empty where it is about the flow."""
    what: str
    """`start`, `type`, `parameters`, `next`, `errors`, `conditions`, `target`, `unreached`."""
    first: object = None
    second: object = None


def differences(first: ConnectFlow, second: ConnectFlow) -> list[Difference]:
    """Every difference that the walk meets, the first of each action."""
    return _Comparison(first, second).run()


def equal(first: ConnectFlow, second: ConnectFlow) -> bool:
    return not differences(first, second)


def facts_of(action: Action) -> object:
    """All that an action does, its mirror included."""
    return (
        action.type,
        canonical(action.parameters),
        action.next,
        {branch.type: branch.target for branch in action.errors},
        action.conditions,
    )


def own_next(action: Action) -> str | None:
    """The next action, unless it only mirrors another branch of a branching action."""
    branches = {branch.target for branch in action.branches}
    branching = action.conditions or action.type in facts.BRANCHING
    return None if branching and action.next in branches else action.next


def _in_order(action: Action) -> tuple[ConditionBranch, ...]:
    """Conditions in an order that means something: a choice among constants has none."""
    if is_choice(action.conditions):
        return tuple(sorted(action.conditions, key=lambda branch: branch.operands))
    return action.conditions


def _tests(conditions: tuple[ConditionBranch, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(branch.operator, branch.operands) for branch in conditions]


class _Comparison:
    def __init__(self, first: ConnectFlow, second: ConnectFlow) -> None:
        self.first, self.second = first, second
        self.left, self.right = first.by_id(), second.by_id()
        self.pairs: dict[str, str] = {}
        self.taken: dict[str, str] = {}
        self.found: list[Difference] = []
        self.queue: list[tuple[str, str]] = []

    def run(self) -> list[Difference]:
        if not self.pair(self.first.start, self.second.start):
            self.found.append(Difference(id="", what="start", first=self.first.start,
                                         second=self.second.start))  # fmt: skip
        while self.queue:
            one, two = self.queue.pop()
            self.compare(self.left[one], self.right[two])
        if not self.found:
            self.compare_unreached()
        return self.found

    def pair(self, one: str | None, two: str | None) -> bool:
        """Whether two targets can be the same action; a new pair is compared later."""
        if one not in self.left or two not in self.right:
            return one not in self.left and two not in self.right
        assert one is not None
        assert two is not None
        if one in self.pairs or two in self.taken:
            return self.pairs.get(one) == two and self.taken.get(two) == one
        self.pairs[one], self.taken[two] = two, one
        self.queue.append((one, two))
        return True

    def compare(self, one: Action, two: Action) -> None:
        def differ(what: str, first: object, second: object) -> None:
            self.found.append(Difference(id=one.id, what=what, first=first, second=second))

        if one.type != two.type:
            return differ("type", one.type, two.type)
        if canonical(one.parameters) != canonical(two.parameters):
            return differ("parameters", one.parameters, two.parameters)
        errors = {branch.type: branch.target for branch in one.errors}
        others = {branch.type: branch.target for branch in two.errors}
        if errors.keys() != others.keys():
            return differ("errors", sorted(errors), sorted(others))
        conditions, other_conditions = _in_order(one), _in_order(two)
        if _tests(conditions) != _tests(other_conditions):
            return differ("conditions", one.conditions, two.conditions)
        if not self.same_next(one, two):
            differ("next", one.next, two.next)
        for branch, other in zip(conditions, other_conditions, strict=True):
            if not self.pair(branch.target, other.target):
                differ("target", branch, other)
        for type_, target in errors.items():
            if not self.pair(target, others[type_]):
                differ("target", f"{type_} -> {target}", others[type_])
        return None

    def same_next(self, one: Action, two: Action) -> bool:
        after, other = own_next(one), own_next(two)
        if after is None and other is None:
            return True
        if after is None or other is None:
            after, other = one.next, two.next
        return (after is None) == (other is None) and self.pair(after, other)

    # --- what no walk reaches -----------------------------------------------------------------

    def compare_unreached(self) -> None:
        names = {**{one: one for one in self.pairs}}
        mirrored = {two: one for one, two in self.pairs.items()}
        left = _signatures(self.left, names)
        right = _signatures(self.right, mirrored)
        if Counter(left.values()) != Counter(right.values()):
            missing = Counter(left.values()) - Counter(right.values())
            ids = [id_ for id_, signature in left.items() if signature in missing]
            self.found.append(
                Difference(id=ids[0] if ids else "", what="unreached", first=len(left),
                           second=len(right))
            )  # fmt: skip


def _signatures(actions: dict[str, Action], reached: dict[str, str]) -> dict[str, int]:
    """Actions outside of `reached`, each by what it is and what it leads to."""
    known: dict[str, int] = {id_: hash(("reached", name)) for id_, name in reached.items()}
    rest = {id_: action for id_, action in actions.items() if id_ not in reached}
    marks = {**known, **{id_: hash((action.type, repr_of(action))) for id_, action in rest.items()}}
    for _ in range(len(rest)):
        marks = {**known, **{id_: _mark(action, marks) for id_, action in rest.items()}}
    return {id_: marks[id_] for id_ in rest}


def repr_of(action: Action) -> str:
    return repr(_sorted(canonical(action.parameters)))


def _sorted(value: Any) -> Any:
    match value:
        case dict():
            return [(key, _sorted(value[key])) for key in sorted(value)]
        case list():
            return [_sorted(item) for item in value]
        case _:
            return value


def _mark(action: Action, marks: dict[str, int]) -> int:
    return hash(
        (
            action.type,
            repr_of(action),
            marks.get(own_next(action) or ""),
            tuple(
                (item.operator, item.operands, marks.get(item.target)) for item in _in_order(action)
            ),
            tuple(sorted((item.type, marks.get(item.target, 0)) for item in action.errors)),
        )
    )
