"""The outcome of a test run, for programs: JSON, and JUnit's XML for continuous integration."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import Any

from flowlang.diagnostics import Problem
from flowlang.diagnostics.words import Language, help_, message
from flowlang.syntax import parse
from runtime.testing.coverage import Coverage, percent
from runtime.testing.report import failure_lines, masked, problem_lines, transcript, why_unreadable
from runtime.testing.runner import Result
from runtime.testing.suite import FileReport


def as_json(
    reports: Sequence[FileReport], coverages: Sequence[Coverage] | None, language: Language
) -> str:
    body: dict[str, Any] = {
        "files": [_file_json(report, language) for report in reports],
        "passed": sum(result.passed for report in reports for result in report.results),
        "failed": sum(report.failed for report in reports),
    }
    if coverages is not None:
        body["coverage"] = {
            "percent": round(percent(coverages), 2),
            "flows": [_coverage_json(report) for report in coverages],
        }
    return json.dumps(body, ensure_ascii=False, indent=2)


def _file_json(report: FileReport, language: Language) -> dict[str, Any]:
    return {
        "path": report.path,
        "unreadable": report.unreadable or None,
        "problems": [_problem_json(problem, language) for problem in report.problems],
        "tests": [_result_json(result, language) for result in report.results],
    }


def _result_json(result: Result, language: Language) -> dict[str, Any]:
    body: dict[str, Any] = {
        "title": result.title,
        "flow": result.flow,
        "line": result.place.first.line if result.place else None,
        "passed": result.passed,
        "path": list(result.path),
    }
    if result.failure is not None:
        failure = _problem_json(result.failure, language)
        (said,) = masked([failure["message"]], result)
        body["failure"] = {**failure, "message": said}
        body["heard"] = transcript(result, language)
    return body


def _problem_json(problem: Problem, language: Language) -> dict[str, Any]:
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": message(problem, language),
        "help": help_(problem, language) or None,
        "start": _position_json(*place.first) if place else None,
        "end": _position_json(*place.last) if place else None,
    }


def _position_json(line: int, column: int) -> dict[str, int]:
    return {"line": line, "column": column}


def _coverage_json(report: Coverage) -> dict[str, Any]:
    return {
        "path": report.path,
        "covered": report.covered,
        "total": report.total,
        "missed": [
            {"line": spot.line, "block": spot.step, "outcome": spot.outcome or None}
            for spot in report.missed
        ],
    }


def as_junit(reports: Sequence[FileReport], language: Language) -> bytes:
    root = ET.Element("testsuites")
    for report in reports:
        _add_suite(root, report, language)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, 0)) for suite in root)))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _add_suite(root: ET.Element, report: FileReport, language: Language) -> None:
    broken = len(report.problems) + bool(report.unreadable)
    counts = {
        "name": report.path,
        "tests": str(len(report.results) + broken),
        "failures": str(report.failed),
        "errors": str(broken),
    }
    suite = ET.SubElement(root, "testsuite", counts)
    for result in report.results:
        case = _add_case(suite, report.path, result.title)
        if result.failure is not None:
            (text,) = masked([message(result.failure, language)], result)
            failure = ET.SubElement(case, "failure", message=_plain(text))
            failure.text = _plain("\n".join(failure_lines(result, report, language)))
    for problem in report.problems:
        case = _add_case(suite, report.path, _title_at(problem, report) or problem.code)
        error = ET.SubElement(case, "error", message=_plain(message(problem, language)))
        error.text = _plain("\n".join(problem_lines(problem, report, language)))
    if report.unreadable:
        case = _add_case(suite, report.path, report.path)
        reason = why_unreadable(report, language)
        ET.SubElement(case, "error", message=_plain(reason))


def _title_at(problem: Problem, report: FileReport) -> str:
    """The test that a problem stands in: by that name people look for it."""
    if problem.place is None:
        return ""
    line = problem.place.first.line
    tests = parse(report.source).document.tests
    before = [test for test in tests if test.at is not None and test.at.first.line <= line]
    return before[-1].title if before else ""


def _add_case(suite: ET.Element, path: str, name: str) -> ET.Element:
    names = {"classname": _plain(path), "name": _plain(name)}
    return ET.SubElement(suite, "testcase", names)


def _plain(text: str) -> str:
    """XML has no way to write control characters."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")
