"""The pages about files and other formats: what they call wrong is wrong, the rest is clean."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.diagnostics import Problem
from flowlang.diagnostics.render import to_text
from flowlang.diagnostics.words import LANGUAGES
from flowlang.interchange import native
from flowlang.interchange.connect.exporting import export_flow
from flowlang.interchange.connect.importing import import_flow
from flowlang.interchange.connect.names import read_name_map
from flowlang.syntax import parse

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "interchange"
UPDATE = "UPDATE_GOLDEN" in os.environ
PAGES = sorted((ROOT / "docs" / "diagnostics").glob("FL4*.md"))
EXAMPLE = re.compile(r"^```\w+ (\S+\.\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CANNOT_STAND_ON_A_PAGE = {"FL405", "FL427", "FL430", *(f"FL41{number}" for number in range(6))}
"""They are about files, or about what is too large for a page."""


def examples(page: Path) -> list[tuple[str, str]]:
    return EXAMPLE.findall(page.read_text("utf-8"))


def problems_of(name: str, source: str) -> list[Problem]:
    match name:
        case "flow.json":
            return list(import_flow(source, catalogue()).problems)
        case "native.json":
            return list(native.read(source)[1])
        case "names.json":
            return read_name_map(source)[1]
        case _:
            tree = parse(source)
            assert not tree.problems
            return list(export_flow(tree.document, catalogue()).problems)


SHOWN = [pytest.param(page, id=page.stem) for page in PAGES if examples(page)]


def test_every_page_has_examples_that_can_have_some() -> None:
    assert len(PAGES) > 40
    assert {page.stem for page in PAGES if not examples(page)} == CANNOT_STAND_ON_A_PAGE


@pytest.mark.parametrize("page", SHOWN)
def test_the_right_one_is_clean(page: Path) -> None:
    assert problems_of(*examples(page)[1]) == []


@pytest.mark.parametrize("page", SHOWN)
def test_the_wrong_one_has_the_problem(page: Path) -> None:
    """Golden: what is said of it, as people see it in each language."""
    name, source = examples(page)[0]
    problems = problems_of(name, source)
    assert page.stem in {problem.code for problem in problems}
    told = "\n\n".join(
        to_text(problem, source, name, language) for problem in problems for language in LANGUAGES
    )
    golden = GOLDEN / f"{page.stem}.txt"
    if UPDATE:
        golden.write_text(told + "\n", "utf-8")
    assert golden.read_text("utf-8") == told + "\n"
