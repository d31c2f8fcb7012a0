"""Tests of flows that run modules, and of modules alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowlang.effects import TellAgent
from runtime.happenings import Did
from runtime.telling import tell
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


LINE = """\
flow line
  on error -> hang_up

flow music = "music.flow"
flow note = "note.flow"
flow survey = "survey.flow"
queue sales = "Sales"

start:
  set_flow customer_queue: music, agent_whisper: note, disconnect: survey
  transfer sales
    on full -> hang_up
"""
MUSIC = """\
flow music
  type customer_queue

start:
  ask "Press 1 to hear it again."
    on "1" -> start
    on timeout, no_match, error -> end_flow
"""
NOTE = """\
flow note
  type agent_whisper

start:
  play "From the line."
  -> end_flow
"""
SURVEY = """\
flow survey
  on error -> hang_up

start:
  ask "From 1 to 5?"
    digits: 1
    otherwise -> thanks
    on timeout -> hang_up

thanks:
  play "Thank you."
  -> hang_up
"""
AROUND = """\
test "the queue and what comes after it" for line
  expect ask contains "again"
  caller presses "1"
  expect ask contains "again"
  agent accepts
  expect play contains "From the line."
  agent says "Hello."
  agent leaves
  expect ask contains "1 to 5"
  caller presses "4"
  expect play contains "Thank you"
  expect end
"""


def test_flows_around_a_queue_run_in_the_test_of_a_flow(tmp_path: Path) -> None:
    flows = {"line": LINE, "music": MUSIC, "note": NOTE, "survey": SURVEY, "line.test": AROUND}
    for name, text in flows.items():
        (tmp_path / f"{name}.flow").write_text(text)
    report = run_file(tmp_path / "line.test.flow")
    assert not report.problems
    (result,) = report.results
    assert result.failure is None


def test_a_whisper_is_told_of_in_the_terminal() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    whisper = TellAgent(agent="kim", what="whispered", text="Be nice.")
    assert tell(Did(at=at, step="", effect=whisper), "en") == ["to kim alone: “Be nice.”"]
