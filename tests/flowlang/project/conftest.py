"""Projects to check, as texts by file name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from blocks.catalogue import catalogue
from flowlang.checking import Surroundings
from flowlang.checks import check
from flowlang.diagnostics import Problem
from flowlang.project import FILE_NAME, Texts, read
from flowlang.project.checks import check_project
from flowlang.project.home import Home
from flowlang.project.whole import Whole
from flowlang.syntax import parse

Files = Mapping[str, str]
Found = list[tuple[str, Problem]]


def problems_of(texts: Files) -> Found:
    """All that is wrong with a project: its file, each flow, and the whole; with the file."""
    files = Texts(texts)
    project, problems = read(texts[FILE_NAME], files=files)
    found = [(FILE_NAME, problem) for problem in problems]
    if project is None:
        return found
    home = Home(project, files)
    for path in files.flows:
        around = Surroundings(home=home, path=path)
        report = check(parse(texts[path]), catalogue(), surroundings=around)
        found += [(path, problem) for problem in report.problems]
    report_of_whole = check_project(Whole(project, files, catalogue()))
    for path, items in report_of_whole.problems.items():
        found += [(path, problem) for problem in items]
    return found


@pytest.fixture
def found() -> Callable[[Files], list[tuple[str, str]]]:
    """The files and codes of what is wrong, hints aside."""

    def run(texts: Files) -> list[tuple[str, str]]:
        problems = problems_of(texts)
        return [(path, it.code) for path, it in problems if it.severity != "hint"]

    return run
