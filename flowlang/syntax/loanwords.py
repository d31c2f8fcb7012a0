"""Words and signs of other languages, and what is written here instead."""

from __future__ import annotations

import re
from typing import NamedTuple

_OPERATORS = {
    "&&": "and", "&": "and", "||": "or", "===": "==", "!==": "!=", "<>": "!=", "is": "==",
    "equals": "==",
}  # fmt: skip
_SIGN = re.compile(r"&&|&|\|\||===|!==|<>|is not\b|is\b|equals\b")
_NOT = re.compile(r"! *(?=[\w(])")
_OUTCOME = re.compile(r"(?P<rest>else|default)(?= *->)|(?P<condition>(?:else +|els?)?if)(?= )")
_GOTO = re.compile(r"(?:go *to|jump(?: +to)?|then)(?= +\w+(?:\.\w+)?$)")


class Loanword(NamedTuple):
    start: int
    end: int
    found: str
    plain: str
    safe: bool


def loanword(text: str, start: int, end: int, stopped: int) -> Loanword | None:
    """The foreign word that keeps the line from `start` to `end` from being read, which stopped
    there or right behind its first characters."""
    if jump := _GOTO.match(text, start, end):
        return Loanword(start, jump.end(), jump.group(), "->", safe=False)
    if outcome := _OUTCOME.match(text, start, end):
        plain = "otherwise" if outcome["rest"] else "when"
        return Loanword(start, outcome.end(), outcome.group(), plain, safe="->" in text[start:end])
    if (negation := _NOT.match(text, stopped, end)) is not None:
        return Loanword(stopped, negation.end(), "!", "not", safe=True)
    for begin in (stopped, stopped - 1, stopped - 2):
        sign = _SIGN.match(text, begin, end) if begin >= start else None
        if sign and sign.end() > stopped:
            plain = "!=" if sign.group() == "is not" else _OPERATORS[sign.group()]
            return Loanword(begin, sign.end(), sign.group(), plain, safe=True)
    return None
