"""The examples are whole projects, and nothing is wrong between their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.checking import Surroundings
from flowlang.checks import check
from flowlang.project import FILE_NAME, Folder, load
from flowlang.project.checks import check_project
from flowlang.project.home import Home
from flowlang.project.whole import Whole

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").rglob(FILE_NAME))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_an_example_is_clean_as_a_whole(file: Path) -> None:
    project, problems = load(file.parent)
    assert project is not None
    assert not problems
    files = Folder(file.parent)
    whole = Whole(project, files, catalogue())
    for path, tree in whole.trees.items():
        around = Surroundings(home=Home(project, files), path=path)
        found = check(tree, catalogue(), surroundings=around).problems
        assert not [problem for problem in found if problem.severity != "hint"]
    report = check_project(whole)
    assert not report.problems
    assert {fact.status for fact in report.facts} == {"proved"}


def test_there_are_examples() -> None:
    assert EXAMPLES
