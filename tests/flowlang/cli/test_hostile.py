"""Whatever the command line is pointed at: a message and an exit code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flowlang import cli, limits
from flowlang.cli import files

from .conftest import COMMAND, GOOD

Write = Callable[[str, str], Path]
Said = pytest.CaptureFixture[str]

NATIVE = b'{"schema":"flowlang/1","items":%s}'
BYTES = {
    "random": bytes(range(256)) * 20,
    "utf-16": "flow x\n".encode("utf-16"),
    "a lone surrogate": b'flow x\n\nstart:\n  play "\xed\xa0\x80"\n',
    "a nul": b"flow x\0\n",
    "nothing": b"",
    "a mark alone": b"\xef\xbb\xbf",
    "old line ends": b"flow x\r\rstart:\r  -> hang_up\r",
    "escapes of a terminal": b'flow x\n\nstart:\n  play "\x1b[2J\x07" \x1b[31m\n',
    "one long line": b'flow x\n\nstart:\n  play "' + b"a" * 900_000 + b'"\n',
    "more than is read": b"#" * (limits.TEXT_BYTES_MAX + 1),
    "brackets": b"flow x\n\nstart:\n  set x: " + b"(" * 20_000 + b"\n",
    "operators": b"flow x\n\nstart:\n  set x: " + b"1 + " * 12_000 + b"1\n",
    "braces": b'flow x\n\nstart:\n  play "' + b"{" * 8_000 + b'"\n',
    "steps down": b"flow x\n\nstart:\n" + b"".join(b" " * n + b"k:\n" for n in range(2, 900)),
    "sections": b"flow x\n" + b"".join(b"s%d:\n  -> s%d\n" % (n, n + 1) for n in range(40_000)),
    "a round": b"flow x\n" + b"".join(b"s%d:\n  -> s%d\n" % (n, -~n % 9_000) for n in range(9_000)),
    "deep json": b"[" * 100_000,
    "native json that is deep": NATIVE % (b"[" * 5_000 + b"]" * 5_000),
    "no number": b'{"schema":"flowlang/1","a":NaN}',
    "a key twice": NATIVE % b'[],"items":[]',
    "a large number": NATIVE % (b"[" + b"9" * 5_000 + b"]"),
    "half a connect flow": b'{"StartAction":"x","Actions":[1,null,{"Identifier":[]}]}',
}  # fmt: skip


@pytest.mark.parametrize("command", [["check"], ["fmt", "--check"], ["convert", "--to", "json"]])
@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_hostile_files(
    data: bytes, command: list[str], tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.flow").write_bytes(data)
    assert cli.main([*command, "x.flow"]) in (0, 1, 2)
    told = capsys.readouterr()
    assert "bug in flowlang" not in told.err
    assert "\x1b" not in told.out + told.err or command[0] == "convert"
    assert len(told.err) < 200_000


@pytest.mark.parametrize("command", [["check"], ["fmt"], ["convert", "--to", "json"], ["run"]])
@pytest.mark.parametrize("name", ["missing.flow", "loop.flow", "dangling.flow", "folder.flow", ""])
def test_paths_that_are_no_files(
    name: str, command: list[str], tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("loop.flow").symlink_to("loop.flow")
    Path("dangling.flow").symlink_to("nowhere.flow")
    Path("folder.flow").mkdir()
    try:
        code = cli.main([*command, name])
    except SystemExit as ended:
        code = int(str(ended.code))
    assert code == 2
    told = capsys.readouterr()
    assert told.out + told.err
    assert "bug in flowlang" not in told.err


def test_a_pipe_in_a_folder_is_not_waited_for(write: Write, capsys: Said) -> None:
    write("a.flow", GOOD)
    os.mkfifo("pipe.flow")
    assert cli.main(["check", "."]) == 0
    assert "1 file checked" in capsys.readouterr().out


def test_an_endless_file_is_read_to_its_limit(write: Write) -> None:
    assert files.read("/dev/zero").problem is not None


def test_a_closed_folder_is_told(
    write: Write, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("closed/a.flow", GOOD)
    write("b.flow", GOOD)
    scan = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert cli.main(["check", ".", "--format", "json"]) == 2
    told = json.loads(capsys.readouterr().out)["files"]
    assert [(Path(file["path"]).name, len(file["problems"])) for file in told] == [
        ("b.flow", 0),
        ("closed", 1),
    ]


@pytest.mark.parametrize("target", ["a.flow/x.json", "missing/x.json", "closed.json"])
def test_targets_that_cannot_be_written(target: str, write: Write, capsys: Said) -> None:
    write("a.flow", GOOD)
    Path("closed.json").mkdir()
    assert cli.main(["convert", "a.flow", target, "--to", "json"]) in (0, 2)
    assert "bug in flowlang" not in capsys.readouterr().err


def test_nobody_reads_to_the_end(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}.flow").write_text(GOOD.replace("hang_up", "nowhere_at_all"))
    done = subprocess.run(
        f"{COMMAND} check {tmp_path} --format json | head -c 10",
        shell=True, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
