"""The pages about tests of flows: what they call wrong fails, what they call right passes."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from flowlang.diagnostics import Problem
from flowlang.diagnostics.render import to_text
from flowlang.diagnostics.words import LANGUAGES
from runtime.testing.suite import FileReport, run_file

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "tests"
UPDATE = "UPDATE_GOLDEN" in os.environ
FILE = re.compile(r"^```\w+ (\S+\.\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGES = [
    pytest.param(page, id=page.stem)
    for page in sorted((ROOT / "docs" / "diagnostics").glob("FL6*.md"))
]


def parts(page: Path) -> tuple[dict[str, str], dict[str, str]]:
    wrong, _, right = page.read_text("utf-8").partition("\n## Right\n")
    return dict(FILE.findall(wrong)), dict(FILE.findall(right))


def ran(texts: dict[str, str], folder: Path) -> FileReport:
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return run_file(folder / "support.test.flow")


def told(report: FileReport) -> list[Problem]:
    failures = [result.failure for result in report.results if result.failure]
    return [*report.problems, *failures]


@pytest.mark.parametrize("page", PAGES)
def test_the_wrong_one_has_the_problem_alone(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Golden: what is said of it, as people see it in each language."""
    monkeypatch.chdir(tmp_path)
    texts, _ = parts(page)
    problems = told(ran(texts, Path()))
    assert [problem.code for problem in problems] == [page.stem]
    source = texts["support.test.flow"]
    shown = "\n\n".join(
        to_text(problem, source, "support.test.flow", language)
        for problem in problems
        for language in LANGUAGES
    )
    golden = GOLDEN / f"{page.stem}.txt"
    if UPDATE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(shown + "\n", "utf-8")
    assert golden.read_text("utf-8") == shown + "\n"


@pytest.mark.parametrize("page", PAGES)
def test_the_right_one_passes(page: Path, tmp_path: Path) -> None:
    report = ran(parts(page)[1], tmp_path)
    assert not told(report)
    assert [result.passed for result in report.results] == [True]
