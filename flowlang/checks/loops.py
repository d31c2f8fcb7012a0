"""Loops that may never end.

A loop that can turn without waiting for the customer and without counting spins at the speed of a
machine: it keeps the caller and costs a call of a service each turn. A loop that waits for the
customer each turn ends only with the customer's patience. A loop that counts on every turn is
bounded, and how often it turns at most is told as a fact.

An error of a block that waits for the customer comes without waiting: a question that leads back
to itself `on error` is such a loop. A module counts as one that waits; in a project it is looked
into (`project/checks/silent_modules.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from math import prod

from flowlang import expressions as ex
from flowlang.checking import Assumption, Context, Fact, Status
from flowlang.checking.context import LASTING
from flowlang.checking.graph import loops, shortest_round
from flowlang.diagnostics import Problem
from flowlang.model import ComparePort, WhenPort
from flowlang.parameters import first_key
from flowlang.presence import subject_of
from flowlang.wiring import Wire, WiredStep, runs_module

EXACT_NODES_MAX = 200
"""Larger loops show a short way round, not always the shortest."""
STARTS_MAX = 20
STEP_MIN = 0.1
"""Added to the largest number that a flow can name, less could be lost in rounding."""


def of_graph(context: Context) -> Iterator[Problem]:
    for loop in loops_over(context, lambda wire: not counts(context, wire)):
        if is_counted(context, loop):
            continue
        hot = loops_over(context, lambda wire: not waits(context, wire), within=loop)
        if hot:
            for part in hot:
                yield _problem(context, part, "FL210")
        elif context.flow_type not in LASTING:
            yield _problem(context, loop, "FL211")


def facts(context: Context, problems: list[Problem]) -> Iterator[Fact]:
    if not context.document.sections:
        return
    certain = context.is_certain
    status: Status = "broken" if problems else "proved" if certain else "unknown"
    assumes = [Assumption(name="values_fit")]
    if any(map(runs_module, context.steps.values())):
        assumes.append(Assumption(name="modules_wait"))
    yield Fact(check="loops", status=status, assumes=tuple(assumes))
    for loop in loops_over(context, lambda wire: True):
        limit = _limit(context, loop)
        if limit is not None and certain:
            yield Fact(
                check="loop",
                status="proved",
                assumes=(Assumption(name="turns", arguments={"limit": limit, "steps": loop.way}),),
                blocks=loop.way,
                limit=limit,
            )


# --- finding them -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loop:
    """Steps that all lead to each other, in the order of the text, with where each leads."""

    edges: Mapping[str, tuple[str, ...]]

    def __contains__(self, node: str | None) -> bool:
        return node in self.edges

    @property
    def way(self) -> tuple[str, ...]:
        """The shortest way round."""
        nodes = list(self.edges)
        if len(nodes) > EXACT_NODES_MAX:
            nodes = nodes[:STARTS_MAX]
        return min((shortest_round(self.edges, node) for node in nodes), key=len)

    def way_from(self, node: str) -> tuple[str, ...]:
        """The shortest way round by this step, which it begins with."""
        return shortest_round(self.edges, node)

    def turns_without(self, node: str) -> bool:
        rest = {
            other: tuple(after for after in ahead if after != node)
            for other, ahead in self.edges.items()
            if other != node
        }
        return bool(loops(rest))


def loops_over(
    context: Context, follows: Callable[[Wire], bool], within: Loop | None = None
) -> list[Loop]:
    """The loops of the wires that `follows` takes."""
    nodes = within.edges if within else dict.fromkeys(context.reachable)
    edges = {
        node: [
            wire.target
            for wire in context.wires(node)
            if wire.target is not None and wire.target in nodes and follows(wire)
        ]
        for node in nodes
    }
    order = context.order
    found = []
    for part in loops(edges):
        members = set(part)
        found.append(
            Loop({
                node: tuple(after for after in edges[node] if after in members)
                for node in sorted(part, key=order.__getitem__)
            })
        )  # fmt: skip
    return sorted(found, key=lambda loop: order[next(iter(loop.edges))])


# --- classing them ----------------------------------------------------------------------------


def waits(context: Context, wire: Wire) -> bool:
    """Whether this way is only gone when the customer was waited for, or was counted."""
    block = context.steps[wire.source].block
    if block is None or counts(context, wire):
        return True
    return block.waited_for(wire.port)


def counts(context: Context, wire: Wire) -> bool:
    """Whether this way is open only so many times in a row."""
    block = context.steps[wire.source].block
    return block is not None and block.counts == wire.port != ""


def _limit(context: Context, loop: Loop) -> int | None:
    """How often a loop turns at most, if its counters say so: of several, each can begin anew
    on every turn of the others."""
    if loops_over(context, lambda wire: not counts(context, wire), within=loop):
        return None
    counters = [
        _count_of(context.steps[wire.source])
        for node in loop.edges
        for wire in context.wires(node)
        if counts(context, wire) and wire.target in loop
    ]
    if any(count is None for count in counters):
        return None
    return prod((count or 0) + 1 for count in counters) - 1


def _count_of(step: WiredStep) -> int | None:
    assert step.block is not None
    match step.bound.values.get(first_key(step.block.Params) or ""):
        case ex.Literal(value=int(count)):
            return count
        case _:
            return None


def is_counted(context: Context, loop: Loop) -> bool:
    """Whether a variable counts: every turn adds to it, and every turn compares it with a limit
    and can only go on below."""
    for adder, name in _adders(context, loop):
        limits = [node for node in loop.edges if stops_above(context.steps[node], name, loop)]
        if not loop.turns_without(adder) and not all(map(loop.turns_without, limits)):
            return True
    return False


def _adders(context: Context, loop: Loop) -> Iterator[tuple[str, str]]:
    """Steps of the loop that add to a number which nothing else in it sets. A module may set an
    attribute as it likes; of variables it knows nothing."""
    setters: dict[str, list[str]] = {}
    runs_modules = False
    for node in loop.edges:
        step = context.steps[node]
        runs_modules = runs_modules or runs_module(step)
        for name in step.block.assigns(step.call) if step.block else ():
            setters.setdefault(name, []).append(node)
    for name, nodes in setters.items():
        declared = context.environment.names.value(name)
        if declared is None or not is_number(declared.value):
            continue
        is_own = declared.word == "variable" or not runs_modules
        if is_own and len(nodes) == 1 and adds(context.steps[nodes[0]], name):
            yield nodes[0], name


def is_number(value: ex.Expression | None) -> bool:
    match value:
        case ex.Literal(value=bool()):
            return False
        case ex.Literal(value=int() | float()):
            return True
        case ex.Negative(operand=operand):
            return is_number(operand)
        case _:
            return False


def adds(step: WiredStep, name: str) -> bool:
    for argument in step.step.arguments:
        match argument.value:
            case ex.Binary(
                operator="+",
                left=ex.Name(root=root, segments=()),
                right=ex.Literal(value=int() | float() as added),
            ) if argument.key == root == name:
                return added >= STEP_MIN
            case _:
                pass
    return False


def stops_above(step: WiredStep, name: str, loop: Loop | Container[str]) -> bool:
    """Whether the first line that takes large values leads out of the loop."""
    first = next(iter(step.wires), None)
    if first is None or first.target in loop:
        return False
    match subject_of(step), first.spoken:
        case ex.Name(root=root, segments=()), _:
            return root == name and _is_limit(first)
        case None, WhenPort(condition=condition):
            return _is_above(condition, name)
        case ex.Expression() as condition, _:
            return first.port == "true" and _is_above(condition, name)
        case _:
            return False


def _is_above(condition: ex.Expression, name: str) -> bool:
    match condition:
        case ex.Binary(operator=">=" | ">", left=ex.Name(root=root, segments=()), right=limit):
            return root == name and is_number(limit)
        case _:
            return False


def _is_limit(wire: Wire) -> bool:
    return (
        isinstance(wire.spoken, ComparePort)
        and wire.spoken.operator in (">", ">=")
        and is_number(wire.spoken.operand)
    )


# --- telling them -----------------------------------------------------------------------------


def _problem(context: Context, loop: Loop, code: str) -> Problem:
    way = loop.way
    head = min(way, key=context.order.__getitem__)
    turned = way[way.index(head) :] + way[: way.index(head)]
    step = context.steps[head]
    blocks = [context.steps[node].block for node in turned]
    asks = any(block is not None and block.waits == "service" for block in blocks)
    return Problem(
        code=code,
        severity="error" if code == "FL210" else "warning",
        place=step.step.name_at or step.step.at,
        arguments={
            "steps": " → ".join((*turned, head)),
            "reason": "service" if code == "FL210" and asks else "",
        },
        block=head,
        outcome=_wire_between(context, turned[-1], head),
        path=turned,
    )


def _wire_between(context: Context, node: str, target: str) -> str | None:
    return next((wire.port for wire in context.wires(node) if wire.target == target), None)
