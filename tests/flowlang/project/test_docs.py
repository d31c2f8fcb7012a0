"""The page about the project file: every example is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flowlang.project import Texts, read
from flowlang.project.model import Project

PAGE = (Path(__file__).parents[3] / "docs" / "project.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
FILES = {
    "support.flow": "flow support\n",
    "functions/crm.py": "def lookup(phone): ...\n",
    "prompts/welcome.ko.wav": "",
    "data/rates.csv": "currency,day,rate\nEUR,2026-11-20,1503.2\n",
}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("\n")[0])
def test_an_example_is_right(example: str) -> None:
    text = example if example.startswith("name") else f'name = "Shop"\n{example}'
    project, problems = read(text, files=Texts(FILES))
    assert project is not None
    assert not problems


def test_every_part_of_the_file_is_told_of() -> None:
    assert not [name for name in Project.model_fields if f"{name}" not in PAGE]
