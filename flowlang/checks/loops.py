"""Loops that may never end.

A loop that can turn without waiting for the customer and without counting spins at the speed of a
machine: it keeps the caller and costs a call of a service each turn. A loop that waits for the
customer each turn ends only with the customer's patience. A loop that counts on every turn is
bounded, and how often it turns at most is told as a fact.

An error of a block that waits for the customer comes without waiting: a question that leads back
to itself `on error` is such a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import TYPE_CHECKING

from flowlang import expressions as ex
from flowlang.checking import Assumption, Context, Fact, Status
from flowlang.checking.context import LASTING
from flowlang.diagnostics import Problem
from flowlang.model import ComparePort
from flowlang.parameters import specs
from flowlang.presence import subject_of
from flowlang.wiring import Wire, WiredStep

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]

EXACT_NODES_MAX = 200
"""Larger loops show a short way round, not always the shortest."""
STARTS_MAX = 20


def run(context: Context) -> Iterator[Problem]:
    for loop in _loops(context, lambda wire: not _counts(context, wire)):
        if _is_counted(context, loop):
            continue
        hot = list(_loops(context, lambda wire: not _waits(context, wire), within=loop))
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
    yield Fact(check="loops", status=status, assumes=(Assumption(name="values_fit"),))
    for loop in _loops(context, lambda wire: True):
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


class _Loop:
    """Steps that all lead to each other, with the wires between them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def __contains__(self, node: str | None) -> bool:
        return node in self.graph

    @property
    def way(self) -> tuple[str, ...]:
        """The shortest way round."""
        nodes = list(self.graph)
        if len(nodes) > EXACT_NODES_MAX:
            nodes = nodes[:STARTS_MAX]
        return min((_round(self.graph, node) for node in nodes), key=len)


def _loops(
    context: Context, follows: Callable[[Wire], bool], within: _Loop | None = None
) -> Iterator[_Loop]:
    """The loops of the wires that `follows` takes."""
    nodes = within.graph if within else context.reachable
    edges = [
        (node, wire.target)
        for node in nodes
        for wire in context.wires(node)
        if wire.target is not None
        and wire.target in context.steps
        and (within is None or wire.target in within)
        and follows(wire)
    ]
    if not _may_turn(edges):
        return
    import networkx as nx

    graph: Graph = nx.DiGraph()
    graph.add_edges_from(edges)
    order = {node: index for index, node in enumerate(context.steps)}
    parts = [
        part
        for part in nx.strongly_connected_components(graph)
        if len(part) > 1 or any(graph.has_edge(node, node) for node in part)
    ]
    for part in sorted(parts, key=lambda part: min(order[node] for node in part)):
        loop: Graph = nx.DiGraph()
        for node in sorted(part, key=order.__getitem__):
            loop.add_node(node)
        loop.add_edges_from((a, b) for a, b in graph.edges(part) if b in part)
        yield _Loop(loop)


def _may_turn(edges: list[tuple[str, str]]) -> bool:
    """Whether there is any loop at all: most flows are spared the search for them."""
    after: dict[str, list[str]] = {}
    entering: dict[str, int] = {}
    for node, target in edges:
        after.setdefault(node, []).append(target)
        entering[target] = entering.get(target, 0) + 1
        entering.setdefault(node, 0)
    free = [node for node, count in entering.items() if count == 0]
    left = len(entering)
    while free:
        left -= 1
        for target in after.get(free.pop(), ()):
            entering[target] -= 1
            if entering[target] == 0:
                free.append(target)
    return left > 0


def _round(graph: Graph, start: str) -> tuple[str, ...]:
    """The shortest way from a step back to itself."""
    before: dict[str, str] = {}
    waiting = [start]
    while waiting:
        ahead: list[str] = []
        for node in waiting:
            for after in graph.successors(node):
                if after == start:
                    return _way_back(before, node, start)
                if after not in before:
                    before[after] = node
                    ahead.append(after)
        waiting = ahead
    raise AssertionError("a loop leads back to each of its steps")


def _way_back(before: dict[str, str], node: str, start: str) -> tuple[str, ...]:
    way = [node]
    while way[-1] != start:
        way.append(before[way[-1]])
    return tuple(reversed(way))


# --- classing them ----------------------------------------------------------------------------


def _waits(context: Context, wire: Wire) -> bool:
    """Whether this way is only gone when the customer was waited for, or was counted."""
    block = context.steps[wire.source].block
    if block is None or _counts(context, wire):
        return True
    return block.waits == "customer" and wire.port != "error"


def _counts(context: Context, wire: Wire) -> bool:
    """Whether this way is open only so many times in a row."""
    block = context.steps[wire.source].block
    return block is not None and block.counts == wire.port != ""


def _limit(context: Context, loop: _Loop) -> int | None:
    """How often a loop turns at most, if its counters say so: of several, each can begin anew
    on every turn of the others."""
    if any(True for _ in _loops(context, lambda wire: not _counts(context, wire), within=loop)):
        return None
    counters = [
        _count_of(context.steps[wire.source])
        for node in loop.graph
        for wire in context.wires(node)
        if _counts(context, wire) and wire.target in loop
    ]
    if any(count is None for count in counters):
        return None
    return prod((count or 0) + 1 for count in counters) - 1


def _count_of(step: WiredStep) -> int | None:
    assert step.block is not None
    first = next((spec.key for spec in specs(step.block.Params) if spec.position == 0), "")
    match step.bound.values.get(first):
        case ex.Literal(value=int(count)):
            return count
        case _:
            return None


def _is_counted(context: Context, loop: _Loop) -> bool:
    """Whether a variable counts: every turn adds to it, and every turn compares it with a limit
    and can only go on below."""
    for adder, name in _adders(context, loop):
        limits = [node for node in loop.graph if _stops_above(context.steps[node], name, loop)]
        if _breaks(loop, adder) and any(_breaks(loop, node) for node in limits):
            return True
    return False


def _adders(context: Context, loop: _Loop) -> Iterator[tuple[str, str]]:
    """Steps of the loop that add to a variable which nothing else in it sets."""
    setters: dict[str, list[str]] = {}
    for node in loop.graph:
        step = context.steps[node]
        for name in step.block.assigns(step.call) if step.block else ():
            setters.setdefault(name, []).append(node)
    for name, nodes in setters.items():
        declared = context.environment.names.value(name)
        begins = declared is not None and isinstance(declared.value, ex.Literal)
        if begins and len(nodes) == 1 and _adds(context.steps[nodes[0]], name):
            yield nodes[0], name


def _adds(step: WiredStep, name: str) -> bool:
    for argument in step.step.arguments:
        match argument.value:
            case ex.Binary(
                operator="+",
                left=ex.Name(root=root, segments=()),
                right=ex.Literal(value=int() | float() as added),
            ) if argument.key == root == name:
                return added > 0
            case _:
                pass
    return False


def _stops_above(step: WiredStep, name: str, loop: _Loop) -> bool:
    """Whether the first line that takes large values leads out of the loop."""
    match subject_of(step):
        case ex.Name(root=root, segments=()) if root == name:
            return any(_is_limit(wire) and wire.target not in loop for wire in step.wires[:1])
        case ex.Binary(
            operator=">=" | ">", left=ex.Name(root=root, segments=()), right=ex.Literal()
        ) if root == name:
            return any(wire.port == "true" and wire.target not in loop for wire in step.wires[:1])
        case _:
            return False


def _is_limit(wire: Wire) -> bool:
    return (
        isinstance(wire.spoken, ComparePort)
        and wire.spoken.operator in (">", ">=")
        and isinstance(wire.spoken.operand, ex.Literal)
    )


def _breaks(loop: _Loop, node: str) -> bool:
    """Whether every turn comes by this step."""
    return not _may_turn([(a, b) for a, b in loop.graph.edges if node not in (a, b)])


# --- telling them -----------------------------------------------------------------------------


def _problem(context: Context, loop: _Loop, code: str) -> Problem:
    way = loop.way
    order = list(context.steps)
    head = min(way, key=order.index)
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
