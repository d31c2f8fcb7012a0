"""Every word of the pages: in all languages, and used."""

import re
from pathlib import Path
from typing import get_args

import pytest

import designer
from blocks.catalogue import catalogue
from designer.entrance import PLACES
from designer.forms.durations import UNITS
from designer.outgoing import ENDINGS
from designer.page.banner import OFFERED
from designer.page.keys import SHORTCUTS
from designer.page.messengers import Verdict
from designer.page.paths import KINDS as WAYS
from designer.page.several import AXES, EDGES
from designer.page.tryout_panel import CALLABLE
from designer.templates import TEMPLATES
from designer.trying.answers import MODES
from designer.versions.difference import Kind
from designer.visitor import Place
from designer.words import LANGUAGES, words
from designer.words.choices import CHOICES
from flowlang.block import CATEGORIES
from flowlang.channels import Medium
from flowlang.checks.header import FLOW_TYPES
from flowlang.edits import ChangeHeader
from flowlang.parameters import specs
from runtime.flow_counts import Range

CODE = Path(designer.__file__).parent
PLACEHOLDER = re.compile(r"\{(\w+)\}")
HANGUL = re.compile("[가-힣]")


def test_all_languages_have_the_same_words() -> None:
    tables = [words(language) for language in LANGUAGES]
    assert all(table.keys() == tables[0].keys() for table in tables)
    for key, said in tables[0].items():
        names = {frozenset(PLACEHOLDER.findall(table[key])) for table in tables}
        assert len(names) == 1, f"{key}: {said}"


def test_korean_words_are_korean() -> None:
    english, korean = words("en"), words("ko")
    left = [key for key in korean if not HANGUL.search(korean[key])]
    assert left == []
    assert [key for key in english if HANGUL.search(english[key])] == []


def test_every_word_is_used() -> None:
    python = [path for path in CODE.rglob("*.py") if path.parent.name != "words"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in python)
    canvas = (CODE / "web/src/canvas/words.js").read_text(encoding="utf-8")
    made = {
        *(f"category_{category}" for category in CATEGORIES),
        *(word for word, _ in SHORTCUTS),
        *(word for _, offered in OFFERED.values() for word in offered),
        *(f"channel_{channel}" for channel in CALLABLE),
        *(f"mode_{mode}" for mode in MODES),
        *(f"unit_of_{unit}" for unit in UNITS),
        *(f"template_{name}" for name in TEMPLATES),
        *(f"type_{word}" for word in FLOW_TYPES),
        *(f"flow_{field}_help" for field in ChangeHeader.model_fields),
        *(f"there_{verdict}" for verdict in get_args(Verdict)),
        *(f"to_{place}" for place in get_args(Place)),
        *(f"to_{place}_help" for place in PLACES),
        *(f"form_{form}" for form in ENDINGS),
        *(f"range_{length}" for length in get_args(Range)),
        *(f"diff_{kind}" for kind in get_args(Kind)),
        *(f"lens_{kind}" for kind in WAYS),
        *(f"not_on_{medium}" for medium in get_args(Medium)),
        *(f"align_{edge}" for edge in EDGES),
        *(f"distribute_{axis}" for axis in AXES),
        *(f"canvas_{word}" for word in re.findall(r"^  (\w+): \"", canvas, re.MULTILINE)),
        *(f"file_{state}" for state in ("saved", "unsaved", "changed_elsewhere", "gone",
                                         "unreadable")),
    }  # fmt: skip
    unused = [key for key in words("en") if key not in made and not is_said(key, code)]
    assert unused == []


def is_said(key: str, code: str) -> bool:
    return re.search(rf"""["']{key}[:"']""", code) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_canvas_is_given_all_its_words(language: str) -> None:
    canvas = (CODE / "web/src/canvas/words.js").read_text(encoding="utf-8")
    wanted = {f"canvas_{word}" for word in re.findall(r"^  (\w+): \"", canvas, re.MULTILINE)}
    assert wanted <= words(language).keys()  # type: ignore[arg-type]


def test_every_word_that_a_parameter_takes_is_said() -> None:
    known = catalogue()
    kinds = (known.block(kind) for kind in known.kinds())
    taken = {
        word for block in kinds if block for spec in specs(block.Params) for word in spec.words
    }
    assert sorted(taken - CHOICES.keys()) == []
    assert sorted(CHOICES.keys() - taken) == []
    assert [word for word, (_, korean) in CHOICES.items() if not HANGUL.search(korean)] == []
