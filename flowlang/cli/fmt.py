"""`flowlang fmt`: flows in their canonical form."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flowlang.cli import files
from flowlang.cli.many import each
from flowlang.cli.options import EXIT_FAILED, EXIT_FINE, EXIT_MISUSED, Help, Parser, has_colours
from flowlang.diagnostics import Problem, words
from flowlang.diagnostics.render import to_text as shown
from flowlang.syntax import parse, to_text

ABOUT: Help = {
    "en": "Write flows in their canonical form. What cannot be read is left as it is.",
    "ko": "흐름을 표준 형식으로 정리합니다. 읽을 수 없는 파일은 그대로 둡니다.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """A file in its canonical form, or why it has none."""

    source: files.Source
    text: str = ""
    problems: tuple[Problem, ...] = ()


def run(arguments: list[str]) -> int:
    parser = _parser(arguments)
    options = parser.parse_args(arguments)
    paths = list(files.find(options.paths, (".flow",)))
    made = list(each(formatted, paths, paths))
    codes = [_put(done, options) for done in made]
    if not codes:
        empty = [files.no_flow(path) for path in options.paths]
        return _refuse(empty, files.Source(path=options.paths[0]), options)
    return max(codes)


def _parser(arguments: list[str]) -> Parser:
    parser = Parser("fmt", ABOUT, arguments)
    said = parser.said
    parser.add_argument("paths", nargs="+", metavar="PATH", help=said(
        {"en": "a file, a folder, or - for standard input", "ko": "파일, 폴더, 또는 표준 입력 -"}
    ))  # fmt: skip
    parser.add_argument("--check", action="store_true", help=said(
        {"en": "only say what would change", "ko": "바뀔 파일만 알려 줍니다"}
    ))  # fmt: skip
    parser.add_argument("--diff", action="store_true", help=said(
        {"en": "only show what would change", "ko": "바뀔 내용만 보여 줍니다"}
    ))  # fmt: skip
    return parser


def formatted(path: str) -> Formatted:
    source = files.read(path)
    if source.problem:
        return Formatted(source=source, problems=(source.problem,))
    tree = parse(source.text)
    broken = tuple(problem for problem in tree.problems if problem.severity == "error")
    if broken:
        return Formatted(source=source, problems=broken)
    text = _with_line_ends_of(source.text, to_text(tree.document))
    return Formatted(source=source, text=text)


def _put(done: Formatted, options: Any) -> int:
    """Write or show what became of a file."""
    source, text = done.source, done.text
    path = source.path
    if done.problems:
        return _refuse(done.problems, source, options)
    if options.diff:
        sys.stdout.writelines(_difference(path, source.text, text))
    elif path == files.STANDARD and not options.check:
        sys.stdout.write(text)
    if text == source.text:
        return EXIT_FINE
    if options.check or options.diff:
        if not options.diff:
            print(words.say("would_format", {"path": path}, options.lang), file=sys.stderr)
        return EXIT_FAILED if options.check else EXIT_FINE
    return EXIT_FINE if path == files.STANDARD else _write(path, text, source, options)


def _refuse(problems: Iterable[Problem], source: files.Source, options: Any) -> int:
    for problem in problems:
        said = shown(
            problem, source.text, source.path, options.lang, colours=has_colours(sys.stderr)
        )
        print(f"{said}\n", file=sys.stderr)
    return EXIT_MISUSED


def _with_line_ends_of(source: str, text: str) -> str:
    """Where Git checks files out with the line ends of Windows, they are no difference."""
    first = source.find("\n")
    return text.replace("\n", "\r\n") if first > 0 and source[first - 1] == "\r" else text


def _difference(path: str, before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), path, path
    )
    return [
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    ]


def _write(path: str, text: str, source: files.Source, options: Any) -> int:
    if failed := files.write(path, text):
        return _refuse([failed], source, options)
    print(words.say("formatted", {"path": path}, options.lang), file=sys.stderr)
    return EXIT_FINE
