"""What a person typed is never markup and never code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import designer
from designer.scripts import _spelled

ROOT = Path(designer.__file__).parent
REVIEWED = ROOT / "scripts.py"
MARKUP = {"html", "markdown", "mermaid", "interactive_image", "chat_message"}
"""Elements of NiceGUI that take markup."""
RAW = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|v-html|\beval\(")
ICONS = ROOT / "web" / "src" / "canvas" / "index.js"
"""Puts our own icons into the page."""
MODULES = sorted(path for path in ROOT.rglob("*.py") if "node_modules" not in path.parts)


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func), node


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_markup_and_no_code_is_put_together(path: Path) -> None:
    for name, call in calls(path):
        first = call.args[0] if call.args else None
        assert not (name.startswith("ui.") and name[3:] in MARKUP), (path, name)
        if name.endswith("run_javascript") and path != REVIEWED:
            assert isinstance(first, ast.Constant), f"{path}: designer.scripts.call takes values"


def test_scripts_of_ours_put_no_text_into_the_page_as_markup() -> None:
    folders = [ROOT / "web" / "src", ROOT / "desk" / "assets", ROOT.parent / "runtime" / "web"]
    scripts = [p for folder in folders for p in folder.rglob("*") if p.suffix in (".js", ".vue")]
    assert scripts
    for script in scripts:
        assert script == ICONS or not RAW.search(script.read_text("utf-8")), script


@given(st.text())
def test_a_value_is_data_wherever_the_call_stands(text: str) -> None:
    spelled = _spelled(text)
    assert "<" not in spelled
    assert not {"\u2028", "\u2029"} & set(spelled)
    assert ast.literal_eval(spelled.replace("\\/", "/")) == text
