"""What `docs/embedding.md` shows works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "embedding.md"


def test_its_examples_run(capsys: pytest.CaptureFixture[str]) -> None:
    """One after the other, as somebody would type them."""
    names: dict[str, object] = {}
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        exec(compile(code, str(PAGE), "exec"), names)  # noqa: S102  (our own page)
    shown = capsys.readouterr().out
    assert shown.startswith("FL204 ")
    assert '  play "Hello."\n  hang_up\n' in shown
    assert "True ['Press 1.', '1', 'Thank you.']" in shown
    assert "ended [Say(text='Thank you.'" in shown
