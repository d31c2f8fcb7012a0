"""Every fix that is offered mends its problem and makes no other."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.checks import check
from flowlang.cli.fixing import apply
from flowlang.diagnostics import Problem
from flowlang.syntax import parse

ROOT = Path(__file__).parents[3]
EXAMPLE = re.compile(r"^```flow(?: target=\w+)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
TOKEN = re.compile(r'"[^"\n]*"|\w+|->|\n *|[^\w\s]| +')
SLIPS = (
    "->", "on", "when", "otherwise", "else", "=", ":", ",", '"', "(", ")", "|", "if", '"x"', "5",
    "5s", "next", "nowhere", "“", "”", "：", "\t", "#", "==", "and", "?", ";", "- ", "**", "{",
)  # fmt: skip
MUTANTS = 600

REVEALS = {
    "FL203": {"FL204", "FL209", "FL220"},
    "FL206": {"FL205", "FL223"},
    "FL301": {
        "FL101",
        "FL102",
        "FL106",
        "FL118",
        "FL204",
        "FL205",
        "FL206",
        "FL210",
        "FL220",
        "FL306",
    },
    "FL302": {"FL306"},
    "FL101": {"FL106", "FL112", "FL118", "FL220", "FL306"},
    "FL106": {"FL112", "FL118", "FL220", "FL306"},
    "FL114": {"FL205", "FL206", "FL301", "FL302", "FL303", "FL306"},
    "FL057": {"FL205", "FL502"},
}
"""What cannot be seen before a name is right: the type of a field that is misspelled, the outcomes
of a block that is none."""
OF_MANY_LINES = {"FL003", "FL006", "FL007", "FL008", "FL009", "FL014", "FL038"}
"""Behind these more of the text is read than the line itself."""


def sources() -> Iterator[str]:
    for page in sorted((ROOT / "docs" / "diagnostics").glob("FL*.md")):
        yield from EXAMPLE.findall(page.read_text("utf-8"))
    for folder in (ROOT / "tests" / "flowlang" / "flows", ROOT / "examples"):
        for path in sorted(folder.rglob("*.flow")):
            yield path.read_text("utf-8")


SOURCES = [*dict.fromkeys(sources())]


def problems(source: str) -> tuple[Problem, ...]:
    return check(parse(source), catalogue()).problems


def names(problem: Problem) -> tuple[object, ...]:
    """What tells a problem from others wherever it stands."""
    told = {key: str(problem.arguments.get(key)) for key in ("name", "parameter", "outcome")}
    return (problem.code, *told.values())


def is_of_syntax(problem: Problem) -> bool:
    return problem.code < "FL057" or "FL060" <= problem.code < "FL100"


def line_of(problem: Problem) -> int:
    return problem.place.first.line if problem.place else 0


def elsewhere(told: tuple[Problem, ...], problem: Problem) -> int:
    """Problems of syntax on other lines: on its own, only the first of two is told."""
    return sum(is_of_syntax(item) and line_of(item) != line_of(problem) for item in told)


def objections(source: str, found: tuple[Problem, ...], problem: Problem) -> Iterator[str]:
    assert problem.fix is not None
    mended, count = apply(source, [problem.fix])
    if count != 1 or mended == source:
        yield "changes nothing"
    after = problems(mended)
    before, now = Counter(map(names, found)), Counter(map(names, after))
    if is_of_syntax(problem):
        on_its_line = {item.code for item in after if line_of(item) == line_of(problem)}
        if problem.code in on_its_line and problem.code not in OF_MANY_LINES:
            yield "leaves it"
        elif problem.code not in OF_MANY_LINES and elsewhere(after, problem) > elsewhere(
            found, problem
        ):
            yield f"breaks other lines: {[item.code for item in after]}"
        return
    if now[names(problem)] >= before[names(problem)]:
        yield "leaves it"
    new = {item.code for item in after if item.severity == "error"} - {it.code for it in found}
    if new - REVEALS.get(problem.code, set()):
        yield f"makes {sorted(new)}"


def all_objections(source: str) -> list[str]:
    found = problems(source)
    return [
        f"{problem.code} at {problem.place and problem.place.first} {objection}"
        for problem in found
        if problem.fix
        for objection in objections(source, found, problem)
    ]


@pytest.mark.parametrize("source", SOURCES)
def test_fixes_of_what_stands_in_the_manual_and_in_examples(source: str) -> None:
    assert all_objections(source) == []


def mutant(dice: random.Random) -> str:
    source = dice.choice(SOURCES)
    while len(source) > 2_000:
        source = dice.choice(SOURCES)
    tokens = TOKEN.findall(source)
    at, other = dice.randrange(len(tokens)), dice.randrange(len(tokens))
    match dice.randrange(5):
        case 0:
            tokens[at] = ""
        case 1:
            tokens.insert(at, tokens[at])
        case 2:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case 3:
            tokens[at] = dice.choice(SLIPS)
        case _:
            tokens[at] = tokens[other]
    return "".join(tokens)


@pytest.mark.parametrize("start", range(0, MUTANTS, 100))
def test_fixes_of_whatever_somebody_mistypes(start: int) -> None:
    for seed in range(start, start + 100):
        source = mutant(random.Random(seed))
        assert all_objections(source) == [], f"{seed}\n{source}"
