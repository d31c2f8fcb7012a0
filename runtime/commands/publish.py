"""`flowlang publish`: a new version takes new contacts."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flowlang.cli.options import Help, Parser
from flowlang.diagnostics.words import Language
from flowlang.project import FILE_NAME
from runtime.moving import Reason, summary
from runtime.place import open_store, store_file, store_path
from runtime.publishing import Found, checked, move, prospects
from runtime.stores.refusals import Refusal
from runtime.stores.sqlite import SqliteStore
from runtime.versions import Release, Versions

EXIT_FINE, EXIT_ERRORS, EXIT_MISUSED = 0, 1, 2
ABOUT: Help = {
    "en": "Let new contacts have a project as it is now.",
    "ko": "새 상담부터 지금의 프로젝트를 쓰게 합니다.",
}

WORDS: Mapping[str, Mapping[Language, str]] = {
    "refused": {"en": "nothing is published while there are errors",
                "ko": "오류가 있는 동안에는 게시하지 않습니다"},
    "nobody": {"en": "nobody is under way in an older version",
               "ko": "이전 버전으로 진행 중인 상담이 없습니다"},
    "finish": {"en": "{count} under way could go on in this version; {others} must finish on "
                     "theirs",
               "ko": "진행 중인 상담 {count}건은 이 버전으로 옮길 수 있고, {others}건은 "
                     "지금 버전으로 끝나야 합니다"},
    "moved": {"en": "{count} of them go on in the new version",
              "ko": "그중 {count}건을 새 버전으로 옮겼습니다"},
    "same": {"en": "version {number} says the same already; nothing was published",
             "ko": "이미 버전 {number}과(와) 같아서 게시하지 않았습니다"},
    "would": {"en": "nothing was published; without --dry-run this would be version {number}",
              "ko": "게시하지 않았습니다. --dry-run 없이 실행하면 버전 {number}이(가) 됩니다"},
    "published": {"en": "version {number} is published: new contacts get it",
                  "ko": "버전 {number}을(를) 게시했습니다. 새 상담부터 이 버전을 씁니다"},
    "store": {"en": "`{text}` is no store that is known here; write sqlite:///path",
              "ko": "`{text}`은(는) 알 수 없는 저장소입니다. sqlite:///경로로 쓰세요"},
    "no_project": {"en": "{folder} has no flowlang.toml",
                   "ko": "{folder}에 flowlang.toml이 없습니다"},
    "flow": {"en": "its flow is not in the new version", "ko": "새 버전에 그 흐름이 없습니다"},
    "removed": {"en": "`{about}` is not there any more", "ko": "`{about}`이(가) 없어졌습니다"},
    "changed": {"en": "`{about}` asks or is answered otherwise now",
                "ko": "`{about}`의 내용이나 답이 달라졌습니다"},
    "ambiguous": {"en": "several steps look like `{about}`",
                  "ko": "`{about}`과(와) 같은 단계가 여럿입니다"},
    "attribute": {"en": "the attribute `{about}` has another type now",
                  "ko": "속성 `{about}`의 형식이 달라졌습니다"},
    "result": {"en": "`{about}` is read from here on, and nothing gave it",
               "ko": "앞으로 `{about}`을(를) 읽는데 값이 없습니다"},
}  # fmt: skip


class Misused(Exception):
    """The command cannot be carried out as it was given."""


def main(arguments: Sequence[str]) -> int:
    options = _parser(arguments).parse_args(arguments)
    language: Language = options.lang
    return guarded(lambda: _publish(options, language), language)


def guarded(work: Callable[[], int], language: Language) -> int:
    """What the store refuses is told, not thrown."""
    try:
        return work()
    except Refusal as refusal:
        print(refusal.said(language), file=sys.stderr)
    except Misused as error:
        print(error, file=sys.stderr)
    return EXIT_MISUSED


def options_for_all(parser: Parser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT", help=parser.said(
        {"en": "a folder with a flowlang.toml", "ko": "flowlang.toml이 있는 폴더"}
    ))  # fmt: skip
    parser.add_argument("--store", default="", metavar="URL", help=parser.said(
        {"en": "sqlite:///path, instead of the project's own",
         "ko": "프로젝트의 저장소 대신 쓸 sqlite:///경로"}
    ))  # fmt: skip


def _parser(arguments: Sequence[str]) -> Parser:
    parser = Parser("publish", ABOUT, arguments)
    options_for_all(parser)
    parser.add_argument("--dry-run", action="store_true", help=parser.said(
        {"en": "only say who would be affected", "ko": "누가 영향을 받는지만 말합니다"}
    ))  # fmt: skip
    parser.add_argument("--move", action="store_true", help=parser.said(
        {"en": "let those who can go on in it", "ko": "옮길 수 있는 상담은 새 버전으로 옮깁니다"}
    ))  # fmt: skip
    parser.add_argument("--who", default="", metavar="NAME", help=parser.said(
        {"en": "who publishes; by default who is signed in",
         "ko": "게시하는 사람. 없으면 이 컴퓨터의 사용자"}
    ))  # fmt: skip
    return parser


def _publish(options: Any, language: Language) -> int:
    from blocks.catalogue import catalogue

    stored = opened(options, language)
    found = checked(options.project, catalogue())
    show(found.errors, language)
    if found.sources is None:
        print(WORDS["refused"][language], file=sys.stderr)
        return EXIT_ERRORS

    async def work() -> None:
        async with stored as (store, versions):
            assert found.sources is not None
            current = versions.current
            if current is not None and current.sources.id == found.sources.id:
                _say("same", language, number=versions.releases[-1].number)
                return
            affected = await prospects(store, versions, found.sources)
            _tell(summary(affected), language)
            if options.dry_run:
                _say("would", language, number=len(versions.releases) + 1)
                return
            who = options.who or person()
            done = await versions.publish(store, found.sources, who=who, at=datetime.now(UTC))
            note_in_audit(options.project, who, "flows.published", done)
            _say("published", language, number=done.number)
            if options.move:
                _say("moved", language, count=await move(store, versions, affected))

    asyncio.run(work())
    return EXIT_FINE


def _tell(found: tuple[int, Mapping[tuple[Reason, str], int]], language: Language) -> None:
    can, cannot = found
    others = sum(cannot.values())
    if not can and not others:
        _say("nobody", language)
        return
    _say("finish", language, count=can, others=others)
    for (reason, about), count in sorted(cannot.items(), key=lambda item: -item[1]):
        print(f"  {count:>6}  {WORDS[reason][language].format(about=about)}")


def _say(key: str, language: Language, **values: object) -> None:
    print(WORDS[key][language].format(**values))


# --- what these commands share --------------------------------------------------------------------


class opened:  # noqa: N801 - read as a function
    """The store of a project and what is published in it."""

    def __init__(self, options: Any, language: Language) -> None:
        path = store_path(options.store) if options.store else store_file(options.project)
        if path is None:
            raise Misused(WORDS["store"][language].format(text=options.store))
        if not (options.project / FILE_NAME).is_file():
            raise Misused(WORDS["no_project"][language].format(folder=options.project))
        self.path = path
        self.folder = options.project

    async def __aenter__(self) -> tuple[SqliteStore, Versions]:
        from blocks.catalogue import catalogue

        self.store = open_store(self.folder, self.path)
        versions = Versions(catalogue())
        await versions.load(self.store)
        return self.store, versions

    async def __aexit__(self, *error: object) -> None:
        await self.store.close()


def show(errors: Sequence[Found], language: Language) -> None:
    from flowlang.diagnostics.render import to_text

    for found in errors:
        for problem in found.problems:
            print(to_text(problem, found.source, str(found.path), language), file=sys.stderr)


def note_in_audit(folder: Path, who: str, did: str, release: Release) -> None:
    from runtime.security.audit import log_of

    log = log_of(folder, lambda: datetime.now(UTC))
    log.note(who, did, str(release.number), after=release.sources)


def person() -> str:
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return ""


def line(release: Release) -> str:
    """A version in a list."""
    back = f"  = {release.of}" if release.of else ""
    return f"{release.number:>4}  {release.at[:19]}Z  {release.who or '-':<16}{back}".rstrip()
