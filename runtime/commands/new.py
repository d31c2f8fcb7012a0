"""`flowlang new`: start a project from an example."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

import flowlang
from flowlang.cli.options import Help, Parser, reason_of
from flowlang.diagnostics.words import Language

EXIT_FINE, EXIT_MISUSED = 0, 2
USUAL = "support"
ABOUT: Help = {"en": "Start a project from an example.", "ko": "예제로 프로젝트를 시작합니다."}
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "*.sqlite*")

WORDS: Mapping[str, Mapping[Language, str]] = {
    "made": {"en": "{folder} is a project now. Try:\n  flowlang test {folder}\n"
                   "  flowlang design {folder}",
             "ko": "{folder}에 프로젝트를 만들었습니다. 이렇게 시작하세요.\n"
                   "  flowlang test {folder}\n  flowlang design {folder}"},
    "not_empty": {"en": "{folder} is not empty; nothing was written",
                  "ko": "{folder}이(가) 비어 있지 않아 아무것도 쓰지 않았습니다"},
    "unknown": {"en": "there is no example named {name}; there are {known}",
                "ko": "{name}(이)라는 예제는 없습니다. 있는 예제: {known}"},
    "unwritable": {"en": "{folder} cannot be written: {reason}",
                   "ko": "{folder}에 쓸 수 없습니다: {reason}"},
}  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    options = _parser(arguments).parse_args(arguments)
    language: Language = options.lang
    folder: Path = options.folder

    def fail(key: str, code: int, **more: object) -> int:
        print(WORDS[key][language].format(folder=folder, **more), file=sys.stderr)
        return code

    known = examples()
    source = known.get(options.example)
    if source is None:
        return fail("unknown", EXIT_MISUSED, name=options.example, known=", ".join(known))
    is_new = not folder.exists()
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            return fail("not_empty", EXIT_MISUSED)
        shutil.copytree(source, folder, ignore=LEFT_OUT, dirs_exist_ok=True)
    except shutil.Error as error:
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        return fail("unwritable", EXIT_MISUSED, reason=reason_of(_first_of(error), language))
    except OSError as error:
        return fail("unwritable", EXIT_MISUSED, reason=reason_of(error, language))
    print(WORDS["made"][language].format(folder=folder))
    return EXIT_FINE


def _first_of(error: shutil.Error) -> OSError:
    """Of the files that could not be copied, why the first could not; all that is left is text."""
    said = str(error.args[0][0][2])
    number = re.search(r"\[Errno (\d+)\]", said)
    return OSError(int(number[1]), os.strerror(int(number[1]))) if number else OSError(said)


def examples() -> dict[str, Path]:
    """The example projects by name: in the wheel within the package, in the repository beside
    it."""
    package = Path(str(resources.files(flowlang)))
    homes = (package / "examples", package.parent / "examples")
    home = next((folder for folder in homes if folder.is_dir()), None)
    if home is None:
        return {}
    return {folder.name: folder for folder in sorted(home.iterdir()) if folder.is_dir()}


def _parser(arguments: Sequence[str]) -> Parser:
    parser = Parser("new", ABOUT, arguments)
    parser.add_argument("folder", type=Path, metavar="DIR", help=parser.said(
        {"en": "a folder that is empty or not there yet", "ko": "비어 있거나 아직 없는 폴더"}
    ))  # fmt: skip
    parser.add_argument("--example", default=USUAL, metavar="NAME", help=", ".join(examples()))
    return parser
