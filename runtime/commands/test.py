"""`flowlang test`: run the tests of flows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flowlang.cli.options import Help, Parser, reason_of
from flowlang.diagnostics.words import Language
from runtime.commands.publish import show
from runtime.testing.coverage import Coverage, merge, percent
from runtime.testing.formats import as_json, as_junit
from runtime.testing.projects import broken_projects
from runtime.testing.report import as_text, coverage_text, word
from runtime.testing.suite import FileReport, find_files, run_files

EXIT_FINE, EXIT_FAILED, EXIT_MISUSED = 0, 1, 2
NO_PERCENT: Help = {"en": "--fail-under takes a number from 0 to 100",
                    "ko": "--fail-under에는 0에서 100까지의 수를 씁니다"}  # fmt: skip
ABOUT: Help = {"en": "Run the tests of flows.", "ko": "흐름의 테스트를 실행합니다."}


def main(arguments: Sequence[str]) -> int:
    parser = _parser(arguments)
    options = parser.parse_args(arguments)
    if options.fail_under is not None and not 0 <= options.fail_under <= 100:
        parser.error(parser.said(NO_PERCENT))
    language: Language = options.lang
    files = find_files(options.paths)
    if broken := broken_projects(files):
        show(broken, language)
        return EXIT_MISUSED
    reports = run_files(files)
    if not any(report.results or report.is_misused for report in reports):
        print(word("no_tests", language), file=sys.stderr)
        return EXIT_MISUSED
    measured = options.coverage or options.fail_under is not None
    coverages = _coverages(reports) if measured else None
    if options.junit:
        try:
            options.junit.write_bytes(as_junit(reports, language))
        except OSError as error:
            print(f"{options.junit}: {reason_of(error, language)}", file=sys.stderr)
            return EXIT_MISUSED
    _print(reports, coverages, options, language)
    return _exit_code(reports, coverages, options, language)


def _parser(arguments: Sequence[str]) -> Parser:
    parser = Parser("test", ABOUT, arguments)
    said = parser.said
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=said(
        {"en": "a test file, a flow with tests, or a folder",
         "ko": "테스트 파일, 테스트가 든 흐름, 또는 폴더"}
    ))  # fmt: skip
    parser.add_argument("--coverage", action="store_true", help=said(
        {"en": "list what no test ever reached", "ko": "어느 테스트도 지나지 않은 곳을 보여 줍니다"}
    ))  # fmt: skip
    parser.add_argument("--fail-under", type=float, metavar="N", help=said(
        {"en": "least coverage in percent", "ko": "이보다 적게 지나면 실패합니다(퍼센트)"}
    ))  # fmt: skip
    parser.add_argument("--junit", type=Path, metavar="FILE", help=said(
        {"en": "also write a JUnit report", "ko": "JUnit 보고서도 씁니다"}
    ))  # fmt: skip
    parser.add_argument("--format", choices=("text", "json"), default="text",
        help=said({"en": "form of the report", "ko": "보고서 형식"}))  # fmt: skip
    return parser


def _coverages(reports: Sequence[FileReport]) -> list[Coverage]:
    return merge(coverage for report in reports for coverage in report.coverage.values())


def _print(
    reports: Sequence[FileReport],
    coverages: Sequence[Coverage] | None,
    options: Any,
    language: Language,
) -> None:
    if options.format == "json":
        print(as_json(reports, coverages, language))
        return
    print(as_text(reports, language))
    if coverages is not None:
        print(coverage_text(coverages, language))


def _exit_code(
    reports: Sequence[FileReport],
    coverages: Sequence[Coverage] | None,
    options: Any,
    language: Language,
) -> int:
    if any(report.is_misused for report in reports):
        return EXIT_MISUSED
    if any(report.failed for report in reports):
        return EXIT_FAILED
    wanted = options.fail_under
    if wanted is not None and percent(coverages or ()) < wanted:
        print(word("below", language, wanted=wanted), file=sys.stderr)
        return EXIT_FAILED
    return EXIT_FINE
