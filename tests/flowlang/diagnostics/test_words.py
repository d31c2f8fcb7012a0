import re
from string import Formatter

import pytest

from flowlang.diagnostics import Problem, words
from flowlang.diagnostics.suggest import did_you_mean
from flowlang.diagnostics.words import LANGUAGES, en, ko, particle

TABLES = ("MESSAGES", "LABELS", "HELPS", "FIXES", "NOTES", "FACTS", "ASSUMPTIONS", "PHRASES")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_have_the_same_keys_and_placeholders(table: str) -> None:
    english, korean = getattr(en, table), getattr(ko, table)
    assert english.keys() == korean.keys()
    for key, text in english.items():
        assert placeholders(text) == placeholders(korean[key]), key


@pytest.mark.parametrize("table", TABLES)
def test_korean_is_korean(table: str) -> None:
    """Every text has Hangul in it, or has nothing but code."""
    for key, text in getattr(ko, table).items():
        without_code = re.sub(r"`[^`]*`|\{[^}]*\}", "", text)
        assert re.search("[가-힣]", text) or not re.search("[A-Za-z]{3}", without_code), key


def test_keys_are_sorted() -> None:
    for table in TABLES:
        assert list(getattr(en, table)) == sorted(getattr(en, table)), table


def test_a_variant_belongs_to_a_message() -> None:
    for key in en.MESSAGES:
        assert re.fullmatch(r"FL\d{3}(\.\w+)?", key)


@pytest.mark.parametrize("table", ["LABELS", "HELPS"])
def test_advice_is_given_for_messages_that_exist(table: str) -> None:
    codes = {key.partition(".")[0] for key in en.MESSAGES}
    assert {key.partition(".")[0] for key in getattr(en, table)} <= codes


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_filled_in(language: words.Language) -> None:
    problem = Problem(
        code="FL205", severity="error", arguments={"kind": "ask", "outcomes": ("a", "b")}
    )
    assert "`a`, `b`" in words.message(problem, language)


def test_a_variant_is_chosen_by_its_reason() -> None:
    arguments = {"name": "menu", "reason": "section"}
    problem = Problem(code="FL103", severity="error", arguments=arguments)
    assert words.message(problem, "en") == "There are two sections named `menu`."


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert words.message(Problem(code="FL999", severity="error"), "en") == "FL999"


@pytest.mark.parametrize(
    ("text", "choices", "chosen"),
    [
        ("메뉴", "을/를", "를"),
        ("상담", "을/를", "을"),
        ("상담", "으로/로", "으로"),
        ("메뉴", "으로/로", "로"),
        ("서울", "으로/로", "로"),
        ("서울", "이라는/라는", "이라는"),
        ("menu", "이/가", "가"),
        ("billing", "은/는", "은"),
        ("crm", "과/와", "과"),
        ("step1", "을/를", "을"),
        ("step2", "을/를", "를"),
        ("`menu`", "을/를", "를"),
        ("crm.name", "은/는", "은"),
        ("timeout", "은/는", "은"),
        ("agent", "은/는", "는"),
        ("role", "으로/로", "로"),
        ("…", "을/를", "를"),
    ],
)
def test_the_particle_fits(text: str, choices: str, chosen: str) -> None:
    assert particle(text, choices) == chosen


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("menuu", ["menu", "start"], "menu"),
        ("hangup", ["hang_up", "hang_on"], "hang_up"),
        ("Billing", ["billing", "bullying"], "billing"),
        ("x", ["menu", "start"], None),
        ("desk3", ["desk1", "desk2"], None),
        ("menu", [], None),
        ("환영이", ["환영", "안내"], "환영"),
    ],
)
def test_only_one_good_candidate_is_meant(
    word: str, candidates: list[str], meant: str | None
) -> None:
    assert did_you_mean(word, candidates) == meant
