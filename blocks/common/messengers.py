"""The names of the messengers in each language, and what customers mean by them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class MessengerWords:
    names: Mapping[str, str]
    choice: str
    refusal: str
    no: str
    invitation: str
    link: str


_ENGLISH = MessengerWords(
    names={
        "whatsapp": "WhatsApp",
        "sms": "Text message",
        "messenger": "Messenger",
        "instagram": "Instagram",
        "telegram": "Telegram",
        "line": "LINE",
        "x": "X",
        "kakao": "KakaoTalk",
        "chat": "Web chat",
    },
    choice="For {name} press {key}.",
    refusal="If not, press 0.",
    no="No, thank you",
    invitation="Go on with your conversation here:",
    link="Go on here: {link}",
)
_KOREAN = MessengerWords(
    names={
        "whatsapp": "왓츠앱",
        "sms": "문자",
        "messenger": "페이스북 메신저",
        "instagram": "인스타그램",
        "telegram": "텔레그램",
        "line": "라인",
        "x": "엑스",
        "kakao": "카카오톡",
        "chat": "웹 채팅",
    },
    choice="{name}은 {key}번,",
    refusal="원하지 않으시면 0번을 눌러 주세요.",
    no="괜찮아요",
    invitation="아래 링크에서 상담을 이어 가세요.",
    link="여기에서 이어 가세요: {link}",
)
_REFUSALS = frozenset({"0", "no", "no thanks", "nope", "아니요", "아니오", "아뇨", "싫어요"})
_CONSENTS = frozenset({"yes", "ok", "okay", "sure", "네", "예", "응", "좋아요", "그래요"})


def words(language: str) -> MessengerWords:
    return _KOREAN if language.startswith("ko") else _ENGLISH


def spoken_choices(spoken: MessengerWords, channels: Sequence[str]) -> str:
    """`왓츠앱은 1번, 문자는 2번, …` for a caller with a keypad."""
    lines = [
        _with_particle(spoken.choice.format(name=spoken.names[name], key=key))
        for key, name in enumerate(channels, start=1)
    ]
    return " ".join((*lines, spoken.refusal))


def understand(answer: str, channels: Sequence[str]) -> str | Literal["no"] | None:
    """The messenger that an answer names by key or name, `no`, or None if it says neither."""
    said = answer.strip().casefold()
    if said in _REFUSALS or said in (_KOREAN.no.casefold(), _ENGLISH.no.casefold()):
        return "no"
    if said.isdecimal():
        return channels[int(said) - 1] if 0 < int(said) <= len(channels) else None
    for name in channels:
        spellings = (name, _ENGLISH.names[name].casefold(), _KOREAN.names[name])
        if any(spelling in said for spelling in spellings):
            return name
    return channels[0] if said in _CONSENTS else None


def phone_of(address: str) -> str:
    """The address, if a text message can go there."""
    return address if re.fullmatch(r"\+?[0-9]{6,15}", address) else ""


def _with_particle(text: str) -> str:
    """Korean has 은 after a consonant and 는 after a vowel; the sentence is written with 은."""

    def choose(match: re.Match[str]) -> str:
        before = match.group(1)
        ends_in_consonant = (ord(before) - 0xAC00) % 28 != 0
        return before + ("은 " if ends_in_consonant else "는 ")

    return re.sub(r"([가-힣])은 ", choose, text)
