"""What a store says when it will not go on, in the words of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping

from flowlang.diagnostics.words import Language

WORDS: Mapping[str, Mapping[Language, str]] = {
    "unreadable": {"en": "{path} cannot be used: {detail}; see that the disk has room and the "
                         "file is yours, else go back to a backup",
                   "ko": "{path}을(를) 쓸 수 없습니다: {detail}. 디스크에 자리가 있고 파일의 "
                         "권한이 있는지 보고, 아니면 백업으로 되돌리세요"},
    "newer": {"en": "{path} was written by a newer version (schema {found}, here {known})",
              "ko": "{path}은(는) 더 새로운 버전에서 쓴 저장소입니다"
                    "(스키마 {found}, 여기는 {known})"},
    "lost": {"en": "{path} has lost turn {turn} of {entity}, which it had acknowledged; go back to "
                   "a backup, or remove {mark} to go on with what is there",
             "ko": "{path}에 저장을 마친 {entity}의 {turn}번째 기록이 사라졌습니다. 백업으로 "
                   "되돌리거나, 남은 것으로 계속하려면 {mark}을(를) 지우세요"},
    "gone": {"en": "{path} is gone, and there was one: put it back, or a backup of it, or remove "
                   "{mark} to begin with an empty one",
             "ko": "{path}이(가) 있었는데 없어졌습니다. 파일이나 백업을 되돌려 놓고, 빈 저장소로 "
                   "시작하려면 {mark}을(를) 지우세요"},
    "altered": {"en": "{place} is not as it was written",
                "ko": "{place}의 내용이 쓴 것과 다릅니다"},
    "destroyed": {"en": "the key {slot} is destroyed", "ko": "키 {slot}은(는) 폐기되었습니다"},
    "secret": {"en": "{path} is damaged: it should have {bytes} bytes",
               "ko": "{path}이(가) 손상되었습니다. {bytes}바이트여야 합니다"},
    "key_length": {"en": "a master key has {bytes} bytes, written in base64",
                   "ko": "마스터 키는 base64로 쓴 {bytes}바이트여야 합니다"},
    "key_other": {"en": "the store was written with another master key: set {variable}",
                  "ko": "다른 마스터 키로 쓴 저장소입니다. {variable}을(를) 설정하세요"},
    "key_altered": {"en": "a key in the store is damaged", "ko": "저장소의 키가 손상되었습니다"},
    "key_file": {"en": "{variable}: {path} cannot be read",
                 "ko": "{variable}: {path}을(를) 읽을 수 없습니다"},
}  # fmt: skip


class Refusal(Exception):
    """Nothing is made up in place of what cannot be read."""

    def __init__(self, why: str, **values: object) -> None:
        self.why = why
        self.values = values
        super().__init__(self.said("en"))

    def said(self, language: Language) -> str:
        return WORDS[self.why][language].format(**self.values)
