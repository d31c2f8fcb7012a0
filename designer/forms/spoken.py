"""How long a sentence takes to say."""

from __future__ import annotations

import re

_VALUE = re.compile(r"\{[^{}]*\}")
_MARKUP = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<break[^<>]*\btime\s*=\s*[\"'](\d+(?:\.\d+)?)(ms|s)[\"']")
_PAUSE = re.compile(r"[.!?。…]+(?=\s|$)|\n")
SYLLABLES_A_SECOND = 6.2
"""Of Korean, Japanese and Chinese, where a letter is about a syllable."""
LETTERS_A_SECOND = 15.0
"""Of alphabets, at the pace of Amazon Polly's voices."""
VALUE_S = 0.9
"""What stands in braces, such as a name or a short number."""
PAUSE_S = 0.35


def seconds(sentence: str) -> float:
    """About so long it takes, at a usual pace, with the breaks that markup asks for."""
    breaks = sum(
        float(time) / (1000 if unit == "ms" else 1) for time, unit in _BREAK.findall(sentence)
    )
    plain, values = _VALUE.subn(" ", _MARKUP.sub(" ", sentence))
    letters = [letter for letter in plain if letter.isalnum()]
    syllables = sum(letter >= "\u1100" for letter in letters)
    spaces = len(plain.split())
    pauses = len(_PAUSE.findall(plain.strip()))
    return (
        breaks
        + syllables / SYLLABLES_A_SECOND
        + (len(letters) - syllables + (spaces if syllables < len(letters) / 2 else 0))
        / LETTERS_A_SECOND
        + values * VALUE_S
        + max(0, pauses - 1) * PAUSE_S
    )
