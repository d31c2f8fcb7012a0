"""The flow that a test is about, with all that its words may refer to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flowlang.catalogue import Catalogue
from flowlang.diagnostics import Problem
from flowlang.model import Declaration, Parameter, Section
from flowlang.names import outside_name
from flowlang.project import Folder
from flowlang.syntax.parser import Tree, parse
from flowlang.wiring import WiredStep, Wiring, wire
from runtime.bundle import Bundle
from runtime.program import Program, program_id
from runtime.testing.projects import project_folder


@dataclass(frozen=True)
class Subject:
    path: Path
    tree: Tree
    catalogue: Catalogue

    @cached_property
    def wiring(self) -> Wiring:
        around = self.bundle.seen_from(self.place)
        return wire(self.tree.document, self.catalogue, neighbours=around)

    @cached_property
    def program(self) -> Program:
        identity = program_id(self.tree.source)
        return self.bundle.compile(self.tree.document, self.place, identity)

    @cached_property
    def bundle(self) -> Bundle:
        """The flows of its project."""
        return Bundle(Folder(project_folder(self.path)), self.catalogue)

    @property
    def place(self) -> str:
        """Its file, from the project's folder."""
        return self.path.resolve().relative_to(project_folder(self.path).resolve()).as_posix()

    @property
    def name(self) -> str:
        header = self.tree.document.header
        return header.name if header else ""

    @property
    def inputs(self) -> tuple[Parameter, ...]:
        """What a module is told."""
        header = self.tree.document.header
        return (header.takes if header else None) or ()

    @property
    def sections(self) -> dict[str, Section]:
        return self.tree.document.sections

    @property
    def errors(self) -> Sequence[Problem]:
        """What keeps its text from being read whole."""
        return [problem for problem in self.tree.problems if problem.severity == "error"]

    def declaration(self, name: str) -> Declaration | None:
        return self.declarations.get(name)

    @cached_property
    def declarations(self) -> dict[str, Declaration]:
        """Its own, and those of the flows and modules that it leads to."""
        others = self.bundle.documents_behind(self.tree.document, self.place)
        found = [*(other.declarations for other in others), self.tree.document.declarations]
        return {name: item for each in found for name, item in each.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        """What the flow calls that which has another name outside."""
        return {outside_name(item): item.name for item in self.declarations.values()}

    def declaration_of(self, outside: str) -> Declaration | None:
        return self.declaration(self.names.get(outside, ""))

    def step(self, step_id: str) -> WiredStep | None:
        return self.wiring.steps.get(step_id)


def subject_of(source: str, path: Path, catalogue: Catalogue) -> Subject:
    return Subject(path, parse(source), catalogue)
