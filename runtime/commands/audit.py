"""`flowlang audit`: who did what, and whether anybody changed the log of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from flowlang.cli.options import Help, Parser
from flowlang.diagnostics.words import Language
from runtime.place import FOLDER
from runtime.security.audit import Act, log_of

EXIT_FINE, EXIT_FAULTY, EXIT_MISUSED = 0, 1, 2
ABOUT: Help = {
    "en": "Who did what, and whether the log of it is whole.",
    "ko": "누가 무엇을 했는지, 그 기록이 온전한지 보여 줍니다.",
}
WORDS: Mapping[str, Mapping[Language, str]] = {
    "none": {"en": "{folder} has no audit log: nobody has served it yet",
             "ko": "{folder}에 감사 기록이 없습니다. 아직 서비스한 적이 없습니다"},
    "whole": {"en": "{count} acts, and nobody changed the log.",
              "ko": "{count}건의 기록이 있고, 바뀐 것이 없습니다."},
    "faulty": {"en": "The log is not what it was, from act {number} on: {reason}.",
               "ko": "{number}번째 기록부터 원래와 다릅니다: {reason}."},
    "unreadable": {"en": "unreadable", "ko": "읽을 수 없음"},
    "not the next one": {"en": "an act is missing, added or out of order",
                         "ko": "기록이 빠졌거나 끼어들었거나 순서가 바뀜"},
    "changed": {"en": "it was changed", "ko": "내용이 바뀜"},
    "cut off or added to": {"en": "the end was cut off, or something was added",
                            "ko": "끝이 잘렸거나 덧붙여짐"},
    "the head is missing or not ours": {"en": "the head is missing or not ours",
                                        "ko": "머리 기록이 없거나 이 설치의 것이 아님"},
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    options = _parser(arguments).parse_args(arguments)
    language: Language = options.lang
    own = options.folder / FOLDER
    if not own.is_dir():
        print(WORDS["none"][language].format(folder=options.folder), file=sys.stderr)
        return EXIT_MISUSED
    log = log_of(options.folder, lambda: datetime.now(UTC))
    acts = list(log.acts())
    _show(acts[-max(options.last, 0) :], options.format)
    fault = log.verify()
    if fault is None:
        print(WORDS["whole"][language].format(count=len(acts)), file=sys.stderr)
        return EXIT_FINE
    reason = WORDS[fault.reason][language]
    print(WORDS["faulty"][language].format(number=fault.number, reason=reason), file=sys.stderr)
    return EXIT_FAULTY


def _parser(arguments: Sequence[str]) -> Parser:
    parser = Parser("audit", ABOUT, arguments)
    parser.add_argument("folder", type=Path, metavar="PROJECT", help=parser.said(
        {"en": "a folder with a flowlang.toml", "ko": "flowlang.toml이 있는 폴더"}
    ))  # fmt: skip
    parser.add_argument("--last", type=int, default=50, metavar="N", help=parser.said(
        {"en": "how many to show", "ko": "보여 줄 건수"}
    ))  # fmt: skip
    parser.add_argument("--format", choices=("text", "json"), default="text",
        help=parser.said({"en": "form of the report", "ko": "보고서 형식"}))  # fmt: skip
    return parser


def _show(acts: Sequence[Act], form: str) -> None:
    for act in acts:
        if form == "json":
            print(json.dumps(asdict(act), ensure_ascii=False))
        else:
            print(f"{act.at}  {act.who or '—':12}  {act.did:20}  {act.to}  {act.address}".rstrip())
