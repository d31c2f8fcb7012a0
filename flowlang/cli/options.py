"""What the subcommands' options have in common."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any, NoReturn

from flowlang.diagnostics.words import LANGUAGES, Language

EXIT_FINE, EXIT_FAILED, EXIT_MISUSED = 0, 1, 2
Help = Mapping[Language, str]

_HEADINGS: Mapping[str, Help] = {
    "usage": {"en": "usage: ", "ko": "사용법: "},
    "positionals": {"en": "arguments", "ko": "인자"},
    "options": {"en": "options", "ko": "옵션"},
    "help": {"en": "show this", "ko": "이 도움말을 보여 줍니다"},
    "lang": {"en": "language of messages", "ko": "메시지의 언어"},
}
_MISUSE = (
    (r"the following arguments are required: (.*)", "빠진 것이 있습니다: {0}"),
    (r"unrecognized arguments: (.*)", "알 수 없는 인자입니다: {0}"),
    (r"argument (.*): expected one argument", "{0}에 값이 없습니다"),
    (r"argument (.*): invalid choice: (\S+) \(choose from (.*)\)", "{0}에 {1}은(는) 없습니다: {2}"),
)  # fmt: skip


def language_of(arguments: Sequence[str]) -> Language:
    """The language that is asked for, else that of the machine; known before all is parsed."""
    for before, item in zip(("", *arguments), arguments, strict=False):
        wanted = item.removeprefix("--lang=") if before != "--lang" else item
        if (before == "--lang" or item.startswith("--lang=")) and wanted in LANGUAGES:
            return "ko" if wanted == "ko" else "en"
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((value for name in names if (value := os.environ.get(name))), "")
    return "ko" if locale.lower().startswith("ko") else "en"


class Parser(argparse.ArgumentParser):
    """A parser whose help is in the language of its user."""

    def __init__(self, command: str, about: Help, arguments: Sequence[str]) -> None:
        self.language: Language = language_of(arguments)
        super().__init__(
            prog=f"flowlang {command}",
            description=about[self.language],
            formatter_class=_formatter(self.language),
            add_help=False,
            allow_abbrev=False,
        )
        self._positionals.title = self.said(_HEADINGS["positionals"])
        self._optionals.title = self.said(_HEADINGS["options"])
        self.add_argument("-h", "--help", action="help", help=self.said(_HEADINGS["help"]))
        self.add_argument(
            "--lang", choices=LANGUAGES, default=self.language, help=self.said(_HEADINGS["lang"])
        )

    def said(self, text: Help) -> str:
        return text[self.language]

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_MISUSED, f"{self.prog}: {_misuse(message, self.language)}\n")


def _formatter(language: Language) -> Any:
    class Formatter(argparse.HelpFormatter):
        def add_usage(
            self, usage: Any, actions: Any, groups: Any, prefix: str | None = None
        ) -> None:
            super().add_usage(usage, actions, groups, prefix or _HEADINGS["usage"][language])

    return Formatter


def _misuse(message: str, language: Language) -> str:
    """argparse speaks English alone."""
    for pattern, korean in _MISUSE if language == "ko" else ():
        if found := re.fullmatch(pattern, message):
            return korean.format(*found.groups())
    return message


def has_colours(stream: IO[str]) -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def print_json(data: object) -> None:
    import json

    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def version() -> str:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as version_of

    try:
        return version_of("flowlang")
    except PackageNotFoundError:
        return "0"
