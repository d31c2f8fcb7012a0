"""What cards show: of every block what it works with, and nothing twice."""

import inspect
import re

import pytest

from blocks.catalogue import catalogue
from designer.faces import Face, face_of
from designer.words import LANGUAGES, Language
from flowlang.syntax.parser import parse
from flowlang.wiring import WiredStep, wire

EXAMPLE = re.compile(r"```flow\n(.*?)```", re.DOTALL)
KINDS = sorted(catalogue().kinds())


def steps_of(kind: str) -> list[WiredStep]:
    """The steps of a kind in the examples of its manual page."""
    known = catalogue()
    block = known.block(kind)
    found = []
    for example in EXAMPLE.findall(inspect.getdoc(block) or ""):
        wiring = wire(parse(example).document, known)
        found += [step for step in wiring.steps.values() if step.block is block]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_card_shows_content(kind: str, language: Language) -> None:
    for step in steps_of(kind):
        face = face_of(step, language)
        assert face.title
        assert len(face.lines) <= 2
        for shown in (face.title, *face.lines):
            assert not re.search(r"\btrue\b|\bfalse\b|arn:|\[\(|None", shown), shown


def face(step: str, *, declared: str = "", language: Language = "en") -> Face:
    source = f"flow f\n  on error -> hang_up\n{declared}\n\nstart:\n  {step}\n  -> hang_up\n"
    wiring = wire(parse(source).document, catalogue())
    return face_of(next(iter(wiring.steps.values())), language)


@pytest.mark.parametrize(
    ("step", "declared", "title", "lines"),
    [
        ('play "Hello."', "", "Hello.", ()),
        ('play "For billing press one, for support press two."', "",
         "For billing press one,…", ("…for support press two.",)),
        ('play "We are closed now. Please call us tomorrow."', "", "We are closed now.",
         ("Please call us tomorrow.",)),
        ('play "It is only for {caller.number} today."', "", "It is only for…",
         ("…{caller.number} today.",)),
        ('greeting = play "Hello."', "", "greeting", ("“Hello.”",)),
        ('set tier: "gold"', 'attribute tier: text = ""', "tier = gold", ()),
        ('given = set tier: "gold"', 'attribute tier: text = ""', "given", ("tier = gold",)),
        ("transfer desk", 'queue desk = "Front desk"', "Front desk", ()),
        ("to_desk = transfer desk", 'queue desk = "Front desk"', "to_desk", ("Front desk",)),
        ("found = crm phone: caller.number",
         'function crm = "crm-lookup" (phone: phone) -> (tier: text)', "found",
         ("crm", "phone = `caller.number`")),
        ("record agent, customer", "", "agent, customer", ()),
        ("repeat 3", "", "Times 3", ()),
        ("wait 20s", "", "20s", ()),
    ],
)  # fmt: skip
def test_the_words_of_a_card(step: str, declared: str, title: str, lines: tuple[str, ...]) -> None:
    found = face(step, declared=declared)
    assert (found.title, found.lines) == (title, lines)


def test_yes_and_no_are_words() -> None:
    step = 'create_case title: "Lost", link: false'
    assert any("아니" in line for line in face(step, language="ko").lines)
