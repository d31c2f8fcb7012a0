"""`flowlang erase`: forget a customer who asks for it."""

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
    opened,
    options_for_all,
    person,
)
from runtime.forgetting import Forgotten, find, forget
from runtime.place import master_keys, services_file
from runtime.services.local.records import Records

ABOUT: Help = {
    "en": "Forget a customer: make what their contacts left unreadable, delete their profiles.",
    "ko": "고객을 잊습니다. 상담 기록을 읽을 수 없게 하고 프로필을 지웁니다.",
}
WORDS: Mapping[str, Mapping[Language, str]] = {
    "nobody": {"en": "nothing is known of {who}", "ko": "{who}에 대해 남은 것이 없습니다"},
    "would": {"en": "nothing was erased; without --dry-run {contacts} contacts and {profiles} "
                    "profiles would be",
              "ko": "지우지 않았습니다. --dry-run 없이 실행하면 상담 {contacts}건과 프로필 "
                    "{profiles}개를 지웁니다"},
    "done": {"en": "{contacts} contacts and {profiles} profiles are erased for good; backups and "
                   "what was copied elsewhere keep what they hold",
             "ko": "상담 {contacts}건과 프로필 {profiles}개를 완전히 지웠습니다. 백업과 다른 곳에 "
                   "복사한 것은 그대로 남습니다"},
    "running": {"en": "{running} are under way and were left: ask again when they are over",
                "ko": "진행 중인 상담 {running}건은 남겨 두었습니다. 끝난 뒤에 다시 실행하세요"},
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    parser = Parser("erase", ABOUT, arguments)
    options_for_all(parser)
    parser.add_argument("who", metavar="WHO", help=parser.said(
        {"en": "their number, address, account or id, as the contacts and profiles have it",
         "ko": "상담이나 프로필에 적힌 번호, 주소, 계정, id"}
    ))  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help=parser.said(
        {"en": "only say how much there is", "ko": "얼마나 있는지만 말합니다"}
    ))  # fmt: skip
    options = parser.parse_args(arguments)
    return guarded(lambda: asyncio.run(_erase(options, options.lang)), options.lang)


async def _erase(options: Any, language: Language) -> int:
    async with opened(options, language) as (store, _):
        # Made if it is not there: then nobody is known by a profile.
        records = Records(services_file(store.path), master_keys(store.path))
        try:
            found = await find(store, records, options.who)
            if not options.dry_run and (found.contacts or found.profiles):
                await forget(store, records, found, datetime.now(UTC))
                _note(options, found)
        finally:
            records.close()
    return _told(options, found, language)


def _told(options: Any, found: Forgotten, language: Language) -> int:
    counts = {
        "contacts": len(found.contacts),
        "profiles": len(found.profiles),
        "running": len(found.running),
    }
    if not any(counts.values()):
        print(WORDS["nobody"][language].format(who=options.who), file=sys.stderr)
        return EXIT_ERRORS
    print(WORDS["would" if options.dry_run else "done"][language].format(**counts))
    if found.running:
        print(WORDS["running"][language].format(**counts), file=sys.stderr)
        return EXIT_ERRORS
    return EXIT_FINE


def _note(options: Any, found: Forgotten) -> None:
    """How much was erased; of whom is what nobody shall read."""
    from runtime.security.audit import log_of

    log = log_of(options.project, lambda: datetime.now(UTC))
    log.note(person(), "customer.erased",
             f"contacts: {len(found.contacts)}, profiles: {len(found.profiles)}")  # fmt: skip
