"""Published versions: contacts finish on the version that they started with.

A version is all flows that contacts can come to, published together, and which of them each entry
begins with. It is kept in the store, so that whoever works on the store knows it: to publish and to
roll back is to write there, whether somebody serves at that moment or not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import orjson

from flowlang.catalogue import Catalogue
from flowlang.model import Document, Header
from flowlang.project import Project
from flowlang.project.files import Folder, Texts
from flowlang.project.flows import Flows
from runtime.bundle import Bundle
from runtime.program import Program, compile_text
from runtime.stores import Store

TRANSFERS = ("agent_transfer", "queue_transfer")
TAKING_OVER = ("inbound", *TRANSFERS)
KIND, ALL = "release", "all"


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What is published."""

    flows: Mapping[str, str]
    """By path in the project."""
    entries: Mapping[str, str]
    """By entry, the path of its flow."""

    @cached_property
    def id(self) -> str:
        """Names a version by what it says."""
        return hashlib.sha256(self.to_bytes()).hexdigest()[:16]

    def to_bytes(self) -> bytes:
        plain = {"flows": dict(self.flows), "entries": dict(self.entries)}
        return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)

    @classmethod
    def from_bytes(cls, data: bytes) -> Sources:
        return cls(**orjson.loads(data))

    @classmethod
    def alone(cls, entries: Mapping[str, str]) -> Sources:
        """Flows that lead to no other, by entry."""
        paths = {entry: f"{entry}.flow" for entry in entries}
        return cls(flows={paths[name]: text for name, text in entries.items()}, entries=paths)

    @classmethod
    def of_folder(
        cls, folder: Path, project: Project, changed: Mapping[str, str] | None = None
    ) -> Sources:
        """The flows of a project that contacts can come to, by themselves or because an agent
        hands them over, as they are on the disk but for those that are `changed`."""
        disk = Folder(folder)
        texts = {path: text for path in disk.flows if (text := disk.text(path)) is not None}
        texts.update(changed or {})
        flows = Flows(Texts(texts))
        entries = {name: entry.flow_file for name, entry in project.entries.items()}
        begun = {*entries.values(), *_for_transfers(flows)}
        reached = {path for flow in begun for path in flows.led_to(flow)}
        return cls(flows={path: texts[path] for path in sorted(reached & texts.keys())},
                   entries=entries)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A line in the book of versions."""

    number: int
    sources: str
    """Their id."""
    at: str
    who: str
    of: int = 0
    """The version that was gone back to; 0: this is a new one."""


class Version(Bundle):
    """The flows of one version, as they find each other."""

    def __init__(self, sources: Sources, catalogue: Catalogue) -> None:
        super().__init__(Texts(sources.flows), catalogue)
        self.sources = sources

    def compile(self, document: Document, path: str, identity: str = "") -> Program:
        """A contact finds it again by the version and the path."""
        return super().compile(document, path, identity or f"{self.sources.id}:{path}")

    def taking_over(self) -> Iterator[tuple[str, Header]]:
        """The flows that an agent can hand a customer to, by path."""
        for path in self.sources.flows:
            document = self.document(path)
            header = document.header if document else None
            if header is not None and header.flow_type in TAKING_OVER:
                yield path, header


def _for_transfers(flows: Flows) -> Iterator[str]:
    """Nothing leads to them: agents do."""
    for each in flows.all:
        document = flows.document(each.path)
        if document and document.header and document.header.flow_type in TRANSFERS:
            yield each.path


class Versions:
    """All versions that were ever published here."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.releases: tuple[Release, ...] = ()
        """The book, oldest first; the last line counts."""
        self._versions: dict[str, Version] = {}
        self._single: dict[str, Program] = {}

    def __call__(self, name: str) -> Program | None:
        """A program by its id, or the newest of an entry by `entry:<name>`."""
        if name in self._single:
            return self._single[name]
        if name.startswith("entry:"):
            current = self.current
            path = current.sources.entries.get(name.removeprefix("entry:")) if current else None
            return current.program(path) if current and path else None
        identity, _, path = name.partition(":")
        version = self._versions.get(identity)
        return version.program(path) if version else None

    @property
    def current(self) -> Version | None:
        return self._versions.get(self.releases[-1].sources) if self.releases else None

    @property
    def newest(self) -> Release | None:
        """The last that was new, whatever was gone back to since."""
        return next((each for each in reversed(self.releases) if not each.of), None)

    def version(self, number: int) -> Version | None:
        found = next((each for each in self.releases if each.number == number), None)
        return self._versions.get(found.sources) if found else None

    async def load(self, store: Store) -> None:
        """Know what is published, also by others since."""
        releases = orjson.loads(await store.note(KIND, ALL) or b"[]")
        if len(releases) == len(self.releases):
            return
        found = tuple(Release(**each) for each in releases)
        for each in found:
            if each.sources not in self._versions:
                sources = Sources.from_bytes(await store.note(KIND, each.sources) or b"")
                self._versions[each.sources] = Version(sources, self.catalogue)
        self.releases = found
        # What was published before versions had several flows.
        for identity in orjson.loads(await store.note("versions", "all") or b"[]"):
            if identity not in self._single and (text := await store.note("version", identity)):
                self._single[identity] = compile_text(text.decode(), self.catalogue)

    async def publish(self, store: Store, sources: Sources, *, who: str, at: datetime) -> Release:
        """From now on new contacts get these. The same as now is not published again."""
        await self.load(store)
        if self.current is not None and self.current.sources.id == sources.id:
            return self.releases[-1]
        await store.put_note(KIND, sources.id, sources.to_bytes())
        return await self._enter(store, sources.id, who, at)

    async def roll_back(
        self, store: Store, number: int, *, who: str, at: datetime
    ) -> Release | None:
        """From now on new contacts get an older version again; None if there is none such."""
        await self.load(store)
        older = next((each for each in self.releases if each.number == number), None)
        if older is None:
            return None
        return await self._enter(store, older.sources, who, at, of=older.of or older.number)

    async def _enter(
        self, store: Store, sources: str, who: str, at: datetime, of: int = 0
    ) -> Release:
        number = len(self.releases) + 1
        new = Release(number=number, sources=sources, at=at.isoformat(), who=who, of=of)
        book: Sequence[Release] = (*self.releases, new)
        await store.put_note(KIND, ALL, orjson.dumps([asdict(each) for each in book]))
        await self.load(store)
        return new
