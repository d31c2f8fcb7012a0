"""Did you mean …? Only with one good candidate."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest

_ALIKE = 0.7
_CLEARLY = 0.04
_CANDIDATES_MAX = 10_000
_COMPARED_MAX = 128
"""Of very many candidates only the likeliest are compared letter by letter."""


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that looks like a misspelled `word`."""
    others = list(dict.fromkeys(item for item in candidates if item != word))[:_CANDIDATES_MAX]
    folded = [item for item in others if _fold(item) == _fold(word)]
    if folded:
        return folded[0] if len(folded) == 1 else None
    from difflib import SequenceMatcher, get_close_matches

    close = get_close_matches(word, _likeliest(word, others), n=2, cutoff=_ALIKE)
    if not close:
        return None
    matcher = SequenceMatcher(a=word)
    ratios = []
    for item in close:
        matcher.set_seq2(item)
        ratios.append(matcher.ratio())
    return None if len(close) == 2 and ratios[0] - ratios[1] < _CLEARLY else close[0]


def _likeliest(word: str, others: list[str]) -> list[str]:
    if len(others) <= _COMPARED_MAX:
        return others
    first, size = word[:1], len(word)
    return nsmallest(
        _COMPARED_MAX, others, key=lambda item: (abs(len(item) - size), item[:1] != first)
    )


def _fold(word: str) -> str:
    return word.casefold().replace("_", "").replace("-", "").replace(" ", "")
