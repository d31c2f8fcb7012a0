"""`flowlang convert`: every pair of formats, the report, what goes beside, what is refused."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from flowlang import cli
from flowlang.cli import drawing
from flowlang.interchange import native
from flowlang.syntax import parse

from .conftest import BROKEN, GOOD, Call
from .test_check import CONNECT, OLDER

Write = Callable[[str, str], Path]
Said = pytest.CaptureFixture[str]
KOREAN = GOOD.replace("Hello.", "안녕하세요.")


def test_text_to_json_and_back(write: Write, capsys: Said) -> None:
    write("a.flow", KOREAN)
    assert cli.main(["convert", "a.flow", "a.json", "--to", "json"]) == 0
    assert native.read(Path("a.json").read_text("utf-8")) == (parse(KOREAN).document, [])
    assert cli.main(["convert", "a.json", "--to", "flow"]) == 0
    assert capsys.readouterr().out == KOREAN


def test_as_a_filter(call: Call) -> None:
    there = call("convert", "-", "--to", "json", text=KOREAN)
    assert there.returncode == 0
    back = call("convert", "-", "-", "--to", "flow", text=there.stdout)
    assert (back.returncode, back.stdout, back.stderr) == (0, KOREAN, "")


def test_the_ending_of_the_target_says_the_format(write: Write, capsys: Said) -> None:
    write("a.flow", GOOD)
    for name, begins in (("a.dot", "digraph"), ("a.mmd", "flowchart"), ("a.json", "{")):
        assert cli.main(["convert", "a.flow", name]) == 0
        assert Path(name).read_text().startswith(begins)
    with pytest.raises(SystemExit) as ended:
        cli.main(["convert", "a.flow"])
    assert ended.value.code == 2
    assert "--to" in capsys.readouterr().err


def test_connect_and_back(write: Write, capsys: Said) -> None:
    write("a.json", CONNECT)
    assert cli.main(["convert", "a.json", "a.flow", "--to", "flow", "--type", "inbound"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "2 of 2 actions became steps of their own" in told.err
    assert 'play "Hi"' in Path("a.flow").read_text()
    assert Path("a.flow.connect.json").exists()
    assert cli.main(["convert", "a.flow", "--to", "connect"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert {action["Identifier"] for action in written["Actions"]} == {"say", "bye"}


def test_the_older_export_of_connect(write: Write, capsys: Said) -> None:
    write("a.json", OLDER.replace("nobody", "bye"))
    assert cli.main(["convert", "a.json", "--to", "flow"]) == 0
    told = capsys.readouterr()
    assert 'play "Hi"' in told.out
    assert "2 of 2 actions became steps of their own" in told.err


def test_a_pipe_stays_a_pipe(write: Write) -> None:
    write("a.flow", GOOD)
    os.mkfifo("pipe")
    read = threading.Thread(target=lambda: heard.append(Path("pipe").read_text("utf-8")))
    heard: list[str] = []
    read.start()
    assert cli.main(["convert", "a.flow", "pipe", "--to", "json"]) == 0
    read.join()
    assert json.loads(heard[0])["schema"] == "flowlang/1"
    assert Path("pipe").is_fifo()


def test_what_only_the_text_says_stays_beside_the_export(write: Write, capsys: Said) -> None:
    text = "# A comment.\n" + KOREAN
    write("a.flow", text)
    assert cli.main(["convert", "a.flow", "out.json", "--to", "connect"]) == 0
    assert "A comment." not in Path("out.json").read_text("utf-8")
    assert cli.main(["convert", "out.json", "--to", "flow"]) == 0
    assert capsys.readouterr().out == text
    Path("out.json.flow.json").unlink()
    assert cli.main(["convert", "out.json", "--to", "flow"]) == 0
    assert "A comment." not in capsys.readouterr().out
    write("out.json.flow.json", "{")
    assert cli.main(["convert", "out.json", "--to", "flow"]) == 1
    assert "FL401" in capsys.readouterr().err


def test_names_are_kept_in_the_map(write: Write, capsys: Said) -> None:
    arn = "arn:aws:connect:us-west-2:123456789012:instance/i/queue/q"
    with_queue = json.loads(CONNECT)
    with_queue["Actions"][1] |= {
        "Type": "UpdateContactTargetQueue",
        "Parameters": {"QueueId": arn},
    }
    with_queue["Actions"][1]["Transitions"]["NextAction"] = "wait"
    failed = [
        {"NextAction": "bye", "ErrorType": kind} for kind in ("QueueAtCapacity", "NoMatchingError")
    ]
    with_queue["Actions"].append(
        {
            "Identifier": "wait",
            "Type": "TransferContactToQueue",
            "Parameters": {},
            "Transitions": {"NextAction": "bye", "Errors": failed},
        }
    )
    write("a.json", json.dumps(with_queue))
    given = ["--name-map", "names.json"]
    assert cli.main(["convert", "a.json", "a.flow", *given]) == 0
    assert arn in Path("names.json").read_text()
    assert cli.main(["convert", "a.flow", "--to", "connect", *given]) == 0
    assert arn in capsys.readouterr().out
    write("names.json", "[]")
    assert cli.main(["convert", "a.flow", "--to", "connect", *given]) == 1
    assert "FL443" in capsys.readouterr().err


@pytest.mark.parametrize("to", ["flow", "json", "connect", "dot", "mermaid"])
def test_broken_sources_are_refused(to: str, write: Write, capsys: Said) -> None:
    write("a.flow", BROKEN)
    assert cli.main(["convert", "a.flow", "out", "--to", to]) == 1
    assert "a.flow:3:5" in capsys.readouterr().err
    assert not Path("out").exists()


def test_json_that_is_no_flow(write: Write, capsys: Said) -> None:
    write("a.json", '{"schema": "somebody/9"}')
    assert cli.main(["convert", "a.json", "--to", "flow"]) == 1
    assert "FL404" in capsys.readouterr().err


def test_what_cannot_be_read_or_written(write: Write, capsys: Said) -> None:
    assert cli.main(["convert", "nothing", "--to", "flow"]) == 2
    assert "FL410" in capsys.readouterr().err
    write("a.flow", GOOD)
    assert cli.main(["convert", "a.flow", "no/such/folder.json"]) == 2
    assert "FL414" in capsys.readouterr().err


# --- pictures ---------------------------------------------------------------------------------

DOT = 'digraph { "안녕" -> b }'


def test_a_picture(write: Write) -> None:
    write("a.flow", KOREAN)
    assert cli.main(["convert", "a.flow", "a.svg"]) == 0
    drawn = Path("a.svg").read_text("utf-8")
    assert "<svg" in drawn
    assert "안녕하세요." in drawn


def test_drawing_without_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pygraphviz")
    monkeypatch.setenv("PATH", os.devnull)
    drawn = drawing.to_svg(DOT)
    assert "<svg" in drawn
    assert "안녕" in drawn


def test_nothing_to_draw_with(write: Write, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.flow", GOOD)
    write("flowlang.toml", 'name = "a"\n')
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr(drawing, "_CHILD", "import a_module_that_nobody_has")
    assert cli.main(["convert", ".", "a.svg"]) == 2
    told = capsys.readouterr().err
    assert "FL415" in told
    assert "Install Graphviz" in told
    assert not Path("a.svg").exists()


def test_a_failing_drawing_says_why() -> None:
    with pytest.raises(drawing.NotDrawn, match="syntax error"):
        drawing.to_svg("digraph {")


def test_a_folder_becomes_the_files_of_another(write: Write, capsys: Said) -> None:
    write("flows/a.flow", GOOD)
    write("flows/deep/b.flow", KOREAN)
    write("flows/a.test.flow", 'test "x" for good\n')
    write("flows/other.json", "{}")
    assert cli.main(["convert", "flows", "out/", "--to", "json"]) == 0
    made = sorted(str(path) for path in Path("out").rglob("*.*"))
    assert made == ["out/a.json", "out/deep/b.json"]
    assert cli.main(["convert", "out", "back/", "--to", "flow"]) == 0
    assert Path("back/deep/b.flow").read_text("utf-8") == KOREAN
    assert cli.main(["convert", "flows", "out/", "--to", "mermaid"]) == 0
    assert Path("out/a.mmd").read_text("utf-8").startswith("flowchart")


def test_a_folder_with_a_broken_flow(write: Write, capsys: Said) -> None:
    write("flows/a.flow", BROKEN)
    write("flows/b.flow", GOOD)
    assert cli.main(["convert", "flows", "out/", "--to", "json"]) == 1
    assert "flows/a.flow" in capsys.readouterr().err
    assert Path("out/b.json").exists()
    assert cli.main(["convert", "out", "nothing/", "--to", "connect"]) == 0
    Path("empty").mkdir()
    assert cli.main(["convert", "empty", "out/", "--to", "json"]) == 2


def test_a_folder_has_no_one_file(write: Write, capsys: Said) -> None:
    write("flows/a.flow", GOOD)
    with pytest.raises(SystemExit, match="2"):
        cli.main(["convert", "flows", "--to", "json"])
    assert "another folder" in capsys.readouterr().err
