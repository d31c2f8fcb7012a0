"""The outcome of a test run, for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flowlang.diagnostics import Problem
from flowlang.diagnostics.render import to_text
from flowlang.diagnostics.words import Language
from runtime.masks import Masks
from runtime.telling import tell
from runtime.testing.coverage import Coverage, Spot, percent
from runtime.testing.runner import Result
from runtime.testing.suite import JSON, FileReport

WORDS: Mapping[str, Mapping[Language, str]] = {
    "path": {"en": "path", "ko": "경로"},
    "heard": {"en": "what happened", "ko": "일어난 일"},
    "unreadable": {"en": "cannot be read ({reason})", "ko": "읽을 수 없습니다({reason})"},
    "json": {"en": "a flow as JSON has no tests; `flowlang convert {path} --to flow` makes it text",
             "ko": "JSON 흐름에는 테스트가 없습니다. `flowlang convert {path} --to flow`로 "
                   "텍스트로 바꾸세요"},
    "no_tests": {"en": "no tests found", "ko": "테스트가 없습니다"},
    "summary": {"en": "{passed} passed, {failed} failed", "ko": "통과 {passed}, 실패 {failed}"},
    "problems": {"en": ", {count} not understood", "ko": ", 읽지 못한 줄 {count}"},
    "coverage": {"en": "coverage {percent:.0f} % ({covered} of {total})",
                 "ko": "커버리지 {percent:.0f}% ({total} 중 {covered})"},
    "below": {"en": "coverage is below {wanted:g} %", "ko": "커버리지가 {wanted:g}%에 못 미칩니다"},
    "block": {"en": "never reached", "ko": "지나간 적 없음"},
    "outcome": {"en": "{outcome}: never taken", "ko": "{outcome}: 간 적 없음"},
}  # fmt: skip


def word(key: str, language: Language, **arguments: Any) -> str:
    return WORDS[key][language].format(**arguments)


def as_text(reports: Sequence[FileReport], language: Language) -> str:
    lines: list[str] = []
    for report in reports:
        lines += _file_lines(report, language)
    passed = sum(result.passed for report in reports for result in report.results)
    failed = sum(report.failed for report in reports)
    problems = sum(len(report.problems) for report in reports)
    summary = word("summary", language, passed=passed, failed=failed)
    if problems:
        summary += word("problems", language, count=problems)
    return "\n".join([*lines, summary])


def _file_lines(report: FileReport, language: Language) -> list[str]:
    if report.unreadable:
        return [f"{report.path}: {why_unreadable(report, language)}", ""]
    lines = [report.path]
    for problem in report.problems:
        lines += ["", *problem_lines(problem, report, language)]
    for result in report.results:
        lines.append(f"  {'✓' if result.passed else '✗'} {result.title}")
        if result.failure is not None:
            lines += [f"    {line}".rstrip() for line in failure_lines(result, report, language)]
    return lines if lines[-1] == "" else [*lines, ""]


def why_unreadable(report: FileReport, language: Language) -> str:
    if report.unreadable == JSON:
        return word("json", language, path=report.path)
    return word("unreadable", language, reason=report.unreadable)


def failure_lines(result: Result, report: FileReport, language: Language) -> list[str]:
    assert result.failure is not None
    return [
        *masked(problem_lines(result.failure, report, language), result),
        f"{word('path', language)}: {' → '.join(result.path)}",
        f"{word('heard', language)}:",
        *(f"  {line}" for line in transcript(result, language)),
        "",
    ]


def problem_lines(problem: Problem, report: FileReport, language: Language) -> list[str]:
    """The problem with the line that it is about."""
    return to_text(problem, report.source, report.path, language).splitlines()


def masked(lines: Sequence[str], result: Result) -> list[str]:
    """What is sensitive stands in nobody's log, though it was only made up for a test."""
    masks = Masks.of(result.hidden)
    return [str(masks(line)) for line in lines]


def transcript(result: Result, language: Language) -> list[str]:
    """What happened, with the clock and the step, as far as they change."""
    lines: list[str] = []
    at = step = ""
    for item in result.heard:
        for told in masked(tell(item, language, result.names), result):
            now = item.at.strftime("%H:%M:%S")
            lines.append(
                f"{now if now != at else '':8}  {item.step if item.step != step else '':24}  {told}"
            )
            at, step = now, item.step
    return lines


def coverage_text(coverages: Sequence[Coverage], language: Language) -> str:
    lines = []
    for report in coverages:
        lines.append(f"{report.path}: {_coverage_words([report], language)}")
        lines += [f"  {spot.line:>5}  {_spot_words(spot, language)}" for spot in report.missed]
    if len(coverages) != 1:
        lines.append(_coverage_words(coverages, language))
    return "\n".join(lines)


def _coverage_words(coverages: Sequence[Coverage], language: Language) -> str:
    return word(
        "coverage",
        language,
        percent=percent(coverages),
        covered=sum(report.covered for report in coverages),
        total=sum(report.total for report in coverages),
    )


def _spot_words(spot: Spot, language: Language) -> str:
    alone = spot.outcome == "otherwise" or spot.outcome.startswith("when ")
    outcome = spot.outcome if alone else f"on {spot.outcome}"
    return f"{spot.step}  {word(spot.what, language, outcome=outcome)}"
