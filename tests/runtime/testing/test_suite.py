"""Finding tests and flows; reports and coverage."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from flowlang.diagnostics.words import LANGUAGES, Language
from runtime.testing.coverage import merge, percent
from runtime.testing.formats import as_json, as_junit
from runtime.testing.report import as_text, coverage_text
from runtime.testing.suite import FILES_FOR_WORKERS, FileReport, find_files, run_file, run_files
from tests.runtime.testing.flows import DESK

EXAMPLE = Path(__file__).parents[3] / "examples" / "support"
GOOD = """
test "it asks" for desk
  given office open
  given crm fails
  expect ask
"""
BAD = """
test "it transfers" for desk
  given office open
  given crm fails
  expect transfer
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "desk.flow").write_text(DESK)
    (tmp_path / "desk.test.flow").write_text(GOOD)
    return tmp_path


def codes(report: FileReport) -> list[str]:
    return [problem.code for problem in report.problems]


# --- finding ----------------------------------------------------------------------------------


def test_a_folder_means_all_tests_in_it(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "own.flow").write_text(DESK.replace("flow desk", "flow own") + GOOD)
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "x.test.flow").write_text(GOOD)
    (folder / "other.flow").write_text('flow other\n\nstart:\n  play "test"\n  -> hang_up\n')
    assert find_files([folder]) == [folder / "desk.test.flow", folder / "deep" / "own.flow"]


def test_a_flow_means_the_tests_beside_it(folder: Path) -> None:
    assert find_files([folder / "desk.flow"]) == [folder / "desk.test.flow"]
    (folder / "desk.flow").write_text(DESK + GOOD)
    assert find_files([folder / "desk.flow"]) == [folder / "desk.flow", folder / "desk.test.flow"]


def test_a_file_is_run_once(folder: Path) -> None:
    assert len(find_files([folder, folder / "desk.flow", folder / "desk.test.flow"])) == 1


@pytest.mark.parametrize("name", ["desk.test.flow", "other.test.flow", "deep/any.test.flow"])
def test_the_flow_of_a_test_is_found(folder: Path, name: str) -> None:
    (folder / "flowlang.toml").write_text('name = "x"\n')
    (folder / "deep").mkdir()
    path = folder / name
    path.write_text(GOOD)
    report = run_file(path)
    assert not report.problems
    assert [result.passed for result in report.results] == [True]
    assert list(report.coverage) == [str((folder / "desk.flow").resolve())] or list(
        report.coverage
    ) == [str(folder / "desk.flow")]


def test_a_flow_may_hold_its_own_tests(tmp_path: Path) -> None:
    path = tmp_path / "any.flow"
    path.write_text(DESK + GOOD.replace(" for desk", ""))
    assert [result.passed for result in run_file(path).results] == [True]


def test_a_test_beside_a_flow_need_not_name_it(folder: Path) -> None:
    (folder / "desk.test.flow").write_text(GOOD.replace(" for desk", ""))
    assert [result.passed for result in run_file(folder / "desk.test.flow").results] == [True]


@pytest.mark.parametrize(
    ("name", "text", "reason", "suggestion"),
    [
        ("desk.test.flow", GOOD.replace("for desk", "for desc"), None, "desk"),
        ("other.test.flow", GOOD.replace(" for desk", ""), "unnamed", None),
        ("other.test.flow", GOOD, "several", None),
    ],
)
def test_a_flow_that_is_not_there(
    folder: Path, name: str, text: str, reason: str | None, suggestion: str | None
) -> None:
    if reason == "several":
        (folder / "twin.flow").write_text(DESK)
    (folder / name).write_text(text)
    report = run_file(folder / name)
    assert codes(report) == ["FL612"]
    arguments = report.problems[0].arguments
    assert arguments.get("reason") == reason
    assert (arguments.get("suggestion") or None) == suggestion
    assert report.is_misused


def test_only_a_project_is_searched_all_through(folder: Path) -> None:
    (folder / "deep").mkdir()
    path = folder / "deep" / "any.test.flow"
    path.write_text(GOOD)
    assert codes(run_file(path)) == ["FL612"]


def test_the_nearest_flow_of_a_name_is_meant(folder: Path) -> None:
    (folder / "flowlang.toml").write_text('name = "x"\n')
    (folder / "copy").mkdir()
    (folder / "copy" / "old.flow").write_text(DESK.replace("crm phone", "play phone"))
    path = folder / "any.test.flow"
    path.write_text(GOOD)
    assert [result.passed for result in run_file(path).results] == [True]


def test_a_flow_that_cannot_be_read_is_not_tested(folder: Path) -> None:
    (folder / "desk.flow").write_text(DESK + '\nbroken:\n  play "no end\n')
    report = run_file(folder / "desk.test.flow")
    assert codes(report) == ["FL613"]
    assert not report.results


def test_a_broken_test_is_not_run_and_the_others_are(folder: Path) -> None:
    broken = 'test "broken" for desk\n  given crm fails\n  expect play "no end\n'
    (folder / "desk.test.flow").write_text(f"{GOOD}\n{broken}\n{BAD}")
    report = run_file(folder / "desk.test.flow")
    assert [result.title for result in report.results] == ["it asks", "it transfers"]
    assert codes(report) == ["FL003"]


@pytest.mark.parametrize("data", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "x.test.flow"
    if data is not None:
        path.write_bytes(data)
    report = run_file(path)
    assert report.unreadable
    assert report.is_misused


def test_many_files_are_run_by_worker_processes(folder: Path) -> None:
    files = []
    for number in range(FILES_FOR_WORKERS):
        path = folder / f"t{number:02}.test.flow"
        path.write_text(BAD if number == 3 else GOOD)
        files.append(path)
    reports = run_files(files, workers=2)
    assert [Path(report.path) for report in reports] == files
    assert [report.failed for report in reports] == [int(n == 3) for n in range(len(files))]
    assert "it transfers" in as_text(reports, "en")


def test_the_first_example_passes() -> None:
    (report,) = run_files(find_files([EXAMPLE]))
    assert not report.problems
    assert [(result.title, result.passed) for result in report.results] == [
        ("a gold customer is put first", True),
        ("a silent caller is not kept for ever", True),
        ("a slow lookup keeps nobody waiting", True),
    ]


PROJECT = """
name = "Desk"
timezone = "Asia/Seoul"

[hours."Office hours"]
mon = ["09:00-18:00"]

[bots."Helper/live".intents.Balance]
utterances = ["what is my balance", "balance of my {account} account"]

[bots."Helper/live".intents.Balance.slots.account]
values = ["savings", "checking"]
prompt = "Which account?"

[bots."Helper/live".intents.Agent]
utterances = ["let me speak to somebody"]
"""


def test_the_project_knows_hours_and_bots_but_functions_are_given(folder: Path) -> None:
    (folder / "flowlang.toml").write_text(PROJECT)
    (folder / "desk.test.flow").write_text(
        """
test "the project's bot understands" for desk
  given crm fails
  caller presses "2"
  caller says "what is my balance please"
  expect talk contains "Which account?"
  caller says "savings"
  expect play contains "savings"

test "closed on Sundays" for desk
  given time 2026-01-04 10:00
  expect closed

test "a function is given or the test fails" for desk
  expect ask
"""
    )
    report = run_file(folder / "desk.test.flow")
    assert not report.problems
    assert [result.failure and result.failure.code for result in report.results] == [
        None, None, "FL637",
    ]  # fmt: skip


# --- coverage ---------------------------------------------------------------------------------


def test_coverage_lists_what_no_test_took(folder: Path) -> None:
    report = run_file(folder / "desk.test.flow")
    (coverage,) = report.coverage.values()
    missed = {(spot.step, spot.outcome) for spot in coverage.missed}
    assert ("menu.ask", '"1"') in missed
    assert ("menu.ask", "timeout") in missed
    assert ("sorry.play", "") in missed
    assert ("start.found", "error") not in missed
    assert ("menu.ask", "") not in missed
    spot = next(spot for spot in coverage.missed if spot.step == "sorry.play")
    assert DESK.splitlines()[spot.line - 1] == '  play "Sorry."'


def test_what_one_file_covers_another_need_not(folder: Path) -> None:
    (folder / "more.test.flow").write_text(
        'test "closed" for desk\n  given office closed\n  expect closed\n'
    )
    reports = run_files(find_files([folder]))
    parts = [coverage for report in reports for coverage in report.coverage.values()]
    (whole,) = merge(parts)
    assert whole.covered > max(part.covered for part in parts)
    assert percent([whole]) == 100 * whole.covered / whole.total
    assert percent([]) == 100


# --- reports ----------------------------------------------------------------------------------


@pytest.fixture
def reports(folder: Path) -> list[FileReport]:
    extra = 'test "lost" for nowhere\n  expect ask\n'
    (folder / "desk.test.flow").write_text(f"{GOOD}\n{BAD}\n{extra}")
    return [run_file(folder / "desk.test.flow"), run_file(folder / "missing.test.flow")]


def test_a_failure_shows_place_reason_way_and_words(reports: list[FileReport]) -> None:
    text = as_text(reports, "en")
    for part in (
        "✓ it asks",
        "✗ it transfers",
        "error[FL624]: `transfer` was expected and did not happen.",
        "desk.test.flow:11:3",
        "11 |   expect transfer",
        "   |   ^^^^^^^^^^^^^^^",
        "path: start → menu",
        "crm failed",
        "“One, two or three?”",
        "error[FL612]",
        "1 passed, 1 failed, 1 not understood",
    ):
        assert part in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_in_every_language(reports: list[FileReport], language: Language) -> None:
    coverages = list(reports[0].coverage.values())
    text = as_text(reports, language) + coverage_text(coverages, language)
    assert ("통과 1, 실패 1" in text) is (language == "ko")
    assert ("커버리지" in text) is (language == "ko")


def test_json_for_programs(reports: list[FileReport]) -> None:
    coverages = list(reports[0].coverage.values())
    body = json.loads(as_json(reports, coverages, "en"))
    assert (body["passed"], body["failed"]) == (1, 1)
    first, second = body["files"]
    assert [test["passed"] for test in first["tests"]] == [True, False]
    failure = first["tests"][1]["failure"]
    assert (failure["code"], failure["start"]) == ("FL624", {"line": 11, "column": 3})
    assert first["tests"][1]["path"] == ["start", "menu"]
    assert first["problems"][0]["code"] == "FL612"
    assert second["unreadable"]
    assert 0 < body["coverage"]["percent"] < 100
    assert "coverage" not in json.loads(as_json(reports, None, "en"))


def test_junit_for_continuous_integration(reports: list[FileReport]) -> None:
    root = ET.fromstring(as_junit(reports, "en"))
    suite = root[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    failure = suite.find("testcase[@name='it transfers']/failure")
    assert failure is not None
    assert "path: start → menu" in (failure.text or "")


def test_junit_holds_any_text(tmp_path: Path) -> None:
    path = tmp_path / "x.test.flow"
    path.write_text('test "bell \x07 <&>" for nowhere\n  expect ask\n')
    root = ET.fromstring(as_junit([run_file(path)], "en"))
    assert root[0].get("errors") != "0"
    assert root.get("errors") == root[0].get("errors")
    # A test that is not understood keeps its name.
    assert root[0][0].get("name") == "bell  <&>"
