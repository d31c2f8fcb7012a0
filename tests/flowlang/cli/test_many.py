"""Work on many files: by several processes the same as by one, and a bar where a person waits."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from flowlang import cli
from flowlang.cli import many

from .conftest import BAD, GOOD

Write = Callable[[str, str], Path]
Said = pytest.CaptureFixture[str]
PARENT = os.getpid()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "BYTES_FOR_WORKERS", 0)
    monkeypatch.setattr(many, "processors", lambda: 2)


def process_and_double(number: int) -> tuple[bool, int]:
    return os.getpid() == PARENT, number * 2


def only_at_home(number: int) -> int:
    if os.getpid() != PARENT and number > 10:
        os._exit(1)
    return number * 2


def test_workers_keep_the_order(workers: None, tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{number}.flow") for number in range(40)]
    for path in paths:
        Path(path).write_text("x")
    made = list(many.each(process_and_double, range(40), paths))
    assert made == [(False, number * 2) for number in range(40)]


def test_little_work_stays_in_this_process() -> None:
    assert all(here for here, _ in many.each(process_and_double, range(40), ["a"] * 40))


def test_a_worker_that_dies_loses_nothing(workers: None, tmp_path: Path) -> None:
    file = tmp_path / "a.flow"
    file.write_text("x")
    assert list(many.each(only_at_home, range(40), [str(file)] * 40)) == [
        number * 2 for number in range(40)
    ]


@pytest.mark.parametrize("command", [["check", "--format", "json"], ["check"], ["fmt", "--diff"]])
def test_a_command_says_the_same(
    command: list[str], write: Write, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        write(f"{number:02}.flow", (BAD if number % 3 else GOOD).replace("play ", "play  "))
    code = cli.main([*command, "."])
    alone = capsys.readouterr().out
    assert "17.flow" in alone
    monkeypatch.setattr(many, "BYTES_FOR_WORKERS", 0)
    monkeypatch.setattr(many, "processors", lambda: 2)
    assert cli.main([*command, "."]) == code
    assert capsys.readouterr().out == alone


def test_a_bar_is_drawn_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "QUIET_S", -1.0)
    monkeypatch.setattr(many, "REDRAWN_AFTER_S", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(many.sys, "stderr", stream)
        with many.Bar(4) as bar:
            for _ in range(4):
                bar.step()
        assert ("[######..................] 1/4" in stream.getvalue()) == shown
        assert stream.getvalue().endswith("\r" if shown else "")


def test_quick_work_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(many.sys, "stderr", stream)
    with many.Bar(2) as bar:
        bar.step()
    assert stream.getvalue() == ""
