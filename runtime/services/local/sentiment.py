"""How people feel about it, from the words they use, in English and Korean.

A list of words with their weights, and what turns or strengthens them. It knows no irony.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from runtime.services.asked import Question, Refused, Value
from runtime.services.local import fields as read

Feeling = Literal["positive", "negative", "neutral", "mixed"]
FEELINGS: tuple[Feeling, ...] = ("positive", "negative", "neutral", "mixed")
TEXT_CHARACTERS_MAX = 5_000
CLEAR = 0.2
"""From this score on, either way, it is no longer neutral."""

_ENGLISH_WORDS = {
    3: """amazing awesome brilliant delighted excellent fantastic fabulous flawless incredible love
    loved outstanding perfect perfectly superb terrific thrilled wonderful wonderfully""",
    2: """appreciate appreciated best easy efficient enjoy enjoyed friendly glad grateful great
    happy happily helpful impressed impressive kind kindly lovely pleasant pleased polite
    professional recommend recommended reliable resolved satisfied smooth smoothly solved super
    thank thankful thanks cheers bravo relieved welcoming patient generous courteous attentive
    painless hassle-free yay""",
    1: """better clear clearly correct fast fine fixed good improved like nice nicely quick quickly
    right well works worked working cool convenient comfortable interesting promptly prompt""",
    -1: """busy cannot complicated concerned confused confusing delay delayed difficult expensive
    hard hold late long missing mistake problem problems slow stuck trouble unclear unsure wait
    waiting worried worry issue issues error errors tired unfortunately refund complaint complain
    overcharged unexpected outdated wrong lost again""",
    -2: """angry annoyed annoying bad badly broken cancel careless damaged disappointed
    disappointing dislike fail failed fails failure frustrated frustrating frustration hate ignored
    incorrect lied lie lying nobody poor rude sad scam unacceptable unfair unhappy upset useless
    worse crash crashed crashes dirty defective sick mess messy pathetic unhelpful unreliable
    incompetent regret pointless inconvenient unprofessional unsatisfied dissatisfied""",
    -3: """appalling awful cheated disaster disgusting dreadful furious horrible horrendous
    nightmare outrageous ridiculous terrible terribly worst hated disgrace disgraceful fraud
    garbage trash crap shameful""",
}
_ENGLISH = {
    word: float(weight) for weight, words in _ENGLISH_WORDS.items() for word in words.split()
}
_ENGLISH_PHRASES = {
    "fed up": -3.0, "sick of": -2.0, "let down": -2.0, "waste of": -3.0, "ripped off": -3.0,
    "rip off": -3.0, "no one": -1.0, "well done": 2.0, "good job": 2.0, "great job": 2.0,
    "made my day": 3.0, "as described": 1.0, "on time": 1.5, "no problem": 1.5,
    "no problems": 1.5, "no issues": 1.5, "no complaints": 2.0, "can't believe": -1.0,
    "never again": -3.0, "not at all": -0.5, "couldn't be happier": 3.0, "hang up": -1.0,
    "hung up": -2.0, "looking forward": 1.5, "at last": 1.0, "no help": -2.0,
    "had enough": -2.0, "could not be happier": 3.0, "keeps crashing": -2.0,
    "doesn't work": -2.0, "does not work": -2.0, "not working": -2.0, "didn't work": -2.0,
    "stopped working": -2.0, "thanks for nothing": -3.0, "how long": 0.0, "how late": 0.0,
    "would like": 0.0, "as well": 0.0, "i'd like": 0.0, "on hold": -1.0, "right now": 0.0,
}  # fmt: skip
_ENGLISH_TURNS = frozenset(
    ("not", "no", "never", "none", "without", "hardly", "nothing", "isn't", "wasn't", "aren't",
     "don't", "doesn't", "didn't", "won't", "can't", "cannot", "couldn't", "wouldn't", "haven't",
     "hasn't", "weren't", "ain't", "nor", "neither")
)  # fmt: skip
_STRONGER = {"very": 1.4, "so": 1.3, "really": 1.4, "extremely": 1.7, "absolutely": 1.6,
             "too": 1.2, "totally": 1.5, "completely": 1.5, "quite": 1.1, "truly": 1.4,
             "incredibly": 1.6, "such": 1.2}  # fmt: skip
_BUT = frozenset(("but", "however", "although", "though"))
_TURN_WORDS = 3
"""How many words a `not` reaches."""

_KOREAN = {
    # Stems, as they stand in a sentence; a longer one goes before a shorter.
    "감사": 2.0, "고맙": 2.0, "고마": 2.0, "친절": 2.0, "만족": 2.0, "최고": 3.0, "훌륭": 3.0,
    "완벽": 3.0, "좋": 2.0, "기쁘": 2.0, "기뻐": 2.0, "기쁜": 2.0, "행복": 2.5, "감동": 3.0,
    "추천": 2.0, "편리": 2.0, "편하": 1.5, "편해": 1.5, "편했": 1.5, "빠르": 1.5, "빨라": 1.5,
    "빨랐": 1.5, "빠른": 1.5, "신속": 1.5, "정확": 1.0, "해결됐": 2.0, "해결되었": 2.0,
    "해결해 주": 1.5, "해결해주": 1.5, "잘 해": 1.5, "잘해": 1.5, "잘 되": 1.5, "잘 돼": 1.5,
    "잘 됐": 1.5, "잘됐": 2.0, "잘 받": 1.5, "잘 쓰": 1.5, "잘 설명": 2.0, "든든": 2.0,
    "마음에 들": 2.0, "마음에 쏙": 3.0, "맘에 들": 2.0, "도움이 됐": 2.0, "도움이 되": 2.0,
    "도움이 많이": 2.0, "덕분": 2.0, "다행": 1.5, "대박": 2.0, "상냥": 2.0, "꼼꼼": 2.0,
    "믿음직": 2.0, "믿을 수 있": 2.0, "예쁘": 1.5, "예뻐": 1.5, "수고": 1.0, "깔끔": 1.5,
    "시원": 1.0, "최상": 2.5, "짱": 2.0, "사랑": 2.0, "재미있": 1.5, "즐거": 2.0, "즐겁": 2.0,
    "반가": 1.5, "안심": 1.5, "기대": 0.5, "괜찮": 1.0, "자세히 알려": 1.0, "흡족": 2.5,
    "쉬워": 1.0, "쉽": 1.0, "쉬웠": 1.0, "따뜻": 1.5, "배려": 1.5,
    "화가": -2.5, "화나": -2.5, "화났": -2.5, "열받": -3.0, "짜증": -2.5, "불만": -2.0,
    "불친절": -3.0, "불편": -2.0, "실망": -2.5, "최악": -3.0, "엉망": -3.0, "형편없": -3.0,
    "답답": -2.0, "어이없": -2.5, "어이가 없": -2.5, "황당": -2.5, "억울": -2.5, "속았": -3.0,
    "사기": -2.5, "나쁘": -2.0, "나빠": -2.0, "나빴": -2.0, "나쁜": -2.0, "싫": -2.0,
    "느리": -1.5, "느려": -1.5, "느립": -1.5, "늦": -1.5, "오래 걸": -1.5, "오래 기다": -2.0,
    "한참": -1.0, "고장": -1.5, "망가": -2.0, "깨져": -2.0, "깨졌": -2.0, "부서": -2.0,
    "파손": -2.0, "오류": -1.5, "에러": -1.5, "안 돼": -1.5, "안돼": -1.5, "안 되": -1.5,
    "안되": -1.5, "안 됩": -1.5, "안 왔": -1.5, "안 와": -1.5, "안 받": -1.5, "안 나와": -1.5,
    "안 해": -1.5, "걱정": -1.0, "불안": -1.5, "무섭": -1.5, "힘들": -1.5, "어렵": -1.0,
    "어려": -1.0, "복잡": -1.0, "비싸": -1.0, "비싼": -1.0, "불쾌": -3.0, "무례": -3.0,
    "무시": -2.0, "거짓": -2.5, "쓰레기": -3.0, "끔찍": -3.0, "지긋지긋": -3.0, "지쳤": -2.0,
    "지쳐": -2.0, "슬프": -2.0, "슬퍼": -2.0, "후회": -2.0, "별로": -2.0, "문제": -1.0,
    "잘못": -1.5, "틀렸": -1.5, "틀린": -1.5, "틀려": -1.5, "못 하": -1.0, "못하": -1.0,
    "안 맞": -1.0, "환불": -0.5, "따지": -1.5, "항의": -2.0, "책임": -0.5, "피해": -1.5,
    "귀찮": -1.5, "성의 없": -2.0, "성의없": -2.0, "끊겨": -1.5, "끊기": -1.5, "끊어": -1.0,
    "끊겼": -1.5, "먹통": -2.5, "다시는": -2.0, "미치겠": -2.5, "이게 뭐": -1.5, "도대체": -1.5,
    "대체": -0.5, "아직도": -1.5, "몇 번을": -1.5, "몇 번이나": -1.5, "소용없": -2.0,
    "소용이 없": -2.0, "허접": -2.5, "속상": -2.5, "아쉽": -1.5, "아쉬": -1.5, "서운": -2.0,
    "섭섭": -2.0, "당황": -1.5, "엉터리": -2.5, "속 터": -2.5, "지저분": -2.0, "더러": -2.0,
    "좋지 않": -2.0, "믿을 수가 없": -2.0, "믿을 수 없": -2.0, "말이 안": -2.0,
    "말도 안": -2.0, "이해가 안": -1.5, "마음에 안": -2.0, "맘에 안": -2.0, "못 받": -1.5,
    "답이 없": -1.5, "답변이 없": -1.5, "연락이 없": -1.5, "해결이 안": -2.0,
    "도움이 안": -2.0, "성가": -1.5, "너무하": -2.0, "너무한": -2.0, "너무해": -2.0,
    # Asked or said without a feeling.
    "기다려 주": 0.0, "좋을까": 0.0, "좋은가": 0.0, "늦게까지": 0.0, "몇 시": 0.0,
    "편하신": 0.0, "늦어도": 0.0, "다시 한번": 0.0,
}  # fmt: skip
_KOREAN_STEMS = re.compile("|".join(sorted(map(re.escape, _KOREAN), key=len, reverse=True)))
_KOREAN_TURN = re.compile(
    r"^[가-힣]{0,2}(?:\s*(?:지는?|지도|지가|진|게)\s*(?:않|못|안)|\s*(?:지|진)\s*않"
    r"|(?:이|은|도|가|를)?\s*(?:없|안 [돼됐되]|전혀))"
)
_KOREAN_BEFORE = re.compile(r"(?:^|\s)(?:안|못|전혀 안)\s?$")
_KOREAN_STRONGER = re.compile(r"(?:너무|정말|진짜|아주|매우|무척|굉장히|엄청|완전)\s?$")
_HANGUL = re.compile(r"[가-힣]")
_SIGNS = {"😀": 2.0, "😊": 2.0, "😍": 3.0, "👍": 2.0, "❤": 2.0, "😡": -3.0, "😠": -2.5,
          "😢": -2.0, "😭": -2.0, "👎": -2.0, "ㅠㅠ": -1.0, "ㅜㅜ": -1.0, "^^": 1.0,
          ":)": 1.5, ":(": -1.5}  # fmt: skip


def feeling(text: str) -> tuple[Feeling, float, float]:
    """The feeling, its score from -1 to 1, and how sure that is, from 0 to 1."""
    said = unicodedata.normalize("NFKC", text[:TEXT_CHARACTERS_MAX]).casefold().replace("’", "'")
    weights = [*_signs(said), *_korean(said), *_english(said)]
    good = sum(weight for weight in weights if weight > 0)
    bad = -sum(weight for weight in weights if weight < 0)
    score = math.tanh((good - bad) / 4)
    clearness = math.tanh((good + bad) / 4)
    if min(good, bad) >= 1.5 and abs(good - bad) <= 0.4 * (good + bad):
        return "mixed", round(score, 3), round(clearness * 0.6, 3)
    if abs(score) < CLEAR:
        return "neutral", round(score, 3), round(1 - clearness, 3)
    return ("positive" if score > 0 else "negative"), round(score, 3), round(abs(score), 3)


def _signs(text: str) -> Iterator[float]:
    for sign, weight in _SIGNS.items():
        if sign in text:
            yield weight


def _korean(text: str) -> Iterator[float]:
    if not _HANGUL.search(text):
        return
    for found in _KOREAN_STEMS.finditer(text):
        weight = _KOREAN[found[0]]
        before, after = text[: found.start()], text[found.end() :]
        if weight > 0 and (_KOREAN_TURN.match(after) or _KOREAN_BEFORE.search(before)):
            weight *= -0.8
        elif weight < 0 and (_KOREAN_TURN.match(after) or _KOREAN_BEFORE.search(before)):
            weight *= -0.5
        if _KOREAN_STRONGER.search(before):
            weight *= 1.4
        yield weight


def _english(text: str) -> Iterator[float]:
    for phrase, weight in _ENGLISH_PHRASES.items():
        if re.search(rf"\b{re.escape(phrase)}\b", text):
            yield weight
            text = text.replace(phrase, " ; ")
    words = re.findall(r"[a-z]+(?:['-][a-z]+)*|[.!?;,]", text)
    turned, strength = 0, 1.0
    for word in words:
        if word in ".!?;," or word in _BUT:
            turned, strength = 0, 1.0
        elif word in _ENGLISH_TURNS:
            turned = _TURN_WORDS
            if word == "cannot":
                yield -1.0
        elif word in _STRONGER:
            strength = _STRONGER[word]
        else:
            if weight := _ENGLISH.get(word, 0.0):
                yield weight * strength * (-0.7 if turned else 1)
            turned, strength = max(0, turned - 1), 1.0


class Sentiment:
    """The service `sentiment`."""

    def answer(self, question: Question) -> Value:
        if question.operation != "detect":
            raise Refused("unknown", f"sentiment has no operation {question.operation}")
        text = read.text(question, "text", characters_max=TEXT_CHARACTERS_MAX)
        found, score, confidence = feeling(text)
        return {"sentiment": found, "score": score, "confidence": confidence}
