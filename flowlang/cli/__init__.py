"""The one command. Its subcommands are imported when they are called, each from the package that
owns it, so that `flowlang check` loads no web framework and no vendor's library.

A subcommand's module has `run(arguments)`, or `main(arguments)`, which gives the exit code.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flowlang.cli.giving_way import give_way
from flowlang.cli.options import EXIT_FINE, EXIT_MISUSED, language_of, reason_of, version
from flowlang.diagnostics.words import Language

EXIT_INTERRUPTED, EXIT_NOBODY_READS = 130, 141

COMMANDS: Mapping[str, str] = {
    "check": "flowlang.cli.check",
    "fmt": "flowlang.cli.fmt",
    "convert": "flowlang.cli.convert",
    "schema": "flowlang.cli.schema",
    "blocks": "flowlang.cli.blocks",
    "test": "runtime.commands.test",
    "run": "runtime.commands.run",
    "new": "runtime.commands.new",
    "design": "designer.commands.design",
    "serve": "designer.commands.serve",
    "publish": "runtime.commands.publish",
    "rollback": "runtime.commands.rollback",
    "backup": "runtime.commands.backup",
    "erase": "runtime.commands.erase",
    "audit": "runtime.commands.audit",
    "lsp": "flowlang.cli.lsp",
}
"""Those whose module there is are offered."""

SUMMARIES: Mapping[str, tuple[str, str]] = {
    "check": ("find every problem of flows", "흐름의 문제를 모두 찾습니다"),
    "fmt": ("write flows in their canonical form", "흐름을 표준 형식으로 정리합니다"),
    "convert": ("between text, JSON, Connect and pictures", "텍스트, JSON, Connect, 그림으로 변환"),
    "schema": ("the JSON Schema of flows as JSON", "JSON 흐름의 JSON Schema"),
    "blocks": ("the block library", "블록 라이브러리"),
    "test": ("run the tests of flows", "흐름의 테스트를 실행합니다"),
    "run": ("talk with a flow in the terminal", "터미널에서 흐름과 대화합니다"),
    "new": ("start a project from an example", "예제로 프로젝트를 시작합니다"),
    "design": ("draw the flows of a folder in the browser", "폴더의 흐름을 브라우저에서 그립니다"),
    "serve": ("take calls and chats", "전화와 채팅을 받습니다"),
    "publish": ("let a new version take new contacts", "새 고객을 새 버전으로 받습니다"),
    "rollback": ("go back to an older version", "이전 버전으로 되돌립니다"),
    "backup": ("copy what contacts left", "상담 기록을 복사해 둡니다"),
    "erase": ("forget a customer", "고객의 기록을 지웁니다"),
    "audit": ("who did what", "누가 무엇을 했는지 보여 줍니다"),
    "lsp": ("language server for editors", "편집기를 위한 언어 서버"),
}

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
    "refused": {
        "en": "flowlang: this computer refuses: {reason}",
        "ko": "flowlang: 컴퓨터가 거부했습니다: {reason}",
    },
    "bug": {
        "en": "flowlang: this is a bug in flowlang ({error}). "
        "FLOWLANG_DEBUG=1 shows where it happened.",
        "ko": "flowlang: flowlang의 버그입니다({error}). "
        "FLOWLANG_DEBUG=1로 실행하면 어디에서 일어났는지 보입니다.",
    },
}


GARBAGE_OBJECTS = 50_000


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    # What a command reads lives as long as the command: looking through it for garbage after
    # every few hundred objects costs a fifth of a short one.
    gc.set_threshold(GARBAGE_OBJECTS)
    if arguments is None:
        give_way(next(iter(given), ""))
    _prepare_output()
    try:
        code = _call(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        _close_output()
        return EXIT_NOBODY_READS
    except OSError as error:
        # The disk is full, say: nothing that we could have done otherwise.
        if os.environ.get("FLOWLANG_DEBUG"):
            raise
        _close_output()
        language = language_of(given)
        said = _say("refused", language, reason=reason_of(error, language))
        where = f" ({error.filename})" if error.filename else ""
        print(f"{said}{where}", file=sys.stderr)
        return EXIT_MISUSED
    except Exception as error:
        if os.environ.get("FLOWLANG_DEBUG"):
            raise
        print(_say("bug", language_of(given), error=type(error).__name__), file=sys.stderr)
        return EXIT_MISUSED
    return code


def _close_output() -> None:
    """Else Python complains when it writes the rest of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
    chosen, rest = _leading_language(arguments)
    match rest:
        case ["help", name, *_] if name in _available():
            return _run(name, ["--lang", language, "--help"])
        case [] | ["-h" | "--help" | "help", *_]:
            print(_help(language))
            return EXIT_FINE
        case ["-V" | "--version", *_]:
            print(f"flowlang {version()}")
            return EXIT_FINE
        case [name, *more] if name in _available():
            return _run(name, [*chosen, *more])
        case _:
            return _unknown(rest[0], language)


def _run(name: str, arguments: list[str]) -> int:
    if COMMANDS[name].startswith("flowlang."):
        # The search for plugins of pydantic takes longer than a check, and none is for flows.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    module = _imported(COMMANDS[name])
    code: int = (getattr(module, "run", None) or module.main)(arguments)
    return code


def _imported(module: str) -> Any:
    """What is imported stays, so nothing is to be collected meanwhile."""
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.enable()


def _available() -> list[str]:
    """The subcommands that this installation has."""
    return [name for name, module in COMMANDS.items() if _exists(module)]


def _exists(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _help(language: Language) -> str:
    column = 1 if language == "ko" else 0
    lines = [f"  {name:<9} {SUMMARIES[name][column]}" for name in _available()]
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


def _leading_language(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """`--lang ko` in front of the subcommand, and all from the subcommand on."""
    count = 0
    while count < len(arguments) and arguments[count].startswith("--lang"):
        count += 2 if arguments[count] == "--lang" else 1
    return list(arguments[:count]), list(arguments[count:])
