"""What of a project is live: its published versions, and who would be affected by another one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flowlang.catalogue import Catalogue
from runtime.moving import Reason, summary
from runtime.place import open_store
from runtime.publishing import checked, move, prospects
from runtime.serving import Site
from runtime.versions import Release, Sources, Versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Who is under way, if a version were published."""

    can_move: int = 0
    must_finish: int = 0
    reasons: Mapping[tuple[Reason, str], int]
    """Why they must finish on theirs, and how many."""
    errors: tuple[str, ...] = ()
    """Files with errors, which keep it from being published."""
    is_live: bool = False
    """These are what new contacts get already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One for a project and a person."""

    site: Site
    who: str

    @property
    def folder(self) -> Path:
        return self.site.folder

    @property
    def versions(self) -> Versions:
        return self.site.versions

    @property
    def releases(self) -> tuple[Release, ...]:
        return self.versions.releases

    def text(self, release: Release, path: Path) -> str | None:
        """A flow as it was published then."""
        version = self.versions.version(release.number)
        return version.sources.flows.get(self._place(path)) if version else None

    # --- before -------------------------------------------------------------------------------

    async def if_published(self, path: Path, text: str) -> Affected:
        errors, sources = await self._checked(path, text)
        if sources is None:
            return Affected(reasons={}, errors=errors)
        return await self._affected(sources)

    async def if_rolled_back(self, number: int) -> Affected:
        version = self.versions.version(number)
        assert version is not None
        return await self._affected(version.sources)

    async def _checked(self, path: Path, text: str) -> tuple[tuple[str, ...], Sources | None]:
        changed = {self._place(path): text}
        found = await asyncio.to_thread(checked, self.folder, self.versions.catalogue, changed)
        return tuple(each.path.name for each in found.errors), found.sources

    async def _affected(self, sources: Sources) -> Affected:
        current = self.versions.current
        if current is not None and current.sources.id == sources.id:
            return Affected(reasons={}, is_live=True)
        place, catalogue = self.site.store.path, self.versions.catalogue
        can, cannot = await asyncio.to_thread(
            _who_is_affected, self.folder, place, catalogue, sources
        )
        return Affected(can_move=can, must_finish=sum(cannot.values()), reasons=cannot)

    def _place(self, path: Path) -> str:
        return path.resolve().relative_to(self.folder.resolve()).as_posix()

    # --- doing --------------------------------------------------------------------------------

    async def publish(self, path: Path, text: str, *, moving: bool) -> Release | None:
        """Let new contacts have a flow as it reads now, with the rest of its project; None if
        there are errors anywhere in it."""
        _, sources = await self._checked(path, text)
        if sources is None:
            return None
        release = await self.site.publish(sources, who=self.who)
        if moving:
            await self._move(sources)
        return release

    async def roll_back(self, number: int, *, moving: bool) -> Release | None:
        release = await self.site.roll_back(number, who=self.who)
        if release is not None and moving and self.versions.current:
            await self._move(self.versions.current.sources)
        return release

    async def _move(self, sources: Sources) -> None:
        """Those who can go on in the new version do."""
        store = self.site.store
        await move(store, self.versions, await prospects(store, self.versions, sources))


def _who_is_affected(
    folder: Path, store: Path, catalogue: Catalogue, sources: Sources
) -> tuple[int, Mapping[tuple[Reason, str], int]]:
    """In a thread with the store opened anew: looking at everybody takes time, and nobody who is
    under way is to wait for it."""

    async def work() -> tuple[int, Mapping[tuple[Reason, str], int]]:
        own = open_store(folder, store)
        try:
            versions = Versions(catalogue)
            await versions.load(own)
            return summary(await prospects(own, versions, sources))
        finally:
            await own.close()

    return asyncio.run(work())
