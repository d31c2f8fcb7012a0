"""`flowlang check`: every problem of flows, tests, policies, JSON and project files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowlang.checking.context import Target
from flowlang.cli import files
from flowlang.cli.analysis import Analyst
from flowlang.cli.many import each
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
from flowlang.cli.sources import UNREADABLE, is_flow_json
from flowlang.diagnostics import words
from flowlang.diagnostics.render import (
    CheckedFile,
    counts,
    report,
    to_github,
    to_json,
    to_sarif,
)
from flowlang.diagnostics.words import Language

if TYPE_CHECKING:
    from flowlang.cli.whole import CheckedProject

SUFFIXES = (".flow", ".json", files.PROJECT_FILE)
ABOUT: Help = {
    "en": "Find every problem of flows: files, or folders with all that is in them.",
    "ko": "흐름의 문제를 모두 찾습니다. 파일이나 폴더를 줄 수 있습니다.",
}


UNKNOWN_BLOCK = "FL301"


def run(arguments: list[str]) -> int:
    parser = _parser(arguments)
    options = parser.parse_args(arguments)
    checked = _checked(options, parser.language)
    projects = _projects(checked)
    if projects:
        from flowlang.cli.whole import with_projects

        checked = with_projects(checked, projects)
    _print(checked, projects, options.format, parser.language, with_facts=options.facts)
    if any(problem.code == UNKNOWN_BLOCK for file in checked for problem in file.problems):
        # Its package may be installed and broken, which is worth knowing now.
        from flowlang.cli.blocks import tell_guests

        tell_guests(parser.language)
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
    parser.add_argument("--fix", action="store_true", help=said(
        {"en": "carry out the fixes that keep what a flow does",
         "ko": "흐름의 동작을 바꾸지 않는 수정을 적용합니다"}
    ))  # fmt: skip
    parser.add_argument("--facts", action="store_true", help=said(
        {"en": "also tell what is proved", "ko": "증명된 사실도 보여 줍니다"}
    ))  # fmt: skip
    return parser


def _checked(options: Any, language: Language) -> list[CheckedFile]:
    found = list(_paths(options.paths))
    look = partial(_look, options.target, options.fix)
    looked_at = list(each(look, found, [path for path, _ in found]))
    for file, count in looked_at:
        if count:
            said = words.say("fixed", {"path": file.path, "count": count}, language)
            print(said, file=sys.stderr)
    if not looked_at:
        return [CheckedFile(path=it, problems=(files.no_flow(it),)) for it in options.paths]
    return [file for file, _ in looked_at]


def _look(target: Target, fix: bool, file: tuple[str, str]) -> tuple[CheckedFile, int]:
    """A file with what is wrong in it, and how much of it was mended."""
    analyst = _analyst(target)
    return analyst.fixed(*file) if fix else (analyst.checked(*file), 0)


_analyst = cache(Analyst)
"""One in each process: what files share is read once."""


def _paths(paths: list[str]) -> Iterator[tuple[str, str]]:
    """Every file, with the folder that its policies are looked for up to."""
    seen: set[str] = set()
    for path in paths:
        is_folder = Path(path).is_dir()
        for found in files.find([path], SUFFIXES, seen):
            if is_folder and found.endswith(".json") and not is_flow_json(files.read(found).text):
                continue
            yield found, path if is_folder else files.project_top(found)


def _projects(checked: list[CheckedFile]) -> list[CheckedProject]:
    if not any(Path(file.path).name == files.PROJECT_FILE for file in checked):
        return []
    from flowlang.cli.whole import projects_among

    return projects_among(checked)


def _print(
    checked: list[CheckedFile],
    projects: list[CheckedProject],
    form: str,
    language: Language,
    *,
    with_facts: bool,
) -> None:
    match form:
        case "json":
            maps = [{"path": it.path, **it.map.as_json()} for it in projects]
            print_json({**to_json(checked, language), "projects": maps})
        case "sarif":
            print_json(to_sarif(checked, language, version()))
        case "github":
            if lines := to_github(checked, language):
                print(lines)
        case _:
            colours = has_colours(sys.stdout)
            if with_facts and projects:
                from flowlang.project.map import as_text

                print("\n\n".join(as_text(project.map) for project in projects), end="\n\n")
            print(report(checked, language, colours=colours, with_facts=with_facts))
