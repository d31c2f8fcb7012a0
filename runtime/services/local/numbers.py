"""Numbers as people write and say them, in English and Korean."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(?<![\d.])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d.])-?\d+(?:\.\d+)?")

_SINO = {c: n for n, c in enumerate("영일이삼사오육칠팔구")} | {"공": 0}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 10**4, "억": 10**8}
_NATIVE = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5,
    "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
}  # fmt: skip
_TENS = {"열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60,
         "일흔": 70, "여든": 80, "아흔": 90}  # fmt: skip
_COUNTERS = "개|명|장|번|권|대|살|잔|병|시|달|마리|분|사람|건|회|일|월|원|주|박|년"
_SINO_WORD = re.compile(
    rf"(?<![가-힣])([\d{''.join(_SINO)}십백천만억,]+)(?=$|[^가-힣\d]|(?:{_COUNTERS}))"
)
_NATIVE_WORD = re.compile(
    rf"(?<![가-힣])({'|'.join(_TENS)})?\s?({'|'.join(_NATIVE)})?\s?(?=$|[^가-힣]|(?:{_COUNTERS}))"
)

_BELOW_TWENTY = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENFOLD = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH = {word: number for number, word in enumerate(_BELOW_TWENTY.split())} | {
    word: number * 10 for number, word in enumerate(_TENFOLD.split(), start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6}
_ENGLISH_WORD = re.compile(
    rf"\b(?:{'|'.join([*_ENGLISH, *_SCALES])})(?:[\s-]+(?:and\s+)?"
    rf"(?:{'|'.join([*_ENGLISH, *_SCALES])}))*\b"
)

Number = int | float


def find_number(text: str) -> Number | None:
    """The first number in a text, if there is one."""
    text = text.casefold()
    for read in (_korean, _plain, _native, _english):
        number = read(text)
        if number is not None:
            return number
    return None


def _plain(text: str) -> Number | None:
    found = _DIGITS.search(text)
    if not found:
        return None
    number = float(found[0].replace(",", ""))
    return int(number) if number.is_integer() else number


def _korean(text: str) -> Number | None:
    """`3만 5천`, `삼십오`: at least one Korean numeral, or plain digits would do."""
    for found in _SINO_WORD.finditer(
        re.sub(r"(?<=[십백천만억])\s+(?=[\d일이삼사오육칠팔구])", "", text)
    ):
        word = found[1].replace(",", "")
        if not word.isdecimal() and word:
            return _sino(word)
    return None


def _sino(word: str) -> int:
    total = section = 0
    digits = ""
    for character in word:
        if character.isdecimal():
            digits += character
        elif character in _SINO:
            digits += str(_SINO[character])
        elif character in _SMALL:
            section += int(digits or 1) * _SMALL[character]
            digits = ""
        else:
            total += (section + int(digits or 0) or 1) * _LARGE[character]
            section, digits = 0, ""
    return total + section + int(digits or 0)


def _native(text: str) -> Number | None:
    for found in _NATIVE_WORD.finditer(text):
        if found[1] or found[2]:
            return _TENS.get(found[1] or "", 0) + _NATIVE.get(found[2] or "", 0)
    return None


def _english(text: str) -> Number | None:
    found = _ENGLISH_WORD.search(text)
    if not found:
        return None
    total = section = 0
    for word in re.findall(r"[a-z]+", found[0]):
        if word in _ENGLISH:
            section += _ENGLISH[word]
        elif word == "hundred":
            section = (section or 1) * 100
        elif word in _SCALES:
            total += (section or 1) * _SCALES[word]
            section = 0
    return total + section
