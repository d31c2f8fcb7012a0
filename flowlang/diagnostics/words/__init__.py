"""The words of problems: a table for each language, keyed by code.

`{name}` is an argument of the problem; several values are quoted one by one. In Korean,
`{name:을/를}` is the particle that fits behind the argument, after a consonant or after a vowel.
A message may depend on the argument `reason`: its key is then `FL000.reason`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from string import Formatter
from typing import Any, Literal, get_args

from flowlang.diagnostics.problem import Fix, Problem, Related

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def message(problem: Problem, language: Language) -> str:
    """What is wrong, as a sentence."""
    return _phrase("MESSAGES", problem.code, problem.arguments, language) or problem.code


def label(problem: Problem, language: Language) -> str:
    """A few words for the place itself."""
    return _phrase("LABELS", problem.code, problem.arguments, language)


def help_(problem: Problem, language: Language) -> str:
    """The way out: the one good candidate, if there is one, else advice."""
    if problem.arguments.get("suggestion"):
        where = next((item.place for item in problem.related if item.note == "section"), None)
        line = say("where", {"line": where.first.line}, language) if where else ""
        return say("suggestion", {**problem.arguments, "where": line}, language)
    return _phrase("HELPS", problem.code, problem.arguments, language)


def fix_title(fix: Fix, language: Language) -> str:
    return _phrase("FIXES", fix.title, fix.arguments, language) or fix.title


def note(related: Related, language: Language) -> str:
    return _phrase("NOTES", related.note, related.arguments, language) or related.note


def fact(check: str, language: Language) -> str:
    """What a check proves, as a sentence."""
    return _phrase("FACTS", check, {}, language) or check


def assumption(name: str, arguments: Mapping[str, object], language: Language) -> str:
    return _phrase("ASSUMPTIONS", name, arguments, language) or name


def say(name: str, arguments: Mapping[str, object], language: Language) -> str:
    """A phrase of the faces themselves: `error`, `help`, the summary line."""
    return _phrase("PHRASES", name, arguments, language) or name


def _phrase(table: str, key: str, arguments: Mapping[str, object], language: Language) -> str:
    phrases: Mapping[str, str] = getattr(_module(language), table)
    reason = arguments.get("reason")
    template = phrases.get(f"{key}.{reason}") or phrases.get(key, "")
    return _FORMATTER.vformat(template, (), _Arguments(arguments)) if template else ""


@cache
def _module(language: Language) -> Any:
    return import_module(f"{__name__}.{language}")


# --- formatting -----------------------------------------------------------------------------


class _Arguments(dict[str, object]):
    def __missing__(self, key: str) -> object:
        return ""


class _Formatter(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        text = _text(value)
        if "/" in format_spec:
            return particle(text, format_spec)
        return text


_FORMATTER = _Formatter()


def _text(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(f"`{item}`" for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# How Koreans read the ends of digits and of English words: with a final consonant, with ㄹ.
_CLOSED = re.compile(r"([0136789LMNR]|[lmnbp]|[^lns]k|ng|[^aeiou][aeiou][tc]|out|[lmn]e)$")
_RIEUL = re.compile(r"([178LR]|l|le)$")


def particle(text: str, choices: str) -> str:
    """`을/를`, `이/가`, `으로/로` …: what fits behind a text as a Korean reads it aloud."""
    closed, _, open_ = choices.partition("/")
    word = text.rstrip("`'\"”’.…)] ")
    if "가" <= word[-1:] <= "힣":
        final = (ord(word[-1]) - ord("가")) % 28
        consonant, rieul = final != 0, final == 8
    else:
        consonant = _CLOSED.search(word) is not None
        rieul = _RIEUL.search(word) is not None
    if closed == "으로" and rieul:
        return open_
    return closed if consonant else open_
