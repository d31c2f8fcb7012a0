"""What a sentence is most like: of several sets of example sentences, the one it belongs to.

Sentences are compared by the pieces of their letters, so that endings, particles, typing slips and
Korean without its blanks still meet, and by the words that mean the same.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from runtime.services.local.same import meanings

Vector = Mapping[str, float]
SECOND = 0.25
"""How much a second example that agrees makes of what the first one lacks."""
BELIEVED = 0.3
"""How much the pieces taken one by one make of what no single example has."""
DOUBT = 0.6
SHARPNESS = 2.0
STRANGENESS = 0.3
"""How much it counts that pieces stand in no example."""


@dataclass(frozen=True, slots=True)
class Index:
    """The example sentences as weighted pieces: rare pieces tell more than common ones."""

    weights: Mapping[str, float]
    unknown: float
    examples: tuple[tuple[str, Vector], ...]
    tells: Mapping[str, Mapping[str, float]]
    """How much each piece speaks for each intent."""

    def vector(self, text: str) -> Vector:
        counts = Counter(pieces(text))
        raw = {
            piece: (1 + math.log(n)) * self.weights.get(piece, self.unknown)
            for piece, n in counts.items()
        }
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1
        return {piece: weight / length for piece, weight in raw.items()}

    def best(self, text: str) -> tuple[str, float]:
        """Like an example as a whole, or made of pieces that belong to one intent: either
        counts. What stands in no example at all makes it doubtful."""
        if not self.tells:
            return "", 0.0
        vector = self.vector(text)
        known = sum(weight * weight for piece, weight in vector.items() if piece in self.weights)
        likeness, belief = self._likeness(vector), self._belief(vector)
        even = 1 / len(self.tells)
        scores = {
            intent: like + (1 - like) * BELIEVED * max(0.0, belief[intent] - even)
            for intent, like in likeness.items()
        }
        best = max(scores, key=lambda intent: scores[intent])
        return best, min(1.0, known**STRANGENESS * scores[best])

    def _likeness(self, vector: Vector) -> Mapping[str, float]:
        found: dict[str, list[float]] = {}
        for intent, example in self.examples:
            found.setdefault(intent, []).append(_product(vector, example))
        likeness: dict[str, float] = {}
        for intent, each in found.items():
            first, second = [*sorted(each, reverse=True), 0.0][:2]
            likeness[intent] = first + SECOND * second * (1 - first)
        return likeness

    def _belief(self, vector: Vector) -> Mapping[str, float]:
        told = {
            intent: sum(w * w * of[piece] for piece, w in vector.items() if piece in of)
            for intent, of in self.tells.items()
        }
        most = max(told.values())
        strengths = {intent: math.exp(SHARPNESS * (each - most)) for intent, each in told.items()}
        total = sum(strengths.values())
        return {intent: each / total for intent, each in strengths.items()}

    @classmethod
    def of(cls, texts: Sequence[tuple[str, str]]) -> Index:
        """From example sentences, each with its intent."""
        seen: Counter[str] = Counter()
        by_intent: dict[str, Counter[str]] = {}
        for intent, text in texts:
            found = set(pieces(text))
            seen.update(found)
            by_intent.setdefault(intent, Counter()).update(found)
        total = len(texts) + 1
        weights = {piece: math.log(total / (n + 0.5)) + 0.3 for piece, n in seen.items()}
        unknown = 0.5 * math.log(total + 1) + 0.3
        sizes = Counter(intent for intent, _ in texts)
        tells = {
            intent: {
                piece: _odds(counts[piece], sizes[intent], n, len(texts))
                for piece, n in seen.items()
            }
            for intent, counts in by_intent.items()
        }
        index = cls(weights, unknown, (), tells)
        examples = tuple((intent, index.vector(text)) for intent, text in texts)
        return cls(weights, unknown, examples, tells)


def _product(one: Vector, two: Vector) -> float:
    if len(one) > len(two):
        one, two = two, one
    return sum(weight * two[piece] for piece, weight in one.items() if piece in two)


def _odds(here: int, size: int, seen: int, total: int) -> float:
    """How much likelier a piece is in an intent of this size than in all others."""
    usual = DOUBT * seen / total
    inside = (here + usual) / (size + DOUBT)
    outside = (seen - here + usual) / (total - size + DOUBT)
    return math.log(inside / outside)


# --- text ---------------------------------------------------------------------------------------

HANGUL = re.compile(r"[가-힣]")
_NOISE = re.compile(r"[^\w\s]+")


def normal(text: str) -> str:
    return " ".join(_NOISE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).split())


# What every wish is wrapped in: it says that something is wanted, not what.
_POLITE = re.compile(
    r"(?:하고\s*)?싶(?:어요|습니다|은데요?|어)|(?:해|하여)?\s?(?:주세요|주실래요|주시겠어요|줄래요?|줘요?)"
    r"|(?:하|할|했|한|되|될|돼|있|없)(?:려고요?|려구요?|는데요?|을까요|수\s있|나요|어요|습니다|니다|게요|래요|까요)"
    r"|(?:습니다|합니다|입니다|려고요|는데요?|인가요|나요|까요|어요|아요|에요|예요|세요|이요|데요|네요|게요|래요)(?!\w)"
)
_PARTICLE = re.compile(
    r"(?<=[가-힣]{2})(?:에서는?|으로|이랑|하고|한테|에게|까지|부터|을|를|이|가|은|는|에|로|도|만|랑|요|의)(?!\w)"
)
_FILLERS = """
좀 저 제 저기 그 것 수 같 볼 혹시 지금 이제 제가 저는 어떻게
a an the i id im ive my me we our you your it to of for on in at and or do does is are am be can
could would will please like want need have has with some any there this that s d ve m
오늘 내일 모레 어제 아까 방금
today tomorrow yesterday now already just still yet t re ll don doesn what whats thing something
"""
FILLERS = frozenset(_FILLERS.split())
# Numbers and addresses are values, not wishes.
_VALUE = re.compile(r"\S*(?:\d|@)\S*")


def pieces(text: str) -> Iterator[str]:
    """Korean in syllables, pairs of them and runs of letters across blanks; other writing in
    words and in runs of three letters; what words mean, twice, as it tells more."""
    words = _telling(normal(_VALUE.sub(" ", text)))
    korean = "".join(word for word in words if HANGUL.search(word))
    if korean:
        yield from (korean[i : i + 2] for i in range(len(korean) - 1))
        letters = unicodedata.normalize("NFD", korean)
        yield from (letters[i : i + 3] for i in range(len(letters) - 2))
    for word in words:
        if not HANGUL.search(word):
            yield f"={word}"
            padded = f" {word} "
            yield from (padded[i : i + 3] for i in range(len(padded) - 2))
    for meaning in meanings(normal(text)):
        yield f"~{meaning}"
        yield f"~~{meaning}"


def _telling(text: str) -> list[str]:
    """The words that say what is wanted; all of them, if none does."""
    stripped = _PARTICLE.sub("", _POLITE.sub(" ", text))
    words = [w for w in stripped.split() if w not in FILLERS]
    return words or text.split()
