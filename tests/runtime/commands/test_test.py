"""`flowlang test`, from arguments to exit code."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from flowlang import cli
from runtime.commands.test import main
from tests.runtime.testing.flows import DESK

GOOD = 'test "it asks" for desk\n  given office open\n  given crm fails\n  expect ask\n'
BAD = GOOD.replace("expect ask", "expect transfer")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "desk.flow").write_text(DESK)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "more", "code"),
    [
        (GOOD, [], 0),
        (BAD, [], 1),
        (GOOD + "\n" + BAD.replace("it asks", "two"), [], 1),
        ('test "x" for desk\n  expct ask\n', [], 2),
        ("", [], 2),
        (GOOD, ["--fail-under", "10"], 0),
        (GOOD, ["--fail-under", "90"], 1),
    ],
)
def test_the_exit_code(folder: Path, text: str, more: list[str], code: int) -> None:
    (folder / "desk.test.flow").write_text(text)
    assert main([str(folder), *more]) == code


@pytest.mark.parametrize("percent", ["nan", "-1", "101"])
def test_no_coverage_beyond_all_of_it(
    folder: Path, percent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([str(folder), f"--fail-under={percent}"])
    assert "from 0 to 100" in capsys.readouterr().err


def test_a_missing_file_is_misuse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "x.test.flow")]) == 2
    assert "cannot be read" in capsys.readouterr().out


def test_coverage_is_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "desk.test.flow").write_text(GOOD)
    main([str(folder)])
    assert "never taken" not in capsys.readouterr().out
    main([str(folder), "--coverage"])
    out = capsys.readouterr().out
    assert 'menu.ask  on "1": never taken' in out
    assert "line.branch  otherwise: never taken" in out
    assert "sorry.play  never reached" in out


def test_files_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "desk.test.flow").write_text(BAD)
    junit = folder / "junit.xml"
    assert main([str(folder), "--format", "json", "--junit", str(junit), "--coverage"]) == 1
    body = json.loads(capsys.readouterr().out)
    assert body["failed"] == 1
    assert body["coverage"]["flows"]
    assert ET.parse(junit).getroot()[0].get("failures") == "1"
    assert main([str(folder), "--junit", str(folder / "no" / "junit.xml")]) == 2


def test_a_flow_as_json_has_no_tests(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "flow.json"
    path.write_text('{"StartAction": "a", "Actions": []}')
    assert main([str(path)]) == 2
    out = capsys.readouterr().out
    assert "has no tests" in out
    assert f"flowlang convert {path} --to flow" in out
    assert "FL0" not in out


def test_korean(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "desk.test.flow").write_text(BAD)
    main([str(folder), "--lang", "ko"])
    out = capsys.readouterr().out
    assert "`transfer`를 기대했지만 일어나지 않았습니다." in out
    assert "일어난 일" in out


def test_a_broken_project_file_is_told_instead(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["new", str(tmp_path / "mine")]) == 0
    project = tmp_path / "mine" / "flowlang.toml"
    project.write_text("name = Acorn\n")
    capsys.readouterr()
    for command in ("test", "run"):
        flow = tmp_path / "mine" / "support.flow"
        assert cli.main([command, str(flow), "--lang", "en"]) != 0
        told = capsys.readouterr()
        assert told.out == ""
        assert "FL353" in told.err
        assert "Texts stand in quotes" in told.err
