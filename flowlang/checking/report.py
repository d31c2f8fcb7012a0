"""What a check says: problems, and facts that it proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from flowlang.diagnostics import Problem

if TYPE_CHECKING:
    from flowlang.checking.kept import Kept

Status = Literal["proved", "unknown", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """What must hold outside of the flow for a fact to hold: a key of the words."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What holds for every contact that runs the flow."""

    check: str
    status: Status
    assumes: tuple[Assumption, ...] = ()
    blocks: tuple[str, ...] = ()
    """The steps it is about, where it is not about all."""
    limit: int | None = None
    """How often at most, where it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    problems: tuple[Problem, ...] = ()
    facts: tuple[Fact, ...] = ()
    kept: Kept | None = field(default=None, compare=False, repr=False)
    """For the check of the next text."""

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        return sum(problem.severity == "warning" for problem in self.problems)
