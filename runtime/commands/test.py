"""`flowlang test`: run the tests of flows."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flowlang.diagnostics.words import LANGUAGES, Language
from runtime.testing.coverage import Coverage, merge, percent
from runtime.testing.formats import as_json, as_junit
from runtime.testing.report import as_text, coverage_text, word
from runtime.testing.suite import FileReport, find_files, run_files

EXIT_FINE, EXIT_FAILED, EXIT_MISUSED = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    language: Language = options.lang
    reports = run_files(find_files(options.paths))
    if not any(report.results or report.is_misused for report in reports):
        print(word("no_tests", language), file=sys.stderr)
        return EXIT_MISUSED
    measured = options.coverage or options.fail_under is not None
    coverages = _coverages(reports) if measured else None
    if options.junit:
        try:
            options.junit.write_bytes(as_junit(reports, language))
        except OSError as error:
            print(f"{options.junit}: {error.strerror}", file=sys.stderr)
            return EXIT_MISUSED
    _print(reports, coverages, options, language)
    return _exit_code(reports, coverages, options, language)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flowlang test", description="Run the tests of flows.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--coverage", action="store_true", help="list what no test ever reached")
    parser.add_argument("--fail-under", type=float, metavar="N", help="least coverage in percent")
    parser.add_argument("--junit", type=Path, metavar="FILE")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--lang", choices=LANGUAGES, default="en")
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
