"""What is checked before customers come to it."""

from __future__ import annotations

from pathlib import Path

from blocks.catalogue import catalogue
from runtime.publishing import checked

PROJECT = 'name = "Shop"\n[entries.web]\nflow = "main"\nchannels = ["chat"]\n'
FLOW = 'flow {name}\n  on error -> hang_up\n\nstart:\n  play "Hello."\n  -> hang_up\n'
ROUND = """\
flow main
  on error -> hang_up

flow main_again = "main.flow"

start:
  play "Hello."
  continue_in main_again
"""


def codes(folder: Path) -> dict[str, list[str]]:
    errors = checked(folder, catalogue()).errors
    return {found.path.name: [problem.code for problem in found.problems] for found in errors}


def test_what_is_wrong_between_files_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "flowlang.toml").write_text(PROJECT, "utf-8")
    (tmp_path / "main.flow").write_text(FLOW.format(name="main"), "utf-8")
    assert checked(tmp_path, catalogue()).sources is not None
    (tmp_path / "main.flow").write_text(ROUND, "utf-8")
    assert codes(tmp_path) == {"main.flow": ["FL535"]}
    (tmp_path / "main.flow").write_text("module main\n\nstart:\n  return\n", "utf-8")
    assert codes(tmp_path) == {"flowlang.toml": ["FL531"]}
    assert checked(tmp_path, catalogue()).sources is None


def test_what_no_entry_leads_to_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "flowlang.toml").write_text(PROJECT, "utf-8")
    (tmp_path / "main.flow").write_text(FLOW.format(name="main"), "utf-8")
    (tmp_path / "draft.flow").write_text(ROUND.replace("main", "draft"), "utf-8")
    assert checked(tmp_path, catalogue()).sources is not None
