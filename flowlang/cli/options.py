"""What the subcommands' options have in common."""

from __future__ import annotations

import argparse
import errno
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
    "unknown": {"en": "there is no option `{name}`.", "ko": "`{name}` 옵션은 없습니다."},
    "too_many": {
        "en": "`{name}` is one argument too many.",
        "ko": "`{name}`은(는) 남는 인자입니다.",
    },
    "suggestion": {"en": "Did you mean `{name}`?", "ko": "혹시 `{name}`입니까?"},
    "more": {"en": "`{prog} --help` tells more.", "ko": "자세한 것은 `{prog} --help`로 봅니다."},
}
_UNKNOWN = re.compile(r"unrecognized arguments: (\S+).*", re.DOTALL)
_MISUSE = (
    (r"the following arguments are required: (.*)", "빠진 것이 있습니다: {0}"),
    (r"argument (.*): expected one argument", "{0}에 값이 없습니다"),
    (r"argument (.*): expected at least one argument", "{0}에 값이 없습니다"),
    (r"argument (.*): invalid (?:int|float) value: (.*)", "{0}에 쓴 {1}은(는) 수가 아닙니다"),
    (r"argument (.*): ignored explicit argument (.*)", "{0}에는 값을 쓰지 않습니다: {1}"),
    (r"argument (.*): invalid choice: (\S+) \(choose from (.*)\)", "{0}에 {1}은(는) 없습니다: {2}"),
)  # fmt: skip


_REASONS: Mapping[int, str] = {
    errno.ENOENT: "그런 파일이나 폴더가 없습니다",
    errno.EACCES: "권한이 없습니다",
    errno.EPERM: "권한이 없습니다",
    errno.EISDIR: "파일이 아니라 폴더입니다",
    errno.ENOTDIR: "폴더가 아닙니다",
    errno.EEXIST: "이미 있습니다",
    errno.ENOSPC: "디스크에 자리가 없습니다",
    errno.EROFS: "읽기만 할 수 있는 디스크입니다",
    errno.ENAMETOOLONG: "이름이 너무 깁니다",
    errno.EADDRINUSE: "다른 프로그램이 쓰고 있습니다",
    errno.EADDRNOTAVAIL: "이 컴퓨터의 주소가 아닙니다",
}


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
        found = _UNKNOWN.fullmatch(message)
        said = self._unknown(found[1]) if found else _misuse(message, self.language)
        self.exit(EXIT_MISUSED, f"{self.prog}: {said}\n")

    def _unknown(self, given: str) -> str:
        """What is not known here, and what may have been meant."""
        from flowlang.diagnostics.suggest import did_you_mean

        name = given.partition("=")[0]
        if not name.startswith("-"):
            return self.said(_HEADINGS["too_many"]).format(name=given)
        known = [option for action in self._actions for option in action.option_strings]
        good = did_you_mean(name, known)
        advice = _HEADINGS["suggestion" if good else "more"]
        return " ".join((
            self.said(_HEADINGS["unknown"]).format(name=name),
            self.said(advice).format(name=good, prog=self.prog),
        ))  # fmt: skip


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


def reason_of(error: Exception, language: Language) -> str:
    """Why the system refused; it speaks English alone."""
    korean = _REASONS.get(getattr(error, "errno", None) or 0)
    if language == "ko" and korean:
        return korean
    return getattr(error, "strerror", None) or str(error)


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
