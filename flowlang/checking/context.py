"""What checks look at: the flow, its wiring, its graph and its names.

Everything is worked out once, when the first check asks for it. What a check before found out of
the same graph is known from the beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from flowlang.block import Block
from flowlang.catalogue import Catalogue
from flowlang.channels import CHANNELS
from flowlang.checking.kept import Conditions, Kept
from flowlang.inference import Environment
from flowlang.model import Document, Policy
from flowlang.neighbours import Neighbours, nobody
from flowlang.parameters import Parameters
from flowlang.presence import Presence, presence
from flowlang.wiring import Wire, WiredStep, Wiring, wire

if TYPE_CHECKING:
    from flowlang.project.home import Home

Target = Literal["runtime", "connect"]
LASTING = frozenset({"customer_queue", "customer_hold", "agent_hold"})
"""Types of flow that go on until somebody else ends them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stands beside a flow and belongs to it."""

    policies: tuple[Policy, ...] = ()
    home: Home | None = None
    """Its project. None: what the project has is not looked at."""
    path: str = ""
    """Its file, from the project's folder."""

    @property
    def neighbours(self) -> Neighbours:
        """The other flows of its project, as it calls them."""
        return self.home.documents.seen_from(self.path) if self.home else nobody


class Context:
    def __init__(
        self,
        document: Document,
        catalogue: Catalogue,
        *,
        target: Target = "runtime",
        surroundings: Surroundings | None = None,
        is_whole: bool = True,
        wiring: Wiring | None = None,
        kept: Kept | None = None,
    ) -> None:
        """`wiring`: where it is known already."""
        self.document = document
        self.catalogue = catalogue
        self.target = target
        self.surroundings = surroundings or Surroundings()
        self.is_whole = is_whole
        """Whether every line of the text could be read."""
        before = kept.wiring if kept else None
        self.wiring = wiring or wire(
            document, catalogue, before, neighbours=self.surroundings.neighbours
        )
        self.conditions = Conditions(
            header=document.header,
            policies=(*document.policies, *self.surroundings.policies),
            is_whole=is_whole,
            is_led_to=self.is_led_to,
        )
        self.known_graph = (
            kept.graph if kept and kept.has_graph_of(self.wiring, self.conditions) else None
        )
        """The graph of the text before, if this text has the same."""

    @property
    def steps(self) -> Mapping[str, WiredStep]:
        return self.wiring.steps

    @cached_property
    def environment(self) -> Environment:
        alike = self.known_graph.environment if self.known_graph else None
        return Environment(self.wiring, self.catalogue.resources, alike)

    @cached_property
    def is_certain(self) -> bool:
        """Whether all of the flow is known, so that what no check finds is not there."""
        return (
            self.is_whole
            and self.wiring.start is not None
            and all(step.block is not None for step in self.steps.values())
            and not any(
                item.fault or item.role == "open"
                for step in self.steps.values()
                for item in step.wires
            )
        )

    @cached_property
    def is_led_to(self) -> bool:
        """Whether contacts can come here from another file: from callers, if it is a module."""
        header = self.document.header
        home = self.surroundings.home
        is_module = header is not None and header.word == "module"
        return is_module or (home is not None and self.surroundings.path in home.led_to)

    # --- the header ---------------------------------------------------------------------------

    @property
    def flow_type(self) -> str:
        header = self.document.header
        return header.flow_type if header else "inbound"

    @cached_property
    def media(self) -> tuple[str, ...]:
        """The media that the flow says it serves; none if it says nothing."""
        named = self.document.header.channels if self.document.header else ()
        return tuple(dict.fromkeys(CHANNELS[name].medium for name in named if name in CHANNELS))

    # --- the graph ----------------------------------------------------------------------------

    def block(self, node: str) -> type[Block[Parameters]] | None:
        """The block of a step, or of an ending without a step."""
        step = self.steps.get(node)
        return step.block if step else self.wiring.endings.get(node)

    def wires(self, node: str) -> tuple[Wire, ...]:
        step = self.steps.get(node)
        return step.wires if step else ()

    def next_nodes(self, node: str) -> Iterator[str]:
        for item in self.wires(node):
            if item.target is not None:
                yield item.target

    @cached_property
    def graph(self) -> Graph:
        return self.known_graph or Graph(self.environment)

    @property
    def reachable(self) -> tuple[str, ...]:
        """Steps that some contact can come to, the start first."""
        return self.graph.reachable

    @property
    def presence(self) -> Presence:
        return self.graph.presence

    @cached_property
    def order(self) -> Mapping[str, int]:
        """By step, its number in the text."""
        return {step_id: number for number, step_id in enumerate(self.steps)}

    def leading_to(self, goals: Iterable[str]) -> set[str]:
        """The goals, and every node from which some way leads to one of them."""
        found = set(goals)
        waiting = list(found)
        while waiting:
            for node in self.graph.before.get(waiting.pop(), ()):
                if node not in found:
                    found.add(node)
                    waiting.append(node)
        return found

    def can_end(self, node: str) -> bool:
        """Whether the flow can be over at this node, as far as is known."""
        step = self.steps.get(node)
        if step is None or step.block is None:
            return True
        is_last = step.block.ends_flow or step.block.may_end
        return is_last or not step.wires or any(item.target is None for item in step.wires)


class Graph:
    """What is worked out over all steps and wires. It tells of no words and no places, so that it
    is good for every text with the same graph."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self._wiring = environment.wiring

    @cached_property
    def reachable(self) -> tuple[str, ...]:
        start, steps = self._wiring.start, self._wiring.steps
        if start is None or start not in steps:
            return ()
        seen = {start: None}
        waiting = [start]
        while waiting:
            for item in steps[waiting.pop()].wires:
                node = item.target
                if node is not None and node not in seen and node in steps:
                    seen[node] = None
                    waiting.append(node)
        return tuple(seen)

    @cached_property
    def before(self) -> Mapping[str, list[str]]:
        """By node, the steps with a wire to it."""
        before: dict[str, list[str]] = {}
        for node in self.reachable:
            for item in self._wiring.steps[node].wires:
                if item.target is not None:
                    before.setdefault(item.target, []).append(node)
        return before

    @cached_property
    def presence(self) -> Presence:
        return presence(self.environment, self.reachable)
