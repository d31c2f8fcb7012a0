"""Runs the tests of a flow in a process of its own: callers and other pages go on meanwhile."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from flowlang.diagnostics import Problem
from runtime.testing.coverage import Coverage, merge
from runtime.testing.expected import visits_of
from runtime.testing.runner import Result
from runtime.testing.suite import FileReport, find_files, run_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """How one test went."""

    title: str
    file: str
    line: int
    failure: Problem | None
    steps: tuple[str, ...]
    """Of this flow, in the order in which a test that failed came to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tests:
    """What the tests of a flow say of the text that they were run on."""

    text: str
    results: tuple[Tested, ...]
    problems: tuple[tuple[str, Problem], ...]
    """What cannot be run, with its file."""
    unreadable: tuple[tuple[str, str], ...]
    """Files, with the reason."""
    blocks: frozenset[str]
    outcomes: frozenset[tuple[str, str]]
    """What some test took."""
    coverage: Coverage | None

    @property
    def failed(self) -> int:
        return sum(result.failure is not None for result in self.results)


async def run_tests_of(path: Path, text: str) -> Tests:
    """`text` is that of the flow, which is on the disk by now."""
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    try:
        reports = await asyncio.get_running_loop().run_in_executor(pool, _reports, path)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return summed_up(reports, path, text)


def _reports(path: Path) -> list[FileReport]:
    return run_files(find_files([path]), workers=1)


def summed_up(reports: Sequence[FileReport], path: Path, text: str) -> Tests:
    covered = merge(
        report.coverage[str(path)] for report in reports if str(path) in report.coverage
    )
    own = [
        result for report in reports for result in report.results if str(path) in report.coverage
    ]
    return Tests(
        text=text,
        results=tuple(_tested(result, report) for report in reports for result in report.results),
        problems=tuple(
            (Path(report.path).name, problem)
            for report in reports
            for problem in report.problems
            if problem.severity == "error"
        ),
        unreadable=tuple((r.path, r.unreadable) for r in reports if r.unreadable),
        blocks=frozenset(block for result in own for block in result.blocks),
        outcomes=frozenset(outcome for result in own for outcome in result.outcomes),
        coverage=covered[0] if covered else None,
    )


def _tested(result: Result, report: FileReport) -> Tested:
    return Tested(
        title=result.title,
        file=Path(report.path).name,
        line=result.place.first.line if result.place else 1,
        failure=result.failure,
        steps=tuple(visit.step for visit in visits_of(result.heard) if not visit.flow),
    )
