"""A problem is a code and arguments; its words come from a table per language (`words/`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Literal

from flowlang.places import Place

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace a range of the source text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What is to stand in a place. It moves with the text around it, as the place does."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A change that repairs the problem; safe ones keep what the flow does."""

    title: str
    """Code of the fix's words, for the same tables."""
    rewrites: tuple[Rewrite, ...]
    arguments: Mapping[str, object] = attribute(default_factory=dict)
    safe: bool = True

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Its rewrites in the text as it stands now."""
        ranges = ((*rewrite.place.offsets, rewrite.text) for rewrite in self.rewrites)
        return tuple(Edit(start=start, end=end, text=text) for start, end, text in ranges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another place that matters to a problem: where a name was first declared, say."""

    place: Place
    note: str
    arguments: Mapping[str, object] = attribute(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    code: str
    severity: Severity
    place: Place | None = None
    arguments: Mapping[str, object] = attribute(default_factory=dict)
    block: str | None = None
    """Id of the step it is about, so that a canvas can mark it."""
    field: str | None = None
    """Key of the parameter it is about, so that a form can mark it."""
    outcome: str | None = None
    """The outcome (a wire of the canvas) it is about."""
    pointer: str | None = None
    """JSON pointer, where the input was JSON."""
    related: tuple[Related, ...] = ()
    path: tuple[str, ...] = ()
    """Block ids of the path that shows it: a counter-example, a cycle."""
    fix: Fix | None = None
