"""The files of a project, wherever they are kept: on a disk, in a test, in an editor."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

from flowlang.limits import TEXT_BYTES_MAX

FILE_NAME = "flowlang.toml"
FLOW_SUFFIX = ".flow"
FOLDERS_SKIPPED = frozenset({"node_modules", "__pycache__"})


class Files(Protocol):
    """Names are paths from the project's folder, with `/`."""

    def exists(self, name: str) -> bool: ...

    def text(self, name: str) -> str | None:
        """None: there is no such file, or it is no text, or too large to be read."""
        ...

    @property
    def flows(self) -> Sequence[str]:
        """Every file that ends with `.flow`: flows, tests, policies."""
        ...


class Folder:
    """The files of a folder. Nothing outside of it is there."""

    def __init__(self, root: Path, flows: Iterable[str] | None = None) -> None:
        """`flows`: those that count, where that is known already."""
        self.root = root
        self._given = flows

    def exists(self, name: str) -> bool:
        try:
            path = (self.root / name).resolve()
            return path.is_relative_to(self.root.resolve()) and path.is_file()
        except (OSError, ValueError):
            return False

    def text(self, name: str) -> str | None:
        path = self.root / name
        try:
            if not self.exists(name) or path.stat().st_size > TEXT_BYTES_MAX:
                return None
            return path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return None

    @cached_property
    def flows(self) -> Sequence[str]:
        return tuple(_flows_in(self.root) if self._given is None else self._given)


def _flows_in(root: Path) -> Iterable[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in FOLDERS_SKIPPED
            and not Path(folder, name, FILE_NAME).is_file()
        )
        for name in sorted(names):
            if name.endswith(FLOW_SUFFIX) and not name.startswith("."):
                yield Path(folder, name).relative_to(root).as_posix()


class Texts:
    """Files that are at hand as texts."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def exists(self, name: str) -> bool:
        return name in self.texts

    def text(self, name: str) -> str | None:
        return self.texts.get(name)

    @property
    def flows(self) -> Sequence[str]:
        return tuple(name for name in self.texts if name.endswith(FLOW_SUFFIX))
