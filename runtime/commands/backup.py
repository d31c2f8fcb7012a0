"""`flowlang backup`: copy what contacts left, while everybody works on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flowlang.cli.options import Help, Parser
from flowlang.diagnostics.words import Language
from runtime.commands.publish import (
    EXIT_ERRORS,
    EXIT_FINE,
    guarded,
    opened,
    options_for_all,
)
from runtime.place import services_file
from runtime.services.local.records import back_up

ABOUT: Help = {
    "en": "Copy the store of a project while it is in use.",
    "ko": "쓰고 있는 프로젝트의 저장소를 복사합니다.",
}
WORDS: Mapping[str, Mapping[Language, str]] = {
    "there": {"en": "{target} is there already; nothing was written",
              "ko": "{target}이(가) 이미 있어 아무것도 쓰지 않았습니다"},
    "done": {"en": "{target} holds everything up to now; without its master key nobody can "
                   "read it, so keep that too, elsewhere",
             "ko": "지금까지의 모든 것을 {target}에 담았습니다. 마스터 키가 없으면 읽을 수 "
                   "없으니 키는 다른 곳에 따로 보관하세요"},
    "failed": {"en": "{target} cannot be written: {reason}",
               "ko": "{target}에 쓸 수 없습니다: {reason}"},
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    parser = Parser("backup", ABOUT, arguments)
    options_for_all(parser)
    parser.add_argument("target", type=Path, metavar="TARGET", help=parser.said(
        {"en": "a file that is not there yet", "ko": "아직 없는 파일"}
    ))  # fmt: skip
    options = parser.parse_args(arguments)
    return guarded(lambda: asyncio.run(_back_up(options, options.lang)), options.lang)


async def _back_up(options: Any, language: Language) -> int:
    import sqlite3

    target: Path = options.target

    def fail(key: str, reason: object = "") -> int:
        print(WORDS[key][language].format(target=target, reason=reason), file=sys.stderr)
        return EXIT_ERRORS

    if target.exists():
        return fail("there")
    async with opened(options, language) as (store, _):
        try:
            await store.backup(target)
            await asyncio.to_thread(back_up, services_file(store.path), services_file(target))
        except sqlite3.Error as error:
            return fail("failed", error)
    print(WORDS["done"][language].format(target=target))
    return EXIT_FINE
