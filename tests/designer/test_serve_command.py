"""`flowlang serve` and `design` promise nothing when they cannot listen."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from designer.commands import design
from designer.commands.serve import EXIT_MISUSED, main

EXAMPLE = Path(__file__).parents[2] / "examples" / "support"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "support"))


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_is_taken(
    project: Path, taken_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(project), "--port", str(taken_port)]) == EXIT_MISUSED
    said = capsys.readouterr()
    assert "--port" in said.err
    assert said.out == ""


def test_a_port_that_cannot_be(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(project), "--port", "99999", "--lang", "ko"]) == EXIT_MISUSED
    said = capsys.readouterr()
    assert "99999" in said.err
    assert said.out == ""


def test_the_designer_alone_says_so_too(
    project: Path, taken_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert design.run([str(project), "--port", str(taken_port)]) == EXIT_MISUSED
    said = capsys.readouterr()
    assert str(taken_port) in said.err
    assert said.out == ""


def test_the_designer_on_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert design.run([str(tmp_path / "gone"), "--lang", "ko"]) == EXIT_MISUSED
    assert "아무것도 없습니다" in capsys.readouterr().err
