"""Finds the tests, finds the flow that each is for, and runs them."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from blocks.catalogue import catalogue
from flowlang.cli.sources import is_json
from flowlang.diagnostics import Problem
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.model import Test
from flowlang.project import FILE_NAME
from flowlang.syntax.parser import Tree, parse
from runtime.testing.coverage import Coverage, measure
from runtime.testing.projects import Surroundings, project_folder, surroundings
from runtime.testing.runner import Result, run_test
from runtime.testing.script import read_script
from runtime.testing.subject import Subject, subject_of

ENDING = ".test.flow"
JSON = "json"
"""Why a file is unreadable that holds a flow in a form without tests."""
FILES_FOR_WORKERS = 16
"""Fewer files are run before a worker process would have started."""
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "dist"})


@dataclass(slots=True)
class FileReport:
    """What became of the tests of one file."""

    path: str
    source: str = ""
    results: list[Result] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """What cannot be read or understood; such tests are not run."""
    coverage: dict[str, Coverage] = field(default_factory=dict)
    """By path of a flow, from the tests of this file alone."""
    unreadable: str = ""

    @property
    def failed(self) -> int:
        return sum(not result.passed for result in self.results)

    @property
    def is_misused(self) -> bool:
        return bool(self.unreadable) or any(item.severity == "error" for item in self.problems)


# --- finding files ----------------------------------------------------------------------------


def find_files(paths: Sequence[Path]) -> list[Path]:
    """The files with tests that the paths mean: a folder means all in it, a flow also the tests
    beside it."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_in_folder(path)))
        elif path.name.endswith(ENDING):
            found[path] = None
        else:
            beside = path.with_name(path.stem + ENDING)
            if not path.exists() or _has_tests(path) or not beside.exists():
                found[path] = None
            if beside.exists():
                found[beside] = None
    return list(found)


def _in_folder(folder: Path) -> Iterator[Path]:
    for path in flow_files(folder):
        if path.name.endswith(ENDING) or _has_tests(path):
            yield path


def flow_files(folder: Path) -> Iterator[Path]:
    """Every flow file below a folder, in a steady order."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in SKIPPED_FOLDERS and not name.startswith(".")
        )
        yield from (Path(root, name) for name in sorted(names) if name.endswith(".flow"))


def _has_tests(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return text.startswith("test ") or "\ntest " in text


# --- finding flows ----------------------------------------------------------------------------

_HEADER = re.compile(r"^(?:flow|module) +([^\W\d]\w*)", re.MULTILINE)


class Flows:
    """The flows that tests can be for, each read once."""

    def __init__(self) -> None:
        self._names: dict[tuple[Path, bool], dict[str, list[Path]]] = {}
        self._subjects: dict[Path, Subject] = {}
        self._surroundings: dict[Path, Surroundings] = {}

    def around(self, subject: Subject) -> Surroundings:
        """The project of a flow."""
        folder = project_folder(subject.path)
        if folder not in self._surroundings:
            self._surroundings[folder] = surroundings(subject.path)
        return self._surroundings[folder]

    def find(self, test: Test, tree: Tree, path: Path) -> Subject | Problem:
        """The flow that a test is for: of its own file, of the file beside it, of its folder, of
        its project."""
        header = tree.document.header
        if header is not None and test.flow in (None, header.name):
            return self._subjects.setdefault(path, Subject(path, tree, catalogue()))
        beside = path.with_name(path.name.removesuffix(ENDING) + ".flow")
        if test.flow is None:
            found = [beside] if beside != path and beside.is_file() else []
        else:
            found = self._named(test.flow, path)
            found = [beside] if beside in found else found
        if len(found) == 1:
            return self._read(found[0])
        return self._problem(test, path, found)

    def _named(self, name: str, path: Path) -> list[Path]:
        """The flows of that name: of the folder, else of the project."""
        return self._in(path.parent, deep=False).get(name) or self._known(path).get(name, [])

    def _known(self, path: Path) -> dict[str, list[Path]]:
        """Every flow that a file's tests can be for."""
        folder = project_folder(path)
        return self._in(folder, deep=(folder / FILE_NAME).is_file())

    def _in(self, folder: Path, *, deep: bool) -> dict[str, list[Path]]:
        """The flows of a folder, or of all below it, by the names in their headers."""
        if (folder, deep) not in self._names:
            names = self._names[folder, deep] = {}
            for path in flow_files(folder) if deep else sorted(folder.glob("*.flow")):
                if header := _HEADER.search(_text_of(path)):
                    names.setdefault(header[1], []).append(path)
        return self._names[folder, deep]

    def _read(self, path: Path) -> Subject:
        if path not in self._subjects:
            self._subjects[path] = subject_of(_text_of(path), path, catalogue())
        return self._subjects[path]

    def _problem(self, test: Test, path: Path, found: Sequence[Path]) -> Problem:
        arguments: dict[str, object] = {"title": test.title, "found": test.flow or ""}
        if test.flow is None:
            arguments["reason"] = "unnamed"
        elif found:
            arguments["reason"] = "several"
        else:
            known = sorted(self._known(path))
            arguments |= {"known": known, "suggestion": did_you_mean(test.flow, known)}
        return Problem(code="FL612", severity="error", place=test.name_at or test.at,
                       arguments=arguments)  # fmt: skip


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""


# --- running ----------------------------------------------------------------------------------


def run_files(paths: Sequence[Path], *, workers: int | None = None) -> list[FileReport]:
    """The reports of all files, in their order; many files are shared among processes."""
    if workers is None:
        workers = os.cpu_count() or 1
    if len(paths) < FILES_FOR_WORKERS or workers < 2:
        flows = Flows()
        return [run_file(path, flows) for path in paths]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(paths)), mp_context=context) as pool:
        return list(pool.map(run_file, paths, chunksize=4))


def run_file(path: Path, flows: Flows | None = None) -> FileReport:
    report = FileReport(str(path))
    try:
        report.source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        report.unreadable = "UTF-8"
        return report
    except OSError as error:
        report.unreadable = error.strerror or str(error)
        return report
    if is_json(report.source):
        report.unreadable = JSON
        return report
    run_tests(report, parse(report.source), path, flows or Flows())
    return report


def run_tests(report: FileReport, tree: Tree, path: Path, flows: Flows) -> None:
    """Run the tests of one file, those that can be read."""
    report.problems += tree.problems
    by_flow: dict[Path, tuple[Subject, list[Result]]] = {}
    for test in tree.document.tests:
        subject = flows.find(test, tree, path)
        if isinstance(subject, Problem):
            report.problems.append(subject)
        elif subject.errors:
            _note_broken_flow(report, test, subject, path)
        elif (result := _run(report, test, subject, flows.around(subject))) is not None:
            report.results.append(result)
            by_flow.setdefault(subject.path, (subject, []))[1].append(result)
    for flow_path, (subject, results) in by_flow.items():
        report.coverage[str(flow_path)] = measure(subject, results, str(flow_path))


def _run(report: FileReport, test: Test, subject: Subject, around: Surroundings) -> Result | None:
    """None: a line of it cannot be read, and the rest alone would show something else."""
    anchor = test.at.anchor if test.at else None
    if any(item.place and item.place.anchor is anchor for item in report.problems):
        return None
    script = read_script(test, subject)
    report.problems += script.problems
    if script.problems:
        return None
    services = around.services(script.given.at(around.world))
    return run_test(script, subject, world=around.world, services=services)


def _note_broken_flow(report: FileReport, test: Test, subject: Subject, path: Path) -> None:
    if subject.path != path:  # the problems of its own file are told anyway
        report.problems.append(
            Problem(
                code="FL613",
                severity="error",
                place=test.name_at or test.at,
                arguments={"flow": subject.name, "path": str(subject.path)},
            )
        )
