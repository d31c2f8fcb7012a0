"""`flowlang blocks` and `flowlang schema`: the library and the schema, for people and tools."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from blocks.catalogue import Library, catalogue
from flowlang import cli
from flowlang.interchange import native

from .conftest import Call

Said = pytest.CaptureFixture[str]


def test_the_schema(call: Call) -> None:
    done = call("schema")
    assert done.returncode == 0
    schema = json.loads(done.stdout)
    Draft202012Validator.check_schema(schema)
    assert schema == native.schema()


def test_the_library_in_both_languages(capsys: Said) -> None:
    assert cli.main(["blocks"]) == 0
    english = capsys.readouterr().out
    assert cli.main(["blocks", "--lang", "ko"]) == 0
    korean = capsys.readouterr().out
    for kind in catalogue().kinds():
        block = catalogue().block(kind)
        assert block
        assert f"  {kind} " in english
        assert block.card.summary["en"] in english
        assert block.card.summary["ko"] in korean


def test_the_library_as_data(capsys: Said) -> None:
    assert cli.main(["blocks", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [block["kind"] for block in listed] == list(catalogue().kinds())
    assert cli.main(["blocks", "check_hours", "--format", "json"]) == 0
    block = json.loads(capsys.readouterr().out)
    assert block == next(item for item in listed if item["kind"] == "check_hours")
    (hours,) = block["parameters"]
    assert (hours["key"], hours["type"], hours["required"]) == ("hours", "hours", False)
    assert [outcome["name"] for outcome in block["outcomes"]] == ["next", "closed", "error"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_page_for_every_block(language: str, capsys: Said) -> None:
    for kind in catalogue().kinds():
        assert cli.main(["blocks", kind, "--lang", language]) == 0
        page = capsys.readouterr().out
        block = catalogue().block(kind)
        assert block
        assert block.card.title[language] in page
        assert all(f"`{outcome.name}`" in page for outcome in block.outcomes)


def test_an_unknown_block(capsys: Said) -> None:
    assert cli.main(["blocks", "chekc_hours"]) == 2
    assert "did you mean `check_hours`" in capsys.readouterr().err
    assert cli.main(["blocks", "zzz"]) == 2
    assert capsys.readouterr().out == ""


def test_a_broken_package_is_told_where_its_block_is_missed(
    capsys: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    guest = EntryPoint("broken_thing", "no_such_module_here:Nope", "flowlang.blocks")
    library = Library([guest])
    monkeypatch.setattr("flowlang.cli.blocks.catalogue", lambda: library)
    assert cli.main(["blocks"]) == 0
    assert "FL191" in capsys.readouterr().err
    flow = tmp_path / "a.flow"
    flow.write_text("flow a\n\nstart:\n  broken_thing\n  -> hang_up\n")
    assert cli.main(["check", str(flow)]) == 1
    assert "no_such_module_here" in capsys.readouterr().err
