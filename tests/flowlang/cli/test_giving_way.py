"""Beside a server, commands that work hard lower their own priority."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flowlang.cli import giving_way

SCRIPT = """
import os, sys
from flowlang.cli.giving_way import give_way
give_way(sys.argv[1])
give_way(sys.argv[1])
print(os.nice(0))
"""


def niceness(command: str) -> int:
    """Of a process that carries out a command."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, command], capture_output=True, check=True)
    return int(done.stdout)


def test_who_works_hard_gives_way_while_somebody_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    usual = os.nice(0)
    assert niceness("test") == usual
    mark = giving_way.announce()
    assert mark is not None
    assert mark.name == str(os.getpid())
    assert giving_way.announce() == mark
    assert niceness("test") == max(usual, giving_way.NICENESS)
    assert niceness("serve") == usual
    giving_way.withdraw(mark)
    assert niceness("check") == usual


def test_what_a_killed_server_left_means_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    folder = tmp_path / "flowlang-serving"
    folder.mkdir()
    for name in (str(gone.pid), "nobody", "9" * 30):
        (folder / name).touch()
    assert niceness("check") == os.nice(0)
    mark = giving_way.announce()
    assert mark is not None
    assert {each.name for each in folder.iterdir()} == {mark.name, "nobody"}
    giving_way.withdraw(mark)


def test_who_cannot_announce_serves_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    assert giving_way.announce() is None
    giving_way.withdraw(None)
