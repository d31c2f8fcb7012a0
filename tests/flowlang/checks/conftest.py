"""Flows to check, in few lines."""

from collections.abc import Callable

import pytest

from blocks.catalogue import catalogue
from flowlang.checking import Report
from flowlang.checks import check
from flowlang.syntax import parse

HEADER = "flow example\n  on error -> hang_up\n"
Check = Callable[..., Report]


@pytest.fixture
def checked() -> Check:
    """The report on a flow; a text without a header gets the usual one."""

    def run(source: str, **options: object) -> Report:
        text = source if source.startswith(("flow ", "module ")) else f"{HEADER}\n{source}"
        return check(parse(text), catalogue(), **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def codes(checked: Check) -> Callable[..., list[str]]:
    """The codes of the problems, hints aside."""

    def run(source: str, **options: object) -> list[str]:
        problems = checked(source, **options).problems
        return [problem.code for problem in problems if problem.severity != "hint"]

    return run


@pytest.fixture
def facts(checked: Check) -> Callable[..., dict[str, str]]:
    def run(source: str, **options: object) -> dict[str, str]:
        return {fact.check: fact.status for fact in checked(source, **options).facts}

    return run
