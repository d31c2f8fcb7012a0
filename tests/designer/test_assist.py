"""What the designer's text editor is told while somebody types."""

from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from designer.page.assist import Assist, plain
from designer.session import Session
from designer.text import Place

SUPPORT = (Path(__file__).parents[2] / "examples/support/support.flow").read_text(encoding="utf-8")
BEFORE = "  check_hours office\n"


@pytest.fixture
def assist() -> Assist:
    return Assist(Session(SUPPORT, catalogue()), "en")


def asked(assist: Assist, line: str) -> dict[str, str]:
    """Completions at the mark in a line that the session does not know yet: label and insertion."""
    number = SUPPORT[: SUPPORT.index(BEFORE)].count("\n") + 1
    text = SUPPORT.replace(BEFORE, line.replace("¦", "") + "\n" + BEFORE, 1)
    found = assist.complete(Place(line=number, column=line.index("¦") + 1), text)
    return {item["label"]: item["apply"] for item in found}


@pytest.mark.parametrize(
    ("line", "label", "inserted"),
    [
        ("  tr¦", "transfer", "transfer"),
        ("  transfer billing, pr¦", "priority", "priority: "),
        ('  set tier: "go¦"', '"gold"', "gold"),
        ('  set tier: "go¦', '"gold"', 'gold"'),
        ("  set tier: ¦", '"gold"', '"gold"'),
        ('  play "{crm.ti¦"', "tier", "tier"),
    ],
)
def test_completions_replace_the_word(line: str, label: str, inserted: str, assist: Assist) -> None:
    assert asked(assist, line)[label] == inserted


def test_typing_on_and_on(assist: Assist) -> None:
    for end in range(1, len("  transfer billing")):
        asked(assist, "  transfer billing"[:end] + "¦")
    assert "priority" in asked(assist, "  transfer billing, ¦")


def test_hover_is_plain_text(assist: Assist) -> None:
    line = SUPPORT[: SUPPORT.index("  transfer billing, ")].count("\n") + 1
    said = assist.hover(Place(line=line, column=5))
    assert said is not None
    assert said.startswith("To a queue transfer")
    assert "• priority: Priority" in said
    assert "`" not in said
    assert "**" not in said
    assert assist.hover(Place(line=1, column=1)) is None


def test_short_examples_stay() -> None:
    assert plain("```flow\nqueue a\n```\n\n**b**") == "queue a\n\nb"
    assert plain("a\n\n```flow\n" + "x\n" * 9 + "```\n\nb") == "a\n\nb"
