"""`flowlang rollback`: new contacts get an older version again."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flowlang.cli.options import Help, Parser
from flowlang.diagnostics.words import Language
from runtime.commands.publish import (
    EXIT_ERRORS,
    EXIT_FINE,
    guarded,
    line,
    note_in_audit,
    opened,
    options_for_all,
    person,
)
from runtime.versions import Versions

ABOUT: Help = {
    "en": "Let new contacts have an older version again.",
    "ko": "새 상담부터 이전 버전을 다시 쓰게 합니다.",
}
WORDS: Mapping[str, Mapping[Language, str]] = {
    "none": {"en": "nothing is published yet", "ko": "아직 게시한 버전이 없습니다"},
    "first": {"en": "there is no version before this one", "ko": "이보다 앞선 버전이 없습니다"},
    "unknown": {"en": "there is no version {number}", "ko": "버전 {number}은(는) 없습니다"},
    "back": {"en": "version {number} says what version {of} said: new contacts get it",
             "ko": "버전 {number}은(는) 버전 {of}과(와) 같습니다. 새 상담부터 이 버전을 씁니다"},
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    options = _parser(arguments).parse_args(arguments)
    return guarded(lambda: asyncio.run(_roll_back(options, options.lang)), options.lang)


def _parser(arguments: Sequence[str]) -> Parser:
    parser = Parser("rollback", ABOUT, arguments)
    options_for_all(parser)
    parser.add_argument("version", nargs="?", type=int, metavar="VERSION", help=parser.said(
        {"en": "by default the one before", "ko": "없으면 바로 앞의 버전"}
    ))  # fmt: skip
    parser.add_argument("--list", action="store_true", help=parser.said(
        {"en": "only list the versions", "ko": "버전 목록만 보여 줍니다"}
    ))  # fmt: skip
    parser.add_argument("--who", default="", metavar="NAME", help=parser.said(
        {"en": "who goes back; by default who is signed in",
         "ko": "되돌리는 사람. 없으면 이 컴퓨터의 사용자"}
    ))  # fmt: skip
    return parser


async def _roll_back(options: Any, language: Language) -> int:
    async with opened(options, language) as (store, versions):
        if options.list:
            for release in versions.releases:
                print(line(release))
            return EXIT_FINE
        number = options.version or _before(versions)
        if not versions.releases or not number:
            print(WORDS["first" if versions.releases else "none"][language], file=sys.stderr)
            return EXIT_ERRORS
        who = options.who or person()
        done = await versions.roll_back(store, number, who=who, at=datetime.now(UTC))
        if done is None:
            print(WORDS["unknown"][language].format(number=number), file=sys.stderr)
            return EXIT_ERRORS
        note_in_audit(options.project, who, "flows.rolled-back", done)
        print(WORDS["back"][language].format(number=done.number, of=done.of))
        return EXIT_FINE


def _before(versions: Versions) -> int:
    """The version before the one that counts, as often as one goes back; 0 if there is none."""
    if not versions.releases:
        return 0
    last = versions.releases[-1]
    number = last.of or last.number
    new = [each.number for each in versions.releases if not each.of and each.number < number]
    return max(new, default=0)
