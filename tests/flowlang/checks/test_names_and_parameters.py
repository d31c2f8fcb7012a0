import pytest

from blocks.catalogue import catalogue
from flowlang.checks import check
from flowlang.syntax import parse


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('queue a = "A"\nqueue a = "B"\n\nstart:\n  transfer a\n    on full -> hang_up\n', "FL103"),
        ("start:\n  -> hang_up\n\nstart:\n  -> hang_up\n", "FL103"),
        (
            'queue a = "A"\n\nstart:\n  a = collect "?"\n    on no_input -> hang_up\n'
            "  transfer a\n    on full -> hang_up\n",
            "FL103",
        ),
        ("attribute a: txt?\n\nstart:\n  set a: 1\n  -> hang_up\n", "FL109"),
        ('attribute a: list of (b: txt)?\n\nstart:\n  set a: []\n  -> hang_up\n', "FL109"),
        ('queue a: "A"\n\nstart:\n  transfer a\n    on full -> hang_up\n', "FL059"),
        ('queue a: text = "A"\n\nstart:\n  transfer a\n    on full -> hang_up\n', "FL059"),
        ('start:\n  play "a"\n  -> hang_up\n\nlayout\n  start.ask 1, 2\n', "FL058"),
        (
            'start:\n  play "a"\n  -> hang_up\n\nlayout\n  start.play 1, 2\n  start.play 3, 4\n',
            "FL058",
        ),
        ("start:\n  -> hang_up\n\nlayout\n\nlayout\n", "FL058"),
        ("wat a\n\nstart:\n  -> hang_up\n", "FL114"),
        ("flow x\n  chanels voice\n\nstart:\n  -> hang_up\n", "FL117"),
        ("flow x\n  channels fax\n\nstart:\n  -> hang_up\n", "FL117"),
        ("flow x\n  language Korean\n\nstart:\n  -> hang_up\n", "FL117"),
        ("flow x\n  type whisper\n\nstart:\n  -> hang_up\n", "FL117"),
        ("start:\n  transfer nobody\n    on full -> hang_up\n", "FL102"),
        ('start:\n  transfer "Billing"\n    on full -> hang_up\n', "FL306"),
        ('hours h = "H"\n\nstart:\n  transfer h\n    on full -> hang_up\n', "FL120"),
        ("start:\n  record agent, analytics: often\n  -> hang_up\n", "FL307"),
        ("start:\n  record agent, redact: [nome]\n  -> hang_up\n", "FL307"),
        ("start:\n  record agent, redact: name\n  -> hang_up\n", "FL306"),
        ('start:\n  play "a", "b"\n  -> hang_up\n', "FL302"),
        ('start:\n  ask "?", digits: 0\n    on timeout, no_match -> hang_up\n', "FL305"),
        ('start:\n  ask "?", timeout: 0s\n    on timeout, no_match -> hang_up\n', "FL305"),
        ('start:\n  ask "?", timeout: "a"\n    on timeout, no_match -> hang_up\n', "FL306"),
        ('start:\n  ask "?", digits: two\n    on timeout, no_match -> hang_up\n', "FL101"),
        ("start:\n  repeat 1.5\n    on again -> hang_up\n    on done -> hang_up\n", "FL306"),
        ('start:\n  play hello\n  -> hang_up\n', "FL101"),
        ('queue billing = "B"\n\nstart:\n  billing\n  -> hang_up\n', "FL301"),
    ],
)  # fmt: skip
def test_one_slip_one_problem(codes, source, expected):
    assert codes(source) == [expected]


def test_a_resource_can_be_a_value(codes):
    source = (
        'queue a = "A"\nattribute desk: queue?\n\nstart:\n  set desk: a\n'
        "  transfer desk\n    on full -> hang_up\n"
    )
    assert codes(source) == []


def test_the_fix_declares_the_resource(checked):
    source = "start:\n  transfer nobody\n    on full -> hang_up\n"
    (problem,) = checked(source).problems
    assert problem.fix is not None
    assert 'queue nobody = "nobody"' in problem.fix.edits[0].text


def test_a_problem_of_a_parameter_names_its_field(checked):
    (problem,) = checked(
        'start:\n  ask "?", digits: 50\n    on timeout, no_match -> hang_up\n'
    ).problems
    assert (problem.block, problem.field) == ("start.ask", "digits")
    assert problem.arguments["limit"] == "20"


@pytest.mark.parametrize("word", ["attribute", "variable"])
def test_what_nothing_uses(checked, word):
    (problem,) = checked(f"{word} a: text?\n\nstart:\n  -> hang_up\n").problems
    assert problem.code == "FL104"
    assert problem.severity == ("hint" if word == "attribute" else "warning")


def test_a_line_that_cannot_be_read_may_use_it(checked):
    source = 'queue a = "A"\n\nstart:\n  transfer a *\n    on full -> hang_up\n  -> hang_up\n'
    assert [problem.code for problem in checked(source).problems] == ["FL002"]


def test_a_misspelled_use_is_a_use(codes):
    source = 'queue billing = "A"\n\nstart:\n  transfer biling\n    on full -> hang_up\n'
    assert codes(source) == ["FL102"]


def test_prompts_need_every_language(checked):
    source = (
        "flow x\n  languages ko-KR, en-US\n  on error -> hang_up\n\n"
        'prompt p\n  ko-KR: "안녕하세요"\n\nstart:\n  play p\n  -> hang_up\n'
    )
    (problem,) = checked(source).problems
    assert (problem.code, problem.arguments["language"]) == ("FL110", "en-US")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  set n: 12345678901234567890\n", ["FL023"]),
        ('  play "a", ssml: 2026-02-30\n', ["FL022"]),
        ("  split\n    on 50 % -> hang_up\n    otherwise -> hang_up\n", ["FL018"]),
    ],
)
def test_what_cannot_be_read_is_told_once(codes, line, expected):
    source = f"attribute n: text?\n\nstart:\n{line}  -> hang_up\n"
    assert codes(source) == expected


def test_sections_want_a_header():
    """Tests and policies alone are files of their own, and a broken header is told already."""
    told = {
        source: [problem.code for problem in check(parse(source), catalogue()).problems]
        for source in (
            "start:\n  -> hang_up\n",
            "flow a b\n\nstart:\n  -> hang_up\n",
            'policy "p": from every ask reach transfer\n',
            'test "t" for a\n  expect end\n',
        )
    }
    assert "FL057" in told["start:\n  -> hang_up\n"]
    assert sum("FL057" in codes for codes in told.values()) == 1


def test_a_line_that_cannot_be_read_may_be_where_a_block_stood():
    source = "flow a\n\nstart:\n  play (\n  -> hang_up\n\nlayout\n  start.play 1, 2\n"
    assert [problem.code for problem in check(parse(source), catalogue()).problems] == ["FL004"]
