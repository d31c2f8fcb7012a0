"""A flow that passes the checks never reaches a missing outcome, and never fails: whatever
customers, services and agents do, and in whatever order."""

from __future__ import annotations

import inspect
import logging
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.checks import check
from flowlang.project.surroundings import surroundings_of
from flowlang.syntax.parser import parse
from flowlang.syntax.printer import to_text
from runtime.program import Program, compile_text
from tests.flowlang.interchange.connect.building import imported
from tests.simulation.walks import walk

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(
    path
    for path in (ROOT / "examples").rglob("*.flow")
    if not path.name.endswith((".test.flow", ".policy.flow"))
)
WALKS = 100_000
SHARES = [64, pytest.param(1, marks=pytest.mark.soak)]
"""All of them, or so many times fewer."""


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def validated(source: str, path: Path | None = None) -> Program | None:
    """The flow as a program, if the checks find no error, and it is not half done: `nowhere` says
    of itself that it leads to nothing."""
    if "nowhere" in source:
        return None
    tree = parse(source)
    around = {"surroundings": surroundings_of(path, path.parent)} if path else {}
    problems = check(tree, catalogue(), **around).problems
    if any(problem.severity == "error" for problem in problems):
        return None
    return compile_text(source, catalogue())


@cache
def examples() -> dict[str, Program]:
    found = {path.stem: validated(path.read_text("utf-8"), path) for path in EXAMPLES}
    assert all(found.values()), found
    for kind in catalogue().kinds():
        manual = inspect.getdoc(catalogue().block(kind)) or ""
        for number, text in enumerate(re.findall(r"```flow\n(.*?)```", manual, re.DOTALL)):
            found[f"{kind} {number}"] = validated(text)
    return {name: program for name, program in found.items() if program}


def walk_all(programs: dict[str, Program], walks: int) -> Counter[str]:
    names = sorted(programs)
    ends: Counter[str] = Counter()
    for number in range(walks):
        name = names[number % len(names)]
        try:
            ends[walk(programs[name], f"{name} {number}")["reason"] or "under way"] += 1
        except Exception as error:
            raise AssertionError(f"walk {number} through {name}: {error}") from error
    return ends


@pytest.mark.parametrize("share", SHARES)
def test_walks_through_the_examples(share: int) -> None:
    programs = examples()
    assert len(programs) > len(EXAMPLES) + 15
    ends = walk_all(programs, WALKS // 2 // share)
    assert {"flow", "customer", "agent"} <= ends.keys()
    print(f"\n{dict(ends)} in {len(programs)} flows")


@pytest.mark.parametrize("share", SHARES)
def test_walks_through_real_flows(share: int, corpus: Path) -> None:
    programs = {}
    for path in sorted((corpus / "flows").glob("*.json")):
        found = imported(path.read_text("utf-8"))
        program = validated(to_text(found.document))
        if program is not None:
            programs[path.stem] = program
    assert len(programs) > 10
    ends = walk_all(programs, WALKS // 2 // share)
    print(f"\n{dict(ends)} in {len(programs)} flows")
