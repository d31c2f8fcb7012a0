"""The project around a flow: its world for a simulated conversation, and its own services."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flowlang.project import FILE_NAME, Project, load
from runtime.engine import World
from runtime.performed import Performed
from runtime.services.local.functions import LocalFunctions
from runtime.world import ProjectWorld


@dataclass(frozen=True, slots=True)
class Surroundings:
    folder: Path
    project: Project | None

    @property
    def world(self) -> World:
        return ProjectWorld(self.project) if self.project else World()

    def services(self) -> Performed | None:
        """The project's own functions, for whoever talks with a flow by hand. Close them."""
        if self.project is None:
            return None
        targets = {name: item.python for name, item in self.project.functions.items()}
        functions = LocalFunctions(self.folder, {key: it for key, it in targets.items() if it})
        return Performed({"function": functions.perform}, close=functions.close)


def project_folder(path: Path) -> Path:
    """The nearest folder above a file with a project file; else the file's own."""
    parents = path.resolve().parents
    return next((folder for folder in parents if (folder / FILE_NAME).is_file()), path.parent)


def surroundings(path: Path) -> Surroundings:
    folder = project_folder(path)
    project = load(folder)[0] if (folder / FILE_NAME).is_file() else None
    return Surroundings(folder, project)
