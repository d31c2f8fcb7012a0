"""A project as a whole: its flows, and who leads to whom.

Links are read from what blocks say of their parameters (`resource("flow")`), so a block that is
added later leads on here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from flowlang.catalogue import Catalogue
from flowlang.checking import Context, Surroundings
from flowlang.checking.links import How, links_of
from flowlang.model import Declaration, Header, Policy
from flowlang.names import LEADS, outside_name
from flowlang.parameters import ParameterSpec
from flowlang.places import Place
from flowlang.project.files import FILE_NAME, Files
from flowlang.project.home import Home
from flowlang.project.model import Entry, Project
from flowlang.project.places import KeyPlaces, key_places
from flowlang.project.policies import POLICY_SUFFIX
from flowlang.syntax import Tree, parse
from flowlang.wiring import WiredStep


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Member:
    """A flow or module of the project."""

    path: str
    header: Header
    context: Context

    @property
    def name(self) -> str:
        return self.header.name

    @property
    def is_module(self) -> bool:
        return self.header.word == "module"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A step that leads to another flow, with both flows."""

    source: Member
    step: WiredStep
    spec: ParameterSpec
    name: str
    """As the source calls it."""
    target: Member | None
    """None: nobody knows which."""
    how: How
    place: Place | None


class Whole:
    def __init__(
        self,
        project: Project,
        files: Files,
        catalogue: Catalogue,
        trees: Mapping[str, Tree] | None = None,
    ) -> None:
        """`trees`: what of the files is parsed already."""
        self.project = project
        self.files = files
        self.catalogue = catalogue
        self.home = Home(project, files)
        self._trees = dict(trees or {})

    @cached_property
    def places(self) -> KeyPlaces:
        return key_places(self.files.text(FILE_NAME) or "")

    @cached_property
    def trees(self) -> Mapping[str, Tree]:
        """Every file that can be read, by path."""
        found: dict[str, Tree] = {}
        for path in self.files.flows:
            if path in self._trees:
                found[path] = self._trees[path]
            elif (text := self.files.text(path)) is not None:
                found[path] = parse(text)
        return found

    @cached_property
    def members(self) -> Mapping[str, Member]:
        """The flows and modules, by path."""
        found = {}
        for path, tree in self.trees.items():
            header = tree.document.header
            if header is not None:
                surroundings = Surroundings(home=self.home, path=path)
                whole = not any(problem.severity == "error" for problem in tree.problems)
                context = Context(
                    tree.document, self.catalogue, surroundings=surroundings, is_whole=whole
                )
                found[path] = Member(path=path, header=header, context=context)
        return found

    @cached_property
    def is_certain(self) -> bool:
        """Whether all of every flow is known, so that what no check finds is not there."""
        return all(member.context.is_certain for member in self.members.values())

    @cached_property
    def entries(self) -> Mapping[str, tuple[Entry, Member | None]]:
        return {
            name: (entry, self.members.get(entry.flow_file))
            for name, entry in self.project.entries.items()
        }

    @cached_property
    def house(self) -> Mapping[str, tuple[Policy, ...]]:
        """Policies of the house, by their file."""
        return {
            path: tree.document.policies
            for path, tree in self.trees.items()
            if path.endswith(POLICY_SUFFIX)
        }

    def below(self, path: str) -> Iterator[Member]:
        """The flows that a policy file is about: of its folder, and of those below."""
        folder = PurePosixPath(path).parent
        for member in self.members.values():
            if PurePosixPath(member.path).is_relative_to(folder):
                yield member

    # --- who leads to whom --------------------------------------------------------------------

    def meant(self, member: Member, name: str) -> Member | None:
        """The flow that a member means by a name, if it is one alone."""
        found = self.home.called(name, member.path)
        return self.members.get(found[0].path) if len(found) == 1 else None

    def declared(self, member: Member) -> Iterator[tuple[Declaration, Member | None]]:
        """The other files that a flow declares."""
        for declared in member.context.document.declarations.values():
            if declared.word in LEADS:
                yield declared, self.meant(member, outside_name(declared))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return tuple(
            Link(
                source=member,
                step=leading.step,
                spec=leading.spec,
                name=leading.name,
                target=self.meant(member, leading.name),
                how=leading.how,
                place=leading.place,
            )
            for member in self.members.values()
            for step in member.context.steps.values()
            for leading in links_of(step)
        )
