"""The command itself: help, languages, misuse, bugs, interruptions."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from flowlang import cli
from flowlang.cli import check

from .conftest import BAD, COMMAND, GOOD, Call


def test_help_names_what_there_is(call: Call) -> None:
    done = call()
    assert done.returncode == 0
    for name in ("check", "fmt", "convert", "schema", "blocks", "test", "run", "new"):
        assert f"\n  {name} " in done.stdout
    assert call("--help").stdout == done.stdout
    assert call("--help", "--lang", "ko").stdout == call(LANG="ko_KR.UTF-8").stdout
    assert "흐름" in call(LANG="ko_KR.UTF-8").stdout


def test_nothing_is_promised_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    commands = {**cli.COMMANDS, "fly": "flowlang.nowhere.fly", "dive": "flowlang.cli.dive"}
    monkeypatch.setattr(cli, "COMMANDS", commands)
    offered = cli._available()
    assert "check" in offered
    assert not {"fly", "dive"} & set(offered)


def test_every_command_has_a_summary_in_both_languages() -> None:
    assert cli.SUMMARIES.keys() == cli.COMMANDS.keys()
    assert all(len(words) == 2 and all(words) for words in cli.SUMMARIES.values())


@pytest.mark.parametrize("name", [name for name in cli.COMMANDS if name != "lsp"])
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for language in ("en", "ko"):
        with pytest.raises(SystemExit) as ended:
            cli.main([name, "--lang", language, "--help"])
        assert ended.value.code == 0
        texts.append(capsys.readouterr().out)
    assert f"flowlang {name}" in texts[0]
    assert "사용법: " in texts[1]
    assert "옵션" in texts[1]


def test_a_misspelled_command(call: Call) -> None:
    done = call("chekc")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "flowlang: there is no command `chekc`. Did you mean `check`?\n"
    assert "혹시 `check`입니까?" in call("--lang", "ko", "chekc").stderr
    assert "`flowlang --help`" in call("zzz").stderr


def test_the_language_may_stand_in_front(call: Call) -> None:
    Path("a.flow").write_text(BAD)
    assert "오류[FL203]" in call("--lang", "ko", "check", "a.flow").stdout
    assert "오류[FL203]" in call("check", "a.flow", "--lang=ko").stdout


@pytest.mark.parametrize(
    ("arguments", "english", "korean"),
    [
        (["check"], "required: PATH", "빠진 것이 있습니다: PATH"),
        (["check", "x", "--target"], "expected one argument", "--target에 값이 없습니다"),
        (["check", "x", "--target", "moon"], "invalid choice", "moon"),
        (["fmt", "x", "--checkk"], "Did you mean `--check`?", "혹시 `--check`입니까?"),
        (["serve", "x", "--prot=80"], "no option `--prot`", "`--prot` 옵션은 없습니다"),
        (["test", "x", "--zzz"], "`flowlang test --help`", "`flowlang test --help`"),
        (["serve", "x", "--port", "no"], "invalid int", "--port에 쓴 'no'은(는) 수가 아닙니다"),
        (["schema", "x"], "`x` is one argument too many", "`x`은(는) 남는 인자입니다"),
    ],
)
def test_misuse(
    arguments: list[str], english: str, korean: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for language, said in (("en", english), ("ko", korean)):
        with pytest.raises(SystemExit) as ended:
            cli.main([*arguments, "--lang", language])
        assert ended.value.code == 2
        assert said in capsys.readouterr().err


@pytest.mark.parametrize("name", ["run", "new", "publish", "serve"])
def test_every_command_speaks_as_the_machine_is_set(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    nothing = ["/no/where", "--example", "none"] if name == "new" else ["/no/where"]
    assert cli.main([name, *nothing]) != 0
    assert re.search("[가-힣]", capsys.readouterr().err)


def test_the_version(call: Call) -> None:
    assert call("--version").stdout.startswith("flowlang 0.")


def test_a_bug_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: list[str]) -> int:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(cli, "import_module", lambda name: SimpleNamespace(run=fail))
    monkeypatch.delenv("FLOWLANG_DEBUG", raising=False)
    assert cli.main(["check", "x"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "a bug in flowlang (ZeroDivisionError)" in told
    assert "FLOWLANG_DEBUG=1" in told
    monkeypatch.setenv("FLOWLANG_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["check", "x"])


def test_an_interruption_is_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "run", stop)
    assert cli.main(["check", "x"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(os.name != "posix", reason="pipes of another kind")
def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    # More than a pipe holds.
    (tmp_path / "a.flow").write_text(GOOD + "  lost\n" * 1_000)
    process = subprocess.Popen(
        [COMMAND, "check", "."], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stderr
    process.stdout.read(10)
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait() in (141, -signal.SIGPIPE)
    assert errors == b""


def test_korean_reaches_a_pipe_whatever_the_locale(call: Call) -> None:
    Path("a.flow").write_text(BAD.replace("Hello", "안녕하세요").replace("hang_upp", "안녕"))
    done = call("check", "a.flow", LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert "안녕" in done.stdout


def test_the_module_is_the_command_too(tmp_path: Path) -> None:
    (tmp_path / "a.flow").write_text(GOOD)
    done = subprocess.run(
        [sys.executable, "-m", "flowlang", "check", "a.flow"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="has no full disk to try")
def test_a_full_disk_is_no_bug(call: Call) -> None:
    Path("a.flow").write_text(GOOD)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [COMMAND, "check", "a.flow", "--lang", "ko"],
            stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "flowlang: 컴퓨터가 거부했습니다: 디스크에 자리가 없습니다\n"
