"""The files that the server knows: open ones as the editor has them, others as they are on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flowlang import limits
from flowlang.catalogue import Catalogue
from flowlang.checking import Report, Surroundings
from flowlang.diagnostics import Problem
from flowlang.edits import Flow
from flowlang.features import Project
from flowlang.lsp.positions import Encoding, Lines
from flowlang.model import Policy
from flowlang.project import FILE_NAME as PROJECT_FILE
from flowlang.project.home import Home, home_in
from flowlang.project.surroundings import project_folder
from flowlang.syntax import parse

ENDING = ".flow"
POLICY_ENDING = ".policy.flow"
FILES_MAX = 500
"""Files of one project that are looked at beside the open ones."""
FOLDERS_SKIPPED = frozenset({"node_modules", "__pycache__"})


def path_of(uri: str) -> Path | None:
    """The file of an address; None for what is no file, such as an unsaved text."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    name = unquote(parts.path)
    is_windows = len(name) > 2 and name[0] == "/" and name[2] == ":"
    return Path(name[1:] if is_windows else name)


class Document:
    """A text, what it says, and what is wrong with it; each worked out when it is asked for."""

    def __init__(
        self,
        uri: str,
        text: str,
        catalogue: Catalogue,
        encoding: Encoding,
        *,
        version: int | None = None,
        before: Document | None = None,
    ) -> None:
        self.uri = uri
        self.text = text
        self.version = version
        self.path = path_of(uri)
        self.encoding = encoding
        self.catalogue = catalogue
        self.problems: Sequence[Problem] | None = None
        """None: it is not checked yet."""
        self.report: Report | None = before.report if before else None
        """What the last check said, of this text or of one before."""
        self._before: Flow | None = before.known if before else None

    @cached_property
    def flow(self) -> Flow:
        before, self._before = self._before, None
        tree = parse(self.text, before.tree if before else None)
        return Flow.of(tree, self.catalogue, before)

    @property
    def known(self) -> Flow | None:
        """The flow as it was worked out last, of this text or of one before."""
        return self.flow if "flow" in self.__dict__ else self._before

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text, self.encoding)

    def after(self, text: str, version: int | None) -> Document:
        """The same file with another text; what both have in common is not worked out again."""
        return Document(self.uri, text, self.catalogue, self.encoding, version=version, before=self)


@dataclass(slots=True)
class _OnDisk:
    signature: tuple[int, int]
    document: Document


@dataclass(slots=True)
class Documents:
    catalogue: Catalogue
    encoding: Encoding = "utf-16"
    folders: list[Path] = field(default_factory=list)
    """Those that the editor has open."""
    open: dict[str, Document] = field(default_factory=dict)
    _on_disk: dict[Path, _OnDisk] = field(default_factory=dict)
    _listings: dict[Path, tuple[Path, ...]] = field(default_factory=dict)
    _homes: dict[Path, tuple[int, Home | None]] = field(default_factory=dict)

    # --- open files ---------------------------------------------------------------------------

    def put(self, uri: str, text: str, version: int | None = None) -> Document:
        before = self.open.get(uri)
        if before is not None:
            self.open[uri] = before.after(text, version)
        else:
            self.open[uri] = Document(uri, text, self.catalogue, self.encoding, version=version)
        return self.open[uri]

    def close(self, uri: str) -> None:
        self.open.pop(uri, None)

    def look_again(self) -> None:
        """Files may have come or gone."""
        self._listings.clear()
        self._homes.clear()

    # --- the project of a file ----------------------------------------------------------------

    def project(self, document: Document) -> Project:
        around: dict[str, Flow] = {}
        others = []
        for other in self.beside(document):
            header = other.flow.document.header
            if header is not None:
                around.setdefault(header.name, other.flow)
            elif other.flow.document.items:
                others.append(other.flow)
        return Project(around=around, others=tuple(others))

    def beside(self, document: Document) -> Iterator[Document]:
        """All files of its project, itself among them."""
        yield document
        if document.path is None:
            return
        top = self._top(document.path)
        opened = {item.path: item for item in self.open.values() if item.path}
        for path in dict.fromkeys((*self._listed(top), *opened)):
            if path != document.path and path.is_relative_to(top):
                other = opened.get(path) or self._read(path)
                if other is not None:
                    yield other

    def everywhere(self) -> Iterator[Document]:
        """All files of the folders that the editor has open, and those that it has open alone."""
        opened = {item.path: item for item in self.open.values() if item.path}
        listed = (path for folder in self.folders for path in self._listed(folder))
        for path in dict.fromkeys((*listed, *opened)):
            if found := opened.get(path) or self._read(path):
                yield found
        yield from (item for item in self.open.values() if item.path is None)

    def of(self, flow: Flow, among: Document) -> Document | None:
        """The file that a flow was read from."""
        return next((item for item in self.beside(among) if item.flow is flow), None)

    def policies(self, document: Document) -> tuple[Policy, ...]:
        """Policies of the house hold for the flows beside and below them."""
        path = document.path
        if path is None or path.name.endswith(POLICY_ENDING):
            return ()
        return tuple(
            policy
            for other in self.beside(document)
            if other.path
            and other.path.name.endswith(POLICY_ENDING)
            and path.is_relative_to(other.path.parent)
            for policy in other.flow.document.policies
        )

    def surroundings(self, document: Document) -> Surroundings:
        """What stands around a file and belongs to it."""
        policies = self.policies(document)
        folder = project_folder(document.path, document.path.parents[-1]) if document.path else None
        if document.path is None or folder is None:
            return Surroundings(policies=policies)
        path = document.path.relative_to(folder).as_posix()
        return Surroundings(policies=policies, home=self._home(folder), path=path)

    def _home(self, folder: Path) -> Home | None:
        """Read anew when its file was changed, or files came or went."""
        try:
            changed = (folder / PROJECT_FILE).stat().st_mtime_ns
        except OSError:
            return None
        known = self._homes.get(folder)
        if known is None or known[0] != changed:
            known = self._homes[folder] = (changed, home_in(folder))
        return known[1]

    def _top(self, path: Path) -> Path:
        """The folder of the project: where its file is, else what the editor has open."""
        for folder in path.parents:
            if (folder / PROJECT_FILE).is_file():
                return folder
            if (folder / ".git").exists():
                break
        opened = [folder for folder in self.folders if path.is_relative_to(folder)]
        return max(opened, key=lambda folder: len(folder.parts), default=path.parent)

    def _listed(self, top: Path) -> tuple[Path, ...]:
        if top not in self._listings:
            self._listings[top] = tuple(_flows_in(top))
        return self._listings[top]

    def _read(self, path: Path) -> Document | None:
        try:
            found = path.stat()
            signature = (found.st_mtime_ns, found.st_size)
            known = self._on_disk.get(path)
            if known is None or known.signature != signature:
                if found.st_size > limits.TEXT_BYTES_MAX:
                    return None
                text = path.read_text(encoding="utf-8-sig")
                document = Document(path.as_uri(), text, self.catalogue, self.encoding)
                known = self._on_disk[path] = _OnDisk(signature, document)
        except (OSError, UnicodeDecodeError):
            return None
        return known.document


def _flows_in(top: Path) -> Iterator[Path]:
    """The first files of a folder and all below it."""
    waiting = [top]
    count = 0
    while waiting and count < FILES_MAX:
        folder = waiting.pop()
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            continue
        for path in entries:
            if path.is_dir() and not path.is_symlink():
                if not path.name.startswith(".") and path.name not in FOLDERS_SKIPPED:
                    waiting.append(path)
            elif path.name.endswith(ENDING) and count < FILES_MAX:
                count += 1
                yield path
