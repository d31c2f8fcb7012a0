"""The folder that the designer works on: its flows, its project, and who has what open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from designer import incoming, templates
from designer.aside import aside
from designer.incoming import Brought, HandedIn
from designer.presence import Room
from designer.session import Session
from designer.words import Language
from flowlang.catalogue import Catalogue
from flowlang.checking import Surroundings
from flowlang.project.surroundings import surroundings_of
from flowlang.syntax.parser import parse
from runtime.testing.suite import ENDING as TEST_SUFFIX

if TYPE_CHECKING:
    from designer.live.watching import Watching
    from designer.versions.published import Published

FLOW_SUFFIX = ".flow"
CHECKED_AT_ONCE_BLOCKS_MAX = 300
"""What changed in so many blocks is checked in a few milliseconds."""
COMPANIONS = (".test.flow", ".policy.flow")
HIDDEN = frozenset({".flowlang", ".git", ".venv", "node_modules", "__pycache__"})
BEGINNING = """\
flow {name}
  on error -> hang_up

start:
  play "…"
  -> hang_up
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A flow of the folder."""

    path: Path
    address: str
    """Its path from the folder, as it stands in an address."""
    name: str
    title: str
    project: str
    """The folder that it lies in."""
    sections: int
    blocks: int
    is_whole: bool
    """Whether every line of it can be read."""


WatchingFor = Callable[[Session, Path], "Watching | None"]
"""The live contacts of a flow."""
PublishedFor = Callable[[str, Path], "Published | None"]
"""What is live of the project around a flow, for somebody who may publish it."""


class Workspace:
    """One for a server. Two people who open one flow work on one session."""

    def __init__(
        self, folder: Path, catalogue: Catalogue, *,
        published: PublishedFor | None = None, watching: WatchingFor | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder.resolve()
        self.catalogue = catalogue
        self._published = published
        self._watching = watching
        """None where nothing runs live."""
        self.handed_in = HandedIn()
        self._sessions: dict[Path, Session] = {}
        self._rooms: dict[Path, Room] = {}
        self._listed: dict[Path, tuple[int, Listed]] = {}

    def room(self, path: Path) -> Room:
        """Where those meet who have a flow open."""
        return self._rooms.setdefault(path, Room())

    def watching(self, session: Session, path: Path) -> Watching | None:
        return self._watching(session, path) if self._watching else None

    def published_for(self, person: str, path: Path) -> Published | None:
        return self._published(person, path) if self._published else None

    def flows(self) -> list[Listed]:
        if self.folder.is_file():
            return [self._list(self.folder)]
        paths = sorted(self.folder.rglob(f"*{FLOW_SUFFIX}"))
        return [self._list(path) for path in paths if self._is_flow(path)]

    def flows_in(self, folder: Path) -> list[Listed]:
        return [flow for flow in self.flows() if flow.path.is_relative_to(folder.resolve())]

    def session(self, address: str) -> Session | None:
        """The open flow at an address of `flows`; nothing outside of the folder is opened."""
        found = next((flow for flow in self.flows() if flow.address == address), None)
        if found is None:
            return None
        if found.path not in self._sessions:
            self._sessions[found.path] = Session(
                found.path,
                self.catalogue,
                surroundings=self._surroundings(found.path),
                look_around=partial(self._surroundings, found.path),
                later=aside,
                at_once=CHECKED_AT_ONCE_BLOCKS_MAX,
            )
        return self._sessions[found.path]

    def _surroundings(self, path: Path) -> Surroundings:
        """The policies of the house and what its project has, as they were when the flow was
        opened."""
        return surroundings_of(path, self.folder if self.folder.is_dir() else path.parent)

    def _is_flow(self, path: Path) -> bool:
        relative = path.relative_to(self.folder)
        return not path.name.endswith(COMPANIONS) and HIDDEN.isdisjoint(relative.parts)

    def create(self, name: str) -> Listed | None:
        """A flow to begin with; None if one of that name is here."""
        path = self.folder / f"{name}{FLOW_SUFFIX}"
        if path.exists():
            return None
        path.write_text(BEGINNING.format(name=name), encoding="utf-8")
        return self._list(path)

    def begin(self, name: str, template: str, language: Language) -> Listed | None:
        """A flow with its tests, after a template; None if one of that name is here. Without a
        name it is called like the template, with a number where that is taken."""
        path = (
            self.folder / f"{name}{FLOW_SUFFIX}" if name else incoming.free(self.folder, template)
        )
        tests = path.with_name(f"{path.stem}{TEST_SUFFIX}")
        if path.exists() or tests.exists():
            return None
        flow, tested = templates.texts(template, path.stem, language)
        path.write_text(flow, encoding="utf-8")
        tests.write_text(tested, encoding="utf-8")
        return self._list(path)

    async def bring_in(self, ticket: str, folder: Path | None = None) -> tuple[Brought, str]:
        """A file that was handed in, as a flow beside others, and its address; it is read where
        nobody waits for it."""
        file, data = self.handed_in.take(ticket) or ("", b"")
        brought = await asyncio.to_thread(incoming.read, file, data, self.catalogue)
        if not brought.text:
            return brought, ""
        path = incoming.put(brought, folder or self.folder)
        return brought, self._list(path).address

    def _list(self, path: Path) -> Listed:
        """Read afresh only if the file changed."""
        written = path.stat().st_mtime_ns
        known = self._listed.get(path)
        if known is None or known[0] != written:
            self._listed[path] = (written, self._describe(path))
        return self._listed[path][1]

    def _describe(self, path: Path) -> Listed:
        base = self.folder if self.folder.is_dir() else self.folder.parent
        relative = path.relative_to(base)
        tree = parse(path.read_text(encoding="utf-8", errors="replace"))
        header = tree.document.header
        name = header.name if header else path.stem
        return Listed(
            path=path,
            address=relative.as_posix(),
            name=name,
            title=(header.title if header else None) or name,
            project=relative.parent.name or base.name,
            sections=len(tree.document.sections),
            blocks=sum(len(section.steps) for section in tree.document.sections.values()),
            is_whole=not any(problem.severity == "error" for problem in tree.problems),
        )
