"""The manual's tests run as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runtime.testing.suite import run_file

ROOT = Path(__file__).parents[3]
MANUAL = ROOT / "docs" / "testing.md"
EXAMPLES = re.findall(r"```flow\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_passes(text: str, tmp_path: Path) -> None:
    for name in ("support.flow", "flowlang.toml"):
        (tmp_path / name).write_bytes((ROOT / "examples" / "support" / name).read_bytes())
    path = tmp_path / "support.test.flow"
    path.write_text(text)
    report = run_file(path)
    assert not report.problems
    assert report.results
    assert [result.title for result in report.results if not result.passed] == []
