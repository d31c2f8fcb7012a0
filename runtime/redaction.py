"""Takes what identifies people or opens accounts out of texts, by how it is written.

What has no form of its own, a name or a street, cannot be found this way; it is told as such and
never claimed to be removed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

STARS = "****"
ALL = "all"


class Found(NamedTuple):
    start: int
    end: int
    kind: str


def _digits(text: str) -> list[int]:
    return [int(character) for character in text if character.isdigit()]


def passes_luhn(text: str) -> bool:
    """The check digit that all payment cards have."""
    digits = _digits(text)
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return 13 <= len(digits) <= 19 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _is_resident_number(text: str) -> bool:
    """A day of birth, and a digit for the century. (The last digit is a check digit only in numbers
    from before October 2020.)"""
    digits = _digits(text)
    month, day = 10 * digits[2] + digits[3], 10 * digits[4] + digits[5]
    return 1 <= month <= 12 and 1 <= day <= 31 and 1 <= digits[6] <= 8


def _passes_aba(text: str) -> bool:
    """Routing numbers of banks in the United States."""
    weights = (3, 7, 1) * 3
    return sum(w * d for w, d in zip(weights, _digits(text), strict=True)) % 10 == 0


def _is_ip(text: str) -> bool:
    return ":" in text or all(int(part) <= 255 for part in text.split("."))


def _always(text: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Form:
    """How something is written. The group `it`, where there is one, is what is taken out."""

    kind: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] = _always

    def found(self, text: str) -> Iterator[Found]:
        group = "it" if "it" in self.pattern.groupindex else 0
        for match in self.pattern.finditer(text):
            if self.check(match[group]):
                yield Found(*match.span(group), self.kind)


def _form(kind: str, pattern: str, check: Callable[[str], bool] = _always) -> Form:
    return Form(kind, re.compile(pattern, re.IGNORECASE), check)


_SEP = r"[ .\-\u2010-\u2015]?"
_START, _END = r"(?<![\d\w])", r"(?![\d\w])"
# Korean particles stand right behind what they belong to, so a number may be followed by a letter.
_NUMBER_END = r"(?!\d)(?![-.]\d)"

# Where two overlap, the one further up counts.
FORMS: tuple[Form, ...] = (
    _form("email", r"[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,4}\.[a-z]{2,24}"),
    _form("url", r"(?:https?://|www\.)[^\s<>\"']{1,2000}"),
    _form("card_number", rf"(?<!\d)\d(?:{_SEP}\d){{12,18}}(?!\d)", passes_luhn),
    _form("ssn", rf"(?<!\d)\d{{6}}{_SEP}[1-8]\d{{6}}(?!\d)", _is_resident_number),
    _form("ssn", r"(?<!\d)(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?!\d)"),
    _form("mac_address", r"(?<![\w:])(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}(?![\w:])"),
    _form("ip_address", r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", _is_ip),
    _form("ip_address", r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}:?[0-9a-f]{1,4}(?![\w:])"),
    _form("driver_id", r"(?<!\d)\d{2}-\d{2}-\d{6}-\d{2}(?!\d)"),
    _form("bank_routing", r"(?<!\d)\d{9}(?!\d)", _passes_aba),
    _form("phone", rf"(?<!\d)\+\d{{1,3}}(?:[ .\-]?\(?\d{{1,4}}\)?){{2,5}}{_NUMBER_END}"),
    _form("phone", rf"(?<!\d)\(?0(?:2|1[016789]|[3-6]\d|70|50\d)\)?{_SEP}\d{{3,4}}{_SEP}\d{{4}}"
                   rf"{_NUMBER_END}"),
    _form("phone", rf"(?<!\d)1[568]\d\d-\d{{4}}{_NUMBER_END}"),
    _form("phone", rf"(?<!\d)\(?[2-9]\d{{2}}\)?[ .\-]\d{{3}}[ .\-]\d{{4}}{_NUMBER_END}"),
    _form("date_time", r"(?<!\d)(?:19|20)\d{2}[-./년] ?\d{1,2}[-./월] ?\d{1,2}일?"
                       r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?(?!\d)"),
    _form("date_time", r"(?<!\d)\d{1,2}/\d{1,2}/(?:19|20)\d{2}(?!\d)"),
    _form("bank_account", r"(?<![\d-])\d{2,6}-\d{2,6}-\d{2,8}(?:-\d{1,3})?(?![\d-])"),
    _form("bank_account", rf"{_START}[A-Z]{{2}}\d{{2}}(?: ?[A-Z0-9]{{4}}){{3,7}}"
                          rf"(?: ?[A-Z0-9]{{1,3}})?{_END}"),
    _form("bank_account", r"(?:계좌|account)\D{0,20}(?P<it>\d[\d -]{7,18}\d)"),
    _form("card_expiry", r"(?<![\d/])(?:0[1-9]|1[0-2]) ?/ ?(?:20)?\d{2}(?![\d/])"),
    _form("card_cvv", r"(?:cvv2?|cvc2?|security code|보안 ?코드)\D{0,12}(?P<it>\d{3,4})(?!\d)"),
    _form("pin", r"(?:\bpin\b|비밀 ?번호|passcode)\D{0,12}(?P<it>\d{4,8})(?!\d)"),
    _form("password", r"(?:password|passwort|비밀 ?번호|패스워드|암호)(?: is|는|은|:|=)? ?"
                      r"(?P<it>[^\s,.]{4,64})"),
    _form("username", r"(?:user ?name|user ?id|login|아이디)(?: is|는|은|:|=) ?"
                      r"(?P<it>[\w.\-@]{2,64})"),
    _form("vehicle_id", rf"{_START}(?=[A-Z]*\d)[A-HJ-NPR-Z0-9]{{17}}{_END}"),
    _form("passport", rf"{_START}[MSRODG]\d{{3}}[A-Z0-9]\d{{4}}(?!\d)"),
    _form("licence_plate", r"(?<!\d)\d{2,3} ?[가-힣] ?\d{4}(?!\d)"),
    _form("age", r"(?<!\d)(?P<it>\d{1,3})(?: ?(?:세|살)| years? old| y/o)"),
)  # fmt: skip
CAN_BE_FOUND = frozenset(form.kind for form in FORMS)


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces kinds of things by what they are, or by stars."""

    kinds: frozenset[str]
    with_stars: bool = False

    @classmethod
    def of(cls, wanted: Iterable[str], mask: str) -> Redactor:
        names = frozenset(wanted)
        found = CAN_BE_FOUND if ALL in names else names & CAN_BE_FOUND
        return cls(found, mask == "stars")

    def __call__(self, text: str) -> str:
        if not self.kinds:
            return text
        parts, at = [], 0
        for found in self._chosen(text):
            parts += [text[at : found.start], self._mark(found.kind)]
            at = found.end
        return "".join([*parts, text[at:]])

    def _chosen(self, text: str) -> list[Found]:
        chosen: list[Found] = []
        for form in FORMS:
            if form.kind in self.kinds:
                chosen += [
                    found
                    for found in form.found(text)
                    if all(found.end <= one.start or found.start >= one.end for one in chosen)
                ]
        return sorted(chosen)

    def _mark(self, kind: str) -> str:
        return STARS if self.with_stars else f"[{kind.upper()}]"


def not_available(wanted: Iterable[str]) -> list[str]:
    """What was to be taken out and has no form by which it could be found."""
    return sorted(frozenset(wanted) - CAN_BE_FOUND - {ALL})
