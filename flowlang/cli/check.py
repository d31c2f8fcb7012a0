"""`flowlang check`: every problem of flows, policies, JSON and project files."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from blocks.catalogue import catalogue
from flowlang.checking import Surroundings
from flowlang.checking.context import Target
from flowlang.checks import check
from flowlang.cli import files
from flowlang.cli.options import (
    EXIT_FAILED,
    EXIT_FINE,
    EXIT_MISUSED,
    Help,
    Parser,
    has_colours,
    print_json,
    version,
)
from flowlang.cli.sources import UNREADABLE, is_connect
from flowlang.diagnostics import Problem
from flowlang.diagnostics.render import (
    CheckedFile,
    counts,
    report,
    to_github,
    to_json,
    to_sarif,
)
from flowlang.diagnostics.words import Language
from flowlang.model import Document, Policy, Section, Step
from flowlang.syntax import parse

SUFFIXES = (".flow", files.PROJECT_FILE)
ABOUT: Help = {
    "en": "Find every problem of flows: files, or folders with all that is in them.",
    "ko": "흐름의 문제를 모두 찾습니다. 파일이나 폴더를 줄 수 있습니다.",
}


def run(arguments: list[str]) -> int:
    parser = _parser(arguments)
    options = parser.parse_args(arguments)
    checked = [_checked(path, top, options.target) for path, top in _paths(options.paths)]
    if not checked:
        missing = Problem(code="FL413", severity="error", arguments={"path": options.paths[0]})
        checked = [CheckedFile(path=options.paths[0], problems=(missing,))]
    _print(checked, options.format, parser.language, with_facts=options.facts)
    if any(problem.code in UNREADABLE for file in checked for problem in file.problems):
        return EXIT_MISUSED
    return EXIT_FAILED if counts(checked)[0] else EXIT_FINE


def _parser(arguments: list[str]) -> Parser:
    parser = Parser("check", ABOUT, arguments)
    said = parser.said
    parser.add_argument("paths", nargs="+", metavar="PATH", help=said(
        {"en": "a file, a folder, or - for standard input", "ko": "파일, 폴더, 또는 표준 입력 -"}
    ))  # fmt: skip
    parser.add_argument("--target", choices=("runtime", "connect"), default="runtime", help=said(
        {"en": "where the flows are to run", "ko": "흐름을 실행할 곳"}
    ))  # fmt: skip
    parser.add_argument("--format", choices=("text", "json", "sarif", "github"), default="text",
        help=said({"en": "form of the report", "ko": "보고서 형식"}))  # fmt: skip
    parser.add_argument("--facts", action="store_true", help=said(
        {"en": "also tell what is proved", "ko": "증명된 사실도 보여 줍니다"}
    ))  # fmt: skip
    return parser


def _paths(paths: list[str]) -> Iterator[tuple[str, str]]:
    """Every file, with the folder that its policies are looked for up to."""
    for path in paths:
        is_folder = Path(path).is_dir()
        for found in files.find([path], SUFFIXES):
            yield found, path if is_folder else files.project_top(found)


def _print(checked: list[CheckedFile], form: str, language: Language, *, with_facts: bool) -> None:
    match form:
        case "json":
            print_json(to_json(checked, language))
        case "sarif":
            print_json(to_sarif(checked, language, version()))
        case "github":
            if lines := to_github(checked, language):
                print(lines)
        case _:
            colours = has_colours(sys.stdout)
            print(report(checked, language, colours=colours, with_facts=with_facts))


# --- one file ---------------------------------------------------------------------------------


def _checked(path: str, top: str, target: Target) -> CheckedFile:
    if Path(path).name == files.PROJECT_FILE:
        return _project(path)
    source = files.read(path)
    if source.problem:
        return CheckedFile(path=path, problems=(source.problem,))
    if source.text.lstrip().startswith("{"):
        return _json(path, source.text, target)
    tree = parse(source.text)
    surroundings = Surroundings(policies=tuple(_policies(path, top)))
    found = check(tree, catalogue(), target=target, surroundings=surroundings)
    return CheckedFile(path=path, source=source.text, problems=found.problems, facts=found.facts)


def _project(path: str) -> CheckedFile:
    from flowlang.project.loading import load

    _, problems = load(Path(path).parent)
    return CheckedFile(path=path, source=files.read(path).text, problems=tuple(problems))


def _policies(path: str, top: str) -> Iterator[Policy]:
    """The policies of the house: they stand in the flow's folder, or above it in its project."""
    if path != files.STANDARD:
        for folder in files.folders_above(path, top):
            yield from _policies_in(folder)


@cache
def _policies_in(folder: Path) -> tuple[Policy, ...]:
    found: list[Policy] = []
    for path in sorted(folder.glob(f"*{files.POLICY_SUFFIX}")):
        source = files.read(str(path))
        if not source.problem:
            found += parse(source.text).document.policies
    return tuple(found)


# --- JSON -------------------------------------------------------------------------------------


def _json(path: str, text: str, target: Target) -> CheckedFile:
    if is_connect(text):
        from flowlang.interchange.connect.importing import import_flow

        imported = import_flow(text, catalogue())
        problems = imported.problems
        document: Document | None = imported.document
        if any(problem.severity == "error" for problem in problems):
            document = None
        pointers: Mapping[str, str] = {}
    else:
        from flowlang.interchange import native

        document, found = native.read(text)
        problems = tuple(found)
        pointers = _pointers(document) if document else {}
    if document is None:
        return CheckedFile(path=path, source=text, problems=problems)
    checked = check(document, catalogue(), target=target)
    pointed = tuple(
        replace(problem, pointer=pointers.get(problem.block or "")) for problem in checked.problems
    )
    return CheckedFile(path=path, source=text, problems=(*problems, *pointed), facts=checked.facts)


def _pointers(document: Document) -> dict[str, str]:
    """By step, where it stands in the JSON."""
    pointers: dict[str, str] = {}
    for number, item in enumerate(document.items):
        if isinstance(item, Section):
            places = [n for n, statement in enumerate(item.body) if isinstance(statement, Step)]
            for step_id, place in zip(item.step_ids, places, strict=True):
                pointers.setdefault(step_id, f"/items/{number}/body/{place}")
    return pointers
