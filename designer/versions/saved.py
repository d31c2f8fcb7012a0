"""Versions of a flow that somebody gave a name: each a file of its own beside the project's store.

They are of one flow. What was published is of the whole project, and is kept in the store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from runtime.place import FOLDER
from runtime.testing.projects import project_folder

VERSIONS = "versions"
NAME_LENGTH_MAX = 80
SAVED_MAX = 500
"""Of one flow; the oldest go."""


class _File(BaseModel):
    """As it is on the disk."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str
    who: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    number: int
    name: str
    who: str
    at: datetime
    text: str


class SavedVersions:
    def __init__(
        self, flow: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        home = project_folder(flow).resolve()
        self._folder = home / FOLDER / VERSIONS / flow.resolve().relative_to(home)
        self._clock = clock

    def all(self) -> list[Saved]:
        """The newest first. What cannot be read is left out."""
        found = (self._read(path) for path in self._files())
        return [each for each in found if each is not None]

    def find(self, number: int) -> Saved | None:
        return self._read(self._path(number))

    def save(self, name: str, who: str, text: str) -> Saved:
        name = " ".join(name.split())[:NAME_LENGTH_MAX]
        files = self._files()
        number = int(files[0].stem) + 1 if files else 1
        made = _File(name=name, who=who, at=self._clock(), text=text)
        self._folder.mkdir(parents=True, exist_ok=True)
        # Two who save at the same moment get two numbers.
        while True:
            try:
                with self._path(number).open("x", encoding="utf-8") as file:
                    file.write(made.model_dump_json(indent=1))
                break
            except FileExistsError:
                number += 1
        for path in files[SAVED_MAX - 1 :]:
            path.unlink(missing_ok=True)
        return Saved(number=number, **made.model_dump())

    def forget(self, number: int) -> None:
        self._path(number).unlink(missing_ok=True)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:05}.json"

    def _files(self) -> list[Path]:
        found = [path for path in self._folder.glob("*.json") if path.stem.isdecimal()]
        return sorted(found, key=lambda path: int(path.stem), reverse=True)

    @staticmethod
    def _read(path: Path) -> Saved | None:
        try:
            found = _File.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return None
        return Saved(number=int(path.stem), **found.model_dump())
