"""Loops across flows: a chain of transfers that comes back to where it began.

Each flow alone looks fine. A chain that turns without waiting for the customer spins at the speed
of a machine, as a loop inside of a flow does; one that waits each time ends only with the
customer's patience. What `repeat` and variables count ends with each flow: an attribute that
counts goes along, and bounds the chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flowlang.checking.context import LASTING
from flowlang.checking.graph import loops, shortest_round
from flowlang.checks.loops import STARTS_MAX, Loop, adds, is_number, stops_above
from flowlang.diagnostics import Problem
from flowlang.model import Declaration
from flowlang.project.whole import Link, Member, Whole
from flowlang.wiring import Wire, runs_module

PROVES = "transfers"
BETWEEN = "#"
"""A node is a file and a step of it."""
STEPS_SHOWN_MAX = 8
Follows = Callable[[Member, Wire], bool]


def run(whole: Whole) -> Iterator[tuple[str, Problem]]:
    graph = _Graph(whole)
    for loop in graph.loops(lambda member, wire: True):
        if graph.is_counted(loop):
            continue
        hot = graph.loops(lambda member, wire: not _waits(member, wire), within=loop)
        if hot:
            for part in hot:
                yield graph.problem(part, "FL535")
        elif not graph.lasts(loop):
            yield graph.problem(loop, "FL536")


def _waits(member: Member, wire: Wire) -> bool:
    """Whether this way is only gone when the customer was waited for."""
    block = member.context.steps[wire.source].block
    return block is None or block.waited_for(wire.port)


@dataclass(frozen=True, slots=True)
class _Step:
    member: Member
    id: str


class _Graph:
    """Every step of every flow, with the ways between flows."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self.steps: dict[str, _Step] = {}
        self.jumps: dict[str, dict[str, Link]] = {}
        """By node, the first step of each flow that the contact moves to."""
        for member in whole.members.values():
            for step_id in member.context.reachable:
                self.steps[_node(member, step_id)] = _Step(member, step_id)
        for link in whole.links:
            start = link.target.context.wiring.start if link.target else None
            if link.how == "transfer" and link.target and start is not None:
                jumps = self.jumps.setdefault(_node(link.source, link.step.id), {})
                jumps[_node(link.target, start)] = link

    def loops(self, follows: Follows, within: Loop | None = None) -> list[Loop]:
        """Those that come by more than one flow, or by one flow from its start again."""
        nodes: Mapping[str, object] = within.edges if within else self.steps
        edges = {
            node: tuple(after for after in self._next(node, follows) if after in nodes)
            for node in nodes
        }
        found = []
        for part in loops(edges):
            members = set(part)
            inner = {
                node: tuple(after for after in edges[node] if after in members)
                for node in self.steps
                if node in members
            }
            if any(after in self.jumps.get(node, ()) for node in inner for after in inner[node]):
                found.append(Loop(inner))
        return found

    def _next(self, node: str, follows: Follows) -> Iterator[str]:
        step = self.steps[node]
        for wire in step.member.context.wires(step.id):
            if wire.target is not None and follows(step.member, wire):
                yield _node(step.member, wire.target)
        yield from self.jumps.get(node, ())

    # --- classing them ------------------------------------------------------------------------

    def is_counted(self, loop: Loop) -> bool:
        """Whether an attribute counts: it goes along from flow to flow, as variables do not."""
        for adder, name in self._adders(loop):
            limits = [node for node in loop.edges if self._stops(node, name, loop)]
            if not loop.turns_without(adder) and not all(map(loop.turns_without, limits)):
                return True
        return False

    def _adders(self, loop: Loop) -> Iterator[tuple[str, str]]:
        """Steps of the loop that add to an attribute which nothing else in it sets: no module."""
        setters: dict[str, list[tuple[str, Declaration]]] = {}
        for node in loop.edges:
            step = self.steps[node]
            wired = step.member.context.steps[step.id]
            if runs_module(wired):
                return
            for name in wired.block.assigns(wired.call) if wired.block else ():
                declared = step.member.context.environment.names.value(name)
                if declared and declared.word == "attribute":
                    known_as = declared.wire_name or declared.name
                    setters.setdefault(known_as, []).append((node, declared))
        for (node, declared), *others in setters.values():
            step = self.steps[node]
            begins = is_number(declared.value)
            if begins and not others and adds(step.member.context.steps[step.id], declared.name):
                yield node, declared.name

    def _stops(self, node: str, name: str, loop: Loop) -> bool:
        step = self.steps[node]
        prefix = _node(step.member, "")
        inside = {other.removeprefix(prefix) for other in loop.edges if other.startswith(prefix)}
        return stops_above(step.member.context.steps[step.id], name, inside)

    def lasts(self, loop: Loop) -> bool:
        """Whether somebody else ends it: a flow for those who wait."""
        return any(self.steps[node].member.context.flow_type in LASTING for node in loop.edges)

    # --- telling them -------------------------------------------------------------------------

    def problem(self, loop: Loop, code: str) -> tuple[str, Problem]:
        way = self._round(loop)
        links = [
            self.jumps[node][after]
            for node, after in zip(way, (*way[1:], way[0]), strict=True)
            if after in self.jumps.get(node, ())
        ]
        steps = [f"{link.source.name}.{link.step.id}" for link in links]
        shown = [*steps[:STEPS_SHOWN_MAX], "…"] if len(steps) > STEPS_SHOWN_MAX else steps
        head = links[0]
        problem = Problem(
            code=code,
            severity="error" if code == "FL535" else "warning",
            place=head.place,
            arguments={"steps": " → ".join((*shown, steps[0]))},
            block=head.step.id,
            path=tuple(f"{self.steps[it].member.name}.{self.steps[it].id}" for it in way),
        )
        return head.source.path, problem

    def _round(self, loop: Loop) -> tuple[str, ...]:
        """The shortest way round by a transfer, which it begins with; the first of several."""
        jumps = [
            (node, after)
            for node in loop.edges
            for after in loop.edges[node]
            if after in self.jumps.get(node, ())
        ]
        rounds = (
            shortest_round({**loop.edges, node: (after,)}, node)
            for node, after in jumps[:STARTS_MAX]
        )
        return min(rounds, key=len)


def _node(member: Member, step_id: str) -> str:
    return f"{member.path}{BETWEEN}{step_id}"
