"""The page about the language shows nothing that the checker would fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang import types
from flowlang.checks import check
from flowlang.checks.header import FLOW_TYPES
from flowlang.syntax import parse, to_text

PAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```flow\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def name_of(example: str) -> str:
    header = parse(example).document.header
    return header.name if header else "nameless"


@pytest.mark.parametrize("example", EXAMPLES, ids=name_of)
def test_an_example_is_a_whole_flow_without_a_problem(example: str) -> None:
    parsed = parse(example)
    assert parsed.document.header
    assert parsed.document.sections
    assert not check(parsed, catalogue()).problems


@pytest.mark.parametrize("example", EXAMPLES, ids=name_of)
def test_an_example_is_written_as_fmt_writes_it(example: str) -> None:
    assert to_text(parse(example).document) == example


def test_every_type_is_on_the_page() -> None:
    table = PAGE.partition("## Types")[2].partition("\n## ")[0]
    assert not [name for name in types.SIMPLE if f"`{name}`" not in table]


def test_every_type_of_flow_is_on_the_page() -> None:
    assert not [name for name in FLOW_TYPES if f"`{name}`" not in PAGE]
