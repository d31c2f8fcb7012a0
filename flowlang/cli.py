"""The one command. Its subcommands are imported when they are called, each from its owner.

Nothing else in this package may know the layers above it; what a subcommand needs of them it asks
here for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from flowlang.block import Block
    from flowlang.catalogue import Catalogue
    from flowlang.diagnostics import Problem
    from flowlang.parameters import Parameters
    from flowlang.syntax import Tree

Language = Literal["en", "ko"]
EXIT_FINE, EXIT_MISUSED, EXIT_INTERRUPTED, EXIT_NOBODY_READS = 0, 2, 130, 141

COMMANDS: Mapping[str, tuple[str, str, str]] = {
    "check": ("flowlang.commands.check", "find every problem in flows", "흐름의 모든 문제를 찾습니다"),
    "fmt": ("flowlang.commands.fmt", "write flows in their usual form", "흐름을 표준 모양으로 고쳐 씁니다"),
    "convert": (
        "flowlang.commands.convert",
        "between text, JSON, Amazon Connect and pictures",
        "텍스트, JSON, Amazon Connect, 그림 사이를 변환합니다",
    ),
    "schema": ("flowlang.commands.schema", "the JSON Schema of flows", "흐름의 JSON 스키마를 보여 줍니다"),
    "blocks": ("flowlang.commands.blocks", "the library of blocks", "블록 라이브러리를 보여 줍니다"),
    "test": ("runtime.commands.test", "run the tests of flows", "흐름의 테스트를 실행합니다"),
    "run": ("runtime.commands.run", "talk with a flow in the terminal", "터미널에서 흐름과 대화합니다"),
    "new": ("runtime.commands.new", "start a project from an example", "예제로 프로젝트를 시작합니다"),
    "design": ("designer.commands.design", "draw flows in the browser", "브라우저에서 흐름을 그립니다"),
    "serve": ("designer.commands.serve", "take calls and chats", "전화와 채팅을 받습니다"),
    "publish": ("designer.commands.publish", "a new version takes new contacts", "새 버전이 새 고객을 받습니다"),
    "rollback": ("designer.commands.rollback", "go back to a version", "이전 버전으로 되돌립니다"),
    "lsp": ("flowlang.lsp.command", "language server for editors", "편집기를 위한 언어 서버입니다"),
}  # fmt: skip

_WORDS: Mapping[str, Mapping[Language, str]] = {
    "usage": {
        "en": "usage: flowlang COMMAND …\n\n"
        "Contact flows as text and as a picture: check, convert, test, draw and run them.",
        "ko": "사용법: flowlang 명령 …\n\n"
        "상담 흐름을 텍스트와 그림으로 다룹니다. 검사하고 변환하고 테스트하고 그리고 실행합니다.",
    },
    "commands": {"en": "commands:", "ko": "명령:"},
    "more": {
        "en": "`flowlang COMMAND --help` tells more. `--lang en|ko` chooses the language.",
        "ko": "자세한 것은 `flowlang 명령 --help`로 봅니다. 언어는 `--lang en|ko`로 고릅니다.",
    },
    "unknown": {
        "en": "flowlang: there is no command `{name}`.",
        "ko": "flowlang: `{name}` 명령은 없습니다.",
    },
    "suggestion": {"en": "Did you mean `{name}`?", "ko": "혹시 `{name}`입니까?"},
    "list": {
        "en": "`flowlang --help` lists the commands.",
        "ko": "명령 목록은 `flowlang --help`로 봅니다.",
    },
    "bug": {
        "en": "flowlang: this is a bug in flowlang ({error}). "
        "FLOWLANG_DEBUG=1 shows where it happened.",
        "ko": "flowlang: flowlang의 버그입니다({error}). "
        "FLOWLANG_DEBUG=1로 실행하면 어디에서 일어났는지 보입니다.",
    },
}


def main() -> int:
    _prepare_output()
    try:
        code = _call(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Else Python complains when it closes the output at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_NOBODY_READS
    except Exception as error:
        if os.environ.get("FLOWLANG_DEBUG"):
            raise
        print(_say("bug", language_of(sys.argv), error=type(error).__name__), file=sys.stderr)
        return EXIT_MISUSED
    return code


def _prepare_output() -> None:
    """A file or a pipe gets UTF-8 as it is; what a terminal cannot show is replaced there."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        if stream.isatty():
            reconfigure(errors="replace")
        else:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _call(arguments: Sequence[str]) -> int:
    language = language_of(arguments)
    match _without_language(arguments):
        case [] | ["-h" | "--help" | "help"]:
            print(_help(language))
            return EXIT_FINE
        case ["-V" | "--version"]:
            print(f"flowlang {version()}")
            return EXIT_FINE
        case ["help", name]:
            return _call([name, "--help", "--lang", language])
        case [name, *_] if name in _available():
            index = list(arguments).index(name)
            return _run(name, list(arguments[index + 1 :]))
        case [name, *_]:
            return _unknown(name, language)
        case _:
            return EXIT_MISUSED


def _run(name: str, arguments: list[str]) -> int:
    module = import_module(COMMANDS[name][0])
    code: int = (getattr(module, "run", None) or module.main)(arguments)
    return code


def _available() -> dict[str, tuple[str, str, str]]:
    """The subcommands that this installation has."""
    return {name: entry for name, entry in COMMANDS.items() if _exists(entry[0])}


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _help(language: Language) -> str:
    column = 1 if language == "en" else 2
    lines = [f"  {name:<9} {entry[column]}" for name, entry in _available().items()]
    commands = "\n".join((_say("commands", language), *lines))
    return "\n\n".join((_say("usage", language), commands, _say("more", language)))


def _unknown(name: str, language: Language) -> int:
    from flowlang.diagnostics.suggest import did_you_mean

    good = did_you_mean(name, _available())
    advice = _say("suggestion", language, name=good) if good else _say("list", language)
    print(_say("unknown", language, name=name), advice, file=sys.stderr)
    return EXIT_MISUSED


def _say(key: str, language: Language, **arguments: object) -> str:
    return _WORDS[key][language].format(**arguments)


# --- the language -----------------------------------------------------------------------------


def language_of(arguments: Sequence[str]) -> Language:
    """What `--lang` says, else the language of the machine, known before anything is parsed."""
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            return "ko" if arguments[index + 1] == "ko" else "en"
        if argument.startswith("--lang="):
            return "ko" if argument == "--lang=ko" else "en"
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((value for name in names if (value := os.environ.get(name))), "")
    return "ko" if locale.lower().startswith("ko") else "en"


def _without_language(arguments: Sequence[str]) -> list[str]:
    """The arguments from the name of the subcommand on."""
    rest = list(arguments)
    while rest and rest[0].startswith("--lang"):
        del rest[: 2 if rest[0] == "--lang" else 1]
    return rest


# --- what subcommands ask for -----------------------------------------------------------------


def version() -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("flowlang")
    except PackageNotFoundError:
        return "0"


def library() -> Catalogue:
    """The blocks of this installation."""
    from blocks.catalogue import catalogue

    return catalogue()


def manual_page(block: type[Block[Parameters]], language: Language) -> str:
    from blocks.manual import page

    return page(block, language)


def problems_of_tests(tree: Tree, path: Path) -> Iterator[Problem]:
    """What is wrong with the tests of a file beyond their syntax."""
    from runtime.testing.checking import problems_of_tests as find

    yield from find(tree, path)


def colours_wanted() -> bool:
    """Whether the terminal gets colours."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()
