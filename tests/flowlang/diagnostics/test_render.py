"""How problems look. Golden files hold the source and what is said of it, in both languages."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowlang.checking import Assumption, Fact
from flowlang.diagnostics import Fix, Problem, Related, Rewrite, render
from flowlang.diagnostics.render import CheckedFile
from flowlang.diagnostics.words import LANGUAGES
from flowlang.places import Anchor, Place

GOLDEN = Path(__file__).parents[2] / "golden" / "render"
UPDATE = "UPDATE_GOLDEN" in os.environ
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def place(source: str, marked: str, nth: int = 0) -> Place:
    starts = [found.start() for found in re.finditer(re.escape(marked), source)]
    return Place(Anchor(source), starts[nth], starts[nth] + len(marked))


MENU = 'start:\n  ask "요금은 1번"\n    on "1" -> menuu\n\n\nmenu:\n  hang_up\n'
TWICE = 'queue desk = "Desk"\nqueue other = "Other"\n\nqueue desk = "Again"\n'
BELOW = 'queue desk = "Desk"\nqueue desk = "Again"\n'
WIDE = '  play "안녕하세요", ssml: "네", 목소리: 3\n'
JAMO = unicodedata.normalize("NFD", '  play "한국어", timeout: 3s\n')
LONG = '  play "' + "길다 " * 60 + '", timeout: 3s, text: "' + "long " * 40 + '"\n'
UNSAFE = '\tplay "\x1b[2J\u202egnp"\r\n'
SPANNING = 'start:\n  play "x"\n    text: "y"\n  hang_up\n'

CASES: dict[str, tuple[str, Problem]] = {
    "suggestion": (
        MENU,
        Problem(
            code="FL203",
            severity="error",
            place=place(MENU, "menuu"),
            arguments={"name": "menuu", "suggestion": "menu", "line": 6},
            related=(Related(place=place(MENU, "menu", 1), note="section"),),
        ),
    ),
    "related_far": (
        TWICE,
        Problem(
            code="FL103",
            severity="error",
            place=place(TWICE, "desk", 1),
            arguments={"name": "desk"},
            related=(Related(place=place(TWICE, "desk"), note="first"),),
        ),
    ),
    "related_near": (
        BELOW,
        Problem(
            code="FL103",
            severity="error",
            place=place(BELOW, "desk", 1),
            arguments={"name": "desk"},
            related=(Related(place=place(BELOW, "desk"), note="first"),),
        ),
    ),
    "wide_letters": (
        WIDE,
        Problem(
            code="FL302",
            severity="error",
            place=place(WIDE, "목소리"),
            arguments={"kind": "play", "parameter": "목소리", "parameters": ("text", "ssml")},
        ),
    ),
    "decomposed_letters": (
        JAMO,
        Problem(
            code="FL302",
            severity="error",
            place=place(JAMO, "timeout"),
            arguments={"kind": "play", "parameter": "timeout", "parameters": ("text", "ssml")},
        ),
    ),
    "long_line": (
        LONG,
        Problem(
            code="FL302",
            severity="warning",
            place=place(LONG, "timeout"),
            arguments={"kind": "play", "parameter": "timeout", "parameters": ("text", "ssml")},
        ),
    ),
    "unsafe_characters": (
        UNSAFE,
        Problem(
            code="FL016",
            severity="error",
            place=place(UNSAFE, "\u202e"),
            arguments={"found": "\u202e"},
        ),
    ),
    "several_lines": (
        SPANNING,
        Problem(
            code="FL201",
            severity="warning",
            place=place(SPANNING, 'play "x"\n    text: "y"'),
            arguments={"name": "start.play", "reason": "step"},
        ),
    ),
    "end_of_file": (
        "start:",
        Problem(code="FL002", severity="error", place=Place(Anchor("start:"), 6, 6)),
    ),
    "safe_fix": (
        "start\n",
        Problem(
            code="FL009",
            severity="error",
            place=place("start\n", "start"),
            fix=Fix(title="FL009", rewrites=(Rewrite(Place(Anchor("start\n"), 5, 5), ":"),)),
        ),
    ),
    "way": (
        "a:\n",
        Problem(
            code="FL202",
            severity="hint",
            place=place("a:\n", "a"),
            arguments={"name": "a.step.2"},
            path=tuple(f"a.step.{number}" for number in range(2, 20)),
        ),
    ),
    "pointer": (
        '{"items": 3}\n',
        Problem(
            code="FL407",
            severity="error",
            pointer="/items",
            place=place('{"items": 3}\n', "3"),
            arguments={"reason": "type", "detail": "array"},
        ),
    ),
    "no_place": (
        "",
        Problem(
            code="FL410",
            severity="error",
            arguments={"path": "a.flow", "detail": "Permission denied"},
        ),
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_it_looks_as_before(name: str, language: render.Language) -> None:
    source, problem = CASES[name]
    shown = render.to_text(problem, source, "examples/a.flow", language)
    golden = GOLDEN / f"{name}.{language}.txt"
    if UPDATE:
        golden.write_text(shown + "\n", encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == shown + "\n"


@pytest.mark.parametrize("name", CASES)
def test_colours_change_nothing_but_colours(name: str) -> None:
    source, problem = CASES[name]
    plain = render.to_text(problem, source, "a.flow", "ko")
    coloured = render.to_text(problem, source, "a.flow", "ko", colours=True)
    assert "\x1b[" in coloured
    assert ESCAPES.sub("", coloured) == plain


def columns(text: str) -> int:
    return sum(render._cell(character)[1] for character in text)


@given(
    before=st.text(st.characters(exclude_characters="\n"), max_size=200),
    marked=st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=20),
    after=st.text(st.characters(exclude_characters="\n"), max_size=200),
)
def test_the_mark_stands_below_what_it_marks(before: str, marked: str, after: str) -> None:
    source = before + marked + after
    found = Problem(
        code="FL016",
        severity="error",
        place=Place(Anchor(source), len(before), len(before) + len(marked)),
    )
    lines = render.to_text(found, source, "a.flow", "en").split("\n")
    code, mark = lines[3][4:], lines[4][4:]
    carets = mark.strip()
    assert set(carets) == {"^"}
    indent = len(mark) - len(mark.lstrip())
    shown = "".join(render._cell(character)[0] for character in marked.removesuffix("\r"))
    if columns(shown) <= render.COLUMNS_MAX - render.COLUMNS_BEFORE_MARK_MAX:
        assert len(carets) == max(columns(shown), 1)
    head = code[: next((n for n in range(len(code) + 1) if columns(code[:n]) >= indent), 0)]
    assert columns(head) == indent or not code[len(head) :]
    assert all(character.isprintable() or character.isspace() for character in code)


def test_nothing_steers_the_terminal() -> None:
    found = Problem(code="FL016", severity="error", arguments={"found": "\x1b[31m\u202e"})
    shown = render.to_text(found, "", "a\x1b[2J.flow", "en")
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def files() -> list[CheckedFile]:
    source, problem = CASES["safe_fix"]
    far_source, far = CASES["related_far"]
    whole = Problem(code="FL401", severity="warning", pointer="")
    fact = Fact(check="ends", status="proved", assumes=(Assumption(name="waits_end"),))
    return [
        CheckedFile(path="flows/한 글.flow", source=source, problems=(problem,), facts=(fact,)),
        CheckedFile(path="b.flow", source=far_source, problems=(far, CASES["way"][1])),
        CheckedFile(path="c.json", problems=(whole,)),
    ]


def test_json_has_the_promised_shape() -> None:
    told = json.loads(json.dumps(render.to_json(files(), "en")))
    assert (told["errors"], told["warnings"]) == (2, 1)
    first = told["files"][0]
    assert first["path"] == "flows/한 글.flow"
    assert first["facts"] == [
        {
            "check": "ends",
            "status": "proved",
            "assumes": ["customers answer or give up, and services answer or time out"],
        }
    ]
    (problem,) = first["problems"]
    assert problem["code"] == "FL009"
    assert problem["severity"] == "error"
    assert problem["message"] == "The name of a section ends with a colon."
    assert problem["start"] == {"line": 1, "column": 1}
    assert problem["end"] == {"line": 1, "column": 6}
    assert problem["pointer"] is None
    assert problem["block"] is None
    assert problem["fix"] == {
        "title": "Add the colon",
        "safe": True,
        "edits": [
            {"start": {"line": 1, "column": 6}, "end": {"line": 1, "column": 6}, "text": ":"}
        ],
    }
    assert told["files"][2]["problems"][0]["pointer"] == ""
    assert told["files"][2]["problems"][0]["start"] is None


def test_sarif_is_as_its_standard_says() -> None:
    log = render.to_sarif(files(), "en", "1.2.3")
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("flowlang", "1.2.3")
    rules = [rule["id"] for rule in driver["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note", "none")
        assert result["message"]["text"]
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.isascii()
        assert " " not in uri
        region = location["physicalLocation"].get("region")
        if region:
            assert all(value >= 1 for value in region.values())
    first, second, *_ = run["results"]
    (change,) = first["fixes"][0]["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": ":"}
    assert second["relatedLocations"][0]["message"]["text"] == "first here"
    absolute = [CheckedFile(path="/srv/a b.flow", problems=(CASES["no_place"][1],))]
    (result,) = render.to_sarif(absolute, "en", "1")["runs"][0]["results"]
    where = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert where == {"uri": "file:///srv/a%20b.flow"}


def test_github_commands_stay_on_their_line() -> None:
    told = render.to_github(files(), "en").split("\n")
    assert told[0] == (
        "::error file=flows/한 글.flow,title=FL009,line=1,endLine=1,col=1,endColumn=6"
        "::The name of a section ends with a colon."
    )
    assert len(told) == 4
    odd = Problem(code="FL410", severity="hint", arguments={"path": "a,b:c%", "detail": "x"})
    command = render.to_github([CheckedFile(path="a,b:c%", problems=(odd,))], "en")
    assert command.startswith("::notice file=a%2Cb%3Ac%25,title=FL410::`a,b:c%25` cannot")
    assert "%0A" in command


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "1 file checked: 0 errors, 0 warnings."), (2, "2 files checked: 2 errors, 0 warnings.")],
)
def test_the_summary_counts(count: int, said: str) -> None:
    problem = CASES["no_place"][1]
    checked = [CheckedFile(path=str(n), problems=(problem,)) for n in range(count)]
    report = render.report(checked or [CheckedFile(path="a")], "en")
    assert report.endswith(said)


def test_facts_are_told_when_asked_for() -> None:
    told = render.report(files(), "en", with_facts=True)
    assert "  proved: every way can reach an end" in told
    assert "every way" not in render.report(files(), "en")


def test_the_words_by_themselves() -> None:
    problem = CASES["safe_fix"][1]
    assert problem.fix
    assert render.message(problem, "ko") == "섹션 이름은 콜론으로 끝납니다."
    assert render.fix_words(problem.fix, "en") == "Add the colon"
    assert render.help_words(CASES["suggestion"][1], "en").startswith("did you mean `menu`")
    assert render.help_words(problem, "en") == ""
