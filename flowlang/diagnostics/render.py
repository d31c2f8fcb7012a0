"""How problems look: in a terminal, as JSON, as SARIF, and as commands of a GitHub workflow."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flowlang.checking.report import Fact
from flowlang.diagnostics import words
from flowlang.diagnostics.problem import Fix, Problem, Severity
from flowlang.diagnostics.words import Language
from flowlang.places import Place

Json = Any
COLOURS: Mapping[Severity, str] = {"error": "31", "warning": "33", "hint": "36"}
SARIF_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "hint": "note"}
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


# --- terminal ---------------------------------------------------------------------------------


def to_text(
    problem: Problem, source: str, path: str, language: Language, *, colours: bool = False
) -> str:
    """A problem as people read it, with its line and a mark below."""
    paint = _paint if colours else _plain
    severity = words.say(problem.severity, {}, language)
    head = paint(f"{severity}[{problem.code}]", f"1;{COLOURS[problem.severity]}")
    lines = [f"{head}: {paint(words.message(problem, language), '1')}"]
    lines += _excerpt(problem, source, path, language, paint)
    lines += _advice(problem, language, paint)
    return "\n".join(lines)


def _plain(text: str, style: str) -> str:
    return text


def _paint(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"


def _excerpt(
    problem: Problem, source: str, path: str, language: Language, paint: Any
) -> Iterator[str]:
    place = problem.place
    if place is None:
        where = "".join(f" {part}" for part in (problem.pointer, problem.block) if part)
        yield f"{paint('  -->', '34')} {path}{where}"
        return
    line, column = place.first
    code, mark = _marked(place, source)
    number = str(line)
    bar = paint(" " * len(number) + " |", "34")
    yield f"{' ' * len(number)}{paint('-->', '34')} {path}:{line}:{column}"
    if not code:
        return
    label = words.label(problem, language)
    yield bar
    yield f"{paint(f'{number} |', '34')} {code}"
    underlined = paint(mark.lstrip(" ") + (f" {label}" if label else ""), COLOURS[problem.severity])
    yield f"{bar} {' ' * (len(mark) - len(mark.lstrip(' ')))}{underlined}"


def _marked(place: Place, source: str) -> tuple[str, str]:
    """The first line of a place, and what underlines it in a terminal."""
    text = place.anchor.text or source
    start = text.rfind("\n", 0, place.start) + 1
    end = text.find("\n", place.start)
    code = text[start : end if end >= 0 else len(text)].rstrip("\r")
    before = text[start : place.start]
    inside = text[place.start : min(place.end, start + len(code))]
    carets = "^" * max(1, columns(inside.rstrip()))
    return _printable(code), " " * columns(before) + carets


def _printable(text: str) -> str:
    """Without what would move the cursor or turn the line around."""
    return "".join(
        " " if character == "\t" else "\ufffd" if _is_control(character) else character
        for character in text
    )


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: Korean letters take two."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _advice(problem: Problem, language: Language, paint: Any) -> Iterator[str]:
    said = words.help_(problem, language)
    if said:
        yield f"{paint(words.say('help', {}, language), '1')}: {said}"
    for related in problem.related:
        if related.note != "section":
            line = words.say("line", {"line": related.place.first.line}, language)
            note = words.note(related, language)
            yield f"{paint(words.say('note', {}, language), '1')}: {note} {line}"
    if problem.fix and not problem.arguments.get("suggestion"):
        fix = paint(words.say("fix", {}, language), "1")
        yield f"{fix}: {words.fix_title(problem.fix, language)}"


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
                "problems": [_problem_json(problem, language) for problem in file.problems],
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


def _problem_json(problem: Problem, language: Language) -> Json:
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": words.message(problem, language),
        "start": place.first._asdict() if place else None,
        "end": place.last._asdict() if place else None,
        "pointer": problem.pointer,
        "block": problem.block,
        "fix": _fix_json(problem.fix, language) if problem.fix else None,
    }


def _fix_json(fix: Fix, language: Language) -> Json:
    """Edits count characters from the start of the file."""
    return {
        "title": words.fix_title(fix, language),
        "safe": fix.safe,
        "edits": [{"start": item.start, "end": item.end, "text": item.text} for item in fix.edits],
    }


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
                    _sarif_result(problem, file.path, codes, language)
                    for file in files
                    for problem in file.problems
                ],
            }
        ],
    }


def _sarif_result(
    problem: Problem, path: str, codes: Sequence[str], language: Language
) -> dict[str, Json]:
    advice = words.help_(problem, language)
    message = words.message(problem, language)
    result: dict[str, Json] = {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": SARIF_LEVELS[problem.severity],
        "message": {"text": f"{message} {advice}".strip()},
        "locations": [_sarif_location(path, problem.place, problem.block)],
    }
    if problem.related:
        result["relatedLocations"] = [
            {
                **_sarif_location(path, related.place, None),
                "message": {"text": words.note(related, language)},
            }
            for related in problem.related
        ]
    if problem.fix:
        result["fixes"] = [_sarif_fix(problem.fix, path, language)]
    return result


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path.replace("\\", "/"))


def _sarif_location(path: str, place: Place | None, block: str | None) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": {"uri": _uri(path)}}
    if place:
        physical["region"] = {
            "startLine": place.first.line,
            "startColumn": place.first.column,
            "endLine": place.last.line,
            "endColumn": place.last.column,
        }
    location: dict[str, Json] = {"physicalLocation": physical}
    if block:
        location["logicalLocations"] = [{"fullyQualifiedName": block}]
    return location


def _sarif_fix(fix: Fix, path: str, language: Language) -> Json:
    replacements = [
        {
            "deletedRegion": {"charOffset": item.start, "charLength": item.end - item.start},
            "insertedContent": {"text": item.text},
        }
        for item in fix.edits
    ]
    change = {"artifactLocation": {"uri": _uri(path)}, "replacements": replacements}
    return {
        "description": {"text": words.fix_title(fix, language)},
        "artifactChanges": [change],
    }


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
    advice = words.help_(problem, language)
    message = _escaped(f"{words.message(problem, language)} {advice}".strip())
    return f"::{GITHUB_LEVELS[problem.severity]} {spelled}::{message}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
