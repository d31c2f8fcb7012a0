"""Where a name comes from, where else it stands, and how to give it another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flowlang.diagnostics import Edit, Problem
from flowlang.edits import Flow, Operation, RenameSection, RenameStep, RenameValue, perform
from flowlang.features.around import Around
from flowlang.features.mentions import Mention, mention_at, mentions
from flowlang.features.texts import offset_of
from flowlang.places import Position

RENAMED = frozenset({"section", "step", "value"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A stretch of a file."""

    flow: Flow
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """The edits of each file that mentions the name; `flow` is the file, as in `Location`."""

    files: tuple[tuple[Flow, tuple[Edit, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Renameable:
    """What a rename would replace, and the name that it has now."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The files that a question is about: flows by name, and all others, such as tests."""

    around: Around = field(default_factory=dict)
    others: tuple[Flow, ...] = ()

    def files(self, flow: Flow) -> Iterator[Flow]:
        seen = set()
        for item in (flow, *self.around.values(), *self.others):
            if id(item) not in seen:
                seen.add(id(item))
                yield item


NO_PROJECT = Project()


def definition(flow: Flow, position: Position, project: Project = NO_PROJECT) -> Location | None:
    """Where the name at the position is declared."""
    found = _at(flow, position, project)
    if found is None:
        return None
    for item in mentions(found.owner):
        if item.is_declaration and item.key == found.key:
            return Location(flow=found.owner, start=item.start, end=item.end)
    return _step_place(found)


def _step_place(found: Mention) -> Location | None:
    """An unnamed step is declared where it stands."""
    wired = found.owner.wiring.steps.get(found.name) if found.sort == "step" else None
    place = (wired.step.name_at or wired.step.at) if wired else None
    if place is None:
        return None
    start, end = place.offsets
    return Location(flow=found.owner, start=start, end=end)


def references(
    flow: Flow,
    position: Position,
    project: Project = NO_PROJECT,
    *,
    with_declaration: bool = True,
) -> list[Location]:
    """Everywhere the name at the position stands, in all files."""
    found = _at(flow, position, project)
    if found is None or found.sort in ("keyword", "unknown"):
        return []
    return [
        Location(flow=file, start=item.start, end=item.end)
        for file in project.files(flow)
        for item in mentions(file, project.around)
        if item.key == found.key and (with_declaration or not item.is_declaration)
    ]


def highlights(flow: Flow, position: Position, around: Around | None = None) -> list[Mention]:
    """The same name in the same file."""
    everything = mentions(flow, around)
    found = mention_at(everything, offset_of(flow.tree.source, position))
    if found is None or found.sort in ("keyword", "unknown"):
        return []
    return [item for item in everything if item.key == found.key]


def _at(flow: Flow, position: Position, project: Project) -> Mention | None:
    offset = offset_of(flow.tree.source, position)
    return mention_at(mentions(flow, project.around, near=offset), offset)


# --- renaming ---------------------------------------------------------------------------------


def renameable(flow: Flow, position: Position, project: Project = NO_PROJECT) -> Renameable | None:
    """Whether what stands here has a name of its own that can be changed."""
    found = _at(flow, position, project)
    if found is None or found.sort not in RENAMED:
        return None
    if found.sort == "step" and not _step_name(found):
        return None
    name = flow.tree.source[found.start : found.end]
    return Renameable(start=found.start, end=found.end, name=name)


def _step_name(found: Mention) -> str | None:
    wired = found.owner.wiring.steps.get(found.name)
    return wired.step.name if wired else None


def rename(
    flow: Flow, position: Position, name: str, project: Project = NO_PROJECT
) -> Renaming | Problem | None:
    """The edits that give it another name everywhere; or why it cannot be; or nothing is there."""
    found = _at(flow, position, project)
    operation = _operation(found, name) if found else None
    if found is None or operation is None:
        return None
    change = perform(operation, found.owner)
    if isinstance(change, Problem):
        return change
    files = [
        (file, tuple(_respelled(file, found, name, project)))
        for file in project.files(flow)
        if file is not found.owner
    ]
    return Renaming(files=tuple(it for it in ((found.owner, change.edits), *files) if it[1]))


def _operation(found: Mention, name: str) -> Operation | None:
    match found.sort:
        case "section":
            return RenameSection(section=found.name, name=name)
        case "value":
            return RenameValue(value=found.name, name=name)
        case "step" if _step_name(found):
            return RenameStep(block=found.name, name=name)
        case _:
            return None


def _respelled(file: Flow, found: Mention, name: str, project: Project) -> Iterator[Edit]:
    """Edits of the mentions in another file."""
    for item in mentions(file, project.around):
        if item.key == found.key:
            yield Edit(start=item.start, end=item.end, text=name)
