"""How problems look: in a terminal, as JSON, as SARIF, and as commands of a GitHub workflow."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flowlang.checking.report import Fact
from flowlang.diagnostics import words
from flowlang.diagnostics.problem import Edit, Fix, Problem, Severity
from flowlang.diagnostics.words import Language
from flowlang.places import Anchor, Place

Json = Any
COLOURS: Mapping[Severity, str] = {"error": "31", "warning": "33", "hint": "36"}
SARIF_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "hint": "note"}
TAB = " " * 4
COLUMNS_MAX = 110
"""Columns of a source line that are shown."""
COLUMNS_BEFORE_MARK_MAX = 60
STEPS_SHOWN_MAX = 12
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """What was found in one file."""

    path: str
    source: str = ""
    problems: tuple[Problem, ...] = ()
    facts: tuple[Fact, ...] = ()


def counts(files: Iterable[CheckedFile]) -> tuple[int, int]:
    """How many errors and warnings there are."""
    severities = [problem.severity for file in files for problem in file.problems]
    return severities.count("error"), severities.count("warning")


# --- words ------------------------------------------------------------------------------------


def message(problem: Problem, language: Language) -> str:
    """What is wrong, as a sentence."""
    return words.message(problem, language)


def help_words(problem: Problem, language: Language) -> str:
    """The way out: the one good candidate, or advice; empty if there is none."""
    return words.help_(problem, language)


def fix_words(fix: Fix, language: Language) -> str:
    """What a fix does, as an order."""
    return words.fix_title(fix, language)


# --- terminal ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Paint:
    is_on: bool

    def __call__(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.is_on and text else text


BOLD, FRAME, OTHER = "1", "34", "36"


def to_text(
    problem: Problem, source: str, path: str, language: Language, *, colours: bool = False
) -> str:
    """A problem as people read it, with the lines of the source that it is about."""
    paint = _Paint(colours)
    severity = words.say(problem.severity, {}, language)
    head = paint(f"{severity}[{problem.code}]", f"1;{COLOURS[problem.severity]}")
    said = printable(message(problem, language))
    lines = [f"{head}: {paint(said, BOLD)}"]
    lines += _excerpt(problem, source, path, language, paint)
    lines += [
        f"{paint(words.say(word, {}, language), BOLD)}: {printable(text)}"
        for word, text in _advice(problem, language)
    ]
    return "\n".join(lines)


def _advice(problem: Problem, language: Language) -> Iterator[tuple[str, str]]:
    if problem.path and "steps" not in problem.arguments:
        hidden = ["…"] if len(problem.path) > STEPS_SHOWN_MAX else []
        yield "path", " → ".join([*problem.path[:STEPS_SHOWN_MAX], *hidden])
    if advice := help_words(problem, language):
        yield "help", advice
    if problem.fix and problem.fix.safe:
        yield "fix", f"{fix_words(problem.fix, language)} (--fix)"
    elif problem.fix and not problem.arguments.get("suggestion"):
        yield "fix", fix_words(problem.fix, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """What is underlined in one line."""

    line: int
    start: int
    end: int
    label: str
    is_main: bool


@lru_cache(maxsize=2)
def _lines(source: str) -> Sequence[str]:
    return [text.removesuffix("\r") for text in source.split("\n")]


def _excerpt(
    problem: Problem, source: str, path: str, language: Language, paint: _Paint
) -> Iterator[str]:
    texts = _lines(source)
    marks = list(_marks(problem, texts, language))
    if problem.place is None or not marks:
        where = "".join(f" {part}" for part in (problem.pointer, problem.block) if part)
        yield f"{paint('  -->', FRAME)} {printable(path + where)}"
        return
    gutter = len(str(max(mark.line for mark in marks)))
    line, column = problem.place.first
    pointer = f" {printable(problem.pointer)}" if problem.pointer else ""
    yield f"{'':{gutter}}{paint('-->', FRAME)} {printable(path)}:{line}:{column}{pointer}"
    bar = paint(f"{'':{gutter}} |", FRAME)
    yield bar
    before: int | None = None
    for mark in sorted(marks, key=lambda mark: (mark.line, mark.start)):
        if before is not None and mark.line > before + 1:
            yield paint("...", FRAME)
        code, underline = _underlined(texts[mark.line - 1], mark)
        if mark.line != before:
            yield f"{paint(f'{mark.line:>{gutter}} |', FRAME)} {code}".rstrip()
        yield f"{bar} {_painted(underline, mark, problem.severity, paint)}"
        before = mark.line


def _painted(underline: str, mark: _Mark, severity: Severity, paint: _Paint) -> str:
    drawn = underline.lstrip(" ")
    blanks = " " * (len(underline) - len(drawn))
    return blanks + paint(drawn, COLOURS[severity] if mark.is_main else OTHER)


def _marks(problem: Problem, texts: Sequence[str], language: Language) -> Iterator[_Mark]:
    if problem.place is None or problem.place.first.line > len(texts):
        return
    yield _mark(problem.place, texts, words.label(problem, language), is_main=True)
    for related in problem.related:
        # The help names the line of what was meant.
        is_shown = related.note != "section" or not problem.arguments.get("suggestion")
        if is_shown and related.place.first.line <= len(texts):
            yield _mark(related.place, texts, words.note(related, language), is_main=False)


def _mark(place: Place, texts: Sequence[str], label: str, *, is_main: bool) -> _Mark:
    """Of what spans lines the first one is underlined."""
    (line, column), (last_line, last_column) = place.first, place.last
    end = last_column - 1 if line == last_line else len(texts[line - 1])
    return _Mark(line=line, start=column - 1, end=max(end, column), label=label, is_main=is_main)


def _underlined(text: str, mark: _Mark) -> tuple[str, str]:
    """The part of a line around the mark, and the line below it."""
    cells = [_cell(character) for character in text]
    start = min(mark.start, len(cells))
    left, right = _window([width for _, width in cells], start)
    head = "…" if left else ""
    tail = "…" if right < len(cells) else ""
    code = "".join(shown for shown, _ in cells[left:right])
    indent = len(head) + sum(width for _, width in cells[left:start])
    length = max(sum(width for _, width in cells[start : min(mark.end, right)]), 1)
    signs = ("^" if mark.is_main else "-") * length
    return f"{head}{code}{tail}", f"{' ' * indent}{signs} {printable(mark.label)}".rstrip()


def _window(widths: Sequence[int], start: int) -> tuple[int, int]:
    """What is shown of a line: all of it, or the stretch around a mark."""
    if sum(widths) <= COLUMNS_MAX:
        return 0, len(widths)
    left = right = start
    used = 0
    while left > 0 and used + widths[left - 1] <= COLUMNS_BEFORE_MARK_MAX:
        left -= 1
        used += widths[left]
    while right < len(widths) and used + widths[right] <= COLUMNS_MAX:
        used += widths[right]
        right += 1
    return left, right


def _cell(character: str) -> tuple[str, int]:
    """How a character is shown, and how many columns of a terminal that takes. Nothing that a
    source says may move the cursor or turn the line around."""
    if " " <= character <= "~":
        return character, 1
    if character == "\t":
        return TAB, len(TAB)
    category = unicodedata.category(character)
    if category[0] == "C" or category in ("Zl", "Zp"):
        return "\ufffd", 1
    # Vowels and finals of decomposed Korean join the letter before them.
    if category in ("Mn", "Me") or "\u1160" <= character <= "\u11ff":
        return character, 0
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1


def printable(text: str) -> str:
    return "".join(_cell(character)[0] for character in text)


def report(
    files: Sequence[CheckedFile],
    language: Language,
    *,
    colours: bool = False,
    with_facts: bool = False,
) -> str:
    """All problems, and a line that sums them up."""
    parts = [
        to_text(problem, file.source, file.path, language, colours=colours)
        for file in files
        for problem in file.problems
    ]
    if with_facts:
        parts += [_facts(file, language) for file in files if file.facts]
    return "\n\n".join((*parts, _summary(files, language)))


def _facts(file: CheckedFile, language: Language) -> str:
    lines = [file.path]
    for fact in file.facts:
        status = words.say(fact.status, {}, language)
        lines.append(f"  {status}: {words.fact(fact.check, language)}")
        lines += [
            f"    {words.assumption(item.name, item.arguments, language)}" for item in fact.assumes
        ]
    return "\n".join(lines)


def _summary(files: Sequence[CheckedFile], language: Language) -> str:
    errors, warnings = counts(files)

    def count(number: int, one: str, many: str) -> str:
        return words.say(one if number == 1 else many, {"n": number}, language)

    arguments = {
        "files": count(len(files), "file", "files"),
        "errors": count(errors, "one_error", "errors"),
        "warnings": count(warnings, "one_warning", "warnings"),
    }
    return words.say("summary", arguments, language)


# --- JSON -------------------------------------------------------------------------------------


def to_json(files: Sequence[CheckedFile], language: Language) -> Json:
    errors, warnings = counts(files)
    return {
        "files": [
            {
                "path": file.path,
                "problems": [
                    problem_json(problem, file.source, language) for problem in file.problems
                ],
                "facts": [
                    {
                        "check": fact.check,
                        "status": fact.status,
                        "assumes": [
                            words.assumption(item.name, item.arguments, language)
                            for item in fact.assumes
                        ],
                    }
                    for fact in file.facts
                ],
            }
            for file in files
        ],
        "errors": errors,
        "warnings": warnings,
    }


def problem_json(problem: Problem, source: str, language: Language) -> Json:
    """Lines and columns count from 1."""
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": words.message(problem, language),
        "start": place.first._asdict() if place else None,
        "end": place.last._asdict() if place else None,
        "pointer": problem.pointer,
        "block": problem.block,
        "fix": _fix_json(problem.fix, source, language) if problem.fix else None,
        "help": help_words(problem, language) or None,
        "path": list(problem.path),
    }


def _fix_json(fix: Fix, source: str, language: Language) -> Json:
    return {
        "title": fix_words(fix, language),
        "safe": fix.safe,
        "edits": [
            {"start": place.first._asdict(), "end": place.last._asdict(), "text": edit.text}
            for edit, place in _edits(fix, source)
        ],
    }


def _edits(fix: Fix, source: str) -> Iterator[tuple[Edit, Place]]:
    whole = Anchor(source)
    for edit in fix.edits:
        yield edit, Place(whole, edit.start, edit.end)


# --- SARIF ------------------------------------------------------------------------------------


def to_sarif(files: Sequence[CheckedFile], language: Language, version: str) -> Json:
    codes = sorted({problem.code for file in files for problem in file.problems})
    return {
        "$schema": SARIF_SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "flowlang",
                        "version": version,
                        "rules": [{"id": code} for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    _sarif_result(problem, file, codes.index(problem.code), language)
                    for file in files
                    for problem in file.problems
                ],
            }
        ],
    }


def _sarif_result(
    problem: Problem, file: CheckedFile, rule: int, language: Language
) -> dict[str, Json]:
    said = f"{message(problem, language)}\n{help_words(problem, language)}".strip()
    names = [name for name in (problem.block, problem.pointer) if name]
    result: dict[str, Json] = {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": SARIF_LEVELS[problem.severity],
        "message": {"text": said},
        "locations": [_sarif_location(file.path, problem.place, names)],
    }
    if problem.related:
        result["relatedLocations"] = [
            {
                **_sarif_location(file.path, related.place, ()),
                "message": {"text": words.note(related, language)},
            }
            for related in problem.related
        ]
    if problem.fix and problem.fix.edits:
        result["fixes"] = [_sarif_fix(problem.fix, file, language)]
    return result


def _sarif_location(path: str, place: Place | None, names: Sequence[str]) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": {"uri": _uri(path)}}
    if place:
        physical["region"] = _region(place)
    location: dict[str, Json] = {"physicalLocation": physical}
    if names:
        location["logicalLocations"] = [{"fullyQualifiedName": name} for name in names]
    return location


def _region(place: Place) -> Json:
    (line, column), (last_line, last_column) = place.first, place.last
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": last_line,
        "endColumn": last_column,
    }


def _sarif_fix(fix: Fix, file: CheckedFile, language: Language) -> Json:
    replacements = [
        {"deletedRegion": _region(place), "insertedContent": {"text": edit.text}}
        for edit, place in _edits(fix, file.source)
    ]
    change = {"artifactLocation": {"uri": _uri(file.path)}, "replacements": replacements}
    return {"description": {"text": fix_words(fix, language)}, "artifactChanges": [change]}


def _uri(path: str) -> str:
    from urllib.parse import quote

    slashed = quote(path.replace("\\", "/"))
    return f"file://{slashed}" if slashed.startswith("/") else slashed


# --- GitHub -----------------------------------------------------------------------------------

GITHUB_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "hint": "notice"}


def to_github(files: Sequence[CheckedFile], language: Language) -> str:
    return "\n".join(
        _github(problem, file.path, language) for file in files for problem in file.problems
    )


def _github(problem: Problem, path: str, language: Language) -> str:
    properties = {"file": path, "title": problem.code}
    if problem.place:
        (line, column), (last_line, last_column) = problem.place.first, problem.place.last
        properties |= {"line": str(line), "endLine": str(last_line)}
        if line == last_line:
            properties |= {"col": str(column), "endColumn": str(last_column)}
    spelled = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    said = f"{message(problem, language)}\n{help_words(problem, language)}".strip()
    return f"::{GITHUB_LEVELS[problem.severity]} {spelled}::{_escaped(said)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
