"""The examples are completely clean, and everything that can be proved of them is."""

from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.checking import Surroundings
from flowlang.checks import check
from flowlang.syntax import parse

EXAMPLES = Path(__file__).parents[3] / "examples"
FLOWS = sorted(
    path
    for path in EXAMPLES.rglob("*.flow")
    if not path.name.endswith((".test.flow", ".policy.flow"))
)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: str(path.relative_to(EXAMPLES)))
def test_an_example_is_clean(path: Path) -> None:
    policies = tuple(
        policy
        for file in sorted(path.parent.glob("*.policy.flow"))
        for policy in parse(file.read_text("utf-8")).document.policies
    )
    report = check(
        parse(path.read_text("utf-8")),
        catalogue(),
        surroundings=Surroundings(policies=policies),
    )
    assert not report.problems
    assert report.facts
    assert {fact.status for fact in report.facts} == {"proved"}


def test_there_are_examples() -> None:
    assert FLOWS
