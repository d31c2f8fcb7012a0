"""Projects as a whole: what is wrong between their files, and the map of each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from blocks.catalogue import catalogue
from flowlang.cli import files
from flowlang.diagnostics.render import CheckedFile
from flowlang.project.checks import WholeReport, check_project
from flowlang.project.files import Folder
from flowlang.project.loading import load
from flowlang.project.map import ProjectMap, map_of
from flowlang.project.whole import Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedProject:
    path: str
    """Its project file."""
    report: WholeReport
    map: ProjectMap


def project_in(path: str, flows: Iterable[str] | None = None) -> CheckedProject | None:
    """The project of a project file; None if that cannot be used. `flows`: the files that count,
    from the project's folder."""
    whole = whole_of(Path(path).parent, flows)
    if whole is None:
        return None
    return CheckedProject(path=path, report=check_project(whole), map=map_of(whole))


def whole_of(folder: Path, flows: Iterable[str] | None = None) -> Whole | None:
    project, _ = load(folder)
    return Whole(project, Folder(folder, flows), catalogue()) if project else None


def projects_among(checked: Sequence[CheckedFile]) -> list[CheckedProject]:
    """The projects whose project file is among what was checked, each with its flows there."""
    found = []
    for file in checked:
        if Path(file.path).name == files.PROJECT_FILE:
            # Of a project file alone, all flows of its folder count.
            project = project_in(file.path, [*_flows_of(file.path, checked)] or None)
            if project is not None:
                found.append(project)
    return found


def _flows_of(project_file: str, checked: Sequence[CheckedFile]) -> Iterable[str]:
    """The flows that belong to a project, and to none within it."""
    folder = Path(files.project_top(project_file))
    for file in checked:
        is_flow = file.path.endswith(".flow") and file.path != files.STANDARD
        if is_flow and Path(files.project_top(file.path)) == folder:
            absolute = Path(os.path.abspath(file.path))  # noqa: PTH100
            yield absolute.relative_to(folder).as_posix()


def with_projects(
    checked: Sequence[CheckedFile], projects: Iterable[CheckedProject]
) -> list[CheckedFile]:
    """The files with what is wrong between them, too."""
    by_path = {_absolute(file.path): file for file in checked}
    for project in projects:
        folder = Path(_absolute(project.path)).parent
        for name, problems in project.report.problems.items():
            key = str(folder / name)
            if file := by_path.get(key):
                both = [*file.problems, *problems]
                both.sort(key=lambda it: it.place.offsets[0] if it.place else -1)
                by_path[key] = replace(file, problems=tuple(both))
        file = by_path[_absolute(project.path)]
        by_path[_absolute(project.path)] = replace(file, facts=(*file.facts, *project.report.facts))
    return list(by_path.values())


def _absolute(path: str) -> str:
    return path if path == files.STANDARD else os.path.abspath(path)  # noqa: PTH100
