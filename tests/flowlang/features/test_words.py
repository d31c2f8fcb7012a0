"""Words of completions and hovers: the same in both languages, and none that nobody says."""

import re
from pathlib import Path

from flowlang.features.words.en import WORDS as ENGLISH
from flowlang.features.words.ko import WORDS as KOREAN

FOLDER = Path(__file__).parents[3] / "flowlang/features"


def test_both_languages_have_the_same_words() -> None:
    assert list(ENGLISH) == list(KOREAN)
    for key, text in ENGLISH.items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", KOREAN[key])), key


def test_every_word_is_said() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py"))
    said = set(re.findall(r'(?:say|_headed)\(\s*"([\w.]+)"', code)) | {
        "without",
        "without.required",
    }
    computed = ("word.", "origin.", "unrouted.")
    assert {key for key in ENGLISH if not key.startswith(computed)} <= said
