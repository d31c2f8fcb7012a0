"""The manual of the command line tells of every command and every option."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flowlang import cli

PAGE = (Path(__file__).parents[3] / "docs" / "command-line.md").read_text("utf-8")
SECTIONS = {
    name: part
    for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    for name in part.split("\n", 1)[0].split(", ")
}
COMMON = {"--help", "--lang"}


def test_every_command_has_a_section() -> None:
    assert set(cli._available()) <= SECTIONS.keys()


@pytest.mark.parametrize("name", ["check", "fmt", "convert", "schema", "blocks"])
def test_every_option_is_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([name, "--help"])
    options = set(re.findall(r"--[a-z][a-z-]*", capsys.readouterr().out)) - COMMON
    told = set(re.findall(r"--[a-z][a-z-]*", SECTIONS[name]))
    assert options <= told
    assert told <= options | COMMON
