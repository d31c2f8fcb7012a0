"""The one command. Its subcommands are imported when they are called, each from the package that
owns it, so that `flowlang check` loads no web framework and no vendor's library."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from flowlang.cli.options import language_of, version
from flowlang.diagnostics.words import Language

EXIT_MISUSED = 2
EXIT_INTERRUPTED = 130

COMMANDS: dict[str, str] = {
    "check": "flowlang.cli.check",
    "fmt": "flowlang.cli.fmt",
    "convert": "flowlang.cli.convert",
    "schema": "flowlang.cli.schema",
    "blocks": "flowlang.cli.blocks",
    "test": "runtime.commands.test",
    "run": "runtime.commands.run",
    "new": "runtime.commands.new",
    "serve": "designer.commands.serve",
    "design": "designer.commands.design",
}
"""Each module has `run(arguments)`, or `main(arguments)`, which gives the exit code."""

SUMMARIES: dict[str, tuple[str, str]] = {
    "check": ("find every problem of flows", "흐름의 문제를 모두 찾습니다"),
    "fmt": ("write flows in their canonical form", "흐름을 표준 형식으로 정리합니다"),
    "convert": ("between text, JSON, Connect and pictures", "텍스트, JSON, Connect, 그림으로 변환"),
    "schema": ("the JSON Schema of flows as JSON", "JSON 흐름의 JSON Schema"),
    "blocks": ("the block library", "블록 라이브러리"),
    "test": ("run the tests of flows", "흐름의 테스트를 실행합니다"),
    "run": ("talk with a flow in the terminal", "터미널에서 흐름과 대화합니다"),
    "new": ("start a project from an example", "예제로 프로젝트를 시작합니다"),
    "serve": (
        "everything live: channels, desk, designer",
        "채널, 상담 화면, 디자이너를 모두 켭니다",
    ),
    "design": ("draw the flows of a folder in the browser", "폴더의 흐름을 브라우저에서 그립니다"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = language_of(given)
    match given:
        case [] | ["-h" | "--help", *_] | ["--lang", _]:
            print(_overview(language))
            return 0 if given else EXIT_MISUSED
        case ["--version"]:
            print(f"flowlang {version()}")
            return 0
        case [name, *rest] if name in COMMANDS:
            return _call(name, rest)
        case _:
            print(_unknown(given[0], language), file=sys.stderr)
            return EXIT_MISUSED


def _call(name: str, arguments: list[str]) -> int:
    try:
        module = import_module(COMMANDS[name])
        run: Callable[[list[str]], int] = getattr(module, "run", None) or module.main
        code = run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough; Python's own flush at the end must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _overview(language: Language) -> str:
    column = 1 if language == "ko" else 0
    usage = ("usage: flowlang COMMAND …", "사용법: flowlang 명령 …")[column]
    more = (
        "`flowlang COMMAND --help` tells more of each.",
        "`flowlang 명령 --help`로 자세한 설명을 볼 수 있습니다.",
    )[column]
    lines = [f"  {name:<9}{SUMMARIES[name][column]}" for name in COMMANDS]
    return "\n".join((usage, "", *lines, "", more))


def _unknown(name: str, language: Language) -> str:
    from flowlang.diagnostics.suggest import did_you_mean
    from flowlang.diagnostics.words import say

    said = say("unknown_command", {"name": name}, language)
    suggestion = did_you_mean(name, COMMANDS)
    if suggestion:
        said += " " + say("suggestion", {"suggestion": suggestion, "where": ""}, language)
    return f"flowlang: {said}"
