"""What the subcommands' options have in common."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import IO

from flowlang.diagnostics.words import LANGUAGES, Language

EXIT_FINE, EXIT_FAILED, EXIT_MISUSED = 0, 1, 2
Help = Mapping[Language, str]


def language_of(arguments: Sequence[str]) -> Language:
    """The language that is asked for, else that of the terminal."""
    for before, item in zip(("", *arguments), arguments, strict=False):
        wanted = item.removeprefix("--lang=") if before != "--lang" else item
        if (before == "--lang" or item.startswith("--lang=")) and wanted in LANGUAGES:
            return "ko" if wanted == "ko" else "en"
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((value for name in names if (value := os.environ.get(name))), "")
    return "ko" if locale.startswith("ko") else "en"


class Parser(argparse.ArgumentParser):
    """A parser whose help is in the language of its user."""

    def __init__(self, command: str, about: Help, arguments: Sequence[str]) -> None:
        self.language: Language = language_of(arguments)
        super().__init__(prog=f"flowlang {command}", description=about[self.language])
        self.add_argument(
            "--lang",
            choices=LANGUAGES,
            default=self.language,
            help=self.said({"en": "language of messages", "ko": "메시지의 언어"}),
        )

    def said(self, text: Help) -> str:
        return text[self.language]


def has_colours(stream: IO[str]) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR")


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
