"""The examples: whole projects that check clean, pass their tests and say what they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flowlang.cli import main
from flowlang.interchange.connect.document import read
from flowlang.interchange.connect.equality import differences
from runtime.commands.new import examples

ROOT = Path(__file__).parents[2]
EXAMPLES = examples()
NAMES = sorted(EXAMPLES)


def test_they_are_the_ones_that_people_are_told_of() -> None:
    assert NAMES == [
        "bank", "college", "deflection", "field_sales", "hospital", "imported", "shop", "support",
    ]  # fmt: skip
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        assert f"examples/{name}" in readme


@pytest.mark.parametrize("name", NAMES)
def test_they_check_clean(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(EXAMPLES[name])]) == 0
    assert "0 errors, 0 warnings" in capsys.readouterr().out
    assert main(["fmt", "--check", str(EXAMPLES[name])]) == 0


@pytest.mark.parametrize("name", NAMES)
def test_their_tests_pass(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(EXAMPLES[name])]) == 0
    passed = re.search(r"(\d+) passed, 0 failed", capsys.readouterr().out)
    assert passed is not None
    assert int(passed[1]) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_they_have_a_page_whose_pictures_are_there(name: str) -> None:
    page = (EXAMPLES[name] / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page)
    assert pictures
    for picture in pictures:
        assert (EXAMPLES[name] / picture).read_text(encoding="utf-8").lstrip().startswith("<")
    for link in re.findall(r"(?<!!)\[[^\]]*\]\((?!https?:)([^)#]+)", page):
        assert (EXAMPLES[name] / link).exists(), link


@pytest.mark.parametrize("name", NAMES)
def test_a_project_starts_from_each(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert main(["new", str(folder), "--example", name]) == 0
    assert main(["check", str(folder)]) == 0
    assert main(["test", str(folder)]) == 0


def test_the_imported_flow_goes_back_as_it_came(tmp_path: Path) -> None:
    folder = EXAMPLES["imported"]
    target = tmp_path / "back.json"
    arguments = [str(folder / "appointments.flow"), str(target), "--to", "connect"]
    assert main(["convert", *arguments, "--environment", "live"]) == 0
    came = read((folder / "connect" / "appointments.json").read_text(encoding="utf-8"))[0]
    went = read(target.read_text(encoding="utf-8"))[0]
    assert came is not None
    assert went is not None
    assert differences(came, went) == []
