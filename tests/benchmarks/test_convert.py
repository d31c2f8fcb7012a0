"""The largest real flow of Amazon Connect, as the command reads it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.measure import Table, interleaved, least, timed


def test_the_largest_flow(table: Table, corpus: Path, tmp_path: Path) -> None:
    largest = max((corpus / "flows").glob("*.json"), key=actions)
    source, text = tmp_path / "large.json", tmp_path / "large.flow"
    shutil.copyfile(largest, source)
    _run("convert", str(source), str(text), "--to", "flow")
    alone = tmp_path / "alone.flow"
    shutil.copyfile(text, alone)
    found = least(
        interleaved(
            {
                "convert": timed(lambda: _run("convert", str(source), "--to", "flow")),
                "check": timed(lambda: _run("check", str(alone))),
            },
            rounds=7,
        )
    )
    share = found["convert"] / found["check"]
    table(
        f"{actions(largest)} actions, whole processes",
        ("", "convert ms", "check of its text ms", "x check"),
        [("", found["convert"] * 1e3, found["check"] * 1e3, share)],
    )
    assert share < 2


def actions(path: Path) -> int:
    return len(json.loads(path.read_text("utf-8-sig")).get("Actions", ()))


def _run(*arguments: str) -> None:
    """Whatever a check may find: what is measured is how long it takes."""
    subprocess.run([sys.executable, "-m", "flowlang", *arguments], check=False, capture_output=True)
