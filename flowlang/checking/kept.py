"""What is kept of a check for that of the next text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowlang.asking import Answers, still_hold
from flowlang.checking.report import Fact
from flowlang.checking.shape import same_shape
from flowlang.diagnostics import Problem
from flowlang.model import Header, Policy
from flowlang.wiring import WiredSection, Wiring

if TYPE_CHECKING:
    from flowlang.checking.context import Context, Graph, Target

Found = Mapping[str, Sequence[Problem]]
"""Problems by the check that tells them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """What was found in a section, and the answers that it rests on."""

    section: WiredSection
    found: Found
    answers: Answers

    def holds(self, section: WiredSection, context: Context) -> bool:
        return self.section is section and still_hold(self.answers, context)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Told:
    """What a check over the graph says."""

    problems: tuple[Problem, ...]
    facts: tuple[Fact, ...]

    def stands_in(self, anchors: set[int]) -> bool:
        """Whether all places that it tells of are still there."""
        return all(
            id(place.anchor) in anchors
            for problem in self.problems
            for place in (
                *((problem.place,) if problem.place else ()),
                *(related.place for related in problem.related),
                *(rewrite.place for rewrite in (problem.fix.rewrites if problem.fix else ())),
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    wiring: Wiring
    target: Target
    conditions: Conditions
    graph: Graph
    looks: Mapping[str, Look]
    """By section."""
    told: Mapping[str, Told]
    """By check."""

    def has_graph_of(self, wiring: Wiring, conditions: Conditions) -> bool:
        return self.conditions.are(conditions) and same_shape(self.wiring, wiring)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conditions:
    """What checks over the graph look at beside the graph."""

    header: Header | None
    policies: tuple[Policy, ...]
    is_whole: bool
    is_led_to: bool

    def are(self, other: Conditions) -> bool:
        return (
            self.header is other.header
            and (self.is_whole, self.is_led_to) == (other.is_whole, other.is_led_to)
            and len(self.policies) == len(other.policies)
            and all(one is two for one, two in zip(self.policies, other.policies, strict=True))
        )
