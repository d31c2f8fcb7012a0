"""Loops over modules that can come back at once.

A flow alone does not see into a module, and takes it for one that waits for the customer. One that
can return without waiting makes the loop around it spin at the speed of a machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from flowlang.checking.links import links_of
from flowlang.checks.loops import counts, is_counted, loops_over, waits
from flowlang.diagnostics import Problem
from flowlang.project.whole import Member, Whole
from flowlang.wiring import Wire, runs_module


def run(whole: Whole) -> Iterator[tuple[str, Problem]]:
    silent = _Silent(whole)
    for member in whole.members.values():
        yield from ((member.path, problem) for problem in _loops_of(member, silent))


def _loops_of(member: Member, silent: _Silent) -> Iterator[Problem]:
    context = member.context
    for loop in loops_over(context, lambda wire: not counts(context, wire)):
        if is_counted(context, loop):
            continue
        for part in loops_over(context, lambda wire: not silent.waits(member, wire), within=loop):
            modules = [node for node in part.edges if runs_module(context.steps[node])]
            if not modules or loops_over(context, lambda wire: not waits(context, wire), part):
                continue  # The flow alone shows that it spins.
            step = context.steps[modules[0]]
            way = part.way_from(step.id)
            yield Problem(
                code="FL231",
                severity="error",
                place=step.step.name_at or step.step.at,
                arguments={"name": step.step.kind, "steps": " → ".join((*way, way[0]))},
                block=step.id,
                path=way,
            )


class _Silent:
    """Which ways can be gone without waiting for the customer, modules looked into."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole

    def waits(self, member: Member, wire: Wire) -> bool:
        return not self._passes_module(member, wire, self.modules) and waits(member.context, wire)

    @cached_property
    def modules(self) -> frozenset[str]:
        """The files of those that can return at once: more and more, as they run each other."""
        found: frozenset[str] = frozenset()
        while True:
            more = {
                path
                for path, member in self.whole.members.items()
                if member.is_module and self._returns_at_once(member, found)
            }
            if more == found:
                return found
            found = frozenset(more)

    def _returns_at_once(self, member: Member, known: frozenset[str]) -> bool:
        context = member.context
        waiting = [context.wiring.start] if context.wiring.start else []
        seen = set(waiting)
        while waiting:
            node = waiting.pop()
            block = context.block(node)
            if block is not None and block.returns:
                return True
            for wire in context.wires(node):
                is_passed = (
                    counts(context, wire)
                    or not waits(context, wire)
                    or self._passes_module(member, wire, known)
                )
                if is_passed and wire.target is not None and wire.target not in seen:
                    seen.add(wire.target)
                    waiting.append(wire.target)
        return False

    def _passes_module(self, member: Member, wire: Wire, known: frozenset[str]) -> bool:
        step = member.context.steps[wire.source]
        if not runs_module(step):
            return False
        modules = (
            self.whole.meant(member, link.name) for link in links_of(step) if link.how == "call"
        )
        return any(module is not None and module.path in known for module in modules)
