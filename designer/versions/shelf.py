"""All versions of a flow in one list: as it is now, before the last edit, those with a name, those
that were published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from designer.session import Session
from designer.versions.published import Published
from designer.versions.saved import Saved, SavedVersions
from runtime.versions import Release

Kind = Literal["now", "edit", "saved", "published"]
NOW, EDIT = "now", "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A version, and what it is known by in an address."""

    key: str
    kind: Kind
    text: str
    name: str = ""
    number: int = 0
    who: str = ""
    at: datetime | None = None
    is_live: bool = False
    of: int = 0
    """The published version that was gone back to."""


class Shelf:
    def __init__(self, session: Session, published: Published | None = None) -> None:
        self.session = session
        self.published = published
        self.saved = SavedVersions(session.path) if session.path else None

    def all(self) -> list[Held]:
        """Those that stay, the newest first."""
        found = [*self._named(), *self._published()]
        return sorted(found, key=lambda held: held.at.timestamp() if held.at else 0, reverse=True)

    def find(self, key: str) -> Held | None:
        if key == NOW:
            return Held(key=NOW, kind="now", text=self.session.text)
        if key == EDIT:
            return Held(key=EDIT, kind="edit", text=self.session.text_before)
        kind, _, number = key.partition("-")
        if not number.isdecimal() or len(number) > 9:
            return None
        if kind == "saved" and self.saved:
            saved = self.saved.find(int(number))
            return _of_saved(saved) if saved else None
        return next((held for held in self._published() if held.key == key), None)

    def _named(self) -> Iterator[Held]:
        for saved in self.saved.all() if self.saved else ():
            yield _of_saved(saved)

    def _published(self) -> Iterator[Held]:
        path, published = self.session.path, self.published
        if path is None or published is None:
            return
        last = len(published.releases)
        for release in published.releases:
            text = published.text(release, path)
            if text is not None:
                yield _of_release(release, text, is_live=release.number == last)


def _of_saved(saved: Saved) -> Held:
    return Held(
        key=f"saved-{saved.number}", kind="saved", text=saved.text, name=saved.name,
        number=saved.number, who=saved.who, at=saved.at,
    )  # fmt: skip


def _of_release(release: Release, text: str, *, is_live: bool) -> Held:
    return Held(
        key=f"published-{release.number}", kind="published", text=text, number=release.number,
        who=release.who, at=datetime.fromisoformat(release.at), is_live=is_live, of=release.of,
    )  # fmt: skip
