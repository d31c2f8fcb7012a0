"""`flowlang run`: talk with a flow in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from blocks.catalogue import catalogue
from flowlang.channels import CHANNELS
from flowlang.checks import check
from flowlang.cli.options import Help, Parser, reason_of
from flowlang.cli.sources import is_connect, is_json
from flowlang.diagnostics import Problem
from flowlang.diagnostics.render import printable
from flowlang.diagnostics.words import Language
from flowlang.interchange import native
from flowlang.interchange.connect.importing import import_flow
from flowlang.model import Document
from flowlang.syntax import parse
from flowlang.syntax.printer import to_text
from runtime.commands.phone import Misspoken, Phone
from runtime.commands.publish import show
from runtime.engine import World
from runtime.services.environment import UnusableEnvironment
from runtime.simulator import YEARS, FirstOf
from runtime.testing.projects import broken_projects, surroundings
from runtime.testing.report import problem_lines
from runtime.testing.subject import Subject, subject_of
from runtime.testing.suite import FileReport

EXIT_FINE, EXIT_FAILED, EXIT_MISUSED = 0, 1, 2
ABOUT: Help = {
    "en": "Talk with a flow in the terminal; /help there says how.",
    "ko": "터미널에서 흐름과 대화합니다. 대화 중에 /help를 치면 방법을 알려 줍니다.",
}

WORDS: Mapping[str, Mapping[Language, str]] = {
    "unreadable": {"en": "{path} cannot be read: {reason}",
                   "ko": "{path}을(를) 읽을 수 없습니다: {reason}"},
    "not_text": {"en": "it is not UTF-8 text", "ko": "UTF-8 텍스트가 아닙니다"},
    "no_flow": {"en": "{path} holds no flow", "ko": "{path}에 흐름이 없습니다"},
    "no_time": {"en": "`{text}` is no time; write 2026-11-20 10:00, and a zone if you like",
                "ko": "`{text}`은(는) 시각이 아닙니다. 2026-11-20 10:00처럼 쓰세요."},
    "left_over": {"en": "the conversation ended before {count} lines of the script",
                  "ko": "스크립트 {count}줄이 남았는데 대화가 끝났습니다"},
    "recorded": {"en": "recorded in {path}", "ko": "{path}에 기록했습니다"},
}  # fmt: skip


class Misused(Exception):
    """The command cannot be carried out as it was given."""


def main(arguments: Sequence[str]) -> int:
    options = _parser(arguments).parse_args(arguments)
    language: Language = options.lang
    try:
        return _run(options, language)
    except Misused as error:
        print(error, file=sys.stderr)
        return EXIT_MISUSED
    except UnusableEnvironment as error:
        print(error.said(language), file=sys.stderr)
        return EXIT_MISUSED


def _parser(arguments: Sequence[str]) -> Parser:
    parser = Parser("run", ABOUT, arguments)
    said = parser.said
    parser.add_argument("flow", type=Path, metavar="FLOW", help=said(
        {"en": "a flow as text, or as JSON", "ko": "텍스트나 JSON으로 된 흐름"}
    ))  # fmt: skip
    parser.add_argument("--channel", choices=tuple(CHANNELS), default="voice", help=said(
        {"en": "how the customer comes", "ko": "고객이 들어오는 채널"}
    ))  # fmt: skip
    parser.add_argument("--script", type=Path, metavar="FILE", help=said(
        {"en": "take answers from its lines", "ko": "파일의 줄을 차례로 답으로 씁니다"}
    ))  # fmt: skip
    parser.add_argument("--record", type=Path, metavar="FILE", help=said(
        {"en": "write a test that passes", "ko": "대화를 통과하는 테스트로 씁니다"}
    ))  # fmt: skip
    parser.add_argument("--time", default="", help=said(
        {"en": "simulated time, as 2026-11-20 10:00 Asia/Seoul",
         "ko": "가정할 시각. 예: 2026-11-20 10:00 Asia/Seoul"}
    ))  # fmt: skip
    parser.add_argument("--caller", default="", metavar="NUMBER", help=said(
        {"en": "the caller's number", "ko": "고객의 전화번호"}
    ))  # fmt: skip
    return parser


def _run(options: Any, language: Language) -> int:
    source = _as_text(_read(options.flow, language), options.flow, language)
    if source is None:
        return EXIT_FAILED
    subject = subject_of(source, options.flow, catalogue())
    if errors := _errors(subject, source):
        report = FileReport(str(options.flow), source)
        for problem in errors:
            print("\n".join(problem_lines(problem, report, language)), file=sys.stderr)
        return EXIT_FAILED
    if broken := broken_projects([options.flow]):
        show(broken, language)
        return EXIT_FAILED
    if not subject.name:
        raise Misused(WORDS["no_flow"][language].format(path=options.flow))
    lines = _script_lines(options.script, language) if options.script else _typed_lines()
    recording = Recording(options.record, language) if options.record else None
    around = surroundings(options.flow)
    functions = around.functions()
    at = _time(options.time, around.world, language)
    try:
        phone = Phone(
            subject, at, world=around.world, language=language, write=_write,
            services=FirstOf((around.services(at), *([functions] if functions else ()))),
        )  # fmt: skip
        code = _talk(phone, lines, options)
        if recording is not None:
            recording.add(phone)
        return code
    finally:
        if functions is not None:
            functions.close()


def _as_text(source: str, path: Path, language: Language) -> str | None:
    """A flow as JSON, of Amazon Connect or of ours, as the text that says the same; None if it is
    none, which is told."""
    if not is_json(source):
        return source
    if is_connect(source):
        imported = import_flow(source, catalogue())
        document, problems = imported.document, imported.problems
    else:
        found, told = native.read(source)
        document, problems = found or Document(), tuple(told)
    broken = [problem for problem in problems if problem.severity == "error"]
    report = FileReport(str(path), source)
    for problem in broken:
        print("\n".join(problem_lines(problem, report, language)), file=sys.stderr)
    return None if broken else to_text(document)


def _errors(subject: Subject, source: str) -> list[Problem]:
    """What would go wrong before anybody has said a word; the checks find more than a call."""
    found = subject.errors or check(parse(source), catalogue()).problems
    return [problem for problem in found if problem.severity == "error"]


def _talk(phone: Phone, lines: Iterator[str], options: Any) -> int:
    phone.start(caller=options.caller, channel=options.channel)
    code = EXIT_FINE
    interactive = options.script is None and sys.stdin.isatty()
    while not phone.is_done and (interactive or not phone.simulator.is_over):
        print(f"[{phone.standing}] ", end="", flush=True)
        line = next(lines, None)
        if line is None:
            print()
            break
        if not interactive:
            _write(line)
        try:
            phone.enter(line)
        except Misspoken as error:
            _write(f"  {error}")
            code = code if interactive else EXIT_FAILED
    left_over = len(list(lines)) if options.script is not None and not phone.is_done else 0
    if left_over:
        print(WORDS["left_over"][options.lang].format(count=left_over), file=sys.stderr)
        return EXIT_FAILED
    return code


def _write(text: str) -> None:
    """What services and flows say moves no cursor."""
    print("\n".join(map(printable, text.split("\n"))))


def _typed_lines() -> Iterator[str]:
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    while True:
        try:
            yield input()
        except (EOFError, KeyboardInterrupt):
            return


def _script_lines(path: Path, language: Language) -> Iterator[str]:
    """One answer a line; a line with `#` is a remark, an empty one is silence."""
    lines = _read(path, language).splitlines()
    return iter([line for line in lines if not line.startswith("# ")])


def _read(path: Path, language: Language) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        reason = WORDS["not_text"][language]
    except OSError as error:
        reason = reason_of(error, language)
    raise _unreadable(path, reason, language)


def _unreadable(path: Path, reason: str, language: Language) -> Misused:
    return Misused(WORDS["unreadable"][language].format(path=path, reason=reason))


def _time(text: str, world: World, language: Language) -> datetime:
    """What `--time` says; else this minute."""
    if not text:
        return datetime.now(UTC).astimezone(world.zone).replace(second=0, microsecond=0)
    clock, _, zone = text.strip().rpartition(" ") if "/" in text else (text, "", "")
    try:
        at = datetime.fromisoformat(clock.strip())
        known = ZoneInfo(zone) if zone else world.zone
        if at.year not in YEARS:
            raise ValueError(text)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise Misused(WORDS["no_time"][language].format(text=text)) from error
    return at if at.tzinfo else at.replace(tzinfo=known)


class Recording:
    """The file of tests that the conversation is added to. Whether it can be written is found out
    before anybody has talked."""

    def __init__(self, path: Path, language: Language) -> None:
        self.path = path
        self.language = language
        self.before = _read(path, language) if path.exists() else ""
        try:
            self.file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise _unreadable(path, reason_of(error, language), language) from error

    def add(self, phone: Phone) -> None:
        number = self.before.count('test "') + 1
        title = f"conversation {number} with {phone.subject.name}"
        with self.file as file:
            file.write(("\n" if self.before else "") + phone.as_test(title))
        print(WORDS["recorded"][self.language].format(path=self.path))
