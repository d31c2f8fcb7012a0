"""The pages about projects: what they call wrong is wrong, what they call right is clean."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from flowlang.diagnostics.render import to_text
from flowlang.diagnostics.words import LANGUAGES

from .conftest import problems_of

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "project"
UPDATE = "UPDATE_GOLDEN" in os.environ
FILE = re.compile(r"^```\w+ (\S+\.\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
UNREADABLE = {"FL527"}
"""Examples with a file that is no text cannot stand on a page."""
TOLD_TOO = {"FL231": {"FL211"}}
"""What a flow alone says of it, which cannot see as far."""


def parts(page: Path) -> tuple[dict[str, str], dict[str, str]]:
    wrong, _, right = page.read_text("utf-8").partition("\n## Right\n")
    return dict(FILE.findall(wrong)), dict(FILE.findall(right))


PAGES = [
    pytest.param(page, id=page.stem)
    for pages in ("FL22[48].md", "FL23[01].md", "FL35?.md", "FL5[2-5]?.md")
    for page in sorted((ROOT / "docs" / "diagnostics").glob(pages))
    if FILE.search(page.read_text("utf-8"))
]


def test_there_are_pages() -> None:
    assert len(PAGES) >= 20


@pytest.mark.parametrize("page", PAGES)
def test_the_right_one_is_clean(page: Path) -> None:
    assert not problems_of(parts(page)[1])


@pytest.mark.parametrize("page", [it for it in PAGES if it.id not in UNREADABLE])
def test_the_wrong_one_has_the_problem_alone(page: Path) -> None:
    """Golden: what is said of it, as people see it in each language."""
    texts, _ = parts(page)
    problems = problems_of(texts)
    assert {problem.code for _, problem in problems} == {page.stem} | TOLD_TOO.get(page.stem, set())
    told = "\n\n".join(
        to_text(problem, texts[path], path, language)
        for path, problem in problems
        for language in LANGUAGES
    )
    golden = GOLDEN / f"{page.stem}.txt"
    if UPDATE:
        golden.write_text(told + "\n", "utf-8")
    assert golden.read_text("utf-8") == told + "\n"


@pytest.mark.parametrize("page", PAGES)
def test_a_fix_repairs_its_problem(page: Path) -> None:
    texts, _ = parts(page)
    problems = problems_of(texts)
    for path, problem in problems:
        if problem.fix is None:
            continue
        text = texts[path]
        for edit in sorted(problem.fix.edits, key=lambda edit: edit.start, reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        after = [(where, it.code) for where, it in problems_of({**texts, path: text})]
        assert after.count((path, problem.code)) < len(
            [it for where, it in problems if (where, it.code) == (path, problem.code)]
        )
