"""Policies across flows: what is proved of a contact, wherever it goes.

A recording that a flow decides on counts in the flow that it hands over to, and an agent who can be
reached from there can be reached from here. What a flow breaks by itself is told with that flow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from flowlang.checking import Assumption, Fact, Status
from flowlang.checks.policies import Before, Reach, Rule, breaks_alone, nodes_of, read
from flowlang.diagnostics import Problem
from flowlang.model import Policy
from flowlang.project.whole import Link, Member, Whole

Node = tuple[str, str]
"""A file, and a step or an ending of it."""


def run(whole: Whole) -> Iterator[tuple[str, Problem]]:
    if not _go_on(whole):
        return
    ways = _Ways(whole)
    for policy, members in _policies(whole):
        rule = read(policy)
        if rule is None:
            continue
        broken = ways.broken(rule)
        for member in members:
            nodes = [node for node in broken if node[0] == member.path]
            if nodes and not breaks_alone(member.context, policy, rule):
                yield member.path, _problem(ways, policy, rule, broken, nodes[0])


def facts(whole: Whole, found: list[tuple[str, Problem]]) -> Iterator[Fact]:
    """Of the rules of the house, where one file alone does not show whether they hold."""
    if not _go_on(whole):
        return
    titles = {problem.arguments["title"] for _, problem in found}
    for path, policies in whole.house.items():
        for policy in policies:
            rule = read(policy)
            if rule is None:
                continue
            alone = any(breaks_alone(it.context, policy, rule) for it in whole.below(path))
            status: Status = "proved" if whole.is_certain else "unknown"
            yield Fact(
                check=f"policy {policy.title}",
                status="broken" if alone or policy.title in titles else status,
                assumes=(Assumption(name="passing_counts"),),
            )


def _go_on(whole: Whole) -> bool:
    """Whether contacts go on from file to file at all."""
    return any(member.context.is_led_to for member in whole.members.values())


def _policies(whole: Whole) -> Iterator[tuple[Policy, list[Member]]]:
    """Each with the flows that it is about."""
    for path, policies in whole.house.items():
        for policy in policies:
            yield policy, list(whole.below(path))
    for member in whole.members.values():
        for policy in member.context.document.policies:
            yield policy, [member]


# --- the ways of contacts -------------------------------------------------------------------------


@dataclass(slots=True)
class _Ways:
    whole: Whole
    links: dict[Node, list[Link]] = field(init=False)
    """The ways from flow to flow that a contact itself goes, by step."""

    def __post_init__(self) -> None:
        self.links = {}
        for link in self.whole.links:
            if link.how != "hook" and link.target is not None:
                node = (link.source.path, link.step.id)
                self.links.setdefault(node, []).append(link)

    def broken(self, rule: Rule) -> Mapping[Node, tuple[Node, ...]]:
        """Where a rule is broken, each with the shortest way there."""
        match rule:
            case Before(first=first, then=then):
                passed = self._nodes(first)
                return self._reached(self._nodes(then), self._roots() - passed, passed)
            case Reach(start=start, goal=goal):
                good = self._leading_to(self._nodes(goal))
                return self._reached(self._nodes(start) - good, self._roots(), set())

    def _nodes(self, patterns: tuple[tuple[str, ...], ...]) -> set[Node]:
        return {
            (member.path, node)
            for member in self.whole.members.values()
            for node in nodes_of(member.context, patterns)
        }

    def _roots(self) -> set[Node]:
        """Where contacts begin: at entries, at what nothing goes on to, at what runs later."""
        led_to = {link.target.path for links in self.links.values() for link in links
                  if link.target}  # fmt: skip
        later = {link.target.path for link in self.whole.links
                 if link.how == "hook" and link.target}  # fmt: skip
        entered = {member.path for _, member in self.whole.entries.values() if member}
        return {
            (member.path, start)
            for member in self.whole.members.values()
            if (start := member.context.wiring.start) is not None
            and (member.path in entered or member.path in later or member.path not in led_to)
        }

    # --- on from a node -----------------------------------------------------------------------

    def _reached(
        self, goals: Collection[Node], roots: Collection[Node], avoided: Collection[Node]
    ) -> dict[Node, tuple[Node, ...]]:
        """The goals that a contact can come to without passing what is avoided, with the way."""
        passable = self._passable(avoided)
        before: dict[Node, Node | None] = dict.fromkeys(sorted(roots))
        waiting = list(before)
        found: dict[Node, tuple[Node, ...]] = {}
        while waiting:
            ahead: list[Node] = []
            for node in waiting:
                if node in goals:
                    found[node] = _way(before, node)
                for after in self._next(node, passable):
                    if after not in before and after not in avoided:
                        before[after] = node
                        ahead.append(after)
            waiting = ahead
        return found

    def _next(self, node: Node, passable: Collection[str]) -> Iterator[Node]:
        """What a module returns to is behind its step, if it can be passed at all."""
        path, step_id = node
        links = self.links.get(node, [])
        for link in links:
            target = link.target
            if target is not None and (start := target.context.wiring.start) is not None:
                yield target.path, start
        called = [link.target.path for link in links if link.how == "call" and link.target]
        if all(module in passable for module in called):
            for after in self.whole.members[path].context.next_nodes(step_id):
                yield path, after

    def _passable(self, avoided: Collection[Node]) -> set[str]:
        """The modules that can return without passing what is avoided."""
        passable: set[str] = set()
        modules = [member for member in self.whole.members.values() if member.is_module]
        while True:
            more = {
                member.path
                for member in modules
                if member.path not in passable and self._returns(member, avoided, passable)
            }
            if not more:
                return passable
            passable |= more

    def _returns(
        self, member: Member, avoided: Collection[Node], passable: Collection[str]
    ) -> bool:
        start = member.context.wiring.start
        waiting = [(member.path, start)] if start is not None else []
        seen: set[Node] = set()
        while waiting:
            node = waiting.pop()
            if node in seen or node in avoided:
                continue
            seen.add(node)
            if node in self._ends(member):
                return True
            waiting += (it for it in self._next(node, passable) if it[0] == member.path)
        return False

    def _ends(self, member: Member) -> set[Node]:
        """Where a module goes back to who called it."""
        nodes = (*member.context.reachable, *member.context.wiring.endings)
        return {
            (member.path, node)
            for node in nodes
            if (block := member.context.block(node)) and block.returns
        }

    # --- back from a node ---------------------------------------------------------------------

    def _leading_to(self, goals: Collection[Node]) -> set[Node]:
        """What some way leads from to one of the goals. Behind a module's end, all go on who call
        it."""
        before: dict[Node, list[Node]] = {}
        for member in self.whole.members.values():
            for step_id in member.context.reachable:
                node = (member.path, step_id)
                for after in self._next(node, self.whole.members):
                    before.setdefault(after, []).append(node)
                for link in self.links.get(node, ()):
                    if link.how == "call" and link.target:
                        for name in member.context.next_nodes(step_id):
                            behind = before.setdefault((member.path, name), [])
                            behind += self._ends(link.target)
        found = set(goals)
        waiting = list(found)
        while waiting:
            for node in before.get(waiting.pop(), ()):
                if node not in found:
                    found.add(node)
                    waiting.append(node)
        return found


def _way(before: Mapping[Node, Node | None], node: Node) -> tuple[Node, ...]:
    path = [node]
    while (earlier := before[path[-1]]) is not None:
        path.append(earlier)
    return tuple(reversed(path))


# --- telling them ---------------------------------------------------------------------------------


def _problem(
    ways: _Ways,
    policy: Policy,
    rule: Rule,
    broken: Mapping[Node, tuple[Node, ...]],
    node: Node,
) -> Problem:
    path, step_id = node
    step = ways.whole.members[path].context.steps.get(step_id)
    steps = [f"{ways.whole.members[file].name}.{name}" for file, name in broken[node]]
    return Problem(
        code="FL701" if isinstance(rule, Before) else "FL702",
        severity="error",
        place=(step.step.name_at or step.step.at) if step else None,
        arguments={"title": policy.title, "name": step_id, "steps": " → ".join(steps)},
        block=step_id if step else None,
        path=tuple(steps),
    )
