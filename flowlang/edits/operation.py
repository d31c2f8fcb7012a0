"""What an edit operation is: it looks at a flow and answers with edits of its text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from pydantic import BaseModel, ConfigDict

from flowlang.catalogue import Catalogue
from flowlang.diagnostics import Problem
from flowlang.edits.text import Edits
from flowlang.model import Document
from flowlang.neighbours import Neighbours, nobody
from flowlang.syntax.parser import Tree, parse
from flowlang.wiring import WiredStep, Wiring, wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A flow file as operations see it."""

    tree: Tree
    wiring: Wiring
    catalogue: Catalogue
    neighbours: Neighbours = nobody

    @classmethod
    def of(
        cls,
        tree: Tree,
        catalogue: Catalogue,
        before: Flow | None = None,
        *,
        neighbours: Neighbours = nobody,
    ) -> Flow:
        """What it has in common with the flow of the text before is taken over from there."""
        known = before.wiring if before else None
        wiring = wire(tree.document, catalogue, known, neighbours=neighbours)
        return cls(tree=tree, wiring=wiring, catalogue=catalogue, neighbours=neighbours)

    def then(self, text: str) -> Flow:
        """The flow after an edit. This one stays as it is, so nothing is taken over from it."""
        return Flow.of(parse(text), self.catalogue, neighbours=self.neighbours)

    @property
    def document(self) -> Document:
        return self.tree.document

    def step(self, step_id: str) -> WiredStep:
        found = self.wiring.steps.get(step_id)
        if found is None:
            refuse("FL320", block=step_id)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an operation does to the text."""

    edits: Edits
    select: tuple[str, ...] = ()
    """Ids of the steps that a person wants to see selected now."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """New ids of the steps whose id it changed."""
    files: Mapping[str, str] = field(default_factory=dict)
    """New files beside this one, by name."""


def composed(steps: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The new ids after several changes, one after the other."""
    ids: dict[str, str] = {}
    for step in steps:
        known = set(ids.values())
        ids = {old: step.get(new, new) for old, new in ids.items()}
        ids |= {old: new for old, new in step.items() if old not in known}
    return ids


class Refused(Exception):
    """The operation is impossible; its problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def refuse(
    code: str, *, block: str | None = None, field: str | None = None, **arguments: object
) -> NoReturn:
    named = {**({"block": block} if block else {}), **arguments}
    raise Refused(Problem(code=code, severity="error", arguments=named, block=block, field=field))


class Operation(BaseModel, ABC):
    """An intention of somebody who edits a flow, as it comes from the canvas or the inspector."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @abstractmethod
    def edit(self, flow: Flow) -> Change:
        """The change, or `Refused`."""
