"""What stands around a flow on a disk: the policies of its house, and its project."""

from __future__ import annotations

from pathlib import Path

from flowlang.checking import Surroundings
from flowlang.project.files import FILE_NAME
from flowlang.project.home import home_in
from flowlang.project.policies import policies_for


def surroundings_of(flow: Path, top: Path) -> Surroundings:
    folder = project_folder(flow, top)
    home = home_in(folder) if folder else None
    path = flow.relative_to(folder).as_posix() if folder else ""
    return Surroundings(policies=policies_for(flow, top), home=home, path=path)


def project_folder(flow: Path, top: Path) -> Path | None:
    """The nearest folder above a flow with a project file, not above `top`."""
    for folder in flow.parents:
        if (folder / FILE_NAME).is_file():
            return folder
        if folder == top or (folder / ".git").exists():
            return None
    return None
