"""`flowlang fmt`: canonical text, and nothing lost on the way."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from flowlang import cli
from flowlang.syntax import parse, to_text

from .conftest import BROKEN, GOOD, Call

Write = Callable[[str, str], Path]
Said = pytest.CaptureFixture[str]
UGLY = GOOD.replace("play ", "play    ").replace("\n\nstart", "\n\n\n\nstart")
CANONICAL = to_text(parse(UGLY).document)


def test_files_and_folders(write: Write, capsys: Said) -> None:
    ugly, good = write("sub/a.flow", UGLY), write("b.flow", GOOD)
    ugly.chmod(0o600)
    before = good.stat().st_mtime_ns
    assert cli.main(["fmt", "."]) == 0
    assert ugly.read_text() == CANONICAL
    assert good.stat().st_mtime_ns == before
    assert stat.S_IMODE(ugly.stat().st_mode) == 0o600
    assert capsys.readouterr().err == "sub/a.flow: formatted\n"
    assert sorted(path.name for path in Path().rglob("*")) == ["a.flow", "b.flow", "sub"]


def test_check_writes_nothing(write: Write, capsys: Said) -> None:
    ugly = write("a.flow", UGLY)
    write("b.flow", CANONICAL)
    assert cli.main(["fmt", "--check", "."]) == 1
    assert cli.main(["fmt", "--check", "b.flow"]) == 0
    assert ugly.read_text() == UGLY
    assert capsys.readouterr().err == "a.flow: would change\n"


def test_a_difference(write: Write, capsys: Said) -> None:
    ugly = write("a.flow", UGLY.rstrip("\n"))
    assert cli.main(["fmt", "--diff", "a.flow"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("--- a.flow\n+++ a.flow\n@@ ")
    assert '-  play    "Hello."\n' in told
    assert '+  play "Hello."\n' in told
    assert "-  -> hang_up\n\\ No newline at end of file\n" in told
    assert cli.main(["fmt", "--diff", "--check", "a.flow"]) == 1
    assert ugly.read_text() == UGLY.rstrip("\n")


def test_standard_input(call: Call) -> None:
    done = call("fmt", "-", text=UGLY)
    assert (done.returncode, done.stdout, done.stderr) == (0, CANONICAL, "")
    broken = call("fmt", "-", text=BROKEN)
    assert (broken.returncode, broken.stdout) == (2, "")
    assert "error[FL009]" in broken.stderr


def test_broken_files_stay_and_others_do_not(write: Write, capsys: Said) -> None:
    broken, ugly = write("a.flow", BROKEN), write("b.flow", UGLY)
    assert cli.main(["fmt", "."]) == 2
    assert broken.read_text() == BROKEN
    assert ugly.read_text() == CANONICAL
    assert " --> a.flow:3:5\n" in capsys.readouterr().err


def test_line_ends_of_windows_stay(write: Write) -> None:
    path = write("a.flow", UGLY.replace("\n", "\r\n"))
    assert cli.main(["fmt", "a.flow"]) == 0
    assert path.read_bytes() == CANONICAL.replace("\n", "\r\n").encode()
    assert cli.main(["fmt", "--check", "a.flow"]) == 0


def test_what_is_not_there(capsys: Said) -> None:
    assert cli.main(["fmt", "nothing.flow"]) == 2
    assert "FL410" in capsys.readouterr().err
    assert cli.main(["fmt", "."]) == 2
    assert "FL413" in capsys.readouterr().err


def test_a_link_leads_to_its_file(write: Write) -> None:
    target = write("real/a.flow", UGLY)
    link = Path("link.flow")
    link.symlink_to(target)
    assert cli.main(["fmt", "link.flow"]) == 0
    assert link.is_symlink()
    assert target.read_text() == CANONICAL


def test_a_failing_write_leaves_the_old_file(
    write: Write, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    path = write("a.flow", UGLY)
    monkeypatch.setattr(os, "fsync", fail)
    assert cli.main(["fmt", "a.flow"]) == 2
    assert "`a.flow` cannot be written: No space left on device" in capsys.readouterr().err
    assert path.read_text() == UGLY
    assert list(Path().iterdir()) == [Path("a.flow")]
