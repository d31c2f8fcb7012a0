"""Tests of flows that run modules, and of modules alone."""

from pathlib import Path

import pytest

from runtime.testing.suite import run_file

DESK = """\
flow desk
  on error -> hang_up

module verify = "parts/verify.flow"

start:
  verify digits: 4
    on locked -> sorry
  play "Hello {verify.name}."
  -> hang_up

sorry:
  play "Sorry."
  -> hang_up
"""
VERIFY = """\
module verify (digits: integer) -> (name: text)
  outcomes locked
  on error -> over

function crm = "crm" (pin: text) -> (name: text)

start:
  found = collect "Your PIN, please.", digits: digits
    on no_input, invalid -> over
  crm pin: found.value
  return name: crm.name

over:
  return locked
"""
GOOD = """\
test "who knows the PIN is greeted" for desk
  given crm returns (name: "Ada")
  expect collect contains "PIN"
  caller presses "1234"
  expect play contains "Hello Ada"
  expect path start
  expect end

test "who is not known is not" for desk
  given crm fails
  expect verify
  caller presses "1234"
  expect play contains "Sorry"
"""
ALONE = """\
test "a PIN is looked up" for verify
  given digits 2
  given crm returns (name: "Ada")
  expect collect contains "PIN", digits: 2
  caller presses "12"
  expect return name: "Ada"
  expect end

test "nobody is kept for ever" for verify
  given digits 2
  given crm fails
  caller presses "12"
  expect return locked
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "flowlang.toml").write_text('name = "Desk"\n')
    (tmp_path / "parts").mkdir()
    (tmp_path / "desk.flow").write_text(DESK)
    (tmp_path / "parts" / "verify.flow").write_text(VERIFY)
    return tmp_path


def test_a_module_runs_inside_of_the_test_of_a_flow(folder: Path) -> None:
    path = folder / "desk.test.flow"
    path.write_text(GOOD)
    report = run_file(path)
    assert not report.problems
    assert [result.failure for result in report.results] == [None, None]
    (coverage,) = report.coverage.values()
    assert not coverage.missed


def test_a_module_has_tests_of_its_own(folder: Path) -> None:
    path = folder / "parts" / "verify.test.flow"
    path.write_text(ALONE)
    report = run_file(path)
    assert not report.problems
    assert [result.failure for result in report.results] == [None, None]
