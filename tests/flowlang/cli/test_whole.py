"""Projects on the command line: checked as a whole, mapped, drawn, exported for an environment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowlang import cli

Write = Callable[[str, str], Path]
Said = pytest.CaptureFixture[str]
PROJECT = """\
name = "Shop"

[entries.phone]
flow = "main"
channels = ["voice"]

[queues.Desk]

[environments.live.names.queue]
Desk = "arn:aws:connect:eu-west-2:1:instance/2/queue/3"
"""
MAIN = """\
flow main
  on error -> hang_up

queue desk = "Desk"

start:
  transfer desk
    on full -> hang_up
"""
LOST = MAIN.replace("flow main", "flow lost")


def checked(*arguments: str, said: Said) -> tuple[int, Any]:
    code = cli.main(["check", *arguments, "--format", "json"])
    return code, json.loads(said.readouterr().out)


def codes(told: Any) -> dict[str, list[str]]:
    return {file["path"]: [it["code"] for it in file["problems"]] for file in told["files"]}


def test_a_folder_is_checked_as_a_whole(write: Write, capsys: Said) -> None:
    write("shop/flowlang.toml", PROJECT)
    write("shop/main.flow", MAIN)
    write("shop/sub/lost.flow", LOST)
    code, told = checked("shop", said=capsys)
    assert code == 0
    assert codes(told) == {
        "shop/flowlang.toml": [],
        "shop/main.flow": [],
        "shop/sub/lost.flow": ["FL533"],
    }
    (project,) = told["projects"]
    assert project["path"] == "shop/flowlang.toml"
    assert [flow["path"] for flow in project["flows"]] == ["main.flow", "sub/lost.flow"]
    facts = {fact["check"]: fact["status"] for fact in told["files"][0]["facts"]}
    assert facts == {
        "entries": "proved", "flows_reached": "broken", "links": "proved", "transfers": "proved",
    }  # fmt: skip


def test_a_problem_stands_where_it_belongs(write: Write, capsys: Said) -> None:
    write("flowlang.toml", PROJECT.replace('["voice"]', '["chat"]'))
    write("main.flow", MAIN.replace("flow main", "flow main\n  channels voice"))
    assert cli.main(["check", ".", "--lang", "en"]) == 1
    assert " --> flowlang.toml:5:1\n" in capsys.readouterr().out


def test_the_map_is_among_the_facts(write: Write, capsys: Said) -> None:
    write("flowlang.toml", PROJECT)
    write("main.flow", MAIN)
    assert cli.main(["check", ".", "--facts", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Shop\n  phone  voice → main\n  main (main.flow)\n    queue: Desk\n\n")
    assert "  proved: no chain of transfers turns for ever\n" in out


def test_each_project_is_a_whole_of_its_own(write: Write, capsys: Said) -> None:
    write("flowlang.toml", PROJECT)
    write("main.flow", MAIN)
    write("other/flowlang.toml", PROJECT.replace("Desk", "Counter"))
    write("other/main.flow", MAIN)
    code, told = checked(".", said=capsys)
    assert code == 1
    assert codes(told)["main.flow"] == []
    assert codes(told)["other/main.flow"] == ["FL520"]
    assert codes(told)["other/flowlang.toml"] == []
    assert [project["path"] for project in told["projects"]] == [
        "flowlang.toml", "other/flowlang.toml",
    ]  # fmt: skip


def test_a_file_alone_knows_its_project(write: Write, capsys: Said) -> None:
    write("flowlang.toml", PROJECT.replace("Desk", "Counter"))
    write("deep/main.flow", MAIN)
    code, told = checked("deep/main.flow", said=capsys)
    assert (code, codes(told)) == (1, {"deep/main.flow": ["FL520"]})
    assert told["projects"] == []


def test_a_project_file_alone_knows_its_flows(write: Write, capsys: Said) -> None:
    write("flowlang.toml", PROJECT.replace('["voice"]', '["chat"]'))
    write("main.flow", MAIN.replace("flow main", "flow main\n  channels voice"))
    code, told = checked("flowlang.toml", said=capsys)
    assert (code, codes(told)) == (1, {"flowlang.toml": ["FL532"]})
    assert [flow["path"] for flow in told["projects"][0]["flows"]] == ["main.flow"]


def test_outside_of_a_project_nothing_is_missed(write: Write, capsys: Said) -> None:
    write("main.flow", MAIN)
    assert codes(checked("main.flow", said=capsys)[1]) == {"main.flow": []}


def test_a_project_file_that_cannot_be_used_stops_nothing(write: Write, capsys: Said) -> None:
    write("flowlang.toml", "name = \n")
    write("main.flow", MAIN)
    code, told = checked(".", said=capsys)
    assert (code, codes(told)) == (1, {"flowlang.toml": ["FL353"], "main.flow": []})


# --- convert ----------------------------------------------------------------------------------


def test_a_project_becomes_a_picture(write: Write, capsys: Said) -> None:
    write("shop/flowlang.toml", PROJECT)
    write("shop/main.flow", MAIN)
    assert cli.main(["convert", "shop", "--to", "mermaid"]) == 0
    assert '"Desk"' in capsys.readouterr().out
    assert cli.main(["convert", "shop", "map.dot"]) == 0
    assert Path("map.dot").read_text("utf-8").startswith("digraph project {")


def test_a_project_becomes_nothing_else(write: Write, capsys: Said) -> None:
    write("shop/flowlang.toml", PROJECT)
    with pytest.raises(SystemExit) as raised:
        cli.main(["convert", "shop", "--to", "json", "--lang", "en"])
    assert raised.value.code == 2
    assert "dot, svg, mermaid" in capsys.readouterr().err


def test_what_cannot_be_drawn(write: Write, capsys: Said) -> None:
    Path("empty").mkdir()
    assert cli.main(["convert", "empty", "--to", "dot", "--lang", "en"]) == 2
    write("bad/flowlang.toml", "name = 3\n")
    assert cli.main(["convert", "bad", "--to", "dot", "--lang", "en"]) == 1
    assert "FL356" in capsys.readouterr().err


def test_an_export_takes_the_names_of_an_environment(write: Write, capsys: Said) -> None:
    write("flowlang.toml", PROJECT)
    write("main.flow", MAIN)
    assert cli.main(["convert", "main.flow", "--to", "connect", "--environment", "live"]) == 0
    assert "instance/2/queue/3" in capsys.readouterr().out
    assert cli.main(["convert", "main.flow", "--to", "connect"]) == 0
    assert "instance/2/queue/3" not in capsys.readouterr().out


def test_an_environment_that_is_none(write: Write, capsys: Said) -> None:
    write("flowlang.toml", PROJECT)
    write("main.flow", MAIN)
    arguments = ["convert", "main.flow", "--to", "connect", "--lang", "en", "--environment"]
    assert cli.main([*arguments, "liv"]) == 2
    assert "did you mean `live`?" in capsys.readouterr().err
    write("flowlang.toml", "name = 3\n")
    assert cli.main([*arguments, "live"]) == 2
    assert "FL356" in capsys.readouterr().err
