"""What the tests of edits share: a flow to edit, and a way to say what should come out."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.edits import Change, Flow, Operation, apply, inverse, perform
from flowlang.syntax.parser import parse

SUPPORT = (Path(__file__).parent / "support.flow").read_text(encoding="utf-8")
Edited = Callable[..., str]


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that differ, marked with - and +."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[:1] in "+-"]


def run(source: str, operation: Operation) -> tuple[str, Change]:
    change = perform(operation, Flow.of(parse(source), catalogue()))
    assert isinstance(change, Change), change
    after = apply(source, change.edits)
    assert parse(after).problems == ()
    assert apply(after, inverse(change.edits, source)) == source
    return after, change


@pytest.fixture
def edited() -> Edited:
    """Run an operation and show the lines that it changed."""

    def edit(operation: Operation, source: str = SUPPORT) -> str:
        return "\n".join(changed_lines(source, run(source, operation)[0]))

    return edit


@pytest.fixture
def refused() -> Callable[..., str]:
    """Run an operation that is impossible, and tell its code."""

    def refuse(operation: Operation, source: str = SUPPORT) -> str:
        problem = perform(operation, Flow.of(parse(source), catalogue()))
        assert not isinstance(problem, Change)
        return problem.code

    return refuse
