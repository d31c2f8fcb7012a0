"""What stands between a project on the disk and its customers: the checks, and who is affected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flowlang.catalogue import Catalogue
from flowlang.checking import Surroundings
from flowlang.checks import check
from flowlang.diagnostics import Problem
from flowlang.project import FILE_NAME, Folder, Project, load
from flowlang.project.checks import check_project
from flowlang.project.home import home_in
from flowlang.project.policies import policies_for
from flowlang.project.whole import Whole
from flowlang.syntax.parser import parse
from runtime.contact import Contact
from runtime.contacts import MOVED, ContactEntity
from runtime.engine import World
from runtime.host import Host
from runtime.moving import Outlook, outlook
from runtime.stores import Store
from runtime.versions import Sources, Version, Versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Errors in a file."""

    path: Path
    source: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    project: Project | None
    sources: Sources | None
    """What can be published; None while there are errors."""
    errors: tuple[Found, ...] = ()


def checked(
    folder: Path, catalogue: Catalogue, changed: Mapping[str, str] | None = None
) -> Checked:
    """A project with the flows that its customers come to, unless something is wrong with them.
    What is `changed` stands for the file of that path."""
    project, problems = load(folder)
    file = folder / FILE_NAME
    text = file.read_text("utf-8", errors="replace") if file.is_file() else ""
    if project is None or (found := _errors(file, text, problems)):
        found = _errors(file, text, problems)
        return Checked(project=project, sources=None, errors=tuple(found))
    sources = Sources.of_folder(folder, project, changed)
    home = home_in(folder)
    for name, source in sources.flows.items():
        path = folder / name
        around = Surroundings(policies=policies_for(path, folder), home=home, path=name)
        report = check(parse(source), catalogue, surroundings=around)
        found += _errors(path, source, report.problems)
    between = check_project(Whole(project, _Changed(folder, changed or {}), catalogue)).problems
    found += _errors(file, text, between.get(FILE_NAME, ()))
    for name, source in sources.flows.items():
        found += _errors(folder / name, source, between.get(name, ()))
    return Checked(project=project, sources=None if found else sources, errors=tuple(found))


class _Changed(Folder):
    """A folder in which some files read otherwise than on the disk."""

    def __init__(self, root: Path, changed: Mapping[str, str]) -> None:
        super().__init__(root)
        self.changed = changed

    def text(self, name: str) -> str | None:
        return self.changed.get(name) or super().text(name)


def _errors(path: Path, source: str, problems: Iterable[Problem]) -> list[Found]:
    errors = tuple(problem for problem in problems if problem.severity == "error")
    return [Found(path=path, source=source, problems=errors)] if errors else []


# --- who is under way -----------------------------------------------------------------------------


async def prospects(store: Store, versions: Versions, sources: Sources) -> Sequence[Outlook]:
    """What becomes of everybody who is under way, if these are published. Who runs on them already
    is left out."""
    new = Version(sources, versions.catalogue)
    found = []
    for _, state in await store.alive("contact/"):
        contact = Contact.from_bytes(state)
        program = versions(contact.program)
        old = program.version if program else None
        if not isinstance(old, Version):
            found.append(Outlook(contact=contact, reason="flow", about=contact.program))
        elif old.sources.id != sources.id:
            found.append(outlook(contact, old, new))
    return found


async def move(store: Store, versions: Versions, contacts: Iterable[Outlook]) -> int:
    """Let those go on in the current version who can; how many did. Who is deciding on them at the
    same time, here or in another process, and comes first, is followed."""
    host = Host(store, {"contact": ContactEntity(versions, World())}, {})
    moved = 0
    for each in contacts:
        if not each.reason:
            program = each.contact.program
            event = {
                "event": MOVED,
                "id": f"{each.contact.id}/moved/{program}/{len(versions.releases)}",
                "at": datetime.now(UTC).isoformat(),
                "program": program,
            }
            moved += await host.post(f"contact/{each.contact.id}", event)
    return moved
