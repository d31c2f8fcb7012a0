"""The pages of the manual: what they call wrong is wrong, what they call right is clean."""

import os
import re
from pathlib import Path

import pytest

from blocks.catalogue import catalogue
from flowlang.checking import Report
from flowlang.checks import check
from flowlang.cli.fixing import apply
from flowlang.diagnostics import Problem, words
from flowlang.diagnostics.words import LANGUAGES
from flowlang.syntax import parse

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "docs" / "diagnostics").glob("FL*.md"))
GOLDEN = ROOT / "tests" / "golden" / "diagnostics"
EXAMPLE = re.compile(r"^```flow(?: target=(\w+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
UPDATE = "UPDATE_GOLDEN" in os.environ
ROUNDS_MAX = 5


def examples(page: Path) -> list[tuple[str, str]]:
    return EXAMPLE.findall(page.read_text("utf-8"))


def checked(target: str, source: str) -> Report:
    return check(parse(source), catalogue(), target="connect" if target == "connect" else "runtime")


WITH_EXAMPLES = [pytest.param(page, id=page.stem) for page in PAGES if examples(page)]


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_the_wrong_one_has_the_problem(page: Path) -> None:
    report = checked(*examples(page)[0])
    assert page.stem in {problem.code for problem in report.problems}


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_the_right_one_is_clean(page: Path) -> None:
    report = checked(*examples(page)[1])
    assert not [problem for problem in report.problems if problem.severity != "hint"]


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_it_is_told_as_before(page: Path) -> None:
    """Golden: the wrong example, and all that is said of it in each language."""
    target, source = examples(page)[0]
    told = "\n".join(map(tell, checked(target, source).problems))
    text = f"{source}---\n{told}"
    golden = GOLDEN / f"{page.stem}.txt"
    if UPDATE:
        golden.write_text(text, "utf-8")
    assert golden.read_text("utf-8") == text


def tell(problem: Problem) -> str:
    at = "{}:{}".format(*problem.place.first) if problem.place else "-"
    lines = [f"{problem.code} {problem.severity} {at} {problem.block or '-'}"]
    for language in LANGUAGES:
        lines.append(f"  {words.message(problem, language)}")
        lines += [f"    {text}" for text in _advice(problem, language) if text]
    if problem.fix:
        lines += [f"  {edit.start}-{edit.end} {edit.text!r}" for edit in problem.fix.edits]
    return "\n".join(lines) + "\n"


def _advice(problem: Problem, language: words.Language) -> list[str]:
    fix = words.fix_title(problem.fix, language) if problem.fix else ""
    notes = [words.note(related, language) for related in problem.related]
    return [words.label(problem, language), words.help_(problem, language), *notes, fix]


def test_the_index_names_every_page() -> None:
    index = (PAGES[0].parent / "README.md").read_text("utf-8")
    for page in PAGES:
        title = page.read_text("utf-8").splitlines()[0].removeprefix(f"# {page.stem}: ")
        assert f"| [{page.stem}]({page.name}) | {title} |" in index


def test_every_problem_that_can_be_told_has_words_and_a_page() -> None:
    """Whichever package tells it: its code stands there in quotes."""
    packages = ("flowlang", "blocks", "runtime", "designer")
    told = {
        code
        for package in packages
        for file in (ROOT / package).rglob("*.py")
        if "words" not in file.parts
        for code in re.findall(r"[\"'](FL\d{3})\b", file.read_text("utf-8"))
    }
    assert len(told) > 250
    assert {page.stem for page in PAGES} == told
    for language in LANGUAGES:
        assert {key.partition(".")[0] for key in words._module(language).MESSAGES} == told


# --- fixes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_a_fix_repairs_its_problem_and_breaks_no_syntax(page: Path) -> None:
    target, source = examples(page)[0]
    for problem in checked(target, source).problems:
        if problem.fix is None:
            continue
        repaired = applied(source, problem)
        assert repaired != source
        before = [item.code for item in checked(target, source).problems]
        after = [item.code for item in checked(target, repaired).problems]
        assert after.count(problem.code) < before.count(problem.code)
        syntax = [code for code in after if code.startswith("FL0")]
        assert len(syntax) <= sum(code.startswith("FL0") for code in before)


def applied(source: str, problem: Problem) -> str:
    assert problem.fix is not None
    for edit in sorted(problem.fix.edits, key=lambda edit: edit.start, reverse=True):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_safe_fixes_come_to_an_end(page: Path) -> None:
    """As `--fix` carries them out, round after round, until none is left."""
    target, source = examples(page)[0]
    for _ in range(ROUNDS_MAX):
        fixes = [item.fix for item in checked(target, source).problems if item.fix]
        source, count = apply(source, [fix for fix in fixes if fix.safe])
        if not count:
            return
    raise AssertionError("fixes that never end")
