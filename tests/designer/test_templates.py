"""The flows that people begin with are right, and so are their tests."""

from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from designer.templates import TEMPLATES, texts
from designer.words import LANGUAGES, Language
from designer.workspace import Workspace
from flowlang.checks import check
from flowlang.syntax.parser import parse
from runtime.commands.test import main as run_tests


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_checks_clean_and_its_tests_pass(
    template: str, language: Language, tmp_path: Path
) -> None:
    made = Workspace(tmp_path, catalogue()).begin("mine", template, language)
    assert made is not None
    text = made.path.read_text("utf-8")
    assert check(parse(text), catalogue()).problems == ()
    assert made.name == "mine"
    assert run_tests([str(tmp_path)]) == 0


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_is_one_flow_in_both_languages(template: str) -> None:
    shapes = []
    for language in LANGUAGES:
        document = parse(texts(template, template, language)[0]).document
        assert (
            f"language {'ko-KR' if language == 'ko' else 'en-US'}"
            in texts(template, template, language)[0]
        )
        shapes.append({name: [step.kind for step in section.steps]
                       for name, section in document.sections.items()})  # fmt: skip
    assert shapes[0] == shapes[1]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, catalogue())
    assert workspace.begin("", "menu", "en") is not None
    second = workspace.begin("", "menu", "en")
    assert second is not None
    assert second.path.name == "menu_2.flow"
    assert workspace.begin("menu", "menu", "en") is None
